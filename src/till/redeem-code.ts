import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { reachKin } from '../family/index.js';
import { CLOCK, FieldCipher, ProblemException, RateLimit, Transactor, type TerminalActor, type Tx } from '../platform/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { readCodeUses, sealCode } from '../tap/index.js';
import { claimOf, PRINTED_HEAD } from '../tap/domain/index.js';
import type { MealPeriod } from '../subsidy/domain/index.js';
import { digitsDigest, printedDigest, secretBytes, textDigest } from './code-keys.js';
import { readEatingCode, stepOf, totp, type EatingCode, type TillRow } from './domain/index.js';
import { findSecret, findShown, sessionStands, type CodeOwner } from './eating-code.store.js';
import { personOfElder } from './person.store.js';
import { rowsOfPersons } from './person-rows.js';
import { findPrinted } from './printed-code.store.js';
import { NOTE_LIFE_MS } from './search-elder.js';

const MOST_A_MINUTE = 60;
/** Digits for one secret, right or wrong: six of them are not to be tried out. */
const MOST_OF_SECRET = 6;
const DRIFT_STEPS = [0, -1, 1] as const;

/** Whom a code stands for, as this terminal sells to them: what a search gives, without a choice. */
export interface RedeemedCode {
  readonly note: string;
  readonly noteUntil: Instant;
  readonly row: TillRow;
}

/** What a code comes to: whose it is, and what a sale by it uses up. */
interface Meant {
  readonly elderId: string;
  readonly use: string;
}

/** Tells a till that is online whose code it has read. Nothing is used up here: the sale itself does that, and only once. */
@Injectable()
export class RedeemCode {
  private readonly rate = new RateLimit(MOST_A_MINUTE, 60_000);
  private readonly tries = new RateLimit(MOST_OF_SECRET, 60_000);

  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns `code-torn`, `code-unknown`, `code-over`, `code-used-up`, `code-withdrawn`, `code-revoked`, `code-without-card`
   * @throws ProblemException `till-too-often`
   */
  async run(actor: TerminalActor, text: string, mealPeriod: MealPeriod): Promise<Outcome<RedeemedCode>> {
    const now = this.clock.now();
    const seconds = this.rate.wait(actor.terminalId, now);
    if (seconds > 0) throw new ProblemException('till-too-often', { seconds }, undefined, seconds);
    const code = readEatingCode(text);
    if (code === null) return refuse('code-torn');
    const { cityCode, terminalId } = actor;
    return this.transactor.run(async (tx) => {
      const meant = await this.meaning(tx, cityCode, code, now);
      if (!meant.ok) return meant;
      const { elderId, use } = meant.value;
      const claim = claimOf(use, today(this.clock), mealPeriod);
      if ((await readCodeUses(tx, cityCode, [claim])).has(claim)) return refuse('code-used-up');
      const person = await personOfElder(tx, cityCode, elderId);
      if (person === undefined) return refuse('code-without-card');
      const [row] = await rowsOfPersons(tx, { cipher: this.cipher, policies: this.policies }, actor, [person], today(this.clock));
      if (row === undefined) return refuse('code-without-card');
      const noteUntil = now + NOTE_LIFE_MS;
      // Whoever lost the card eats by the code that they have.
      const { x, ...open } = row;
      return done({ note: sealCode(this.cipher, { cityCode, at: terminalId, use, handle: person.handle, until: noteUntil }), noteUntil, row: x === 'frozen' ? row : open });
    });
  }

  private async meaning(tx: Tx, cityCode: string, code: EatingCode, now: Instant): Promise<Outcome<Meant>> {
    if (code.kind === 'printed') return this.printed(tx, cityCode, code.value);
    if (code.kind === 'offline') return this.offline(tx, cityCode, code, now);
    const digest = code.by === 'text' ? textDigest(this.cipher, code.value) : digitsDigest(this.cipher, code.value);
    const found = await findShown(tx, cityCode, digest);
    if (found === undefined) return refuse('code-unknown');
    if (now >= found.expiresAt) return refuse('code-over');
    return this.stillTheirs(tx, cityCode, found, `shown:${found.codeId}`, now);
  }

  private async offline(tx: Tx, cityCode: string, { locator, otp }: Extract<EatingCode, { kind: 'offline' }>, now: Instant): Promise<Outcome<Meant>> {
    const found = await findSecret(tx, cityCode, locator);
    if (found === undefined) return refuse('code-unknown');
    const seconds = this.tries.wait(found.secretId, now);
    if (seconds > 0) return refuse('till-too-often', { seconds });
    const secret = secretBytes(this.cipher, cityCode, found.secretId);
    const drift = DRIFT_STEPS.find((steps) => totp(secret, stepOf(now) + steps) === otp);
    if (drift === undefined) return refuse('code-over');
    return this.stillTheirs(tx, cityCode, found, `step:${found.secretId}:${stepOf(now) + drift}`, now);
  }

  /** A phone's code stands for the elder as long as its session does, and whoever shows it may still order for them. */
  private async stillTheirs(tx: Tx, cityCode: string, { elderId, accountId, sessionId }: CodeOwner, use: string, now: Instant): Promise<Outcome<Meant>> {
    const reached = await reachKin(tx, { cityCode, accountId }, elderId, 'ordering', today(this.clock));
    return reached.ok && (await sessionStands(tx, cityCode, sessionId, now)) ? done({ elderId, use }) : refuse('code-withdrawn');
  }

  private async printed(tx: Tx, cityCode: string, value: string): Promise<Outcome<Meant>> {
    const found = await findPrinted(tx, cityCode, printedDigest(this.cipher, value));
    if (found === undefined) return refuse('code-unknown');
    if (found.revokedAt !== null) return refuse('code-revoked');
    return today(this.clock) > found.goodUntil ? refuse('code-over') : done({ elderId: found.elderId, use: `${PRINTED_HEAD}${found.codeId}` });
  }
}
