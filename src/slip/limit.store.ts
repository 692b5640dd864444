import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { SlipLimits } from './domain/index.js';

/** Paper is brought in within days; a village's busiest day stays well below. */
const USUAL: SlipLimits = { entryDays: 3, siteDayMeals: 120, sheetPeople: 300 };

/** A city's limits; the usual ones where it set none. */
export async function readLimits(tx: Tx, cityCode: string): Promise<SlipLimits> {
  const [row] = await tx.query<SlipLimits>(
    'SELECT entry_days AS "entryDays", site_day_meals AS "siteDayMeals", sheet_people AS "sheetPeople" FROM slip_limit WHERE city_code = $1', [cityCode]);
  return row ?? USUAL;
}

/** Sets a city's limits. */
export async function writeLimits(tx: Tx, cityCode: string, { entryDays, siteDayMeals, sheetPeople }: SlipLimits, by: string, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO slip_limit (city_code, entry_days, site_day_meals, sheet_people, set_at, set_by) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (city_code) DO UPDATE SET entry_days = excluded.entry_days, site_day_meals = excluded.site_day_meals, sheet_people = excluded.sheet_people,
       set_at = excluded.set_at, set_by = excluded.set_by`,
    [cityCode, entryDays, siteDayMeals, sheetPeople, at(now), by]);
}
