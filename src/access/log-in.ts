import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, uuidV7, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { CLOCK, FieldCipher, ProblemException, Transactor, type Tx } from '../platform/index.js';
import { recordAudit } from './audit.store.js';
import { secondsToWait } from './domain/index.js';
import { Passwords } from './passwords.js';
import { insertSession } from './session.store.js';
import { findCredential, readStaff, type Credential, type StaffRow } from './staff.store.js';
import { SESSION_LIFE_MS } from './staff-sessions.js';
import { staffToken, tokenHash } from './tokens.js';
import { countTry, insertTry, markSuccess, type Try } from './try.store.js';

/** A log-in as it is asked for. */
export interface LogInAsked {
  readonly account: string;
  readonly password: string;
  readonly cityCode: string | null;
  /** The caller's network address, for the throttle. */
  readonly address: string;
}

/** A session that was opened. */
export interface OpenedSession {
  readonly token: string;
  readonly expiresAt: Instant;
  readonly staff: StaffRow;
}

/**
 * Opens a session for a password. An account that does not exist, is disabled or has another password gets the same
 * answer in about the same time.
 */
@Injectable()
export class LogIn {
  constructor(
    private readonly transactor: Transactor,
    private readonly passwords: Passwords,
    private readonly cipher: FieldCipher,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns `log-in-wrong` @throws ProblemException `log-in-throttled` with the seconds to wait */
  async run(asked: LogInAsked): Promise<Outcome<OpenedSession>> {
    const account = asked.account.toLowerCase();
    const now = this.clock.now();
    const attempt: Try = {
      tryId: uuidV7(now, randomBytes(10)), kind: 'log-in', subject: this.cipher.blindIndex('account', account), address: asked.address, now,
    };
    const credential = await this.transactor.run((tx) => admit(tx, attempt, asked.cityCode, account));
    const right = await this.passwords.matches(credential?.passwordHash, asked.password);
    if (!right || !credential) return refuse('log-in-wrong');
    return this.transactor.run((tx) => this.open(tx, attempt, credential));
  }

  private async open(tx: Tx, attempt: Try, credential: Credential): Promise<Outcome<OpenedSession>> {
    const { cityCode, staffId } = credential;
    const staff = await readStaff(tx, cityCode, staffId);
    if (!staff || staff.disabledAt !== null) return refuse('log-in-wrong');
    const now = this.clock.now();
    const [token, sessionId, expiresAt] = [staffToken(cityCode), uuidV7(now, randomBytes(10)), now + SESSION_LIFE_MS];
    await insertSession(tx, { cityCode, sessionId, tokenHash: tokenHash(token), staffId, openedAt: now, expiresAt });
    await markSuccess(tx, attempt.tryId);
    await recordAudit(tx, this.clock, { cityCode, actor: `staff:${staffId}`, action: 'session.open', objectKind: 'session', objectId: sessionId });
    return done({ token, expiresAt, staff });
  }
}

async function admit(tx: Tx, attempt: Try, cityCode: string | null, account: string): Promise<Credential | undefined> {
  const seconds = secondsToWait(await countTry(tx, attempt), attempt.now);
  if (seconds > 0) throw new ProblemException('log-in-throttled', { seconds }, undefined, seconds);
  await insertTry(tx, attempt);
  return findCredential(tx, cityCode, account);
}
