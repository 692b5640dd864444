import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../kernel/index.js';
import { CLOCK, Transactor, type StaffActor } from '../platform/index.js';
import { findSession, touchSession } from './session.store.js';
import { cityOfToken, tokenHash } from './tokens.js';

export const SESSION_IDLE_MS = 30 * 60_000;
export const SESSION_LIFE_MS = 12 * 3_600_000;
/** A session's last use is noted at most this often, so that reading costs no write. */
const TOUCH_MS = 60_000;

/** Knows who stands behind a staff token, asked anew at every request: what is revoked is over at once. */
@Injectable()
export class StaffSessions {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the person, or undefined for a token that is unknown, ended, idle for 30 minutes or 12 hours old */
  async actorOf(token: string): Promise<StaffActor | undefined> {
    const cityCode = cityOfToken(token);
    if (cityCode === undefined) return undefined;
    const session = await this.transactor.read((tx) => findSession(tx, cityCode, tokenHash(token)));
    const now = this.clock.now();
    if (!session || session.endedAt !== null || session.disabledAt !== null) return undefined;
    if (now >= session.expiresAt || now - session.usedAt >= SESSION_IDLE_MS) return undefined;
    if (now - session.usedAt >= TOUCH_MS) await this.transactor.run((tx) => touchSession(tx, cityCode, session.sessionId, now));
    const { staffId, sessionId, roles, divisionCode, siteId } = session;
    return { kind: 'staff', cityCode, staffId, sessionId, roles, divisionCode, siteId };
  }
}
