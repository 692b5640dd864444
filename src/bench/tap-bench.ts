import { randomUUID } from 'node:crypto';
import { signSessionRequest, signTerminalRequest, type TerminalSessionKey } from '../access/index.js';
import { Random } from '../demo/index.js';
import { systemClock } from '../kernel/index.js';
import { at, type Transactor } from '../platform/index.js';
import { JOURNAL_START } from '../tap/index.js';
import { BENCH_CITY, type BenchTill, type TapCity } from './tap-city.js';
import { recountTaps, whatIsOn, type Recount } from './tap-city.store.js';
import { percentile, round, type Stretch } from './tap-figures.js';
import { LoadProcess, type LoadResult } from './tap-load.js';
import { processorMs } from './tap-machine.js';
import { writeOrders, type OpenTill } from './tap-orders.js';
import type { ServiceProcess } from './tap-service.js';

export interface TapBenchOptions {
  readonly seconds: number;
  readonly connections: number;
  readonly elders: number;
}

/** The rate of a busy city's noon, at which nobody may wait. */
const NOON_PER_SECOND = 300;
/** Until V8 has compiled what noon needs, and PostgreSQL has planned it once for all, on a loaded machine too. */
const WARM_SECONDS = 4;
const WARM_TAPS = 12_000;
const MOST_WARM = 6;
const OPEN_AT_ONCE = 16;

/** What taps over HTTP came to. */
export interface HttpRun {
  readonly taps: Stretch;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p99At300Ms: number;
  /** Ids of every tap that was answered with 200, in any phase. */
  readonly answered: readonly string[];
  readonly others: Readonly<Record<string, number>>;
  readonly differing: number;
  readonly exhausted: number;
}

/** Opens a session for every till, signed with its own key. */
export async function openTills(service: ServiceProcess, tills: readonly BenchTill[]): Promise<OpenTill[]> {
  const open: OpenTill[] = [];
  for (let from = 0; from < tills.length; from += OPEN_AT_ONCE) {
    open.push(...await Promise.all(tills.slice(from, from + OPEN_AT_ONCE).map(async ({ terminalId, keys }): Promise<OpenTill> => {
      const { status, body } = await service.post('/v1/terminals/sessions', JSON.stringify(signSessionRequest(keys.privateKey, terminalId, systemClock.now())));
      if (status !== 201) throw new Error(`a till's session: ${status}`);
      return { terminalId, session: body as TerminalSessionKey, privateKey: keys.privateKey };
    })));
  }
  return open;
}

/** Sends taps over HTTP: to warm up, as fast as they are answered, and at noon's rate. */
export async function runOverHttp(service: ServiceProcess, serverPid: number | null, city: TapCity, tills: readonly OpenTill[], file: string, options: TapBenchOptions, say: (line: string) => void): Promise<HttpRun> {
  const { seconds, connections } = options;
  const random = new Random(20_241_203);
  const perConnection = Math.ceil(city.cards.length / connections);
  const orders = writeOrders(file, tills, city.cards, connections, perConnection, () => random.next());
  const load = new LoadProcess();
  try {
    await load.open({ port: service.port, file, connections: orders.connections });
    say(`warming up, ${WARM_SECONDS} s and ${WARM_TAPS} taps`);
    const warm = [await load.run(WARM_SECONDS, null)];
    while (warm.length < MOST_WARM && warm.reduce((sum, phase) => sum + phase.latencies.length, 0) < WARM_TAPS) warm.push(await load.run(WARM_SECONDS, null));
    say(`taps over HTTP, ${seconds} s at ${connections} connections`);
    const used = (): number => processorMs(service.pid) + (serverPid === null ? 0 : processorMs(serverPid));
    const before = used();
    const fast = await load.run(seconds, null);
    const cpuMs = used() - before;
    say(`${NOON_PER_SECOND} taps a second, ${seconds} s`);
    const noon = await load.run(seconds, NOON_PER_SECOND);
    const all: readonly LoadResult[] = [...warm, fast, noon];
    const others: Record<string, number> = {};
    for (const phase of all) for (const [status, count] of Object.entries(phase.others)) others[status] = (others[status] ?? 0) + count;
    return {
      taps: { seconds: fast.seconds, deeds: fast.latencies.length, cpuMs },
      p50Ms: round(percentile(fast.latencies, 50), 1), p99Ms: round(percentile(fast.latencies, 99), 1), p99At300Ms: round(percentile(noon.latencies, 99), 1),
      answered: all.flatMap((phase) => phase.answered.map(([connection, place]) => orders.ids[connection]?.[place] as string)),
      others, differing: all.reduce((sum, phase) => sum + phase.differing, 0), exhausted: all.reduce((sum, phase) => sum + phase.exhausted, 0),
    };
  } finally {
    load.close();
  }
}

/** What must be on for a figure to count, found by trying. @returns what is on; what is not begins with `NOT ` */
export async function seeWhatIsOn(service: ServiceProcess, transactor: Transactor, till: OpenTill): Promise<string[]> {
  const path = '/v1/taps';
  const tap = { id: randomUUID(), credential: { kind: 'guest' }, items: [{ itemCode: 'set', quantity: 1 }], priceListVersion: 1, mealPeriod: 'lunch', deviceTime: at(systemClock.now()), journalNumber: 1, prevHash: JOURNAL_START, tender: 'cash' };
  const send = async (deed: object, broken = false): Promise<number> => {
    const body = JSON.stringify(deed);
    const headers = signTerminalRequest(till.session, { method: 'POST', path, time: systemClock.now(), body });
    return (await service.post(path, broken ? body.replace('set', 'sot') : body, headers)).status;
  };
  const before = await transactor.run((tx) => whatIsOn(tx, BENCH_CITY));
  const statuses = { broken: await send(tap, true), unknown: await send({ ...tap, colour: 'red' }), first: await send(tap), repeat: await send(tap), other: await send({ ...tap, tender: 'code' }) };
  const after = await transactor.run((tx) => whatIsOn(tx, BENCH_CITY));
  const checks: readonly [string, boolean][] = [
    ...['fsync', 'synchronous_commit', 'full_page_writes'].map((name): [string, boolean] => [name, after.settings[name] === 'on']),
    ['HMAC on every request', statuses.broken === 401],
    ['check of every body', statuses.unknown === 400],
    ['exactly once by id and body', statuses.first === 200 && statuses.repeat === 200 && statuses.other === 409],
    ['audit of conflicts', after.conflictsAudited === before.conflictsAudited + 1],
    ['explanation stored with every subsidy', after.unexplained === 0],
  ];
  return checks.map(([name, on]) => (on ? name : `NOT ${name}`));
}

/** Counts what was lost or doubled of what was answered. */
export function recount(transactor: Transactor, answered: readonly string[]): Promise<Recount> {
  return transactor.run((tx) => recountTaps(tx, BENCH_CITY, answered));
}
