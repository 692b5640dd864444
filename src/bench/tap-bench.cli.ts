import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layGround } from '../boot.js';
import { CITY_CODE, hire, inProcess, publishRules, Random, setStage } from '../demo/index.js';
import { SettableClock, systemClock } from '../kernel/index.js';
import { makeOwnDatabase, openLog, openOwner, readSettings, startPostgres, WrongSetting, type Settings } from '../platform/index.js';
import { putUp } from '../service.js';
import { benchOf } from './bench-of.js';
import { openTills, recount, runOverHttp, seeWhatIsOn, type TapBenchOptions } from './tap-bench.js';
import { furnishTapCity, type TapCity } from './tap-city.js';
import { ownProcess } from './tap-city.store.js';
import { ratios, together, type Stretch, type TapFigures } from './tap-figures.js';
import { limitOfStatements } from './tap-limit.js';
import { findPgbench, parentOf, Pgbench } from './tap-machine.js';
import { ServiceProcess } from './tap-service.js';

const HELP = `npm run -s bench -- tap [options]

Taps over HTTP, everything on that npm start has on, against pgbench (TPC-B, scale 20, 32 clients, prepared) on the
same PostgreSQL before and after; and the same batches without HTTP. In a throw-away embedded PostgreSQL, or with
DATABASE_URL in databases of its own on that server. What was answered is counted again after a restart.

  --json            one JSON object as the last line of standard output
  --seconds N       of each measurement, 3 to 120 (12)
  --connections N   kept-open connections to the service, 1 to 512 (256)
  --elders N        elders with a card, 10000 to 400000 (90000)
  --profile DIR     the service writes a processor profile there, which costs it a little
  --help            this text
`;

interface Options extends TapBenchOptions {
  readonly json: boolean;
  readonly profile: string | null;
}

const RANGES = { '--seconds': [3, 120], '--connections': [1, 512], '--elders': [10_000, 400_000] } as const;
/** Elders, and tills, that only the run without HTTP uses. */
const LIMIT_ELDERS = 0.3;
const LIMIT_TILLS = 128;

function readOptions(args: readonly string[]): Options | string {
  const numbers = { '--seconds': 12, '--connections': 256, '--elders': 90_000 };
  let [json, profile]: [boolean, string | null] = [false, null];
  for (let index = 0; index < args.length; index += 1) {
    const [word = '', next = ''] = [args[index], args[index + 1]];
    if (word === '--json') {
      json = true;
      continue;
    }
    index += 1;
    if (word in RANGES) {
      const name = word as keyof typeof RANGES;
      const [low, high] = RANGES[name];
      if (!/^\d{1,6}$/.test(next) || Number(next) < low || Number(next) > high) return `${word} takes a whole number from ${low} to ${high}: see npm run -s bench -- tap --help`;
      numbers[name] = Number(next);
    } else if (word === '--profile' && next !== '') profile = next;
    else return `unknown option ${word} ${next}: see npm run -s bench -- tap --help`;
  }
  return { json, profile, seconds: numbers['--seconds'], connections: numbers['--connections'], elders: numbers['--elders'] };
}

const LOCK_MS = 10_000;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** The first process of the server behind a connection, where it runs on this machine. */
export async function serverProcess(url: string): Promise<number | null> {
  const owner = await openOwner(url, LOCK_MS);
  try {
    return parentOf(await ownProcess(owner), 'postgres');
  } finally {
    await owner.close();
  }
}

/** A settled city: rules published on the day before they took force, then the present. */
export async function furnishCity(settings: Settings, elders: number): Promise<TapCity> {
  const clock = new SettableClock(systemClock.now());
  const ground = await layGround(settings, clock, () => undefined);
  const service = await putUp(ground, false);
  try {
    const random = new Random(1);
    const enrolTill = (): never => {
      throw new Error('the bench enrols its own tills');
    };
    const stage = await setStage(service.app, { send: inProcess(service.app), enrolTill, clock, random, password: `Bench-${random.branch('password').id()}`, progress: () => undefined });
    await publishRules(stage, await hire(stage, 'city.officer', '市民政局经办', ['cityOfficer'], CITY_CODE));
    clock.set(systemClock.now());
    return await furnishTapCity(ground.parts.transactor, ground.parts.cipher, clock, elders);
  } finally {
    await service.close();
  }
}

interface Measured extends TapFigures {
  readonly others: Readonly<Record<string, number>>;
  readonly differing: number;
  readonly exhausted: number;
}

/** Everything between an empty server and the figures. */
async function measure(serverUrl: string, given: Settings, dataDir: string, program: string, options: Options): Promise<Measured> {
  const [own, tpcb] = [await makeOwnDatabase(serverUrl, 'xingfu_bench'), await makeOwnDatabase(serverUrl, 'xingfu_tpcb')];
  const settings: Settings = { ...given, port: 0, host: '127.0.0.1', databaseUrl: own.url, dataDir, jobs: 'here', logLevel: 'error' };
  try {
    const serverPid = await serverProcess(serverUrl);
    if (serverPid === null) say('the server runs on another machine: processor times of the database are not counted');
    say('a city with canteens, elders and tills');
    const city = await furnishCity(settings, options.elders);
    say('pgbench, before');
    const pgbench = await Pgbench.prepare(program, tpcb.url);
    const stretches: Stretch[] = [await pgbench.measure(options.seconds, serverPid)];
    let service = await ServiceProcess.start(own.url, dataDir, options.profile);
    const ground = await layGround(settings, systemClock, () => undefined);
    try {
      const [probe, ...tills] = await openTills(service, city.tills.slice(LIMIT_TILLS));
      if (probe === undefined) throw new Error('no till');
      const share = Math.floor(city.cards.length * LIMIT_ELDERS);
      const http = await runOverHttp(service, serverPid, { ...city, cards: city.cards.slice(share) }, tills, join(dataDir, 'orders'), options, say);
      const on = await seeWhatIsOn(service, ground.parts.transactor, probe);
      say('a restart, and a recount of what was answered');
      await service.stop(options.profile === null ? 'SIGKILL' : 'SIGINT');
      service = await ServiceProcess.start(own.url, dataDir, null);
      const counted = await recount(ground.parts.transactor, http.answered);
      await service.stop('SIGINT');
      say('the same batches without HTTP');
      const { transactor, cipher } = ground.parts;
      const sqlLimitPerSecond = await limitOfStatements(transactor, cipher, systemClock, openLog('error'), city.tills.slice(0, LIMIT_TILLS), city.cards.slice(0, share), options.seconds);
      say('pgbench, after');
      stretches.push(await pgbench.measure(options.seconds, serverPid));
      const tpc = together(stretches);
      const against = ratios(http.taps, tpc);
      const whole = on.every((name) => !name.startsWith('NOT '));
      const cpuCounts = whole && serverPid !== null;
      return {
        tapsPerSecond: Math.round(http.taps.deeds / http.taps.seconds), pgbenchTps: Math.round(tpc.deeds / tpc.seconds), ratio: whole ? against.ratio : null,
        cpuMsPerTap: serverPid === null ? null : against.cpuMsPerTap, cpuMsPerPgbenchTx: serverPid === null ? null : against.cpuMsPerPgbenchTx, cpuRatio: cpuCounts ? against.cpuRatio : null,
        sqlLimitPerSecond, p50Ms: http.p50Ms, p99Ms: http.p99Ms, p99At300Ms: http.p99At300Ms, connections: options.connections,
        lost: counted.lost, doubled: counted.doubled, on, others: http.others, differing: http.differing, exhausted: http.exhausted,
      };
    } finally {
      await ground.close();
      await service.stop('SIGKILL');
    }
  } finally {
    await Promise.all([own.drop(), tpcb.drop()]);
  }
}

async function benchTaps(options: Options, program: string): Promise<Measured> {
  const dataDir = await mkdtemp(join(tmpdir(), 'xingfu-bench-'));
  const given = readSettings(process.env);
  const server = given.databaseUrl === undefined ? await startPostgres({ dataDir }) : undefined;
  try {
    return await measure(given.databaseUrl ?? server?.url ?? '', given, dataDir, program, options);
  } finally {
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function tell(figures: Measured): string {
  const { tapsPerSecond, pgbenchTps, ratio, cpuMsPerTap, cpuMsPerPgbenchTx, cpuRatio, sqlLimitPerSecond, p50Ms, p99Ms, p99At300Ms, connections, lost, doubled, on } = figures;
  return [
    `rate          ${tapsPerSecond} taps/s, pgbench ${pgbenchTps} tps: ratio ${ratio ?? 'not printed'} (goal 2.0)`,
    `processor     ${cpuMsPerTap} ms a tap (service and database), ${cpuMsPerPgbenchTx} ms a pgbench transaction (database alone): ratio ${cpuRatio ?? 'not printed'} (goal 2.0)`,
    `without HTTP  ${sqlLimitPerSecond} taps/s`,
    `answers       p50 ${p50Ms} ms, p99 ${p99Ms} ms at ${connections} connections (goal 150 ms); p99 ${p99At300Ms} ms at 300 taps/s (goal 50 ms)`,
    `books         ${lost} lost, ${doubled} doubled`,
    `on            ${on.join(', ')}`,
  ].join('\n');
}

/** `bench tap`; the exit code is 2 for wrong use, 1 where something is off, lost, doubled or refused. */
export const tapBenchCommand = benchOf(HELP, readOptions, async (options) => {
  const program = findPgbench();
  if (program === null) throw new WrongSetting('pgbench is not on this machine: install PostgreSQL\'s client tools (Debian: postgresql-contrib or postgresql-15), or put pgbench in PATH');
  const figures = await benchTaps(options, program);
  process.stdout.write(`${options.json ? JSON.stringify(figures) : tell(figures)}\n`);
  return figures.ratio !== null && figures.lost + figures.doubled + figures.differing === 0 && Object.keys(figures.others).length === 0 ? 0 : 1;
});

