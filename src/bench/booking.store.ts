import { at, type Tx } from '../platform/index.js';
import type { Instant } from '../kernel/index.js';

const MARK = 'bench';

/** Elders of a city with a card, and its sites. */
export async function whoAndWhere(tx: Tx, cityCode: string): Promise<{ elders: string[]; sites: string[] }> {
  const elders = await tx.query<{ id: string }>(`SELECT elder_id AS id FROM elder_card WHERE city_code = $1 ORDER BY 1`, [cityCode]);
  const sites = await tx.query<{ id: string }>('SELECT site_id AS id FROM site WHERE city_code = $1 ORDER BY 1', [cityCode]);
  return { elders: elders.map(({ id }) => id), sites: sites.map(({ id }) => id) };
}

/** Gives elders accounts of their own. Nobody opens their openids, so these hold nothing. */
export async function insertBenchAccounts(tx: Tx, cityCode: string, accounts: readonly { readonly accountId: string; readonly bindingId: string; readonly elderId: string }[], now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO mini_account (city_code, account_id, openid_sealed, openid_index, created_at, seen_at)
     SELECT $1, a, '\\x00', '${MARK} ' || a, $3, $3 FROM unnest($2::uuid[]) AS a`, [cityCode, accounts.map((one) => one.accountId), at(now)]);
  await tx.query(
    `INSERT INTO mini_self (city_code, binding_id, account_id, elder_id, bound_at, bound_how)
     SELECT $1, w.binding_id, w.account_id, w.elder_id, $5, 'staffCode' FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS w (binding_id, account_id, elder_id)`,
    [cityCode, accounts.map((one) => one.bindingId), accounts.map((one) => one.accountId), accounts.map((one) => one.elderId), at(now)]);
}

/** What became of bookings that were answered: gone; or there with two beginnings, or two of one elder for one meal. */
export async function recountBookings(tx: Tx, cityCode: string, answered: readonly string[]): Promise<{ lost: number; doubled: number }> {
  const [row] = await tx.query<{ lost: number; doubled: number }>(
    `SELECT count(*) FILTER (WHERE b.booking_id IS NULL)::int AS lost,
       (count(*) FILTER (WHERE e.made > 1) + (SELECT count(*) FROM (SELECT FROM booking o WHERE o.city_code = $1 AND o.state = 'open' GROUP BY o.elder_id, o.site_id, o.meal_date, o.meal_period HAVING count(*) > 1) two))::int AS doubled
     FROM (SELECT DISTINCT unnest($2::uuid[]) AS booking_id) a
     LEFT JOIN booking b ON b.city_code = $1 AND b.booking_id = a.booking_id
     LEFT JOIN LATERAL (SELECT count(*) AS made FROM booking_event x WHERE x.city_code = $1 AND x.booking_id = a.booking_id AND x.kind = 'made') e ON true`,
    [cityCode, answered]);
  return row ?? { lost: answered.length, doubled: 0 };
}
