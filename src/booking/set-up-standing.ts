import { daysBetween, done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import { actorName, type MiniActor, type StaffActor, type Tx } from '../platform/index.js';
import { readSitesOn } from '../site/index.js';
import { isOpenOn } from './booking-places.js';
import { namesSomebody, weekdaysOf, type StandingDay } from './domain/index.js';
import type { Wish } from './price-booking.js';
import { countStanding, endStanding, insertStanding } from './standing.store.js';

/** Longer than so many days nobody orders without saying so again. */
const LONGEST_DAYS = 184;
const MOST_STANDING = 6;

/** "Every workday lunch". */
export interface StandingWish extends Wish {
  readonly siteId: string;
  readonly mealPeriod: MealPeriod;
  readonly days: readonly StandingDay[];
  readonly from: CivilDate;
  readonly until: CivilDate;
}

/** Whose standing order it is, and on whose telephone it was made. */
export interface StandingOwner {
  readonly standingId: string;
  readonly elderId: string;
  /** Null where staff took it down for somebody who called. */
  readonly accountId: string | null;
  /** Made from the elder's own account. */
  readonly isSelf: boolean;
}

/**
 * Sets up a standing order for an elder whom the caller has locked and may order for. A job books each of its days
 * ahead; they are paid at the meal.
 * @returns `standing-days-wrong`, `standing-too-many`, `booking-note-personal`, `booking-site-closed`
 */
export async function setUpStanding(tx: Tx, clock: Clock, actor: StaffActor | MiniActor, owner: StandingOwner, { days, ...wish }: StandingWish): Promise<Outcome<{ standingId: string }>> {
  const { cityCode } = actor;
  const { standingId, elderId } = owner;
  const { siteId, mealPeriod, items, way, note, from, until } = wish;
  const [on, weekdays] = [today(clock), weekdaysOf(days)];
  if (weekdays === null || from <= on || until < from || daysBetween(on, until) > LONGEST_DAYS) return refuse('standing-days-wrong', { days: LONGEST_DAYS });
  if (note !== null && namesSomebody(note)) return refuse('booking-note-personal');
  if (!isOpenOn(await readSitesOn(tx, cityCode, [siteId], from), siteId)) return refuse('booking-site-closed');
  if ((await countStanding(tx, cityCode, elderId, on)) >= MOST_STANDING) return refuse('standing-too-many');
  await insertStanding(tx, cityCode, { ...owner, siteId, mealPeriod, weekdays, items, way, note, from, until }, actorName(actor), clock.now());
  await recordAudit(tx, clock, { cityCode, actor, action: 'booking.standing', objectKind: 'standingOrder', objectId: standingId, after: { elderId, days, ...wish } });
  return done({ standingId });
}

/** Ends a standing order that the caller may end: what it has booked stays, and is cancelled like any other. @returns `standing-ended` */
export async function stopStanding(tx: Tx, clock: Clock, actor: StaffActor | MiniActor, standingId: string): Promise<Outcome<{ standingId: string }>> {
  const { cityCode } = actor;
  if (!(await endStanding(tx, cityCode, standingId, actorName(actor), clock.now()))) return refuse('standing-ended');
  await recordAudit(tx, clock, { cityCode, actor, action: 'booking.standing-end', objectKind: 'standingOrder', objectId: standingId });
  return done({ standingId });
}
