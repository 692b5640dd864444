import { Inject, Injectable } from '@nestjs/common';
import { refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, isBusy, isRerunnable, isUnavailable, LOG, Metrics, ProblemException, TAP_TRANSACTOR, type Log, type Transactor } from '../platform/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import type { TapAnswer } from './domain/index.js';
import { PlaceFacts } from './place-facts.js';
import { recordTaps, type ArrivedTap } from './record-taps.js';

/** Most taps of one transaction. */
export const BATCH_SIZE = 256;
/** Most of them where tills catch up: short transactions, so that none who stands at a till waits for their locks. */
export const HELD_SIZE = 64;
/**
 * Batches of a city that may be under way at once: while PostgreSQL writes the one, the other's taps are checked and
 * decided. The second goes only with so many taps that its own transaction pays.
 */
const AT_ONCE = 2;
export const SECOND_SIZE = 96;
/** Taps that may wait in one city; whoever comes then is asked to come back. */
export const QUEUE_SIZE = 8192;
const RETRY_AFTER_SECONDS = 1;

/** Taps that arrived in one request: one of them, or an upload. They are recorded in one transaction. */
interface Waiting {
  readonly taps: readonly ArrivedTap[];
  readonly resolve: (answers: Outcome<TapAnswer>[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  readonly most: number;
  /** Batches that may be under way at once. */
  readonly atOnce: number;
  waiting: Waiting[];
  taps: number;
  running: number;
}

/**
 * Gathers concurrent taps: while a batch of a city is under way, those that arrive wait and make the next one, which goes
 * beside the first when it is large. No timer:
 * a lone tap goes at once, and noon makes its own batches. Each request is answered on its own.
 */
@Injectable()
export class TapBatcher {
  private readonly lanes = new Map<string, Lane>();
  private readonly places = new PlaceFacts();

  constructor(
    @Inject(TAP_TRANSACTOR) private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) private readonly log: Log,
    private readonly metrics: Metrics,
  ) {
    metrics.gauge(async () => ({ xingfu_taps_waiting: [...this.lanes].map(([city, lane]) => ({ labels: { city }, value: lane.taps })) }));
  }

  /**
   * Records taps of one city together; answers in their order.
   * @param held whether tills held them back: these have a lane of their own, beside the one of the sales of now
   * @throws ProblemException `busy` when too many wait; the database's error when it is away
   */
  submit(cityCode: string, taps: readonly ArrivedTap[], held = false): Promise<Outcome<TapAnswer>[]> {
    if (taps.length === 0) return Promise.resolve([]);
    const name = held ? `${cityCode} held` : cityCode;
    const lane: Lane = this.lanes.get(name) ?? { most: held ? HELD_SIZE : BATCH_SIZE, atOnce: held ? 1 : AT_ONCE, waiting: [], taps: 0, running: 0 };
    this.lanes.set(name, lane);
    if (lane.taps > 0 && lane.taps + taps.length > QUEUE_SIZE) return Promise.reject(new ProblemException('busy', undefined, undefined, RETRY_AFTER_SECONDS));
    return new Promise((resolve, reject) => {
      lane.waiting.push({ taps, resolve, reject });
      lane.taps += taps.length;
      if (lane.running === 0 || (lane.running < lane.atOnce && lane.taps >= SECOND_SIZE)) {
        lane.running += 1;
        // Requests that the same turn of the loop brings in go along.
        setImmediate(() => void this.drain(cityCode, lane));
      }
    });
  }

  private async drain(cityCode: string, lane: Lane): Promise<void> {
    while (lane.waiting.length > 0 && (lane.running === 1 || lane.taps >= SECOND_SIZE)) await this.runBatch(cityCode, take(lane));
    lane.running -= 1;
  }

  private async runBatch(cityCode: string, batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.record(cityCode, batch.flatMap(({ taps }) => taps));
      let from = 0;
      for (const { taps, resolve } of batch) {
        resolve(answers.slice(from, from + taps.length));
        from += taps.length;
      }
    } catch (error) {
      await this.oneByOne(cityCode, batch, error);
    }
  }

  /** One bad row must not fail its neighbours: what a failed batch held is recorded tap by tap. */
  private async oneByOne(cityCode: string, batch: readonly Waiting[], error: unknown): Promise<void> {
    const alone = batch.length === 1 && batch[0]?.taps.length === 1;
    if (alone || isUnavailable(error)) {
      for (const { reject } of batch) reject(error);
      return;
    }
    this.log.warn({ taps: batch.length, error: (error as Error).name }, 'a batch of taps failed and is recorded one by one');
    for (const waiting of batch) await this.alone(cityCode, waiting);
  }

  private async alone(cityCode: string, { taps, resolve, reject }: Waiting): Promise<void> {
    const answers: Outcome<TapAnswer>[] = [];
    for (const tap of taps) {
      try {
        answers.push(...(await this.record(cityCode, [tap])));
      } catch (error) {
        if (taps.length === 1 || isUnavailable(error)) return reject(error);
        this.log.error({ tapId: tap.tap.tapId, error: (error as Error).name }, 'a tap of an upload cannot be recorded');
        answers.push(refuse(isBusy(error) || isRerunnable(error) ? 'busy' : 'internal'));
      }
    }
    resolve(answers);
  }

  /** Records taps in one transaction; tests put their own in its place. */
  protected record(cityCode: string, taps: readonly ArrivedTap[]): Promise<Outcome<TapAnswer>[]> {
    return this.transactor.run((tx) => recordTaps(tx, { clock: this.clock, policies: this.policies, places: this.places, metrics: this.metrics }, cityCode, taps));
  }
}

/** Takes the next batch off a lane: whole requests, up to the size of a batch, at least one. */
function take(lane: Lane): Waiting[] {
  const batch: Waiting[] = [];
  let size = 0;
  for (const next of lane.waiting) {
    if (batch.length > 0 && size + next.taps.length > lane.most) break;
    batch.push(next);
    size += next.taps.length;
  }
  lane.waiting = lane.waiting.slice(batch.length);
  lane.taps -= size;
  return batch;
}
