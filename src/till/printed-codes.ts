import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { reachElder } from '../elder/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { printedDigest, printedValue } from './code-keys.js';
import { printedText } from './domain/index.js';
import { personOfElder } from './person.store.js';
import { insertPrinted, printedOf, revokePrinted, type PrintedCode } from './printed-code.store.js';

const GOOD_DAYS = 365;
const TAKEN_OVER = '换发新码';

/** A code to be printed. */
export interface CodeOnPaper {
  readonly codeId: string;
  /** What is drawn. */
  readonly text: string;
  readonly digits: string;
  readonly goodUntil: CivilDate;
}

/** Codes on paper for elders without a telephone: one that counts an elder, two meals a day, dead as soon as its loss is reported. */
@Injectable()
export class PrintedCodes {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Makes a new one; an earlier one ends. @returns `not-found`, `outside-scope`, `code-without-card`, `id-taken` */
  async issue(actor: StaffActor, elderId: string, id: string): Promise<Outcome<CodeOnPaper>> {
    const { cityCode } = actor;
    const value = printedValue(this.cipher, cityCode, id);
    const made = await doDeed(this.transactor, this.clock, { cityCode, id, kind: 'code.print', body: { elderId, by: actorName(actor) } }, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      if ((await personOfElder(tx, cityCode, elderId)) === undefined) return refuse('code-without-card');
      const now = this.clock.now();
      const goodUntil = addDays(today(this.clock), GOOD_DAYS);
      const ended = await revokePrinted(tx, cityCode, elderId, null, TAKEN_OVER, actorName(actor), now);
      await insertPrinted(tx, cityCode, { codeId: id, textDigest: printedDigest(this.cipher, value), elderId, goodUntil }, actorName(actor), now);
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'code.print', objectKind: 'elder', objectId: elderId, after: { codeId: id, ended } });
      return done({ codeId: id, goodUntil });
    });
    // What is printed goes into no row, and is worked out again for a repeat.
    return made.ok ? done({ ...made.value, text: printedText(value), digits: `3${value}` }) : made;
  }

  /** Ends a code whose paper was lost, or that nobody wants any more. @returns `not-found`, `outside-scope`, `code-revoked`, `id-taken` */
  async revoke(actor: StaffActor, elderId: string, codeId: string, { id, reason }: { readonly id: string; readonly reason: string }): Promise<Outcome<{ codeId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'code.revoke', body: { elderId, codeId, reason, by: actorName(actor) } }, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      if (!(await printedOf(tx, cityCode, elderId)).some((code) => code.codeId === codeId)) return refuse('not-found');
      if ((await revokePrinted(tx, cityCode, elderId, codeId, reason, actorName(actor), this.clock.now())) === 0) return refuse('code-revoked');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'code.revoke', objectKind: 'elder', objectId: elderId, after: { codeId } });
      return done({ codeId });
    });
  }

  /** An elder's codes on paper, the newest first; never what is on them. @returns `not-found`, `outside-scope` */
  async list(actor: StaffActor, elderId: string): Promise<Outcome<PrintedCode[]>> {
    return this.transactor.run(async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      return elder.ok ? done(await printedOf(tx, actor.cityCode, elderId)) : elder;
    });
  }
}
