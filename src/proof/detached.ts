/**
 * Months that were taken out of the books: closed in every city, and in no partition. What lay in them is not looked
 * at, nor what hangs on it; their seals hold it. An open month without partitions is none of these.
 */
const DETACHED = `(SELECT l.month::text FROM ledger_month l WHERE l.month::text NOT IN (SELECT a.month FROM attached_month a) GROUP BY l.month HAVING bool_and(l.state = 'closed'))`;

/** Whether a month's rows are in the books, as a condition. */
export const here = (month: string): string => `${month}::text NOT IN ${DETACHED}`;

/** Whether a counter's period lies after all that was taken out. */
export const afterDetached = (periodKey: string): string => `substr(${periodKey}, 3, 7) > coalesce((SELECT max(w.month) FROM ${DETACHED} w), '')`;

/** Whether nothing of a site's claim of a month was taken out: neither the month, nor a meal that was taken back in it. */
export const wholeClaim = (claim: string): string => `${here(`${claim}.month`)} AND NOT EXISTS (
  SELECT FROM meal_void v WHERE v.city_code = ${claim}.city_code AND v.booked_month = ${claim}.month AND v.site_id = ${claim}.site_id AND NOT (${here('v.original_month')}))`;
