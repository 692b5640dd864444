import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { signJournalEntry, signSessionRequest, signTerminalRequest, type TerminalSessionKey } from '../access/index.js';
import { chinaDate, type Instant } from '../kernel/index.js';
import { entryHash, JOURNAL_START } from '../tap/index.js';
import { ELDERS, rateOf, type AuditedSale, type Rates, type Sale } from './domain/index.js';
import type { StoryClock } from './story-clock.js';
import type { EnrolledTill } from './template.js';
import { ask, type Reply } from './wire.js';

/** What became of an entry: not known yet, answered, or refused for good without a trace. */
export interface Entry {
  readonly sale: AuditedSale;
  readonly body: Readonly<Record<string, unknown>>;
  state: 'unknown' | 'answered' | 'failed';
  /** Every answer that said it was done, as text. */
  readonly answers: string[];
  code: string | null;
  voided: boolean;
}

/** A sale that a till takes back, as it wrote it into its journal. */
export interface VoidEntry {
  readonly voidId: string;
  readonly tapId: string;
  readonly body: object;
  /** Every answer that said it was done, as text. */
  readonly answers: string[];
}

/** Where a till sends to, and who counts what happens on the way. */
export interface TillWorld {
  readonly clock: StoryClock;
  /** Ports of API processes that are up, the one to be asked first at the front. */
  ports(): readonly number[];
  /** Told of every attempt that was not answered by the deed's own answer. */
  noted(what: string): void;
}

const MOST_MS = 120_000;
const ANSWER_MS = 20_000;
const ITEM_PRICES: Readonly<Record<string, number>> = { 'set-lunch': 1_200, 'set-dinner': 1_000, soup: 301 };

interface KnownList {
  readonly version: number;
  readonly from: string;
  readonly percent: number;
}

/** A till of the simulation: writes every sale into its journal before it sends it, and asks again under the same id until it knows. */
export class SimulatedTill {
  readonly entries: Entry[] = [];
  readonly held: Entry[] = [];
  readonly voids: VoidEntry[] = [];
  readonly heldVoids: VoidEntry[] = [];
  cut = false;
  lists: KnownList[] = [{ version: 1, from: '2024-01-01', percent: 100 }];
  rules: readonly Rates[] = [];
  private journal = 0;
  private previous = JOURNAL_START;
  private session: TerminalSessionKey | undefined;
  private lastSigned: Instant = 0;
  /** Elders whom it gave their meal of a day, by its own memory. */
  private readonly served = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(readonly index: number, readonly enrolled: EnrolledTill, private readonly world: TillWorld, private readonly file: string) {}

  /** Does one thing after the other, as the one person at a till does. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** Writes a sale into the journal; it is on the till's disk before anybody hears of it. */
  write(sale: Sale, card: string | null, at: Instant, numbered = true): Entry {
    const deviceTime = at + sale.skewMs;
    const [day, list] = [chinaDate(deviceTime), this.listFor(chinaDate(at))];
    const price = sale.items.reduce((sum, { itemCode, quantity }) => sum + quantity * Math.floor(((ITEM_PRICES[itemCode] as number) * list.percent) / 100), 0);
    const shown = this.cut ? this.shownFor(sale, card, day, price) : null;
    const deed = {
      id: sale.id, credential: card === null ? { kind: 'guest' } : { kind: 'card', number: card }, items: sale.items, priceListVersion: list.version, mealPeriod: sale.period,
      deviceTime: new Date(deviceTime).toISOString(), journalNumber: this.journal + 1, tender: sale.tender, ...(shown === null ? {} : { shown }),
    };
    const hash = entryHash(this.previous, deed);
    const body = { ...deed, prevHash: this.previous, signature: signJournalEntry(this.enrolled.privateKey, hash) };
    const entry: Entry = {
      body, state: 'unknown', answers: [], code: null, voided: false,
      sale: { tapId: sale.id, site: this.enrolled.site, card, items: sale.items, mealPeriod: sale.period, priceListVersion: list.version, deviceTime, tender: sale.tender, shown },
    };
    if (!numbered) return entry;
    [this.journal, this.previous] = [this.journal + 1, hash];
    this.entries.push(entry);
    appendFileSync(this.file, `${JSON.stringify(body)}\n`);
    if (this.cut) this.held.push(entry);
    return entry;
  }

  /** Writes into the journal that a sale is taken back, with its own time. */
  writeVoid(tapId: string, voidId: string, at: Instant): VoidEntry {
    const request = { id: voidId, reason: '按错键', journalNumber: this.journal + 1, prevHash: this.previous, deviceTime: new Date(at).toISOString() };
    const hash = entryHash(this.previous, { tapId, ...request });
    const entry: VoidEntry = { voidId, tapId, body: { ...request, signature: signJournalEntry(this.enrolled.privateKey, hash) }, answers: [] };
    [this.journal, this.previous] = [this.journal + 1, hash];
    this.voids.push(entry);
    appendFileSync(this.file, `${JSON.stringify({ tapId, ...entry.body })}\n`);
    if (this.cut) this.heldVoids.push(entry);
    return entry;
  }

  /** Sends a void until its outcome is known. */
  async deliverVoid(entry: VoidEntry, first?: number): Promise<Reply> {
    const reply = await this.until(`/v1/taps/${entry.tapId}/void`, entry.body, first);
    if (reply.status === 200) entry.answers.push(reply.text);
    return reply;
  }

  /** Takes the last entry out of the journal again: its id was taken elsewhere, and nothing was written. */
  unwrite(entry: Entry): void {
    if (this.entries.at(-1) !== entry) return;
    this.entries.pop();
    this.journal -= 1;
    this.previous = String(entry.body['prevHash']);
  }

  /** Sends an entry until its outcome is known. @param first a line that the first attempt takes @param firstMs how long it waits there */
  async deliver(entry: Entry, first?: number, firstMs?: number): Promise<Reply> {
    const reply = await this.until('/v1/taps', entry.body, first, firstMs);
    this.settle(entry, reply);
    return reply;
  }

  /** Sends what was held back, in pieces. */
  async upload(entries: readonly Entry[], first?: number): Promise<void> {
    if (entries.length === 0) return;
    const reply = await this.until('/v1/taps/upload', { taps: entries.map((entry) => entry.body) }, first);
    const { results } = JSON.parse((reply as { text: string }).text) as { results: { status: number; answer: object | null; problem: { code: string } | null }[] };
    for (const [index, entry] of entries.entries()) {
      const result = results[index] as (typeof results)[number];
      this.settle(entry, { status: result.status, text: JSON.stringify(result.answer ?? result.problem), retryAfter: undefined });
    }
  }

  /** Asks until somebody answers for good: with the same body, at one process after the other. */
  async until(path: string, body: object | undefined, first?: number, firstMs = ANSWER_MS): Promise<Reply> {
    const end = performance.now() + MOST_MS;
    for (let tries = 0; ; tries += 1) {
      const ports = this.world.ports();
      const bad = tries === 0 && first !== undefined;
      const port = bad ? first : ports[tries % Math.max(1, ports.length)];
      const reply = port === undefined ? ({ status: 'unknown', why: 'nobody up' } as const) : await this.once(path, body, port, bad ? firstMs : ANSWER_MS);
      if (typeof reply.status === 'number' && reply.status < 500 && reply.status !== 429 && reply.status !== 401) return reply;
      this.world.noted(reply.status === 'unknown' ? `unknown ${reply.why}` : `status ${reply.status}`);
      if (performance.now() > end) throw new Error(`till ${this.index}: no answer to ${path} within ${MOST_MS} ms, last ${JSON.stringify(reply).slice(0, 300)}`);
      await pause(tries < 2 ? 20 : 150);
    }
  }

  /** One attempt, with a session that is opened where it is missing. */
  async once(path: string, body: object | undefined, port: number, mostMs = ANSWER_MS): Promise<Reply> {
    for (let tries = 0; tries < 4; tries += 1) {
      if (this.session === undefined) {
        const opened = await this.open(port, mostMs);
        if (opened !== undefined) return opened;
      }
      const text = body === undefined ? undefined : JSON.stringify(body);
      const method = body === undefined ? 'GET' : 'POST';
      // A till asks with its own time first, and by the server's once it was told that it is off.
      const time = tries === 0 ? this.world.clock.now() : this.world.clock.serverNow();
      const headers = signTerminalRequest(this.session as TerminalSessionKey, { method, path, time, ...(text === undefined ? {} : { body: text }) });
      const reply = await ask({ port, method, path, headers, body: text, mostMs });
      if (reply.status !== 401) return reply;
      this.world.noted(codeOf(reply));
      if (codeOf(reply) !== 'terminal-clock-wrong') this.session = undefined;
    }
    return { status: 'unknown', why: 'no session' };
  }

  /** Lets the session go, as overnight. */
  closeSession(): void {
    this.session = undefined;
  }

  private async open(port: number, mostMs: number): Promise<Reply | undefined> {
    this.lastSigned = Math.max(this.lastSigned + 1, this.world.clock.serverNow());
    const body = JSON.stringify(signSessionRequest(this.enrolled.privateKey, this.enrolled.terminalId, this.lastSigned));
    const reply = await ask({ port, method: 'POST', path: '/v1/terminals/sessions', headers: {}, body, mostMs });
    if (typeof reply.status !== 'number' || reply.status >= 300) return reply;
    this.session = JSON.parse(reply.text) as TerminalSessionKey;
    return undefined;
  }

  private settle(entry: Entry, reply: Reply): void {
    if (typeof reply.status !== 'number') return;
    if (reply.status === 200) {
      entry.state = 'answered';
      entry.answers.push(reply.text);
      return;
    }
    if (entry.state === 'unknown') entry.state = 'failed';
    entry.code = codeOf(reply);
  }

  private listFor(day: string): KnownList {
    return this.lists.filter((list) => list.from <= day).at(-1) as KnownList;
  }

  /** What it shows without a network: by the rule it knows and what it sold itself. */
  private shownFor(sale: Sale, card: string | null, day: string, price: number): { selfPayFen: number; subsidyFen: number } {
    const born = sale.elder === null || card === null ? undefined : ELDERS[sale.elder]?.born;
    const rates = this.rules.filter((one) => one.from <= day).at(-1);
    const key = `${sale.elder} ${day}`;
    const subsidyFen = born === undefined || rates === undefined || this.served.has(key) ? 0 : Math.min(price, rateOf(rates, born, day));
    if (subsidyFen > 0) this.served.add(key);
    return { selfPayFen: price - subsidyFen, subsidyFen };
  }
}

/** The code of a refusal. */
export function codeOf(reply: Reply): string {
  if (typeof reply.status !== 'number') return 'unknown';
  try {
    return (JSON.parse(reply.text) as { code?: string }).code ?? String(reply.status);
  } catch {
    return String(reply.status);
  }
}
