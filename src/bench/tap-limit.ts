import { randomUUID } from 'node:crypto';
import { cardHandle } from '../elder/index.js';
import type { Clock } from '../kernel/index.js';
import { Metrics, hashOf, type FieldCipher, type Log, type Transactor } from '../platform/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { entryHash, JOURNAL_START, TapBatcher, type ArrivedTap } from '../tap/index.js';
import { BENCH_CITY, type BenchTill } from './tap-city.js';

/** Taps that wait at any moment: as many as the connections of the other contender. */
const AT_ONCE = 256;

function arrivals(cipher: FieldCipher, clock: Clock, tills: readonly BenchTill[], cards: readonly string[]): ArrivedTap[] {
  const journals = new Map<string, { number: number; previous: string }>();
  return cards.map((card, index): ArrivedTap => {
    const { terminalId, siteId } = tills[index % tills.length] as BenchTill;
    const { number, previous } = journals.get(terminalId) ?? { number: 0, previous: JOURNAL_START };
    const tap = {
      tapId: randomUUID(), terminalId, siteId, items: [{ itemCode: 'set', quantity: 1 }], priceListVersion: 1, mealPeriod: 'lunch' as const, deviceTime: clock.now(), receivedAt: clock.now(),
      offline: false, journalNumber: number + 1, tender: 'cash' as const, shown: null, handle: cardHandle(cipher, card),
    };
    const entry = entryHash(previous, tap);
    journals.set(terminalId, { number: number + 1, previous: entry });
    return { tap, bodyHash: hashOf(tap), prevHash: previous, entryHash: entry, signature: null };
  });
}

/** The same batches with the same facts, decisions and statements, but no HTTP, no MAC and no check of a body. @returns taps a second */
export async function limitOfStatements(transactor: Transactor, cipher: FieldCipher, clock: Clock, log: Log, tills: readonly BenchTill[], cards: readonly string[], seconds: number): Promise<number> {
  const batcher = new TapBatcher(transactor, new PolicyLibrary(), clock, log, new Metrics());
  const all = arrivals(cipher, clock, tills, cards);
  let [next, done] = [0, 0];
  const begun = performance.now();
  const lane = async (): Promise<void> => {
    while (next < all.length && performance.now() - begun < seconds * 1_000) {
      const one = all[next] as ArrivedTap;
      next += 1;
      const [answer] = await batcher.submit(BENCH_CITY, [one]);
      if (answer?.ok) done += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return Math.round(done / ((performance.now() - begun) / 1_000));
}
