import { statfs, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layGround } from '../boot.js';
import { systemClock } from '../kernel/index.js';
import { openLog, readSettings, startPostgres, type Settings } from '../platform/index.js';
import { benchOf } from './bench-of.js';
import { measureGrowth, NotEnoughSpace, PATTERN_ELDERS, PATTERN_TILLS, type GrowthFigures, type GrowthOptions } from './growth-bench.js';
import type { TapCity } from './tap-city.js';
import { limitOfStatements } from './tap-limit.js';

const PATTERN_SECONDS = 6;

const HELP = `npm run -s bench -- growth [options]

How many taps a second the service takes with few meals stored and with very many: two databases on one PostgreSQL, the
same city in both, measured by turns. The meals are copies of real taps, made by SQL, in closed months of the past. In a
throw-away embedded PostgreSQL, or with DATABASE_URL in databases of its own on that server. Prints the space that it
needs, and stops where there is not twice that.

  --json            one JSON object as the last line of standard output
  --large N         meals in the larger database (20000000)
  --small N         meals in the smaller one (100000)
  --rounds N        of one measurement each, 1 to 20 (5)
  --seconds N       of each measurement, 3 to 120 (8)
  --connections N   kept-open connections, 1 to 512 (128)
  --help            this text
`;

interface Options extends GrowthOptions {
  readonly json: boolean;
}

const RANGES = { '--large': [1_000, 100_000_000], '--small': [1_000, 10_000_000], '--rounds': [1, 20], '--seconds': [3, 120], '--connections': [1, 512] } as const;

function readOptions(args: readonly string[]): Options | string {
  const numbers = { '--large': 20_000_000, '--small': 100_000, '--rounds': 5, '--seconds': 8, '--connections': 128 };
  for (let index = 0; index < args.length; index += 1) {
    const [word = '', next = ''] = [args[index], args[index + 1]];
    if (word === '--json') continue;
    index += 1;
    if (!(word in RANGES)) return `unknown option ${word}: see npm run -s bench -- growth --help`;
    const name = word as keyof typeof RANGES;
    const [low, high] = RANGES[name];
    if (!/^\d{1,9}$/.test(next) || Number(next) < low || Number(next) > high) return `${word} takes a whole number from ${low} to ${high}: see npm run -s bench -- growth --help`;
    numbers[name] = Number(next);
  }
  return { json: args.includes('--json'), large: numbers['--large'], small: numbers['--small'], rounds: numbers['--rounds'], seconds: numbers['--seconds'], connections: numbers['--connections'] };
}

/** Sells for some seconds without HTTP, in a database that nothing else works on. */
async function sellPatterns(settings: Settings, { tills, cards }: TapCity): Promise<void> {
  const { parts, close } = await layGround(settings, systemClock, () => undefined);
  await limitOfStatements(parts.tapTransactor, parts.cipher, systemClock, openLog('error'), tills.slice(0, PATTERN_TILLS), cards.slice(0, PATTERN_ELDERS), PATTERN_SECONDS).finally(() => close());
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function tell(figures: GrowthFigures): string {
  const { smallMeals, largeMeals, ratio, roundRatios, smallPerSecond, largePerSecond, largeBytes, bytesPerMeal, months, fillSeconds } = figures;
  return [
    `meals         ${smallMeals} and ${largeMeals}, the latter in ${months} months, ${(largeBytes / 1_073_741_824).toFixed(1)} GiB (${bytesPerMeal} bytes a meal), filled in ${fillSeconds} s`,
    `rate          ${smallPerSecond} and ${largePerSecond} taps/s`,
    `ratio         ${ratio} (goal 0.9), by rounds ${roundRatios.join(', ')}`,
  ].join('\n');
}

/** `bench growth`; the exit code is 2 for wrong use, 1 without the space or where a tap was refused. */
export const growthBenchCommand = benchOf(HELP, readOptions, async (options) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'xingfu-bench-'));
  const given = readSettings(process.env);
  const server = given.databaseUrl === undefined ? await startPostgres({ dataDir }) : undefined;
  const serverUrl = given.databaseUrl ?? server?.url ?? '';
  const free = async (): Promise<number | null> => {
    if (server === undefined) return null;
    const { bavail, bsize } = await statfs(dataDir);
    return bavail * bsize;
  };
  try {
    const figures = await measureGrowth({ serverUrl, settings: { ...given, port: 0, host: '127.0.0.1', dataDir, jobs: 'here', logLevel: 'error' }, dataDir, free, sellPatterns, say }, options);
    process.stdout.write(`${options.json ? JSON.stringify(figures) : tell(figures)}\n`);
    return Object.keys(figures.others).length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NotEnoughSpace)) throw error;
    say(error.message);
    return 1;
  } finally {
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
