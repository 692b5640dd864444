import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layGround } from '../boot.js';
import { SettableClock, systemClock } from '../kernel/index.js';
import { makeOwnDatabase, readSettings, startPostgres, type Settings } from '../platform/index.js';
import { putUp } from '../service.js';
import { benchOf } from './bench-of.js';
import { measureSettling, type SettleFigures } from './settle-bench.js';

const HELP = `npm run -s bench -- settle [options]

Day seals and the closing of a month, against the bare aggregate over the same rows; and the same with a tenth of the
meals over as many days of sites. The meals are made by SQL. In a throw-away embedded PostgreSQL, or with DATABASE_URL
in a database of its own on that server.

  --json      one JSON object as the last line of standard output
  --meals N   meals in the month, 10000 to 5000000 (200000)
  --help      this text
`;

const [LEAST, MOST, USUAL] = [10_000, 5_000_000, 200_000];

function readOptions(args: readonly string[]): { readonly json: boolean; readonly meals: number } | string {
  const json = args.includes('--json');
  const rest = args.filter((word) => word !== '--json');
  if (rest.length === 0) return { json, meals: USUAL };
  const [word, value = ''] = rest;
  const meals = Number(value);
  if (rest.length !== 2 || word !== '--meals' || !/^\d{1,7}$/.test(value) || meals < LEAST || meals > MOST) return `unknown option ${rest.join(' ')}: see npm run -s bench -- settle --help`;
  return { json, meals };
}

function tell(figures: SettleFigures): string {
  const { meals, siteDays, sealSeconds, closeSeconds, answerSeconds, bareSeconds, closeRatio, sealGrowth, closeGrowth, signaturesPerSecond } = figures;
  return [
    `meals        ${meals} on ${siteDays} days of sites`,
    `sealing      ${sealSeconds} s; ten times the meals take ${sealGrowth} times as long (goal 11)`,
    `closing      ${closeSeconds} s with every claim built, ${answerSeconds} s until the answer; ten times the meals take ${closeGrowth} times as long (goal 1.3)`,
    `aggregate    ${bareSeconds} s; closing over it ${closeRatio} (goal 2.0)`,
    `signatures   ${signaturesPerSecond} a second beside the sealing; these meals have none`,
  ].join('\n');
}

/** `bench settle`; the exit code is 2 for wrong use. */
export const settleBenchCommand = benchOf(HELP, readOptions, async ({ json, meals }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'xingfu-bench-'));
  const given = readSettings(process.env);
  const server = given.databaseUrl === undefined ? await startPostgres({ dataDir }) : undefined;
  const own = await makeOwnDatabase(given.databaseUrl ?? server?.url ?? '', 'xingfu_bench');
  try {
    const settings: Settings = { ...given, port: 0, host: '127.0.0.1', databaseUrl: own.url, dataDir, jobs: 'here', logLevel: 'error' };
    const clock = new SettableClock(systemClock.now());
    const ground = await layGround(settings, clock, () => undefined);
    const service = await putUp(ground, true, { pollMs: 20 });
    try {
      if (service.jobs === undefined) throw new Error('this process does jobs');
      const figures = await measureSettling({ app: service.app, jobs: service.jobs, parts: ground.parts, ownerUrl: ground.ownerUrl, clock, say: (line) => void process.stderr.write(`${line}\n`) }, meals);
      process.stdout.write(`${json ? JSON.stringify(figures) : tell(figures)}\n`);
      return 0;
    } finally {
      await service.close();
    }
  } finally {
    await own.drop();
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
