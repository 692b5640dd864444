import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layGround } from '../boot.js';
import { SettableClock, systemClock } from '../kernel/index.js';
import { makeOwnDatabase, readSettings, startPostgres, type Settings } from '../platform/index.js';
import { putUp } from '../service.js';
import { benchOf } from './bench-of.js';
import { ServiceProcess } from './tap-service.js';
import { measureTill, type TillBenchOptions, type TillFigures } from './till-bench.js';
import { TillBrowser } from './till-browser.js';
import { furnishTillCity, type TillCity } from './till-city.js';

const HELP = `npm run -s bench -- till [options]

A till in a real Chromium whose processor is slowed four times, with a whole street on its roster: how long a card
takes without a network, how long the till takes to open without one, and how long it reads the roster for. What was
sold is sent afterwards and compared with what the service makes of it. In a throw-away embedded PostgreSQL, or with
DATABASE_URL in a database of its own on that server.

  --json       one JSON object as the last line of standard output
  --elders N   people on the roster, 100 to 50000 (50000)
  --sales N    cards that are read, 20 to 2000 (300)
  --help       this text
`;

interface Options extends TillBenchOptions {
  readonly json: boolean;
}

const RANGES = { '--elders': [100, 50_000], '--sales': [20, 2_000] } as const;

function readOptions(args: readonly string[]): Options | string {
  const numbers = { '--elders': 50_000, '--sales': 300 };
  for (let index = 0; index < args.length; index += 1) {
    const [word = '', next = ''] = [args[index], args[index + 1]];
    if (word === '--json') continue;
    index += 1;
    if (!(word in RANGES)) return `unknown option ${word}: see npm run -s bench -- till --help`;
    const name = word as keyof typeof RANGES;
    const [low, high] = RANGES[name];
    if (!/^\d{1,5}$/.test(next) || Number(next) < low || Number(next) > high) return `${word} takes a whole number from ${low} to ${high}: see npm run -s bench -- till --help`;
    numbers[name] = Number(next);
  }
  return { json: args.includes('--json'), elders: numbers['--elders'], sales: numbers['--sales'] };
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function tell(figures: TillFigures): string {
  const { roster, p50Ms, p95Ms, coldOpenMs, coldOpensMs, fullRosterSeconds, firstPageSeconds, heapMb, sales, differing, missing } = figures;
  return [
    `roster      ${roster} people, whole after ${fullRosterSeconds} s, its first page after ${firstPageSeconds} s; the page holds ${heapMb} MB`,
    `a card      p50 ${p50Ms} ms, p95 ${p95Ms} ms (goal 150)`,
    `cold open   ${coldOpenMs} ms (goal 3000), of ${coldOpensMs.join(', ')}`,
    `afterwards  ${sales} sales sent, ${differing} with another amount, ${missing} missing`,
  ].join('\n');
}

/** Furnishes the city with a service of this process, which is gone before anything is measured. */
async function furnish(settings: Settings, elders: number): Promise<TillCity> {
  const clock = new SettableClock(systemClock.now());
  const ground = await layGround(settings, clock, () => undefined);
  const service = await putUp(ground, false);
  try {
    const { transactor, cipher } = ground.parts;
    return await furnishTillCity({ app: service.app, transactor, cipher, clock }, elders);
  } finally {
    await service.close();
  }
}

/** `bench till`; the exit code is 2 for wrong use, 1 where an amount differs or a sale is missing. */
export const tillBenchCommand = benchOf(HELP, readOptions, async (options) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'xingfu-bench-'));
  const given = readSettings(process.env);
  const server = given.databaseUrl === undefined ? await startPostgres({ dataDir }) : undefined;
  const own = await makeOwnDatabase(given.databaseUrl ?? server?.url ?? '', 'xingfu_bench');
  try {
    const settings: Settings = { ...given, port: 0, host: '127.0.0.1', databaseUrl: own.url, dataDir, jobs: 'here', logLevel: 'error' };
    say(`a city with a street of ${options.elders} elders`);
    const city = await furnish(settings, options.elders);
    const service = await ServiceProcess.start(own.url, dataDir, null);
    try {
      const browser = await TillBrowser.open(dataDir);
      const figures = await measureTill(browser, `http://127.0.0.1:${service.port}`, city, options, say).finally(() => browser.close());
      process.stdout.write(`${options.json ? JSON.stringify(figures) : tell(figures)}\n`);
      return figures.differing === 0 && figures.missing === 0 ? 0 : 1;
    } finally {
      await service.stop('SIGINT');
    }
  } finally {
    await own.drop();
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
