import { createHash } from 'node:crypto';
import { CITY, type TappingCity } from './tapping-city.js';

/** What became of one meal: who bears it now, whatever was booked on the way and when. */
export interface Standing {
  readonly selfPayFen: number;
  readonly subsidyFen: number;
  readonly siteBorneFen: number;
  readonly funders: Readonly<Record<string, number>>;
  readonly voided: boolean;
}

interface Row {
  readonly tapId: string;
  readonly account: string;
  readonly fen: number;
}

/** Meals as the ledger has them, every transfer of every month added up, in the order of `tapIds`. */
export async function standingOf(city: TappingCity, tapIds: readonly string[]): Promise<Standing[]> {
  const rows = await city.rows<Row>(
    `SELECT t.cause_id AS "tapId", side.account, sum(side.fen)::bigint AS fen
     FROM ledger_transfer t, LATERAL (VALUES (t.debit_account, t.fen), (t.credit_account, -t.fen)) AS side (account, fen)
     WHERE t.city_code = $1 AND t.cause_id = ANY (string_to_array($2, ',')::uuid[]) GROUP BY 1, 2 HAVING sum(side.fen) <> 0 ORDER BY 1, 2`, [CITY, tapIds.join(',')]);
  const voids = await city.rows<{ tapId: string }>(`SELECT tap_id AS "tapId" FROM meal_void WHERE city_code = $1 AND tap_id = ANY (string_to_array($2, ',')::uuid[])`, [CITY, tapIds.join(',')]);
  return tapIds.map((tapId) => {
    const own = rows.filter((row) => row.tapId === tapId);
    const sum = (kind: string): number => own.filter(({ account }) => account.startsWith(`${kind}/`)).reduce((total, row) => total + row.fen, 0);
    const funders = Object.fromEntries(own.filter(({ account }) => account.startsWith('due/')).map(({ account, fen }) => [account.split('/')[2] as string, fen]));
    return { selfPayFen: sum('cash'), subsidyFen: sum('due'), siteBorneFen: sum('borne'), funders, voided: voids.some((row) => row.tapId === tapId) };
  });
}

/** One value for comparing two histories. */
export function hashOfStanding(standing: readonly Standing[]): string {
  return createHash('sha256').update(JSON.stringify(standing)).digest('hex');
}
