import type { CivilMonth } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';

/** Days of a month that have meals, so that every month has the same days of sites. */
const DAYS = 28;
const PRICE_FEN = 1500;
const SHARE_FEN = 150;

/** What is kept of a meal besides its figures, about as long as in life. */
const EXPLANATION = `jsonb_build_object('reasons', jsonb_build_array(jsonb_build_object('ruleId', 'bench', 'clause', repeat('第三条 年满八十周岁的老年人', 12), 'working', repeat('x', 300), 'facts', jsonb_build_array())))`;
const ANSWER = `jsonb_build_object('outcome', 'accepted', 'sentence', repeat('补贴', 20), 'funding', repeat('y', 120))`;

const entry = (site: string, number: string): string => `encode(sha256(convert_to(${site} || ' ' || ${number}, 'UTF8')), 'hex')`;

/** Makes the terminals' order, which meals go round. */
export async function keepTills(tx: Tx, cityCode: string): Promise<number> {
  await tx.query(
    `CREATE TEMP TABLE bench_till AS SELECT (row_number() OVER (ORDER BY t.site_id) - 1)::int AS place, t.site_id, t.terminal_id,
       (SELECT o.operator_id FROM site_operator_org o WHERE o.city_code = '${cityCode}' LIMIT 1) AS operator_id, (SELECT p.payee_id FROM site_payee p WHERE p.city_code = '${cityCode}' LIMIT 1) AS payee_id
     FROM access_terminal t WHERE t.city_code = '${cityCode}'`);
  await tx.query('CREATE UNIQUE INDEX ON bench_till (place)');
  await tx.query('ANALYZE bench_till');
  const [row] = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM bench_till');
  return row?.n ?? 0;
}

/**
 * Adds meals to a month as taps leave them: claims in unbroken journals, meals, the shares of two funders, and the
 * balances that the ledger would have. Sites and days take turns, so that every day of a site has as many.
 * @param before meals that every till has sold already
 */
export async function addMeals(tx: Tx, cityCode: string, month: CivilMonth, count: number, tills: number, before: number): Promise<void> {
  await tx.query('DROP TABLE IF EXISTS planned');
  await tx.query(
    `CREATE TEMP TABLE planned AS SELECT md5('settle ${month} ' || n)::uuid AS tap_id, md5('elder ' || n % 20000)::uuid AS elder_id, b.*, ${before} + n / ${tills} + 1 AS number,
       '${month}-01'::date + (n / ${tills}) % ${DAYS} AS meal_date, '${month}-01'::date + (n / ${tills}) % ${DAYS} + interval '11 hours 42 minutes' AS eaten_at
     FROM generate_series(0, ${count - 1}) AS n JOIN bench_till b ON b.place = n % ${tills}`);
  await tx.query('ANALYZE planned');
  await tx.query(
    `INSERT INTO tap_claim (city_code, tap_id, body_hash, terminal_id, journal_number, prev_hash, entry_hash, booked_month)
     SELECT $1, w.tap_id, repeat('0', 64), w.terminal_id, w.number, CASE WHEN w.number = 1 THEN repeat('0', 64) ELSE ${entry('w.site_id', '(w.number - 1)')} END, ${entry('w.site_id', 'w.number')}, $2 FROM planned w`, [cityCode, month]);
  await tx.query(
    `INSERT INTO meal (city_code, booked_month, tap_id, site_id, terminal_id, operator_id, payee_id, elder_id, meal_date, meal_period, price_fen, self_pay_fen, subsidy_fen, site_borne_fen,
       outcome, pack, pack_version, price_list_version, tender, device_time, received_at, offline, flags, items, explanation, answer)
     SELECT $1, $2, w.tap_id, w.site_id, w.terminal_id, w.operator_id, w.payee_id, w.elder_id, w.meal_date, 'lunch', ${PRICE_FEN}, ${PRICE_FEN - 2 * SHARE_FEN}, ${2 * SHARE_FEN}, 0,
       'accepted', 'bench', '1', 1, 'cash', w.eaten_at, w.eaten_at, false, '{}', '[{"itemCode": "set", "quantity": 1}]', ${EXPLANATION}, ${ANSWER} FROM planned w`, [cityCode, month]);
  await tx.query(
    `INSERT INTO meal_share (city_code, booked_month, tap_id, funder_code, fen)
     SELECT $1, $2, w.tap_id, f.code, ${SHARE_FEN} FROM planned w CROSS JOIN (VALUES ('city@371500'), ('county@371502')) AS f (code)`, [cityCode, month]);
  await tx.query(
    `INSERT INTO ledger_balance (city_code, month, account, debit_fen, credit_fen, entries)
     SELECT $1, $2, 'due/' || w.site_id || '/' || f.code, count(*) * ${SHARE_FEN}, 0, count(*) FROM planned w CROSS JOIN (VALUES ('city@371500'), ('county@371502')) AS f (code) GROUP BY 3
     UNION ALL SELECT $1, $2, 'cash/' || w.site_id, count(*) * ${PRICE_FEN - 2 * SHARE_FEN}, 0, count(*) FROM planned w GROUP BY 3
     UNION ALL SELECT $1, $2, 'sales/' || w.site_id, 0, count(*) * ${PRICE_FEN}, 3 * count(*) FROM planned w GROUP BY 3`, [cityCode, month]);
  await tx.query(
    `INSERT INTO ledger_account (city_code, account, kind, site_id, funder_code)
     SELECT b.city_code, b.account, split_part(b.account, '/', 1), split_part(b.account, '/', 2)::uuid, nullif(split_part(b.account, '/', 3), '') FROM ledger_balance b
     WHERE b.city_code = $1 AND b.month = $2 ON CONFLICT (city_code, account) DO NOTHING`, [cityCode, month]);
}

/** The bare aggregate over a month's meals: what every line of every claim comes to, and nothing besides. @returns lines and money */
export async function bareAggregate(tx: Tx, cityCode: string, month: CivilMonth): Promise<{ lines: number; fen: number }> {
  const rows = await tx.query<{ fen: number }>(
    `SELECT m.site_id, m.operator_id, m.payee_id, h.funder_code, count(*) AS meals, sum(h.fen)::bigint AS fen
     FROM meal m JOIN meal_share h ON h.city_code = m.city_code AND h.booked_month = m.booked_month AND h.tap_id = m.tap_id
     WHERE m.city_code = $1 AND m.booked_month = $2 GROUP BY 1, 2, 3, 4`, [cityCode, month]);
  return { lines: rows.length, fen: rows.reduce((sum, row) => sum + row.fen, 0) };
}

/** Tells the planner what lies in the tables, as it knows of a month that filled up day by day. */
export async function analyze(tx: Tx): Promise<void> {
  await tx.query('ANALYZE meal, meal_share, tap_claim, ledger_balance, ledger_account');
}

/** Whether every claim of a closed month is built. */
export async function areBuilt(tx: Tx, cityCode: string, month: CivilMonth): Promise<boolean> {
  const [row] = await tx.query<{ open: number }>(`SELECT count(*) AS open FROM claim c WHERE c.city_code = $1 AND c.month = $2 AND c.state = 'building'`, [cityCode, month]);
  return row?.open === 0;
}

/** How a month's seals and claims stand. */
export async function countSettled(tx: Tx, cityCode: string, month: CivilMonth): Promise<{ siteDays: number; leaves: number; claims: number; built: number; differing: number; claimedFen: number }> {
  const [row] = await tx.query<{ siteDays: number; leaves: number; claims: number; built: number; differing: number; claimedFen: number }>(
    `SELECT (SELECT count(*) FROM day_seal s WHERE s.city_code = $1 AND s.booked_month = $2) AS "siteDays", (SELECT COALESCE(sum(s.leaves), 0)::bigint FROM day_seal s WHERE s.city_code = $1 AND s.booked_month = $2) AS leaves,
       count(*) AS claims, count(*) FILTER (WHERE c.state <> 'building') AS built, count(*) FILTER (WHERE c.difference_fen <> 0) AS differing, COALESCE(sum(c.claimed_fen), 0)::bigint AS "claimedFen"
     FROM claim c WHERE c.city_code = $1 AND c.month = $2`, [cityCode, month]);
  return row ?? { siteDays: 0, leaves: 0, claims: 0, built: 0, differing: 0, claimedFen: 0 };
}
