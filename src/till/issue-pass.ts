import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { addDays, chinaInstant, done, refuse, today, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { openSurname } from '../elder/index.js';
import { reachKin } from '../family/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type MiniActor } from '../platform/index.js';
import { readSitesOn } from '../site/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { sealCode } from '../tap/index.js';
import { passMessage, writePass, type Pass, type RowBody } from './domain/index.js';
import { countPasses, insertPass } from './eating-code.store.js';
import { personOfElder } from './person.store.js';
import { RosterKitchen } from './roster-kitchen.js';
import { TillSigner } from './signing.js';

const LIFE_MS = 12 * 3_600_000;
/** A pass is one meal; a few more, since pages are closed and sites changed. */
const MOST_A_DAY = 6;

/** A pass as a phone shows it. */
export interface IssuedPass {
  /** What is drawn. */
  readonly text: string;
  readonly expiresAt: Instant;
}

/** A pass as it is kept for whoever asks again: it names somebody, so it is sealed. */
interface KeptPass {
  readonly sealed: string;
  readonly expiresAt: Instant;
}

/** Makes passes for tills that have no network: what the elder's rights are at one site, and what stands for the card there, for one meal of the day. */
@Injectable()
export class IssuePass {
  private readonly signer: TillSigner;

  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {
    this.signer = new TillSigner(cipher);
  }

  /**
   * @param id of the pass, made by the client: a meal by a pass with the same id is one meal
   * @returns `not-found`, `consent-missing`, `code-without-card`, `pass-day-full`, `id-taken` for another pass under the same id
   */
  async run(actor: MiniActor, elderId: string, { id, siteId }: { readonly id: string; readonly siteId: string }): Promise<Outcome<IssuedPass>> {
    const { cityCode, accountId, sessionId } = actor;
    const now = this.clock.now();
    const date = today(this.clock);
    // Also of a repeat: what was kept is for whoever may still order.
    const may = await this.transactor.read((tx) => reachKin(tx, actor, elderId, 'ordering', date));
    if (!may.ok) return may;
    const place = `till.pass:${cityCode}:${id}`;
    const kept = await doDeed(this.transactor, this.clock, { cityCode, id, kind: 'code.pass', body: { elderId, siteId, by: actorName(actor) } }, async (tx): Promise<Outcome<KeptPass>> => {
      const reached = await reachKin(tx, actor, elderId, 'ordering', date, 'lock');
      if (!reached.ok) return reached;
      const person = await personOfElder(tx, cityCode, elderId);
      if (person === undefined || person.digest === '' || person.cardState === 'frozen') return refuse('code-without-card');
      const site = (await readSitesOn(tx, cityCode, [siteId], date)).get(siteId);
      if (site === undefined) return refuse('not-found');
      if ((await countPasses(tx, cityCode, elderId, chinaInstant(date, 0))) >= MOST_A_DAY) return refuse('pass-day-full', { limit: MOST_A_DAY });
      const kitchen = new RosterKitchen(await this.policies.of(tx, cityCode), site, date);
      const [made] = await kitchen.rowsOf(tx, cityCode, [person]);
      if (made === undefined) return refuse('code-without-card');
      const row = JSON.parse(made.body) as RowBody;
      const expiresAt = Math.min(now + LIFE_MS, chinaInstant(addDays(date, 1), 0));
      await insertPass(tx, cityCode, { passId: id, elderId, accountId, sessionId, siteId, issuedAt: now, expiresAt });
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'code.pass', objectKind: 'elder', objectId: elderId, after: { passId: id, siteId } });
      const pass: Pass = {
        cityCode, siteId, digest: person.digest, surname: openSurname(this.cipher, cityCode, person), title: person.sex === 'female' ? 'f' : 'm',
        // A pass is good for today alone: what holds from later days on stays out of the picture.
        stretches: row.s.filter(([from]) => from <= date), uses: row.u, issuedAt: now, expiresAt, nonce: randomBytes(9).toString('base64url'),
        note: sealCode(this.cipher, { cityCode, at: siteId, use: `pass:${id}`, handle: person.handle, until: expiresAt }),
      };
      const body = Buffer.from(JSON.stringify(pass)).toString('base64url');
      const text = writePass(body, this.signer.sign(passMessage(body)));
      return done({ sealed: this.cipher.seal(text, place).toString('base64url'), expiresAt });
    });
    return kept.ok ? done({ text: this.cipher.open(Buffer.from(kept.value.sealed, 'base64url'), place), expiresAt: kept.value.expiresAt }) : kept;
  }
}
