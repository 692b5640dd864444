import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Instant } from '../kernel/index.js';
import { CLOCK, FieldCipher, ProblemException, sha256, Transactor, type TerminalActor } from '../platform/index.js';
import { requestMessage } from './domain/index.js';
import { findTerminalSessions, touchTerminals, type TerminalSessionRow } from './terminal.store.js';
import { cityOfToken, sessionKeyOf } from './tokens.js';

export const TERMINAL_SESSION_LIFE_MS = 12 * 3_600_000;
/** How far a terminal's clock may be off. */
export const CLOCK_LEEWAY_MS = 5 * 60_000;
const TOUCH_MS = 60_000;

/** A terminal's request as far as its MAC goes. */
export interface SignedRequest {
  readonly sessionId: string;
  readonly time: string;
  readonly mac: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: Uint8Array;
}

interface Waiting {
  readonly cityCode: string;
  readonly sessionId: string;
  readonly found: (row: TerminalSessionRow | undefined) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Knows which terminal stands behind a request. The database is asked for every request, so a revoked terminal is out
 * at once; requests that arrive while a look-up is under way share the next one, so noon costs few look-ups.
 */
@Injectable()
export class TerminalSessions {
  private waiting: Waiting[] = [];
  private looking = false;

  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @throws ProblemException where the MAC, the time, the session or the terminal does not hold */
  async actorOf(request: SignedRequest): Promise<TerminalActor> {
    const time = Number(request.time);
    const cityCode = cityOfToken(request.sessionId);
    if (cityCode === undefined || !Number.isSafeInteger(time) || !this.macHolds(request, time)) throw new ProblemException('terminal-unknown');
    if (Math.abs(time - this.clock.now()) > CLOCK_LEEWAY_MS) throw new ProblemException('terminal-clock-wrong');
    const session = await this.find(cityCode, request.sessionId);
    if (!session) throw new ProblemException('terminal-unknown');
    if (session.revokedAt !== null) throw new ProblemException('terminal-revoked');
    if (session.endedAt !== null || this.clock.now() >= session.expiresAt) throw new ProblemException('terminal-session-ended');
    return { kind: 'terminal', cityCode, terminalId: session.terminalId, siteId: session.siteId };
  }

  private macHolds(request: SignedRequest, time: number): boolean {
    const message = requestMessage(request.method, request.path, time, sha256(request.body));
    const expected = createHmac('sha256', sessionKeyOf(this.cipher, request.sessionId)).update(message).digest();
    const given = Buffer.from(request.mac, 'base64url');
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  private find(cityCode: string, sessionId: string): Promise<TerminalSessionRow | undefined> {
    const row = new Promise<TerminalSessionRow | undefined>((found, failed) => this.waiting.push({ cityCode, sessionId, found, failed }));
    if (!this.looking) void this.lookUp();
    return row;
  }

  private async lookUp(): Promise<void> {
    this.looking = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        const rows = await this.readAndTouch(batch);
        for (const one of batch) one.found(rows.get(one.sessionId));
      } catch (error) {
        for (const one of batch) one.failed(error);
      }
    }
    this.looking = false;
  }

  private readAndTouch(batch: readonly Waiting[]): Promise<Map<string, TerminalSessionRow>> {
    const wanted = [...new Map(batch.map((one) => [one.sessionId, one])).values()];
    return this.transactor.run(async (tx) => {
      const rows = await findTerminalSessions(tx, wanted);
      const stale = rows.filter((row) => isStale(row.seenAt, this.clock.now()));
      if (stale.length > 0) await touchTerminals(tx, stale, this.clock.now());
      return new Map(rows.map((row) => [row.sessionId, row]));
    });
  }
}

function isStale(seenAt: Instant | null, now: Instant): boolean {
  return seenAt === null || now - seenAt >= TOUCH_MS;
}
