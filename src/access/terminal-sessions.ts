import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Clock, Instant } from '../kernel/index.js';
import { CLOCK, FieldCipher, ProblemException, sha256, TAP_TRANSACTOR, type TerminalActor, type Transactor } from '../platform/index.js';
import { requestMessage } from './domain/index.js';
import { findTerminalSessions, touchTerminals, type TerminalSessionRow } from './terminal.store.js';
import { cityOfToken, sessionKeyOf } from './tokens.js';

/** How far a terminal's clock may be off. */
export const CLOCK_LEEWAY_MS = 5 * 60_000;
const TOUCH_MS = 60_000;
const NOTE_AFTER_MS = 1_000;

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

/** What of a session never changes, and when its terminal was last noted as seen. */
interface Known {
  readonly key: Buffer;
  readonly actor: TerminalActor;
  readonly expiresAt: Instant;
  noted: Instant;
}

/** As many tills as a province has; a process that met more begins anew. */
const MOST_KNOWN = 50_000;

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
export class TerminalSessions implements BeforeApplicationShutdown {
  private readonly known = new Map<string, Known>();
  private waiting: Waiting[] = [];
  private looking = false;
  private readonly seen = new Map<string, { readonly cityCode: string; readonly terminalId: string }>();
  private noting: NodeJS.Timeout | undefined;

  constructor(@Inject(TAP_TRANSACTOR) private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @throws ProblemException where the MAC, the time, the session or the terminal does not hold */
  async actorOf(request: SignedRequest): Promise<TerminalActor> {
    const cityCode = cityOfToken(request.sessionId);
    if (cityCode === undefined) throw new ProblemException('terminal-unknown');
    const key = sessionKeyOf(this.cipher, request.sessionId);
    this.checkMac(request, key);
    const session = await this.find(cityCode, request.sessionId);
    if (!session) throw new ProblemException('terminal-unknown');
    if (session.revokedAt !== null) throw new ProblemException('terminal-revoked');
    if (session.endedAt !== null || this.clock.now() >= session.expiresAt) throw new ProblemException('terminal-session-ended');
    const actor: TerminalActor = { kind: 'terminal', cityCode, terminalId: session.terminalId, siteId: session.siteId };
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(request.sessionId, { key, actor: { ...actor, session: request.sessionId }, expiresAt: session.expiresAt, noted: this.clock.now() });
    return actor;
  }

  /**
   * The terminal behind a request as far as this process knows its session, without a look into the database. Whether
   * the session still stands has to be asked in the transaction that uses it: see `fallenAmong`.
   * @returns undefined for a session that this process does not know
   * @throws ProblemException where the MAC or the time does not hold, or the session's time is over
   */
  knownActorOf(request: SignedRequest): TerminalActor | undefined {
    const known = this.known.get(request.sessionId);
    if (known === undefined) return undefined;
    this.checkMac(request, known.key);
    const now = this.clock.now();
    if (now >= known.expiresAt) throw new ProblemException('terminal-session-ended');
    if (isStale(known.noted, now)) {
      known.noted = now;
      this.note([known.actor]);
    }
    return known.actor;
  }

  private checkMac(request: SignedRequest, key: Buffer): void {
    const time = Number(request.time);
    if (!Number.isSafeInteger(time) || !macHolds(request, time, key)) throw new ProblemException('terminal-unknown');
    if (Math.abs(time - this.clock.now()) > CLOCK_LEEWAY_MS) throw new ProblemException('terminal-clock-wrong');
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
        const rows = await this.read(batch);
        for (const one of batch) one.found(rows.get(one.sessionId));
      } catch (error) {
        for (const one of batch) one.failed(error);
      }
    }
    this.looking = false;
  }

  private async read(batch: readonly Waiting[]): Promise<Map<string, TerminalSessionRow>> {
    const wanted = [...new Map(batch.map((one) => [one.sessionId, one])).values()];
    const rows = await this.transactor.read((tx) => findTerminalSessions(tx, wanted));
    this.note(rows.filter((row) => isStale(row.seenAt, this.clock.now())));
    return new Map(rows.map((row) => [row.sessionId, row]));
  }

  /** Remembers which terminals were seen, and writes it down a second later for all of them: no request waits for that. */
  private note(rows: readonly Pick<TerminalActor, 'cityCode' | 'terminalId'>[]): void {
    for (const { cityCode, terminalId } of rows) this.seen.set(terminalId, { cityCode, terminalId });
    if (this.seen.size > 0) this.noting ??= setTimeout(() => void this.writeDown(), NOTE_AFTER_MS).unref();
  }

  private async writeDown(): Promise<void> {
    clearTimeout(this.noting);
    this.noting = undefined;
    const seen = [...this.seen.values()];
    this.seen.clear();
    if (seen.length === 0) return;
    // When a terminal was last seen is a hint: a database that is away costs the hint and nothing else.
    await this.transactor.run((tx) => touchTerminals(tx, seen, this.clock.now())).catch(() => undefined);
  }

  /** What is not written down yet is, before the connections close. */
  beforeApplicationShutdown(): Promise<void> {
    return this.writeDown();
  }
}

function isStale(seenAt: Instant | null, now: Instant): boolean {
  return seenAt === null || now - seenAt >= TOUCH_MS;
}

function macHolds(request: SignedRequest, time: number, key: Buffer): boolean {
  const expected = createHmac('sha256', key).update(requestMessage(request.method, request.path, time, sha256(request.body))).digest();
  const given = Buffer.from(request.mac, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
