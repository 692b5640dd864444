import { fen, invariant, type CivilMonth, type Clock } from '../kernel/index.js';
import { account, toTransfers, type Posting } from '../ledger/domain/index.js';
import { bookingMonths, postTransfers } from '../ledger/index.js';
import type { Tx } from '../platform/index.js';
import type { FunderPart, PastMeal, RESTATED_CAUSES } from './past-meal.store.js';
import { sealDue, type SiteDayBooked } from './seal-due.store.js';
import { lockEldersOf } from './rank.store.js';
import { insertAdjustment, lockTapIds } from './tap.store.js';

/** What a late fact or a back-dated rule makes of one meal. */
export interface MealRestatement {
  /** Of the correction; a second booking of it breaks on its key. */
  readonly adjustmentId: string;
  /** As it stands: read in this transaction, after `lockTapIds`. */
  readonly meal: PastMeal;
  /** What funders are to bear. */
  readonly shares: readonly FunderPart[];
  readonly cause: (typeof RESTATED_CAUSES)[number];
  readonly reason: string;
  readonly by: string;
}

/** What each funder gets more, or (negative) less, to bear; funders without a difference are left out. */
export function differences(before: readonly FunderPart[], after: readonly FunderPart[]): FunderPart[] {
  const byFunder = new Map<string, number>();
  for (const part of after) byFunder.set(part.funderCode, (byFunder.get(part.funderCode) ?? 0) + part.fen);
  for (const part of before) byFunder.set(part.funderCode, (byFunder.get(part.funderCode) ?? 0) - part.fen);
  return [...byFunder].filter(([, amount]) => amount !== 0).sort(([a], [b]) => (a < b ? -1 : 1)).map(([funderCode, amount]) => ({ funderCode, fen: fen(amount) }));
}

/** Locks meals for a correction, before they are read, and their elders, so that no arriving meal changes their ranks. */
export async function lockMeals(tx: Tx, cityCode: string, tapIds: readonly string[]): Promise<void> {
  await lockTapIds(tx, cityCode, tapIds);
  await lockEldersOf(tx, cityCode, tapIds);
}

/**
 * Books what funders owe sites more or less for meals that were eaten, each in its own month while that is open, else
 * in the earliest open one after it. The elder's own share stays; what a site gets above the meal's price is the
 * elder's, and stands on its account of what it bears as a credit.
 * @returns the month of each correction, by its id
 */
export async function restateMeals(tx: Tx, clock: Clock, cityCode: string, restatements: readonly MealRestatement[]): Promise<Map<string, CivilMonth>> {
  if (restatements.length === 0) return new Map();
  const months = await bookingMonths(tx, clock, cityCode, [...new Set(restatements.map(({ meal }) => meal.mealDate))]);
  const booked = new Map<string, CivilMonth>();
  const transfers = [];
  const over: SiteDayBooked[] = [];
  for (const { adjustmentId, meal, shares, cause, reason, by } of restatements) {
    const parts = differences(meal.shares, shares);
    const bookedMonth = months.get(meal.mealDate);
    invariant(bookedMonth !== undefined && parts.length > 0 && meal.voidedAt === null, 'a restatement changes a meal that stands');
    const { tapId, siteId, mealDate } = meal;
    await insertAdjustment(tx, cityCode, { adjustmentId, tapId, bookedMonth, originalMonth: meal.bookedMonth, siteId, mealDate, cause, reason, by, now: clock.now(), parts });
    const head = { cityCode, bookedMonth, transferId: adjustmentId, kind: 'adjustment' as const, siteId, mealDate, causeId: tapId };
    transfers.push(...toTransfers(head, parts.map((part) => sharePosting(siteId, part))));
    booked.set(adjustmentId, bookedMonth);
    if (months.isOver(mealDate, bookedMonth)) over.push({ siteId, mealDate, bookedMonth });
  }
  await postTransfers(tx, clock, transfers);
  await sealDue(tx, cityCode, over);
  return booked;
}

/** What moves one funder's part between the site's own account and the funder's. */
export function sharePosting(siteId: string, { funderCode, fen: amount }: FunderPart): Posting {
  const [due, borne] = [account.due(siteId, funderCode), account.borne(siteId)];
  return amount > 0 ? { debitAccount: due, creditAccount: borne, fen: amount } : { debitAccount: borne, creditAccount: due, fen: fen(-amount) };
}
