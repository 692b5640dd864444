import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MiniSessions } from '../access/index.js';
import { layGround } from '../boot.js';
import { systemClock, today } from '../kernel/index.js';
import { makeOwnDatabase, readSettings, startPostgres, WrongSetting, type FieldCipher, type Settings, type Transactor } from '../platform/index.js';
import { benchOf } from './bench-of.js';
import { writeBookings, type BenchPhone } from './booking-orders.js';
import { insertBenchAccounts, recountBookings, whoAndWhere } from './booking.store.js';
import { furnishCity, serverProcess } from './tap-bench.cli.js';
import { BENCH_CITY } from './tap-city.js';
import { percentile, round, together, type Stretch } from './tap-figures.js';
import { LoadProcess } from './tap-load.js';
import { findPgbench, Pgbench, processorMs } from './tap-machine.js';
import { ServiceProcess } from './tap-service.js';

const HELP = `npm run -s bench -- booking [options]

Elders book meals over HTTP, each with a session of the mini-program, against pgbench (TPC-B, scale 20, 32 clients,
prepared) on the same PostgreSQL before and after. In a throw-away embedded PostgreSQL, or with DATABASE_URL in databases
of its own on that server. Jobs are left to a worker that is not there. What was answered is counted again after the service was killed.

  --json            one JSON object as the last line of standard output
  --seconds N       of each measurement, 3 to 120 (8)
  --connections N   kept-open connections to the service, 1 to 512 (64)
  --elders N        elders who book, 500 to 20000 (3000)
  --help            this text
`;

interface Options {
  readonly json: boolean;
  readonly seconds: number;
  readonly connections: number;
  readonly elders: number;
}

interface Figures {
  readonly bookingsPerSecond: number;
  readonly pgbenchTps: number;
  readonly ratio: number;
  /** Processor time of a booking in the service and in PostgreSQL, and of a transaction of pgbench in PostgreSQL; null where that runs elsewhere. */
  readonly serviceMs: number;
  readonly databaseMs: number | null;
  readonly pgbenchMs: number | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly connections: number;
  readonly lost: number;
  readonly doubled: number;
  readonly differing: number;
  readonly others: Readonly<Record<string, number>>;
}

const RANGES = { '--seconds': [3, 120], '--connections': [1, 512], '--elders': [500, 20_000] } as const;
/** Until V8 has compiled what booking needs, and every connection has its plans. */
const WARM_SECONDS = 4;
const WARM_BOOKINGS = 6_000;
const MOST_WARM = 6;

function readOptions(args: readonly string[]): Options | string {
  const numbers = { '--seconds': 8, '--connections': 64, '--elders': 3_000 };
  let json = false;
  for (let index = 0; index < args.length; index += 1) {
    const [word = '', next = ''] = [args[index], args[index + 1]];
    if (word === '--json') {
      json = true;
      continue;
    }
    if (!(word in RANGES)) return `unknown option ${word}: see npm run -s bench -- booking --help`;
    const name = word as keyof typeof RANGES;
    const [low, high] = RANGES[name];
    if (!/^\d{1,6}$/.test(next) || Number(next) < low || Number(next) > high) return `${word} takes a whole number from ${low} to ${high}: see npm run -s bench -- booking --help`;
    numbers[name] = Number(next);
    index += 1;
  }
  return { json, seconds: numbers['--seconds'], connections: numbers['--connections'], elders: numbers['--elders'] };
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Logs every elder of the city in to an account of their own. */
async function logInAll(transactor: Transactor, cipher: FieldCipher): Promise<BenchPhone[]> {
  const sessions = new MiniSessions(transactor, cipher, systemClock);
  return transactor.run(async (tx) => {
    const { elders, sites } = await whoAndWhere(tx, BENCH_CITY);
    const accounts = elders.map((elderId) => ({ accountId: randomUUID(), bindingId: randomUUID(), elderId }));
    await insertBenchAccounts(tx, BENCH_CITY, accounts, systemClock.now());
    const phones: BenchPhone[] = [];
    for (const [index, { accountId, elderId }] of accounts.entries()) {
      phones.push({ elderId, accessToken: (await sessions.open(tx, BENCH_CITY, accountId)).accessToken, siteId: sites[index % sites.length] as string });
    }
    return phones;
  });
}

/** Everything between an empty server and the figures. */
async function measure(serverUrl: string, given: Settings, dataDir: string, program: string, options: Options): Promise<Figures> {
  const { seconds, connections } = options;
  const [own, tpcb] = [await makeOwnDatabase(serverUrl, 'xingfu_bench'), await makeOwnDatabase(serverUrl, 'xingfu_tpcb')];
  const settings: Settings = { ...given, port: 0, host: '127.0.0.1', databaseUrl: own.url, dataDir, jobs: 'here', logLevel: 'error' };
  const load = new LoadProcess();
  try {
    const serverPid = await serverProcess(serverUrl);
    say('a city with canteens and elders, who log in');
    await furnishCity(settings, options.elders);
    say('pgbench, before');
    const pgbench = await Pgbench.prepare(program, tpcb.url);
    const stretches: Stretch[] = [await pgbench.measure(seconds, serverPid)];
    const ground = await layGround(settings, systemClock, () => undefined);
    // Notices of bookings are a worker's, as where a city runs it: these elders have no names to open.
    const service = await ServiceProcess.start(own.url, dataDir, null, { JOBS: 'elsewhere' });
    try {
      const phones = await logInAll(ground.parts.transactor, ground.parts.cipher);
      const file = join(dataDir, 'orders');
      const orders = writeBookings(file, phones, connections, today(systemClock));
      await load.open({ port: service.port, file, connections: orders.connections });
      say('warming up');
      const warm = [await load.run(WARM_SECONDS, null)];
      while (warm.length < MOST_WARM && warm.reduce((sum, phase) => sum + phase.latencies.length, 0) < WARM_BOOKINGS) warm.push(await load.run(WARM_SECONDS, null));
      say(`bookings over HTTP, ${seconds} s at ${connections} connections`);
      const database = (): number => (serverPid === null ? 0 : processorMs(serverPid));
      const before = { service: processorMs(service.pid), database: database() };
      const fast = await load.run(seconds, null);
      const spent = { service: processorMs(service.pid) - before.service, database: database() - before.database };
      say('a kill, and a recount of what was answered');
      await service.stop('SIGKILL');
      const all = [...warm, fast];
      const answered = all.flatMap((phase) => phase.answered.map(([connection, place]) => orders.ids[connection]?.[place] as string));
      const counted = await ground.parts.transactor.run((tx) => recountBookings(tx, BENCH_CITY, answered));
      say('pgbench, after');
      stretches.push(await pgbench.measure(seconds, serverPid));
      const tpc = together(stretches);
      const [bookingsPerSecond, pgbenchTps] = [fast.latencies.length / fast.seconds, tpc.deeds / tpc.seconds];
      const others: Record<string, number> = {};
      for (const phase of all) for (const [status, count] of Object.entries(phase.others)) others[status] = (others[status] ?? 0) + count;
      return {
        bookingsPerSecond: Math.round(bookingsPerSecond), pgbenchTps: Math.round(pgbenchTps), ratio: round(bookingsPerSecond / pgbenchTps, 2),
        serviceMs: round(spent.service / fast.latencies.length, 2), databaseMs: serverPid === null ? null : round(spent.database / fast.latencies.length, 2), pgbenchMs: serverPid === null ? null : round(tpc.cpuMs / tpc.deeds, 2),
        p50Ms: round(percentile(fast.latencies, 50), 1), p99Ms: round(percentile(fast.latencies, 99), 1), connections, ...counted, differing: all.reduce((sum, phase) => sum + phase.differing, 0), others,
      };
    } finally {
      await ground.close();
      await service.stop('SIGKILL');
    }
  } finally {
    load.close();
    await Promise.all([own.drop(), tpcb.drop()]);
  }
}

function tell({ bookingsPerSecond, pgbenchTps, ratio, serviceMs, databaseMs, pgbenchMs, p50Ms, p99Ms, connections, lost, doubled }: Figures): string {
  return [
    `rate     ${bookingsPerSecond} bookings/s, pgbench ${pgbenchTps} tps: ratio ${ratio} (goal 0.2)`,
    `processor ${serviceMs} ms a booking in the service, ${databaseMs ?? '?'} ms in the database, where pgbench takes ${pgbenchMs ?? '?'} ms`,
    `answers  p50 ${p50Ms} ms, p99 ${p99Ms} ms at ${connections} connections`,
    `books    ${lost} lost, ${doubled} doubled`,
  ].join('\n');
}

/** `bench booking`; the exit code is 2 for wrong use, 1 where a booking is lost, doubled, answered otherwise or refused. */
export const bookingBenchCommand = benchOf(HELP, readOptions, async (options) => {
  const program = findPgbench();
  if (program === null) throw new WrongSetting('pgbench is not on this machine: install PostgreSQL\'s client tools (Debian: postgresql-contrib or postgresql-15), or put pgbench in PATH');
  const dataDir = await mkdtemp(join(tmpdir(), 'xingfu-bench-'));
  const given = readSettings(process.env);
  const server = given.databaseUrl === undefined ? await startPostgres({ dataDir }) : undefined;
  try {
    const figures = await measure(given.databaseUrl ?? server?.url ?? '', given, dataDir, program, options);
    process.stdout.write(`${options.json ? JSON.stringify(figures) : tell(figures)}\n`);
    return figures.lost + figures.doubled + figures.differing === 0 && Object.keys(figures.others).length === 0 ? 0 : 1;
  } finally {
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
