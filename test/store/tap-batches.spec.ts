import { randomUUID } from 'node:crypto';
import { cardHandle } from '../../src/elder/index.js';
import { fen, type Outcome } from '../../src/kernel/index.js';
import { imbalance } from '../../src/ledger/index.js';
import { hashOf, Metrics, openDataSource, openLog, POOLS, Transactor } from '../../src/platform/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { TapBatcher, type ArrivedTap } from '../../src/tap/index.js';
import type { TapAnswer } from '../../src/tap/domain/index.js';
import { CITY, TappingCity } from '../support/tapping-city.js';

const ELDERS = 12;
const TAPS = 240;
const ROUNDS = 4;
/** Of a bundle: so many locks that those of two bundles are taken at the same time. */
const BUNDLED = 2_500;

let city: TappingCity;
const cards: string[] = [];

beforeAll(async () => {
  city = await TappingCity.start();
  for (let index = 0; index < ELDERS; index += 1) cards.push((await city.elder()).card);
}, 240_000);

afterAll(() => city.close());

interface Process {
  readonly transactor: Transactor;
  readonly batcher: TapBatcher;
  close(): Promise<void>;
}

/** Another process of the service, as far as batches go: connections, pool and batcher of its own. */
async function anotherProcess(): Promise<Process> {
  const source = await openDataSource(city.service.parts.settings.databaseUrl as string, POOLS.taps);
  const transactor = new Transactor(source);
  return { transactor, batcher: new TapBatcher(transactor, new PolicyLibrary(), city.clock, openLog('silent'), new Metrics()), close: () => source.destroy() };
}

/** Sales of few elders at two sites by few tills, so that two batches of them cross wherever they can. */
function sales(count: number, journal: number, guestsOnly = false): ArrivedTap[] {
  const tills = Array.from({ length: 6 }, () => randomUUID());
  return Array.from({ length: count }, (_, index): ArrivedTap => {
    const card = guestsOnly || index % 5 === 0 ? null : (cards[(index * 7) % ELDERS] as string);
    const tap = {
      tapId: randomUUID(), terminalId: tills[index % tills.length] as string, siteId: city.sites[index % 2] as string, items: [{ itemCode: 'set', quantity: 1 }], priceListVersion: 1,
      mealPeriod: 'lunch' as const, deviceTime: city.clock.now(), receivedAt: city.clock.now(), offline: false, journalNumber: journal + Math.floor(index / tills.length), tender: 'cash' as const,
      shown: null, handle: card === null ? null : cardHandle(city.service.parts.cipher, card),
    };
    return { tap, bodyHash: hashOf(tap), prevHash: '0'.repeat(64), entryHash: hashOf(tap.tapId), signature: null };
  });
}

test('batches of several processes with crossing elders, sites, twins and journals never deadlock, and none is lost or doubled', async () => {
  const processes = await Promise.all([anotherProcess(), anotherProcess()]);
  try {
    const [one, other] = processes as [Process, Process];
    const all: ArrivedTap[] = [];
    const both = async (taps: readonly ArrivedTap[], send: (batcher: TapBatcher, some: readonly ArrivedTap[]) => Promise<Outcome<TapAnswer>[]>): Promise<void> => {
      all.push(...taps);
      // The same sales reach both, in opposite orders: twins wait for each other, never crosswise.
      const [first, second] = await Promise.all([send(one.batcher, taps), send(other.batcher, [...taps].reverse())]);
      expect(first.every((answer) => answer.ok)).toBe(true);
      expect([...second].reverse()).toEqual(first);
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      await both(sales(TAPS, 1), async (batcher, taps) => (await Promise.all(taps.map((tap, index) => batcher.submit(CITY, [tap], index % 3 === 0)))).flat());
      await both(sales(BUNDLED, 1), (batcher, taps) => batcher.submit(CITY, taps));
    }
    expect(processes.map(({ transactor }) => transactor.reruns)).toEqual([0, 0]);
    const [books] = await city.rows<{ meals: number; claims: number; sold: number; moved: number }>(
      `SELECT (SELECT count(*) FROM meal WHERE city_code = $1) AS meals, (SELECT count(*) FROM tap_claim WHERE city_code = $1) AS claims,
         (SELECT sum(price_fen)::bigint FROM meal WHERE city_code = $1) AS sold, (SELECT sum(fen)::bigint FROM ledger_transfer WHERE city_code = $1) AS moved`, [CITY]);
    expect(books).toEqual({ meals: all.length, claims: all.length, sold: fen(all.length * 1500), moved: all.length * 1500 });
    const uses = await city.rows<{ count: number }>('SELECT count FROM subsidy_use WHERE city_code = $1', [CITY]);
    expect(uses.map(({ count }) => count)).toEqual(Array.from({ length: ELDERS }, () => 1));
    expect(await city.service.parts.transactor.run((tx) => imbalance(tx, CITY))).toBe(0);
  } finally {
    await Promise.all(processes.map((each) => each.close()));
  }
}, 240_000);

test('of journals that were forked each number goes to one of two processes, and the other says that it is taken', async () => {
  const processes = await Promise.all([anotherProcess(), anotherProcess()]);
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      // Guests only: elders' locks would let one batch after the other.
      const taps = sales(BUNDLED, 1, true);
      const forks = taps.map((one): ArrivedTap => ({ ...one, tap: { ...one.tap, tapId: randomUUID() } })).reverse();
      const answers = await Promise.all([processes[0]?.batcher.submit(CITY, taps, true), processes[1]?.batcher.submit(CITY, forks, true)]);
      // One of the two has each number: the other is told so.
      const outcomes = answers.flat().map((answer) => (answer?.ok ? 'kept' : (answer?.code ?? 'none')));
      expect(outcomes.filter((outcome) => outcome === 'kept')).toHaveLength(taps.length);
      expect(outcomes.filter((outcome) => outcome === 'journal-number-taken')).toHaveLength(taps.length);
    }
    expect(processes.map(({ transactor }) => transactor.reruns)).toEqual([0, 0]);
  } finally {
    await Promise.all(processes.map((each) => each.close()));
  }
}, 240_000);
