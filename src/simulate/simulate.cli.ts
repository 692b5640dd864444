import { layGround } from '../boot.js';
import { SettableClock } from '../kernel/index.js';
import { openLog, readSettings, WrongSetting } from '../platform/index.js';
import { putUp } from '../service.js';
import { endAll } from './city-process.js';
import { FAULT_KINDS, isFault, type Fault } from './domain/index.js';
import { SimulationGround } from './ground.js';
import { Lane, type SeedResult } from './lane.js';
import { isPlant, PLANTS, type Plant } from './plants.js';
import { findRedis, ThrowAwayRedis } from './redis.js';
import { furnishTemplate } from './template.js';

const HELP = `npm run -s simulate -- [options]

Plays seeded months of a small city on a real PostgreSQL with real processes (two for the API, a worker), kills, cuts and
misleads them, and compares what is left with books of its own. In throw-away databases: an embedded PostgreSQL, or that
of DATABASE_URL (its role may make databases; track_commit_timestamp = on; its server is then never stopped).

  --seeds N       months to play (20), from --from on
  --from N        the first seed (1)
  --seed N        one month, the one that this seed always makes
  --minutes M     plays months until the time is over, and says how many
  --parallel N    lanes side by side, each with its own server and processes (1); every second one keeps its jobs
                  on a throw-away Redis where redis-server is installed
  --queue WORD    postgres or redis, for every lane
  --faults A,B    these faults in every month, instead of those that its seed draws
  --plant WORD    plants a defect and goes red: skip-lock, no-idempotency, one-sided
  --prove         plays one month as it is and one with each defect: well is green, then red each time
  --story         tells every step on standard error
  --json          one JSON object as the last line of standard output
  --help          this text
`;

interface Options {
  readonly json: boolean;
  readonly story: boolean;
  readonly from: number;
  readonly seeds: number;
  readonly minutes: number | undefined;
  readonly parallel: number;
  readonly plant: Plant | undefined;
  readonly prove: boolean;
  readonly queue: 'postgres' | 'redis' | undefined;
  readonly faults: readonly Fault[] | undefined;
}

const MOST_SHOWN = 12;
const LEAST_DRAWN = 5;
/** Faults that bring every planted defect to light, few so that it takes little time. */
const PROVING: readonly Fault[] = ['twoTillsAtOnce', 'answerDropped'];

function readOptions(args: readonly string[]): Options | string {
  let [json, story, prove] = [false, false, false];
  let queue: Options['queue'];
  let plant: Plant | undefined;
  let faults: readonly Fault[] | undefined;
  const numbers: Record<string, number | undefined> = {};
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--json') json = true;
    else if (word === '--story') story = true;
    else if (word === '--prove') prove = true;
    else if (['--seeds', '--from', '--seed', '--minutes', '--parallel'].includes(word) && /^\d{1,9}$/.test(args[index + 1] ?? '')) numbers[word] = Number(args[(index += 1)]);
    else if (word === '--faults' && (args[index + 1] ?? '').split(',').every(isFault)) faults = (args[(index += 1)] ?? '').split(',').filter(isFault);
    else if (word === '--queue' && (args[index + 1] === 'postgres' || args[index + 1] === 'redis')) queue = args[(index += 1)] as Options['queue'];
    else if (word === '--plant' && isPlant(args[index + 1] ?? '')) plant = args[(index += 1)] as Plant;
    else return `unknown option ${word}: see npm run -s simulate -- --help`;
  }
  const one = numbers['--seed'];
  return { json, story, prove, queue, plant, faults, from: one ?? numbers['--from'] ?? 1, seeds: one === undefined ? (numbers['--seeds'] ?? (numbers['--minutes'] === undefined ? 20 : 1e9)) : 1, minutes: numbers['--minutes'], parallel: Math.max(1, numbers['--parallel'] ?? 1) };
}

const PLANT_WORDS = Object.keys(PLANTS) as Plant[];
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function openLane({ faults, queue }: Options, place: number): Promise<Lane> {
  const given = readSettings(process.env).databaseUrl;
  const ground = await SimulationGround.lay(given);
  try {
    const clock = new SettableClock(0);
    const laid = await layGround({ ...readSettings({}), port: 0, databaseUrl: ground.templateUrl, dataDir: ground.dataDir, jobs: 'elsewhere', logLevel: 'error' }, clock, () => undefined, openLog('error'));
    const service = await putUp(laid, false);
    const template = await furnishTemplate(service.app, clock).finally(() => service.close());
    return new Lane(ground, template, faults, await redisFor(queue, place));
  } catch (error) {
    await ground.clear();
    throw error;
  }
}

/** Redis for a lane that keeps its jobs there. */
async function redisFor(queue: Options['queue'], place: number): Promise<ThrowAwayRedis | undefined> {
  const program = findRedis();
  if (queue === 'redis' && program === null) throw new WrongSetting('--queue redis needs redis-server, which is not installed here');
  return program !== null && (queue === 'redis' || (queue === undefined && place % 2 === 1)) ? ThrowAwayRedis.start(program) : undefined;
}

/** Plays one month as the product is and one with each defect. @returns 0 where exactly the planted ones go red */
async function prove(options: Options, lanes: Lane[], opens: (opening: Promise<unknown>) => void): Promise<number> {
  const opening = openLane({ ...options, faults: options.faults ?? PROVING }, 0).then((one) => (lanes.push(one), one));
  opens(opening);
  const lane = await opening;
  const results = new Map<string, SeedResult>();
  for (const plant of [undefined, ...PLANT_WORDS]) results.set(plant ?? 'none', await lane.play(options.from, plant, options.story ? say : () => undefined));
  const red = Object.fromEntries([...results].map(([plant, result]) => [plant, { lost: result.lost.length, doubled: result.doubled.length, violations: result.violations.length }]));
  for (const [plant, result] of results) say(`${plant}: ${isRed(result) ? 'red' : 'green'}, ${result.seconds.toFixed(1)} s${isRed(result) ? `, e.g. ${[...result.doubled, ...result.lost, ...result.violations][0]?.slice(0, 300)}` : ''}`);
  const proven = [...results].every(([plant, result]) => isRed(result) === (plant !== 'none'));
  process.stdout.write(options.json ? `${JSON.stringify({ proven, seed: options.from, plants: red })}\n` : `${proven ? 'the simulation sees every planted defect' : 'the simulation is blind, or red without a defect'}\n`);
  return proven ? 0 : 1;
}

/** Figures of all months together, as `--json` prints them. */
interface Report {
  readonly seeds: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly violations: number;
  readonly faults: Record<Fault, number>;
  readonly seconds: number;
  readonly red: readonly number[];
}

function reportOf(results: readonly SeedResult[], seconds: number): Report {
  const sum = (pick: (one: SeedResult) => number): number => results.reduce((total, one) => total + pick(one), 0);
  const faults = Object.fromEntries(FAULT_KINDS.map((fault) => [fault, sum((one) => one.seen[fault] ?? 0)])) as Record<Fault, number>;
  return {
    seeds: results.length, acknowledged: sum((one) => one.acknowledged), lost: sum((one) => one.lost.length), doubled: sum((one) => one.doubled.length), violations: sum((one) => one.violations.length),
    faults, seconds: Math.round(seconds), red: results.filter(isRed).map((one) => one.seed),
  };
}

function isRed({ lost, doubled, violations }: SeedResult): boolean {
  return lost.length + doubled.length + violations.length > 0;
}

/** Kinds that were drawn so often that one of them should have been seen. */
function neverSeen(results: readonly SeedResult[]): Fault[] {
  return FAULT_KINDS.filter((fault) => results.filter((one) => one.faults.includes(fault)).length >= LEAST_DRAWN && !results.some((one) => (one.seen[fault] ?? 0) + (fault === 'queueWiped' ? (one.seen.redisWiped ?? 0) : 0) > 0));
}

function tellResult(result: SeedResult, done: number, given: string): void {
  const seen = [...new Set([...result.faults, ...FAULT_KINDS.filter((fault) => (result.seen[fault] ?? 0) > 0)])].map((fault) => `${fault} ${result.seen[fault] ?? 0}`).join(', ');
  say(`${isRed(result) ? 'RED  ' : 'green'} seed ${result.seed} (${done} done, ${result.seconds.toFixed(1)} s): ${result.acknowledged} acknowledged; ${seen}`);
  if (!isRed(result)) return;
  for (const [what, list] of [['lost', result.lost], ['doubled', result.doubled], ['violation', result.violations]] as const) {
    for (const one of list.slice(0, MOST_SHOWN)) say(`  ${what}: ${one}`);
    if (list.length > MOST_SHOWN) say(`  ${what}: and ${list.length - MOST_SHOWN} more`);
  }
  say(`  again: npm run -s simulate -- --seed ${result.seed} --story${given}`);
}

/**
 * `npm run simulate`: months of faults.
 * @returns 0, or 1 when anything was lost, doubled or off
 */
export async function simulateCommand(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const options = readOptions(args);
  if (typeof options === 'string') throw new WrongSetting(options);
  const begun = performance.now();
  const end = options.minutes === undefined ? Infinity : begun + options.minutes * 60_000;
  const results: SeedResult[] = [];
  const lanes: Lane[] = [];
  let next = options.from;
  const stop = new AbortController();
  let opening: Promise<unknown> | undefined;
  let clearing: Promise<void> | undefined;
  const putAway = async (): Promise<void> => {
    stop.abort();
    // A lane that is just being laid out is there to be cleared a moment later.
    await opening?.catch(() => undefined);
    await endAll();
    await Promise.all(lanes.splice(0).map((lane) => lane.close()));
  };
  const clear = (): Promise<void> => (clearing ??= putAway());
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => void clear().finally(() => process.exit(130)));
  try {
    if (options.prove) return await prove(options, lanes, (open) => (opening = open));
    while (lanes.length < options.parallel && !stop.signal.aborted) await (opening = openLane(options, lanes.length).then((lane) => lanes.push(lane)));
    await Promise.all(lanes.map(async (lane) => {
      while (!stop.signal.aborted && next < options.from + options.seeds && performance.now() < end) {
        const seed = (next += 1) - 1;
        const result = await lane.play(seed, options.plant, options.story ? say : () => undefined);
        if (stop.signal.aborted) return;
        results.push(result);
        tellResult(result, results.length, `${options.faults === undefined ? '' : ` --faults ${options.faults.join(',')}`}${options.plant === undefined ? '' : ` --plant ${options.plant}`}`);
      }
    }));
  } finally {
    await clear();
  }
  const report = reportOf(results, (performance.now() - begun) / 1_000);
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(`${report.seeds} months: ${report.acknowledged} deeds acknowledged, ${report.lost} lost, ${report.doubled} doubled, ${report.violations} violations\n`);
  const blind = neverSeen(results);
  for (const fault of blind) say(`${fault} was to happen ${LEAST_DRAWN} times or more and was never seen: it no longer reaches the product`);
  return report.lost + report.doubled + report.violations + blind.length === 0 ? 0 : 1;
}

