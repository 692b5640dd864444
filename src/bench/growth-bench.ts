import { join } from 'node:path';
import { addMonths, monthOf, systemClock, today, type CivilMonth } from '../kernel/index.js';
import { makeOwnDatabase, openOwner, type OwnDatabase, type Settings, type Tx } from '../platform/index.js';
import { Random } from '../demo/index.js';
import { addPastMeals, closePastMonths, keepPatterns, measureBooks, openPastMonths } from './growth.store.js';
import { furnishCity } from './tap-bench.cli.js';
import { openTills } from './tap-bench.js';
import { BENCH_CITY, type TapCity } from './tap-city.js';
import { percentile, round } from './tap-figures.js';
import { LoadProcess, type LoadPlan } from './tap-load.js';
import { writeOrders, type OpenTill } from './tap-orders.js';
import { ServiceProcess } from './tap-service.js';

export interface GrowthOptions {
  readonly large: number;
  readonly small: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface GrowthFigures {
  readonly smallMeals: number;
  readonly largeMeals: number;
  /** Taps a second with many meals over taps a second with few: the median of the rounds. */
  readonly ratio: number;
  readonly roundRatios: readonly number[];
  readonly smallPerSecond: number;
  readonly largePerSecond: number;
  readonly smallP99Ms: number;
  readonly largeP99Ms: number;
  readonly largeBytes: number;
  readonly bytesPerMeal: number;
  readonly months: number;
  readonly fillSeconds: number;
  /** Answers other than 200, by status. */
  readonly others: Readonly<Record<string, number>>;
}

/** Where a bench works. */
export interface GrowthGround {
  readonly serverUrl: string;
  readonly settings: Settings;
  readonly dataDir: string;
  /** Free bytes where the database lies; null on another machine. */
  readonly free: () => Promise<number | null>;
  /** Sells some real taps, whose rows are the patterns of the many. */
  readonly sellPatterns: (settings: Settings, city: TapCity) => Promise<void>;
  readonly say: (line: string) => void;
}

/** There is not twice the space that the larger database needs. */
export class NotEnoughSpace extends Error {
  override readonly name = 'NotEnoughSpace';
}

const ELDERS = 60_000;
/** Tills and elders whose taps are the patterns; the measured ones are others. */
export const PATTERN_TILLS = 128;
export const PATTERN_ELDERS = 8_000;
const PATTERNS = 2_000;
/** Past months that meals are spread over. */
const MONTHS = 24;
const CHUNK = 100_000;
const WARM_SECONDS = 4;
/** Taps that are signed ahead for each second. */
const MOST_PER_SECOND = 3_000;
const LOCK_MS = 60_000;

/** Fills the closed months of the past with so many meals, evenly. */
async function fill(tx: Tx, months: readonly CivilMonth[], meals: number, say: (line: string) => void): Promise<void> {
  const patterns = await keepPatterns(tx, BENCH_CITY, PATTERNS);
  if (patterns < PATTERNS / 10) throw new Error('too few real taps to copy');
  await openPastMonths(tx, BENCH_CITY, months);
  const each = Math.ceil(meals / months.length);
  let done = 0;
  for (const month of months) {
    const until = Math.min(meals, done + each);
    for (; done < until; done = Math.min(until, done + CHUNK)) await addPastMeals(tx, BENCH_CITY, month, done, Math.min(CHUNK, until - done), patterns);
    say(`  ${month}: ${done} meals`);
  }
  await closePastMonths(tx, BENCH_CITY, months);
}

async function onOwner<T>(url: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const owner = await openOwner(url, LOCK_MS);
  return work(owner).finally(() => owner.close());
}

/** One of the two databases with its service and its senders. */
class Side {
  readonly latencies: number[] = [];
  readonly others: Record<string, number> = {};
  readonly perSecond: number[] = [];

  private readonly load = new LoadProcess();

  private constructor(private readonly service: ServiceProcess) {}

  /**
   * Starts the service, and writes what will be sent. Jobs are elsewhere, in no process at all: sealing and proving
   * millions of copies is not what is measured here, and would not end within the bench.
   */
  static async start(url: string, dataDir: string): Promise<Side> {
    return new Side(await ServiceProcess.start(url, dataDir, null, { JOBS: 'elsewhere' }));
  }

  /** Opens the tills' sessions: of both sides before anything else, as signing keeps this process busy for long. */
  openTills(city: TapCity): Promise<OpenTill[]> {
    return openTills(this.service, city.tills.slice(PATTERN_TILLS));
  }

  plan(file: string, city: TapCity, tills: readonly OpenTill[], options: GrowthOptions): LoadPlan {
    const random = new Random(20_241_203);
    const { connections } = options;
    // Where elders run out they come a second time, in either database.
    const most = Math.ceil(((WARM_SECONDS + options.rounds * options.seconds) * MOST_PER_SECOND) / connections);
    const orders = writeOrders(file, tills, city.cards.slice(PATTERN_ELDERS), connections, most, () => random.next());
    return { port: this.service.port, file, connections: orders.connections };
  }

  /** Connects at last: the service closes connections that stand still. */
  async connect(plan: LoadPlan): Promise<void> {
    await this.load.open(plan);
    await this.load.run(WARM_SECONDS, null);
  }

  async measure(seconds: number): Promise<number> {
    const result = await this.load.run(seconds, null);
    if (result.exhausted > 0) throw new Error('the bench ran out of taps to send: fewer rounds or seconds');
    for (const [status, count] of Object.entries(result.others)) this.others[status] = (this.others[status] ?? 0) + count;
    this.latencies.push(...result.latencies);
    const rate = result.latencies.length / result.seconds;
    this.perSecond.push(rate);
    return rate;
  }

  async close(): Promise<void> {
    this.load.close();
    await this.service.stop('SIGINT');
  }
}

/** Makes the larger database out of the smaller one, where there is room. */
async function grow(ground: GrowthGround, small: string, large: string, months: readonly CivilMonth[], options: GrowthOptions): Promise<{ before: { bytes: number; meals: number } }> {
  const empty = await onOwner(small, measureBooks);
  await onOwner(small, (tx) => fill(tx, months, options.small, ground.say));
  const before = await onOwner(small, measureBooks);
  const perMeal = (before.bytes - empty.bytes) / options.small;
  const need = perMeal * options.large;
  const gib = (bytes: number): string => `${(bytes / 1_073_741_824).toFixed(1)} GiB`;
  const free = await ground.free();
  ground.say(`space needed: about ${gib(need)} for ${options.large} meals of ${Math.round(perMeal)} bytes${free === null ? '' : `, free ${gib(free)}`}`);
  if (free !== null && free < 2 * need) throw new NotEnoughSpace(`not enough space: ${options.large} meals need about ${gib(need)} and the bench wants twice that, but ${gib(free)} are free: give --large a smaller number, or TMPDIR a larger disk`);
  await onOwner(large, (tx) => fill(tx, months, options.large, ground.say));
  return { before };
}

async function alternate(small: Side, large: Side, options: GrowthOptions, say: (line: string) => void): Promise<number[]> {
  const ratios: number[] = [];
  for (let turn = 0; turn < options.rounds; turn += 1) {
    // Whoever begins takes turns as well, so that a machine that slows down counts against neither.
    const [first, second] = turn % 2 === 0 ? [small, large] : [large, small];
    const rates = new Map([[first, await first.measure(options.seconds)], [second, await second.measure(options.seconds)]]);
    const ratio = (rates.get(large) as number) / (rates.get(small) as number);
    ratios.push(round(ratio, 3));
    say(`round ${turn + 1}: ${Math.round(rates.get(small) as number)} and ${Math.round(rates.get(large) as number)} taps/s`);
  }
  return ratios;
}

/** @throws NotEnoughSpace before the larger database is filled */
export async function measureGrowth(ground: GrowthGround, options: GrowthOptions): Promise<GrowthFigures> {
  const { say, settings, serverUrl } = ground;
  const small = await makeOwnDatabase(serverUrl, 'xingfu_small');
  let large: OwnDatabase | undefined;
  const sides: Side[] = [];
  const put = { ...settings, databaseUrl: small.url };
  try {
    say('a city with canteens, elders and tills, and some real taps');
    const city = await furnishCity(put, ELDERS);
    await ground.sellPatterns(put, city);
    large = await makeOwnDatabase(serverUrl, 'xingfu_large', small.url);
    const now = monthOf(today(systemClock));
    const months = Array.from({ length: MONTHS }, (_, index) => addMonths(now, index - MONTHS));
    say(`${options.small} meals, then ${options.large}`);
    const begun = performance.now();
    const { before } = await grow(ground, small.url, large.url, months, options);
    const fillSeconds = Math.round((performance.now() - begun) / 1000);
    const after = await onOwner(large.url, measureBooks);
    say('two services');
    for (const url of [small.url, large.url]) sides.push(await Side.start(url, ground.dataDir));
    const [few, many] = sides as [Side, Side];
    const tills = [await few.openTills(city), await many.openTills(city)] as const;
    const plans = [few.plan(join(ground.dataDir, 'orders-small'), city, tills[0], options), many.plan(join(ground.dataDir, 'orders-large'), city, tills[1], options)] as const;
    await few.connect(plans[0]);
    await many.connect(plans[1]);
    const roundRatios = await alternate(few, many, options, say);
    const mean = (values: readonly number[]): number => Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
    return {
      smallMeals: before.meals, largeMeals: after.meals, ratio: round(percentile(roundRatios, 50), 2), roundRatios,
      smallPerSecond: mean(few.perSecond), largePerSecond: mean(many.perSecond), smallP99Ms: round(percentile(few.latencies, 99), 1), largeP99Ms: round(percentile(many.latencies, 99), 1),
      largeBytes: after.bytes, bytesPerMeal: Math.round(after.bytes / after.meals), months: MONTHS, fillSeconds, others: { ...few.others, ...many.others },
    };
  } finally {
    for (const side of sides) await side.close();
    await Promise.all([small.drop(), large?.drop()]);
  }
}
