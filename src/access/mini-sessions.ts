import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, uuidV7, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, FieldCipher, Transactor, type MiniActor, type Tx } from '../platform/index.js';
import { recordAudit } from './audit.store.js';
import {
  endMiniSession, endSurplusMiniSessions, findMiniToken, insertMiniSession, insertMiniTokens, lockMiniToken, markMiniTokenUsed, type MiniTokenRow,
} from './mini-session.store.js';
import { cityOfMiniToken, heirOfToken, miniToken, tokenHash } from './tokens.js';

export const ACCESS_LIFE_MS = 15 * 60_000;
export const REFRESH_LIFE_MS = 30 * 86_400_000;
/** How long a used refresh token gets the same answer again: the first one may have been lost on the way. */
export const GRACE_MS = 10_000;
/** Devices that one account may be logged in on. */
const MOST_SESSIONS = 5;

/** What a mini-program holds of its session. */
export interface MiniTokens {
  readonly accessToken: string;
  /** Whole seconds that the access token lives. */
  readonly expiresIn: number;
  readonly refreshToken: string;
}

/** A session that ended since one of its refresh tokens came twice. */
export type ReusedSession = Pick<MiniActor, 'cityCode' | 'accountId' | 'sessionId'>;

type ReusedListener = (tx: Tx, session: ReusedSession) => Promise<void>;

/** Sessions of the mini-program: short access tokens, refresh tokens that are each used once. */
@Injectable()
export class MiniSessions {
  private readonly listeners: ReusedListener[] = [];

  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Later rooms write themselves in when they start, to hear of copied tokens inside the transaction that ends the session. */
  heardReused(listener: ReusedListener): void {
    this.listeners.push(listener);
  }

  /** Who stands behind an access token, asked anew at every request; undefined for one that is unknown, expired or ended. */
  async actorOf(token: string): Promise<MiniActor | undefined> {
    const cityCode = cityOfMiniToken(token);
    if (cityCode === undefined) return undefined;
    const row = await this.transactor.read((tx) => findMiniToken(tx, cityCode, tokenHash(token)));
    if (row?.kind !== 'access' || row.endedAt !== null || this.clock.now() >= row.expiresAt) return undefined;
    return { kind: 'mini', cityCode, accountId: row.accountId, sessionId: row.sessionId };
  }

  /** Opens a session for an account whose owner WeChat has vouched for. */
  async open(tx: Tx, cityCode: string, accountId: string): Promise<MiniTokens> {
    const now = this.clock.now();
    const sessionId = uuidV7(now, randomBytes(10));
    await insertMiniSession(tx, cityCode, { sessionId, accountId }, now);
    await endSurplusMiniSessions(tx, cityCode, accountId, MOST_SESSIONS, now);
    return this.issue(tx, cityCode, sessionId, miniToken(cityCode), miniToken(cityCode));
  }

  /**
   * New tokens for a refresh token. Used twice, it was copied by somebody: the whole session ends, whoever holds it. For
   * ten seconds the same tokens come again, as long as nobody has gone on with them.
   * @returns `mini-session-ended`, `mini-token-reused`
   */
  async refresh(token: string): Promise<Outcome<MiniTokens & { readonly accountId: string; readonly cityCode: string }>> {
    const cityCode = cityOfMiniToken(token);
    if (cityCode === undefined) return refuse('mini-session-ended');
    return this.transactor.run(async (tx) => {
      const row = await lockMiniToken(tx, cityCode, tokenHash(token));
      const now = this.clock.now();
      if (row?.kind !== 'refresh' || row.endedAt !== null || now >= row.expiresAt) return refuse('mini-session-ended');
      const { sessionId, accountId } = row;
      const heirs = [heirOfToken(this.cipher, 'mini-access', token), heirOfToken(this.cipher, 'mini-refresh', token)] as const;
      if (row.usedAt === null) {
        await markMiniTokenUsed(tx, cityCode, tokenHash(token), now);
        return done({ ...(await this.issue(tx, cityCode, sessionId, ...heirs)), accountId, cityCode });
      }
      if (await this.inGrace(tx, cityCode, row, heirs[1])) {
        const left = row.usedAt + ACCESS_LIFE_MS - now;
        return done({ accessToken: heirs[0], expiresIn: Math.floor(left / 1000), refreshToken: heirs[1], accountId, cityCode });
      }
      await endMiniSession(tx, cityCode, sessionId, 'token-reused', now);
      for (const listener of this.listeners) await listener(tx, { cityCode, accountId, sessionId });
      await recordAudit(tx, this.clock, { cityCode, actor: 'system', action: 'mini-session.token-reused', objectKind: 'mini-session', objectId: sessionId });
      return refuse('mini-token-reused');
    });
  }

  /** Ends the session of a request. */
  async end(actor: MiniActor): Promise<void> {
    await this.transactor.run((tx) => endMiniSession(tx, actor.cityCode, actor.sessionId, 'logged-out', this.clock.now()));
  }

  private async inGrace(tx: Tx, cityCode: string, row: MiniTokenRow, heir: string): Promise<boolean> {
    if (row.usedAt === null || this.clock.now() - row.usedAt > GRACE_MS) return false;
    return (await findMiniToken(tx, cityCode, tokenHash(heir)))?.usedAt === null;
  }

  private async issue(tx: Tx, cityCode: string, sessionId: string, accessToken: string, refreshToken: string): Promise<MiniTokens> {
    const now = this.clock.now();
    await insertMiniTokens(tx, cityCode, sessionId, [
      { tokenHash: tokenHash(accessToken), kind: 'access', expiresAt: now + ACCESS_LIFE_MS },
      { tokenHash: tokenHash(refreshToken), kind: 'refresh', expiresAt: now + REFRESH_LIFE_MS },
    ], now);
    return { accessToken, expiresIn: ACCESS_LIFE_MS / 1000, refreshToken };
  }
}
