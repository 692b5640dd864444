import { refuse, type Outcome } from '../../kernel/index.js';
import { isBusy, isRerunnable, isUnavailable } from '../db/index.js';
import type { Log } from '../telemetry/index.js';
import { ProblemException } from './problem.js';

/** How much of a lane goes at once. */
export interface Batching {
  /** Most items of one batch; a request is never split. */
  readonly most: number;
  /** Batches that may be under way at once. */
  readonly atOnce: number;
  /** A further one goes beside the first only with so many items that its own transaction pays. */
  readonly second: number;
  /** Items that may wait; whoever comes then is asked to come back. */
  readonly queue: number;
}

const RETRY_AFTER_SECONDS = 1;

/** Items that arrived in one request; they are recorded in one transaction. */
interface Waiting<Item, Answer> {
  readonly items: readonly Item[];
  readonly resolve: (answers: Outcome<Answer>[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane<Item, Answer> extends Batching {
  readonly cityCode: string;
  waiting: Waiting<Item, Answer>[];
  size: number;
  running: number;
}

/**
 * Gathers concurrent requests of a city: while a batch is under way, those that arrive wait and make the next one, which
 * goes beside the first when it is large. No timer: a lone request goes at once, and noon makes its own batches. Each
 * request is answered on its own.
 */
export abstract class Batcher<Item, Answer> {
  private readonly lanes = new Map<string, Lane<Item, Answer>>();

  protected constructor(protected readonly log: Log) {}

  /** Records items in one transaction; answers in their order. */
  protected abstract record(cityCode: string, items: readonly Item[]): Promise<Outcome<Answer>[]>;

  /** What is answered of one item of a request of several that cannot be recorded. */
  protected failed(_: Item, error: unknown): Outcome<Answer> {
    return refuse(isBusy(error) || isRerunnable(error) ? 'busy' : 'internal');
  }

  /** What no two items of one batch may share; the later one waits for the next. */
  protected keysOf?(item: Item): readonly string[];

  /** How many items wait in each lane. */
  protected waiting(): { lane: string; size: number }[] {
    return [...this.lanes].map(([lane, { size }]) => ({ lane, size }));
  }

  /** @throws ProblemException `busy` when too many wait; the database's error when it is away */
  protected submitTo(name: string, cityCode: string, batching: Batching, items: readonly Item[]): Promise<Outcome<Answer>[]> {
    if (items.length === 0) return Promise.resolve([]);
    const lane: Lane<Item, Answer> = this.lanes.get(name) ?? { ...batching, cityCode, waiting: [], size: 0, running: 0 };
    this.lanes.set(name, lane);
    if (lane.size > 0 && lane.size + items.length > lane.queue) return Promise.reject(new ProblemException('busy', undefined, undefined, RETRY_AFTER_SECONDS));
    return new Promise((resolve, reject) => {
      lane.waiting.push({ items, resolve, reject });
      lane.size += items.length;
      if (lane.running === 0 || (lane.running < lane.atOnce && lane.size >= lane.second)) {
        lane.running += 1;
        // Requests that the same turn of the loop brings in go along.
        setImmediate(() => void this.drain(lane));
      }
    });
  }

  private async drain(lane: Lane<Item, Answer>): Promise<void> {
    while (lane.waiting.length > 0 && (lane.running === 1 || lane.size >= lane.second)) await this.runBatch(lane.cityCode, this.take(lane));
    lane.running -= 1;
  }

  /** Takes the next batch off a lane: whole requests, up to the size of a batch, at least one. */
  private take(lane: Lane<Item, Answer>): Waiting<Item, Answer>[] {
    const [batch, left]: [Waiting<Item, Answer>[], Waiting<Item, Answer>[]] = [[], []];
    const taken = new Set<string>();
    let [size, isFull] = [0, false];
    for (const next of lane.waiting) {
      isFull ||= batch.length > 0 && size + next.items.length > lane.most;
      const keys = isFull ? [] : next.items.flatMap((item) => this.keysOf?.(item) ?? []);
      if (isFull || keys.some((key) => taken.has(key))) {
        left.push(next);
        continue;
      }
      batch.push(next);
      size += next.items.length;
      for (const key of keys) taken.add(key);
    }
    lane.waiting = left;
    lane.size -= size;
    return batch;
  }

  private async runBatch(cityCode: string, batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.record(cityCode, batch.flatMap(({ items }) => items));
      let from = 0;
      for (const { items, resolve } of batch) {
        resolve(answers.slice(from, from + items.length));
        from += items.length;
      }
    } catch (error) {
      await this.oneByOne(cityCode, batch, error);
    }
  }

  /** One bad row must not fail its neighbours: what a failed batch held is recorded item by item. */
  private async oneByOne(cityCode: string, batch: readonly Waiting<Item, Answer>[], error: unknown): Promise<void> {
    const alone = batch.length === 1 && batch[0]?.items.length === 1;
    if (alone || isUnavailable(error)) {
      for (const { reject } of batch) reject(error);
      return;
    }
    this.log.warn({ requests: batch.length, error: (error as Error).name }, 'a batch failed and is recorded one by one');
    for (const waiting of batch) await this.alone(cityCode, waiting);
  }

  private async alone(cityCode: string, { items, resolve, reject }: Waiting<Item, Answer>): Promise<void> {
    const answers: Outcome<Answer>[] = [];
    for (const item of items) {
      try {
        answers.push(...(await this.record(cityCode, [item])));
      } catch (error) {
        if (items.length === 1 || isUnavailable(error)) return reject(error);
        answers.push(this.failed(item, error));
      }
    }
    resolve(answers);
  }
}
