import { recordAudit, siteInScope } from '../access/index.js';
import { lockElder } from '../elder/index.js';
import { bookingMonths, postTransfers } from '../ledger/index.js';
import { account, mealPostings, toTransfers, type Posting, type TransferKind } from '../ledger/domain/index.js';
import { chinaDate, done, fen, invariant, refuse, type CivilMonth, type Clock, type Fen, type Instant, type Outcome } from '../kernel/index.js';
import type { Actor, Tx } from '../platform/index.js';
import { readMeal, type MealRecord } from './meal.store.js';
import { sealDue } from './seal-due.store.js';
import { lockTapIds } from './tap.store.js';

/**
 * The meal that somebody wants to take back or correct, locked against anybody else who wants to.
 * @returns `not-found`, `outside-scope`, `tap-refused-already` or `already-voided` where there is nothing to change
 */
export async function mealToChange(tx: Tx, actor: Actor, tapId: string): Promise<Outcome<MealRecord>> {
  await lockTapIds(tx, actor.cityCode, [tapId]);
  const before = await readMeal(tx, actor.cityCode, tapId);
  // Under the elder's lock nothing changes the meal's rank; what was read before may be behind.
  const locked = before !== undefined && before.elderId !== null && (await lockElder(tx, actor.cityCode, before.elderId)) !== undefined;
  const meal = locked ? await readMeal(tx, actor.cityCode, tapId) : before;
  if (meal === undefined) return refuse('not-found');
  if (!(await siteInScope(tx, actor, meal.siteId, meal.divisionCode))) return refuse('outside-scope');
  if (meal.outcome === 'refused') return refuse('tap-refused-already');
  return meal.voided === null ? done(meal) : refuse('already-voided');
}

/** How old a till's void may be when it arrives, as long as a till's sales draw on subsidies. */
const LATEST_VOID_MS = 72 * 3_600_000;

/** Whether a till took a meal back on the day on which it was eaten, by the till's clock if it had to hold the void back. */
export function isSameDay(clock: Clock, meal: MealRecord, madeAt: Instant): boolean {
  return chinaDate(madeAt) === meal.mealDate && clock.now() - madeAt <= LATEST_VOID_MS;
}

/**
 * The postings of a meal as it stands, corrections counted in. Where funders bear more than the elder left open, a part
 * of theirs stands against the site's own account and not against the price.
 */
export function standingPostings(meal: MealRecord): Posting[] {
  const { siteId, selfPayFen } = meal;
  let room = meal.selfPayFen + meal.subsidyFen + meal.siteBorneFen - selfPayFen;
  const shares: { funderCode: string; fen: Fen }[] = [];
  const beyond: Posting[] = [];
  for (const { funderCode, fen: amount } of meal.shares) {
    const within = Math.min(room, amount);
    room -= within;
    shares.push({ funderCode, fen: fen(within) });
    beyond.push({ debitAccount: account.due(siteId, funderCode), creditAccount: account.borne(siteId), fen: fen(amount - within) });
  }
  return [...mealPostings(siteId, { selfPayFen: fen(selfPayFen), siteBorneFen: fen(room), shares }), ...beyond];
}

/** A change of a meal that was booked. */
export interface MealChange {
  readonly actor: Actor;
  /** Id of the change, and of its transfers. */
  readonly id: string;
  readonly meal: MealRecord;
  readonly kind: TransferKind;
  readonly postings: readonly Posting[];
}

/** Books a change of a meal in its own month while that is open, else in the earliest open month after it. */
export async function bookChange(tx: Tx, clock: Clock, change: MealChange, write: (bookedMonth: CivilMonth) => Promise<void>): Promise<CivilMonth> {
  const { actor: { cityCode }, id, meal, kind, postings } = change;
  const months = await bookingMonths(tx, clock, cityCode, [meal.mealDate]);
  const bookedMonth = months.get(meal.mealDate);
  invariant(bookedMonth, 'every day has a month');
  const head = { cityCode, bookedMonth, transferId: id, kind, siteId: meal.siteId, mealDate: meal.mealDate, causeId: meal.tapId };
  await write(bookedMonth);
  await postTransfers(tx, clock, toTransfers(head, postings));
  if (months.isOver(meal.mealDate, bookedMonth)) await sealDue(tx, cityCode, [{ siteId: meal.siteId, mealDate: meal.mealDate, bookedMonth }]);
  return bookedMonth;
}

/** Writes a change of money into the audit chain; the last thing in a transaction. */
export async function auditChange(tx: Tx, clock: Clock, change: MealChange, reason: string): Promise<void> {
  const { actor, id, meal, kind, postings } = change;
  await recordAudit(tx, clock, { cityCode: actor.cityCode, actor, action: `meal.${kind}`, objectKind: 'tap', objectId: meal.tapId, reason, after: { id, postings } });
}
