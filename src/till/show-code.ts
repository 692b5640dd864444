import { randomBytes, randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { done, invariant, refuse, today, uuidV7, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { reachKin } from '../family/index.js';
import { CLOCK, FieldCipher, ProblemException, RateLimit, Transactor, type MiniActor, type Tx } from '../platform/index.js';
import { SHOWN_DIGITS, shownText, STEP_MS } from './domain/index.js';
import { digitsDigest, secretBytes, textDigest } from './code-keys.js';
import { insertSecret, insertShown, secretOf, type CodeOwner } from './eating-code.store.js';
import { personOfElder } from './person.store.js';

/** So long a code that is shown may be read. */
export const SHOWN_MS = 60_000;
/** A page asks for the next one a little earlier, so that nobody shows one that is just over. */
const NEXT_AFTER_MS = 40_000;
const MOST_A_MINUTE = 12;
const TRIES = 5;
/** After so long a lost answer is no reason any more to hand out the same secret again. */
const SECRET_AGAIN_MS = 10 * 60_000;
const MOST_LOCATOR = 1_000_000_000;

/** A code that a phone shows. */
export interface CodeShown {
  /** What is drawn. */
  readonly text: string;
  /** What is read out where nothing can scan. */
  readonly digits: string;
  readonly expiresAt: Instant;
  /** Whole seconds after which the next one is asked for. */
  readonly nextAfter: number;
}

/** What a phone without a network works its codes out from. */
export interface OfflineSecret {
  /** base64url */
  readonly secret: string;
  readonly locator: number;
  readonly stepSeconds: number;
  /** The service's clock, since the phone's may be wrong. */
  readonly serverTime: Instant;
}

/** Codes on an elder's own phone or a relative's, in place of the card. */
@Injectable()
export class ShowCode {
  private readonly rate = new RateLimit(MOST_A_MINUTE, 60_000);

  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * A code for one meal within a minute.
   * @returns `not-found`, `consent-missing`, `code-without-card` @throws ProblemException `till-too-often`
   */
  async shown(actor: MiniActor, elderId: string): Promise<Outcome<CodeShown>> {
    const now = this.clock.now();
    const seconds = this.rate.wait(actor.sessionId, now);
    if (seconds > 0) throw new ProblemException('till-too-often', { seconds }, undefined, seconds);
    return this.transactor.run(async (tx) => {
      const owner = await this.ownerOf(tx, actor, elderId);
      if (!owner.ok) return owner;
      for (let times = 0; times < TRIES; times += 1) {
        const [bits, digits] = [randomBytes(16).toString('hex').toUpperCase(), String(randomInt(10 ** SHOWN_DIGITS)).padStart(SHOWN_DIGITS, '0')];
        const code = { ...owner.value, codeId: uuidV7(now, randomBytes(10)), textDigest: textDigest(this.cipher, bits), digitsDigest: digitsDigest(this.cipher, digits), expiresAt: now + SHOWN_MS };
        if (await insertShown(tx, actor.cityCode, code)) return done({ text: shownText(bits), digits: `1${digits}`, expiresAt: code.expiresAt, nextAfter: NEXT_AFTER_MS / 1000 });
      }
      invariant(false, 'among a hundred million numbers some are free');
    });
  }

  /**
   * The secret of one session for one elder: handed out once. The same question again gets it again for some minutes, as
   * its answer may have been lost.
   * @param id of the deed, made by the client
   * @returns `not-found`, `consent-missing`, `code-without-card`, `code-secret-given`
   */
  async secret(actor: MiniActor, elderId: string, id: string): Promise<Outcome<OfflineSecret>> {
    const { cityCode, sessionId } = actor;
    const now = this.clock.now();
    return this.transactor.run(async (tx) => {
      const owner = await this.ownerOf(tx, actor, elderId, 'lock');
      if (!owner.ok) return owner;
      const given = await secretOf(tx, cityCode, sessionId, elderId);
      if (given !== undefined && (given.secretId !== id || now - given.madeAt > SECRET_AGAIN_MS)) return refuse('code-secret-given');
      let locator = given?.locator;
      for (let times = 0; locator === undefined && times < TRIES; times += 1) {
        const free = randomInt(MOST_LOCATOR / 10, MOST_LOCATOR);
        if (await insertSecret(tx, cityCode, { ...owner.value, secretId: id, locator: free }, now)) locator = free;
      }
      if (locator === undefined) return refuse('id-taken');
      if (given === undefined) await recordAudit(tx, this.clock, { cityCode, actor, action: 'code.secret', objectKind: 'elder', objectId: elderId });
      return done({ secret: secretBytes(this.cipher, cityCode, id).toString('base64url'), locator, stepSeconds: STEP_MS / 1000, serverTime: now });
    });
  }

  private async ownerOf(tx: Tx, actor: MiniActor, elderId: string, lock?: 'lock'): Promise<Outcome<CodeOwner>> {
    const reached = await reachKin(tx, actor, elderId, 'ordering', today(this.clock), lock);
    if (!reached.ok) return reached;
    if ((await personOfElder(tx, actor.cityCode, elderId)) === undefined) return refuse('code-without-card');
    return done({ elderId, accountId: actor.accountId, sessionId: actor.sessionId });
  }
}
