import type { Tx } from '../platform/index.js';
import type { CivilMonth } from '../kernel/index.js';

/** Columns of a table, so that rows are copied whatever later versions add. */
async function columnsOf(tx: Tx, table: string): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `SELECT a.attname AS name FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum`, [table]);
  return rows.map(({ name }) => name);
}

/** Copies a pattern's rows of one table under the new meal's ids, dates and month. */
function copyOf(table: string, columns: readonly string[], anew: Readonly<Record<string, string>>, join: string): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map((name) => anew[name] ?? `p.${name}`).join(', ')} FROM planned w ${join}`;
}

/** Keeps some real taps of a city as patterns of all others, and the city's elders in a row, for a fill that waits for no disk. @returns how many patterns there are */
export async function keepPatterns(tx: Tx, cityCode: string, most: number): Promise<number> {
  await tx.query('SET synchronous_commit = off');
  await tx.query("SET work_mem = '256MB'");
  await tx.query(`CREATE TEMP TABLE pattern AS SELECT (row_number() OVER (ORDER BY m.tap_id) - 1)::int AS place, m.tap_id, m.booked_month, m.elder_id, m.terminal_id
    FROM meal m WHERE m.city_code = '${cityCode}' AND m.outcome = 'accepted' ORDER BY m.tap_id LIMIT ${most}`);
  await tx.query(`CREATE TEMP TABLE eater AS SELECT (row_number() OVER (ORDER BY k.card_id) - 1)::int AS place, k.elder_id, k.card_id FROM elder_card k WHERE k.city_code = '${cityCode}'`);
  await tx.query('CREATE UNIQUE INDEX ON pattern (place)');
  await tx.query('CREATE UNIQUE INDEX ON eater (place)');
  await tx.query('ANALYZE pattern, eater');
  const [row] = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM pattern');
  return row?.n ?? 0;
}

/**
 * Adds meals of a past month as taps leave them: claim, meal, shares, transfers and the elders' counters. Numbers go on
 * from `first`; elders, days and tills take turns.
 */
export async function addPastMeals(tx: Tx, cityCode: string, month: CivilMonth, first: number, count: number, patterns: number): Promise<void> {
  await tx.query('DROP TABLE IF EXISTS planned');
  await tx.query(
    `CREATE TEMP TABLE planned AS SELECT n, md5('growth ' || n)::uuid AS tap_id, p.tap_id AS pattern_id, p.booked_month AS pattern_month, p.elder_id AS pattern_elder,
       CASE WHEN p.elder_id IS NULL THEN NULL ELSE e.elder_id END AS elder_id, CASE WHEN p.elder_id IS NULL THEN NULL ELSE e.card_id END AS card_id, d.day AS meal_date, d.day + interval '11 hours 42 minutes' AS eaten_at
     FROM generate_series(${first}, ${first + count - 1}) AS n JOIN pattern p ON p.place = n % ${patterns} JOIN eater e ON e.place = (n::bigint * 7919) % (SELECT count(*) FROM eater)
     CROSS JOIN LATERAL (SELECT ('${month}-01'::date + (n % 28)) AS day) d`);
  await tx.query('ANALYZE planned');
  const [claim, meal, share, transfer] = await Promise.all([columnsOf(tx, 'tap_claim'), columnsOf(tx, 'meal'), columnsOf(tx, 'meal_share'), columnsOf(tx, 'ledger_transfer')]);
  const anew = { booked_month: `'${month}'`, tap_id: 'w.tap_id' };
  const at = `p.city_code = '${cityCode}' AND p.tap_id = w.pattern_id`;
  const inMonth = `${at} AND p.booked_month = w.pattern_month`;
  await tx.query(copyOf('tap_claim', claim, { ...anew, journal_number: '1000000 + w.n' }, `JOIN tap_claim p ON ${at}`));
  await tx.query(copyOf('meal', meal, { ...anew, elder_id: 'w.elder_id', card_id: 'w.card_id', meal_date: 'w.meal_date', device_time: 'w.eaten_at', received_at: 'w.eaten_at' }, `JOIN meal p ON ${inMonth}`));
  await tx.query(copyOf('meal_share', share, anew, `JOIN meal_share p ON ${inMonth}`));
  await tx.query(copyOf('ledger_transfer', transfer, { booked_month: `'${month}'`, transfer_id: 'w.tap_id', cause_id: 'w.tap_id', meal_date: 'w.meal_date', booked_at: 'w.eaten_at' },
    `JOIN ledger_transfer p ON p.city_code = '${cityCode}' AND p.transfer_id = w.pattern_id AND p.booked_month = w.pattern_month`));
  await tx.query(
    `INSERT INTO subsidy_use (city_code, elder_id, rule_id, period_key, count, fen)
     SELECT u.city_code, w.elder_id, u.rule_id, 'd:' || w.meal_date, 1, max(u.fen) FROM planned w
     JOIN subsidy_use u ON u.city_code = '${cityCode}' AND u.elder_id = w.pattern_elder AND u.period_key LIKE 'd:%' WHERE w.elder_id IS NOT NULL GROUP BY 1, 2, 3, 4
     ON CONFLICT (city_code, elder_id, rule_id, period_key) DO NOTHING`);
}

/** Opens past months for the fill. */
export async function openPastMonths(tx: Tx, cityCode: string, months: readonly CivilMonth[]): Promise<void> {
  await tx.query(`INSERT INTO ledger_month (city_code, month, state, opened_at) SELECT $1, m, 'open', now() FROM unnest($2::text[]) AS m ON CONFLICT (city_code, month) DO NOTHING`, [cityCode, months]);
}

/** Closes them, and leaves the database as one that has stood for long: counted, swept and on disk. */
export async function closePastMonths(tx: Tx, cityCode: string, months: readonly CivilMonth[]): Promise<void> {
  await tx.query(`UPDATE ledger_month SET state = 'closed', closed_at = now(), closed_by = 'bench', root_hash = repeat('0', 64) WHERE city_code = $1 AND month = ANY ($2::text[])`, [cityCode, months]);
  await tx.query('VACUUM (ANALYZE)');
}

/** Bytes of the whole database, and how many meals it holds. */
export async function measureBooks(tx: Tx): Promise<{ bytes: number; meals: number }> {
  const [row] = await tx.query<{ bytes: number; meals: number }>('SELECT pg_database_size(current_database()) AS bytes, (SELECT count(*) FROM tap_claim) AS meals');
  return row ?? { bytes: 0, meals: 0 };
}
