import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, uuidV7, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, FieldCipher, ProblemException, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from './audit.store.js';
import { MOST_TRIES, TRY_WINDOW_MS } from './domain/index.js';
import { p256Key } from './p256-key.js';
import { SitePlaces } from './scope.js';
import { enrol, insertTerminal, useCode } from './terminal.store.js';
import { cityOfToken, terminalCode, tokenHash } from './tokens.js';
import { countTry, insertTry, markSuccess, type Try } from './try.store.js';

export const CODE_LIFE_MS = 10 * 60_000;

/** A terminal that a supervisor adds. */
export interface NewTerminalAsked {
  readonly id: string;
  readonly siteId: string;
  readonly label: string;
}

/** The code that lets a terminal enrol. */
export interface IssuedCode {
  readonly terminalId: string;
  readonly code: string;
  readonly expiresAt: Instant;
}

/** A terminal that shows its code and key. */
export interface EnrolmentAsked {
  readonly code: string;
  /** SPKI DER in base64. */
  readonly publicKey: string;
  readonly label: string | null;
  readonly address: string;
}

/** A terminal with a key. */
export interface Enrolled {
  readonly terminalId: string;
  readonly cityCode: string;
  readonly siteId: string;
  readonly label: string;
}

/** Brings a till's device in: a supervisor makes a one-time code, the device answers it with a public key of its own. */
@Injectable()
export class EnrolTerminal {
  constructor(
    private readonly transactor: Transactor,
    private readonly places: SitePlaces,
    private readonly cipher: FieldCipher,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Adds a terminal and makes its code. @returns `not-found`, `outside-scope` */
  async issue(actor: StaffActor, asked: NewTerminalAsked): Promise<Outcome<IssuedCode>> {
    const { cityCode } = actor;
    const body = { ...asked, by: actor.staffId };
    // The deed's kept answer leaves the code out: it is a secret, and can be made again from the terminal's id.
    const code = terminalCode(this.cipher, cityCode, asked.id);
    const issued = await doDeed<Omit<IssuedCode, 'code'>>(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'terminal.create', body }, async (tx) => {
      const place = await this.places.openTo(tx, actor, asked.siteId);
      if (!place.ok) return place;
      const now = this.clock.now();
      const codeExpiresAt = now + CODE_LIFE_MS;
      await insertTerminal(tx, {
        cityCode, terminalId: asked.id, siteId: asked.siteId, divisionCode: place.value, label: asked.label,
        by: `staff:${actor.staffId}`, codeHash: tokenHash(code), codeExpiresAt, now,
      });
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'terminal.create', objectKind: 'terminal', objectId: asked.id, after: asked });
      return done({ terminalId: asked.id, expiresAt: codeExpiresAt });
    });
    return issued.ok ? done({ ...issued.value, code }) : issued;
  }

  /** Takes a terminal's key for its code. @returns `terminal-key-wrong`, `terminal-code-wrong` @throws ProblemException `terminal-code-throttled` */
  async enrol(asked: EnrolmentAsked): Promise<Outcome<Enrolled>> {
    const publicKey = p256Key(asked.publicKey);
    if (!publicKey) return refuse('terminal-key-wrong');
    const now = this.clock.now();
    const attempt: Try = { tryId: uuidV7(now, randomBytes(10)), kind: 'terminal-code', subject: 'code', address: asked.address, now };
    // One transaction from the count to the answer, and devices at one address wait for each other in it: a morning's
    // dozen enrolments are no dozen failures, and of parallel guesses each is counted before the next is looked at.
    return this.transactor.run(async (tx) => {
      await admit(tx, attempt);
      return this.takeKey(tx, attempt, asked, publicKey);
    });
  }

  private async takeKey(tx: Tx, attempt: Try, asked: EnrolmentAsked, publicKey: Buffer): Promise<Outcome<Enrolled>> {
    const cityCode = cityOfToken(asked.code);
    if (cityCode === undefined) return refuse('terminal-code-wrong');
    const terminalId = await useCode(tx, cityCode, tokenHash(asked.code), attempt.now);
    const terminal = terminalId === undefined ? undefined : await enrol(tx, cityCode, terminalId, publicKey, asked.label, attempt.now);
    if (terminalId === undefined || !terminal) return refuse('terminal-code-wrong');
    await markSuccess(tx, attempt.tryId);
    const { siteId, label } = terminal;
    await recordAudit(tx, this.clock, {
      cityCode, actor: `terminal:${terminalId}`, action: 'terminal.enrol', objectKind: 'terminal', objectId: terminalId, after: { publicKey: asked.publicKey },
    });
    return done({ terminalId, cityCode, siteId, label });
  }
}

async function admit(tx: Tx, attempt: Try): Promise<void> {
  const tries = await countTry(tx, attempt);
  if (tries.pair >= MOST_TRIES.terminalCode) {
    const seconds = Math.ceil(((tries.oldest ?? attempt.now) + TRY_WINDOW_MS - attempt.now) / 1000);
    throw new ProblemException('terminal-code-throttled', { seconds }, undefined, seconds);
  }
  await insertTry(tx, attempt);
}
