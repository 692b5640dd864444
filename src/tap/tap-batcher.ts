import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Outcome } from '../kernel/index.js';
import { Batcher, CLOCK, LOG, Metrics, TAP_TRANSACTOR, type Batching, type Log, type Transactor } from '../platform/index.js';
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

const SALES: Batching = { most: BATCH_SIZE, atOnce: AT_ONCE, second: SECOND_SIZE, queue: QUEUE_SIZE };
const HELD: Batching = { ...SALES, most: HELD_SIZE, atOnce: 1 };

/** Records taps that come at the same time together. An upload is never split. */
@Injectable()
export class TapBatcher extends Batcher<ArrivedTap, TapAnswer> {
  private readonly places = new PlaceFacts();

  constructor(
    @Inject(TAP_TRANSACTOR) private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) log: Log,
    private readonly metrics: Metrics,
  ) {
    super(log);
    metrics.gauge(async () => ({ xingfu_taps_waiting: this.waiting().map(({ lane, size }) => ({ labels: { city: lane }, value: size })) }));
  }

  /**
   * Records taps of one city together; answers in their order.
   * @param held whether tills held them back: these have a lane of their own, beside the one of the sales of now
   * @throws ProblemException `busy` when too many wait; the database's error when it is away
   */
  submit(cityCode: string, taps: readonly ArrivedTap[], held = false): Promise<Outcome<TapAnswer>[]> {
    return held ? this.submitTo(`${cityCode} held`, cityCode, HELD, taps) : this.submitTo(cityCode, cityCode, SALES, taps);
  }

  protected override failed(arrived: ArrivedTap, error: unknown): Outcome<TapAnswer> {
    this.log.error({ tapId: arrived.tap.tapId, error: (error as Error).name }, 'a tap of an upload cannot be recorded');
    return super.failed(arrived, error);
  }

  /** Records taps in one transaction; tests put their own in its place. */
  protected record(cityCode: string, taps: readonly ArrivedTap[]): Promise<Outcome<TapAnswer>[]> {
    return this.transactor.run((tx) => recordTaps(tx, { clock: this.clock, policies: this.policies, places: this.places, metrics: this.metrics }, cityCode, taps));
  }
}
