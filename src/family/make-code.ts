import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, refuse, today, type CivilDate, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { contactsInClear, lockEldersByCard, reachElder, type Relation } from '../elder/index.js';
import { actorName, at, CLOCK, doDeed, FieldCipher, Transactor, type AnyActor, type MiniActor, type StaffActor, type TerminalActor, type Tx } from '../platform/index.js';
import { codesSince, digitsOf, insertCode, isTaken } from './code.store.js';
import { CODE_LIFE_MINUTES, MOST_CONSENT_DAYS, type CodePurpose, type CodeSource, type KinRight } from './domain/index.js';
import { reachSelf } from './reach-kin.js';

const HOUR_MS = 3_600_000;
const MOST_AN_HOUR = 10;
/** Two open codes with the same digits come once in a hundred million; five in a row never. */
const MOST_TURNS = 5;

/** What a relative who enters the code may do at once; none for nothing until the elder consents. */
export interface CodeConsent {
  readonly scopes: readonly KinRight[];
  readonly until: CivilDate | null;
}

/** A code for a relative. */
export interface KinCodeForm extends CodeConsent {
  readonly id: string;
  readonly relation: Relation | null;
}

/** A code that staff give out. */
export interface StaffCodeForm {
  readonly id: string;
  readonly purpose: CodePurpose;
  /** The contact whom a relative's code is for. */
  readonly contactId: string | null;
}

/** A code, to be shown, read out or printed this once. */
export interface MadeCode {
  readonly code: string;
  /** As a moment with its zone. */
  readonly expiresAt: string;
}

interface Asked extends KinCodeForm {
  readonly elderId: string;
  readonly purpose: CodePurpose;
  readonly contactId: string | null;
  readonly how: CodeSource;
}

interface Kept {
  readonly turn: number;
  readonly expiresAt: Instant;
}

/** Makes codes by which an account is bound to an elder: short-lived, of one use, kept nowhere in clear. */
@Injectable()
export class MakeCode {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** For a relative, by the elder's own app. @returns `not-found`, `elder-alone`, `consent-dates-wrong`, `binding-code-often`, `id-taken` */
  byElder(actor: MiniActor, elderId: string, form: KinCodeForm): Promise<Outcome<MadeCode>> {
    return this.make(actor, form, async (tx) => {
      const self = await reachSelf(tx, actor, elderId, 'lock');
      return self.ok ? done({ ...form, elderId, purpose: 'kin', contactId: null, how: 'elderCode' }) : self;
    }, { elderId, form });
  }

  /** For a relative, at a till with the elder's card laid on it. @returns `kin-card-unknown`, `consent-dates-wrong`, `binding-code-often`, `id-taken` */
  atTill(actor: TerminalActor, handle: string, form: KinCodeForm): Promise<Outcome<MadeCode>> {
    return this.make(actor, form, async (tx) => {
      const elderId = await elderByCard(tx, actor.cityCode, handle);
      return elderId === undefined ? refuse('kin-card-unknown') : done({ ...form, elderId, purpose: 'kin', contactId: null, how: 'tillCode' });
    }, { handle, form });
  }

  /**
   * By a member of staff, for the elder or a relative. Consents are recorded apart, by paper.
   * @returns `not-found`, `outside-scope`, `contact-needed`, `contact-unknown`, `holder-died`, `binding-code-often`, `id-taken`
   */
  byStaff(actor: StaffActor, elderId: string, form: StaffCodeForm): Promise<Outcome<MadeCode>> {
    return this.make(actor, { ...form, scopes: [], until: null }, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      if (elder.value.died !== null) return refuse('holder-died');
      if (form.purpose === 'self' && form.contactId !== null) return refuse('contact-needed');
      const contact = form.contactId === null ? undefined : (await contactsInClear(tx, this.cipher, actor.cityCode, elderId)).find((one) => one.contactId === form.contactId);
      if (form.contactId !== null && contact === undefined) return refuse('contact-unknown');
      return done({ id: form.id, elderId, purpose: form.purpose, contactId: form.contactId, relation: contact?.relation ?? null, scopes: [], until: null, how: 'staffCode' });
    }, { elderId, form });
  }

  private async make(actor: AnyActor, { id, scopes, until }: CodeConsent & { readonly id: string }, reach: (tx: Tx) => Promise<Outcome<Asked>>, body: object): Promise<Outcome<MadeCode>> {
    const { cityCode } = actor;
    const wrong = this.wrongUntil(scopes, until);
    if (wrong) return refuse('consent-dates-wrong');
    const kept = await doDeed<Kept>(this.transactor, this.clock, { cityCode, id, kind: 'family.code', body: { ...body, by: actorName(actor) } }, async (tx) => {
      const reached = await reach(tx);
      return reached.ok ? this.keep(tx, actor, reached.value) : reached;
    });
    return kept.ok ? done({ code: digitsOf(this.cipher, cityCode, id, kept.value.turn), expiresAt: at(kept.value.expiresAt) }) : kept;
  }

  private wrongUntil(scopes: readonly KinRight[], until: CivilDate | null): boolean {
    if (scopes.length === 0) return until !== null;
    const now = today(this.clock);
    return until === null || until < now || until > addDays(now, MOST_CONSENT_DAYS);
  }

  private async keep(tx: Tx, actor: AnyActor, asked: Asked): Promise<Outcome<Kept>> {
    const { cityCode } = actor;
    const { id, how, elderId, purpose } = asked;
    const now = this.clock.now();
    if ((await codesSince(tx, cityCode, elderId, now - HOUR_MS)) >= MOST_AN_HOUR) return refuse('binding-code-often');
    let turn = 1;
    while (turn < MOST_TURNS && (await isTaken(tx, this.cipher, cityCode, digitsOf(this.cipher, cityCode, id, turn), now))) turn += 1;
    const expiresAt = now + CODE_LIFE_MINUTES[how] * 60_000;
    await insertCode(tx, this.cipher, cityCode, {
      codeId: id, digits: digitsOf(this.cipher, cityCode, id, turn), elderId, purpose, contactId: asked.contactId, relation: asked.relation, scopes: [...new Set(asked.scopes)],
      until: asked.until, madeHow: how, madeBy: actorName(actor), expiresAt,
    }, now);
    await recordAudit(tx, this.clock, { cityCode, actor, action: 'family.code', objectKind: 'elder', objectId: elderId, after: { codeId: id, purpose, how, contactId: asked.contactId, scopes: asked.scopes, until: asked.until } });
    return done({ turn, expiresAt });
  }
}

/** The elder of a card that is in use, locked; undefined for any other card. */
export async function elderByCard(tx: Tx, cityCode: string, handle: string): Promise<string | undefined> {
  const [holder] = await lockEldersByCard(tx, cityCode, [handle]);
  return holder?.cardState === 'active' && holder.facts.died === null ? holder.elderId : undefined;
}
