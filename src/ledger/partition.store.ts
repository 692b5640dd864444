import type { CivilMonth } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';

/** Makes the partitions of months where they are missing, in order. @returns how many tables were made */
export async function makePartitions(tx: Tx, months: readonly CivilMonth[]): Promise<number> {
  const [row] = await tx.query<{ made: number }>(
    'SELECT coalesce(sum(make_month_partitions(w.month)), 0)::int AS made FROM (SELECT m AS month FROM unnest($1::text[]) AS m ORDER BY m OFFSET 0) w', [months]);
  return row?.made ?? 0;
}

/** Months that were taken out of the books and still stand in the database, in order. */
export async function detachedMonths(tx: Tx): Promise<CivilMonth[]> {
  return (await tx.query<{ month: CivilMonth }>('SELECT month FROM detached_month ORDER BY 1')).map(({ month }) => month);
}

/** The city whose job makes them when partitions of some months are missing: the first one, as they are everybody's. */
export async function cityWithoutPartitions(tx: Tx, months: readonly CivilMonth[]): Promise<string | null> {
  const [row] = await tx.query<{ cityCode: string | null }>(
    'SELECT min(r.city_code) AS "cityCode" FROM region_city r WHERE EXISTS (SELECT FROM unnest($1::text[]) AS m WHERE m NOT IN (SELECT a.month FROM attached_month a))', [months]);
  return row?.cityCode ?? null;
}
