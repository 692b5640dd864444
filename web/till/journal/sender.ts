import type { Entry } from './entry.js';
import { verdictOnSale, verdictOnVoid, type EntryAnswer, type Fate, type Verdict } from './fate.js';
import { Away, Refused, type AwayCause } from './link.js';

/** How many held-back sales go up together: one answer lost repeats no more than these. */
const BATCH = 50;
/** A sale younger than this, sent for the first time, is asked for by itself: its answer is shown to who stands there. */
const FRESH_MS = 30_000;
const ONE_MS = 4_000;
const BATCH_MS = 30_000;
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/** The journal as the sender needs it. */
export interface Kept {
  entries(): Promise<Entry[]>;
  body(entry: Entry): Promise<string>;
  settle(entry: Entry, fate: Fate): Promise<Entry>;
}

/** The way to the service as the sender needs it. */
export interface Way {
  ask(method: 'GET' | 'POST', path: string, body: string | null, ms: number): Promise<EntryAnswer>;
  forgetSession(): void;
  /** Asks for something small, to see whether the service answers. */
  probe(): Promise<void>;
}

/** Whether the service answers; `stopped`: it takes nothing from this till until a person has done something. */
export type LinkState = { readonly is: 'online' } | { readonly is: 'away'; readonly why: AwayCause; readonly since: number } | { readonly is: 'stopped'; readonly code: string; readonly sentence: string };

interface UploadResult {
  readonly status: number;
  readonly answer: unknown;
  readonly problem: unknown;
}

const isUnsent = (entry: Entry): boolean => entry.fate.is === 'unsent';
/** A card's sale that the till decided by itself: the eater has gone, so it goes up as one that was held back. */
const isDecided = (entry: Entry): boolean => entry.told !== undefined || (entry.shown !== undefined && entry.about.kind === 'sale' && entry.about.holder !== 'guest');
const triesOf = (entry: Entry): number => (entry.fate.is === 'unsent' ? entry.fate.tries : 0);

/**
 * Sends what is not known to be at the service, in the order of the journal, until nothing is left. Whatever it is not
 * sure of it sends again with the same id: a repeated answer is the first one.
 */
export class Sender {
  state: LinkState = { is: 'online' };
  /** Told the mark of the service's database with each upload. */
  onEpoch: (epoch: string) => void = () => undefined;
  private running: Promise<void> | null = null;
  private again = false;
  private failures = 0;
  private renewals = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly waiting = new Map<number, (fate: Fate) => void>();

  /** @param told after each entry's fate and each change of `state` */
  constructor(private readonly kept: Kept, private readonly way: Way, private readonly now: () => number, private readonly told: (entry: Entry | null) => void) {}

  /** Starts sending, now. @returns when nothing more can be sent for the moment */
  kick(): Promise<void> {
    clearTimeout(this.timer);
    if (this.running !== null) {
      this.again = true;
      return this.running;
    }
    this.running = this.drain().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** The fate of an entry once it is known, or null after the time. */
  fateOf(number: number, ms: number): Promise<Fate | null> {
    return new Promise((done) => {
      const give = (fate: Fate | null): void => {
        clearTimeout(late);
        this.waiting.delete(number);
        done(fate);
      };
      const late = setTimeout(() => give(null), ms);
      this.waiting.set(number, give);
    });
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async drain(): Promise<void> {
    try {
      do {
        this.again = false;
        for (let queue = await this.queue(); queue.length > 0; queue = await this.queue()) await this.sendFirst(queue);
      } while (this.again);
      if (this.state.is !== 'online') await this.way.probe();
      this.heard();
      this.failures = 0;
    } catch (error) {
      this.failed(error);
    }
  }

  private async queue(): Promise<Entry[]> {
    return (await this.kept.entries()).filter(isUnsent);
  }

  private failed(error: unknown): void {
    if (error instanceof Refused) {
      this.turn({ is: 'stopped', code: error.code, sentence: error.sentence });
      this.retry(15_000);
      return;
    }
    const why = error instanceof Away ? error.why : 'server';
    this.turn({ is: 'away', why, since: this.state.is === 'away' ? this.state.since : this.now() });
    this.retry(PAUSES_MS[Math.min(this.failures, PAUSES_MS.length - 1)] ?? 15_000);
    this.failures += 1;
  }

  private retry(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.kick(), ms);
  }

  /** The service was heard of by another request. */
  heard(): void {
    if (this.state.is !== 'online') {
      this.failures = 0;
      this.turn({ is: 'online' });
    }
  }

  /** Another request found the service away. */
  lost(error: unknown): void {
    this.failed(error);
  }

  private turn(state: LinkState): void {
    this.state = state;
    if (state.is !== 'online') {
      // Nobody waits at the till for what will not come now.
      for (const give of this.waiting.values()) give({ is: 'unsent', tries: 1 });
      // A service that was away may come back with another database: the next session tells.
      if (state.is === 'away') this.way.forgetSession();
    }
    this.told(null);
  }

  private async sendFirst(queue: readonly Entry[]): Promise<void> {
    const [first] = queue;
    if (first === undefined) return;
    if (first.about.kind === 'void') return this.sendVoid(first, first.about.tapId);
    const end = queue.findIndex((entry) => entry.about.kind === 'void');
    const sales = queue.slice(0, Math.min(BATCH, end === -1 ? queue.length : end));
    if (sales.length === 1 && triesOf(first) === 0 && !isDecided(first) && this.now() - first.madeAt < FRESH_MS) return this.sendOne(first);
    return this.sendTogether(sales);
  }

  private async sendOne(entry: Entry): Promise<void> {
    const body = await this.kept.body(entry);
    void this.tried(entry);
    const answer = await this.way.ask('POST', '/v1/taps', body, ONE_MS);
    await this.judge(entry, verdictOnSale(answer, triesOf(entry)));
  }

  private async sendTogether(sales: readonly Entry[]): Promise<void> {
    const bodies = await Promise.all(sales.map((entry) => this.kept.body(entry)));
    const noted = Promise.all(sales.map((entry) => this.tried(entry)));
    const answer = await this.way.ask('POST', '/v1/taps/upload', `{"taps":[${bodies.join(',')}]}`, BATCH_MS);
    await noted;
    const { epoch, results = null } = answer.status === 200 ? (answer.body as { epoch?: string; results: UploadResult[] }) : {};
    if (epoch !== undefined) this.onEpoch(epoch);
    // A refusal of the whole parcel is no word about any one sale, save about the terminal itself.
    if (results === null) return this.judgeParcel(verdictOnSale(answer, 1));
    const open: Verdict[] = [];
    for (const [index, entry] of sales.entries()) {
      const result = results[index];
      const verdict: Verdict = result === undefined ? { next: 'later' } : verdictOnSale({ status: result.status, body: result.answer ?? result.problem }, triesOf(entry));
      if (verdict.next === 'settle') await this.judge(entry, verdict);
      else open.push(verdict);
    }
    if (open[0] !== undefined) await this.judge(null, open[0]);
  }

  private async sendVoid(entry: Entry, tapId: string): Promise<void> {
    const body = await this.kept.body(entry);
    void this.tried(entry);
    await this.judge(entry, verdictOnVoid(await this.way.ask('POST', `/v1/taps/${tapId}/void`, body, ONE_MS * 2)));
  }

  private tried(entry: Entry): Promise<Entry> {
    return this.kept.settle(entry, { is: 'unsent', tries: triesOf(entry) + 1 });
  }

  private async judgeParcel(verdict: Verdict): Promise<void> {
    if (verdict.next === 'settle') throw new Away('server');
    await this.judge(null, verdict);
  }

  private async judge(entry: Entry | null, verdict: Verdict): Promise<void> {
    if (verdict.next === 'session') {
      this.renewals += 1;
      if (this.renewals > 2) throw new Away('server');
      return this.way.forgetSession();
    }
    if (verdict.next === 'stop') throw new Refused(verdict.code, verdict.sentence);
    if (verdict.next === 'later' || entry === null) throw new Away('server');
    const settled = await this.kept.settle(entry, verdict.fate);
    this.renewals = 0;
    this.heard();
    this.waiting.get(entry.number)?.(verdict.fate);
    this.told(settled);
  }
}
