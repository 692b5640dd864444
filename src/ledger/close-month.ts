import { addMonths, done, firstDay, refuse, today, type CivilMonth, type Clock, type Outcome } from '../kernel/index.js';
import { hashOf, type Tx } from '../platform/index.js';
import { balancesOf, lockMonthsTo, markClosed, openMonths } from './ledger.store.js';

/** A month that was closed; the hash covers its balances and the hash of the month closed before it. */
export interface ClosedMonth {
  readonly month: CivilMonth;
  readonly rootHash: string;
}

/**
 * Closes a month for ever and opens the next. Waits for taps that are booking in it; those that come after are booked
 * in the next open month.
 * @param by who closes, as `actorName` says it
 * @returns refused with `month-not-over` before its end, `month-closed` a second time, `month-earlier-open` while an
 *   earlier month is open, `month-unknown` when nothing was ever booked
 */
export async function closeMonth(tx: Tx, clock: Clock, cityCode: string, month: CivilMonth, by: string): Promise<Outcome<ClosedMonth>> {
  if (today(clock) < firstDay(addMonths(month, 1))) return refuse('month-not-over', { month });
  const months = await lockMonthsTo(tx, cityCode, month);
  const own = months.find((entry) => entry.month === month);
  if (own === undefined) return refuse('month-unknown', { month });
  if (own.state === 'closed') return refuse('month-closed', { month });
  const earlier = months.find((entry) => entry.state === 'open' && entry.month < month);
  if (earlier !== undefined) return refuse('month-earlier-open', { month, earlier: earlier.month });
  const before = months.filter((entry) => entry.month < month).at(-1)?.rootHash ?? null;
  const rootHash = hashOf({ cityCode, month, before, balances: await balancesOf(tx, cityCode, month) });
  await markClosed(tx, cityCode, month, by, clock.now(), rootHash);
  await openMonths(tx, cityCode, [addMonths(month, 1)], clock.now());
  return done({ month, rootHash });
}
