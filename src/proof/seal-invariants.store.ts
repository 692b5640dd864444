import type { Invariant } from './invariant.js';

const CITY = (alias: string): string => `($1::text IS NULL OR ${alias}.city_code = $1)`;

/** Of every sealed day the newest seal. */
const NEWEST = `
  SELECT DISTINCT ON (s.city_code, s.booked_month, s.site_id, s.meal_date) s.* FROM day_seal s
  WHERE ${CITY('s')} ORDER BY s.city_code, s.booked_month, s.site_id, s.meal_date, s.seq DESC`;

/** Those that nothing has changed since: the others are marked, and sealed again tonight. */
const HOLDING = `
  SELECT n.* FROM (${NEWEST}) n WHERE NOT EXISTS (
    SELECT FROM seal_due d WHERE d.city_code = n.city_code AND d.booked_month = n.booked_month AND d.site_id = n.site_id AND d.meal_date = n.meal_date)`;

/** What is booked, by what a seal's leaf names: 0 a meal, 1 a void, 2 a correction. */
const BOOKED = `
  SELECT m.city_code, m.booked_month, m.site_id, m.meal_date, 0 AS kind, m.tap_id AS id FROM meal m WHERE ${CITY('m')}
  UNION ALL SELECT v.city_code, v.booked_month, v.site_id, v.meal_date, 1, v.void_id FROM meal_void v WHERE ${CITY('v')}
  UNION ALL SELECT DISTINCT a.city_code, a.booked_month, a.site_id, a.meal_date, 2, a.adjustment_id FROM meal_adjustment a WHERE ${CITY('a')}`;

/** What funders owe by the meals themselves, by the day that a seal covers. */
const OWED = `
  SELECT m.city_code, m.booked_month, m.site_id, m.meal_date, h.funder_code, 1 AS meals, h.fen FROM meal m
  JOIN meal_share h ON h.city_code = m.city_code AND h.booked_month = m.booked_month AND h.tap_id = m.tap_id WHERE ${CITY('m')}
  UNION ALL
  SELECT v.city_code, v.booked_month, v.site_id, v.meal_date, h.funder_code, -1, -h.fen FROM meal_void v
  JOIN meal_share h ON h.city_code = v.city_code AND h.booked_month = v.original_month AND h.tap_id = v.tap_id WHERE ${CITY('v')}
  UNION ALL
  SELECT v.city_code, v.booked_month, v.site_id, v.meal_date, a.funder_code, 0, -a.fen FROM meal_void v
  JOIN meal_adjustment a ON a.city_code = v.city_code AND a.tap_id = v.tap_id WHERE ${CITY('v')}
  UNION ALL
  SELECT a.city_code, a.booked_month, a.site_id, a.meal_date, a.funder_code, 0, a.fen FROM meal_adjustment a WHERE ${CITY('a')}`;

const DAY = ['city_code', 'booked_month', 'site_id', 'meal_date'] as const;
const sameDay = (a: string, b: string): string => DAY.map((column) => `${a}.${column} = ${b}.${column}`).join(' AND ');

/** What must hold of sealed days, the log of seals, and claims that rest on them. */
export const SEAL_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I30', sentence: '已封存日的每一笔都在最新的封存之内，封存的每一笔都还在账上；之后有变动的日子都已标记待重新封存',
    sql: `
      WITH holding AS MATERIALIZED (${HOLDING}), leaf AS (
        SELECT h.city_code, h.booked_month, h.site_id, h.meal_date, get_byte(h.leaf_index, 49 * g.place) AS kind, encode(substring(h.leaf_index FROM 49 * g.place + 2 FOR 16), 'hex')::uuid AS id
        FROM holding h CROSS JOIN LATERAL generate_series(0, h.leaves - 1) AS g (place)
      ), booked AS (
        SELECT b.* FROM (${BOOKED}) b JOIN holding h ON ${sameDay('h', 'b')}
      )
      SELECT CASE WHEN l.id IS NULL THEN 'not sealed ' || b.id ELSE 'sealed and gone ' || l.id END AS what
      FROM leaf l FULL JOIN booked b ON ${sameDay('b', 'l')} AND b.kind = l.kind AND b.id = l.id WHERE l.id IS NULL OR b.id IS NULL
      UNION ALL
      SELECT 'closed without a seal ' || b.site_id || ' ' || b.meal_date FROM (SELECT DISTINCT ${DAY.map((column) => `o.${column}`).join(', ')} FROM (${BOOKED}) o) b
      JOIN settlement_run r ON r.city_code = b.city_code AND r.month = b.booked_month
      WHERE EXISTS (SELECT FROM day_seal s WHERE s.city_code = b.city_code AND s.booked_month = b.booked_month)
        AND NOT EXISTS (SELECT FROM day_seal s WHERE ${sameDay('s', 'b')})`,
  },
  {
    id: 'I31', sentence: '封存各行等于当日各餐之和，人次也相等',
    sql: `
      WITH holding AS MATERIALIZED (${HOLDING}), sealed AS (
        SELECT h.city_code, h.booked_month, h.site_id, h.meal_date, l.funder_code, sum(l.meals) AS meals, sum(l.fen) AS fen
        FROM holding h JOIN day_seal_line l ON l.city_code = h.city_code AND l.log_index = h.log_index GROUP BY 1, 2, 3, 4, 5
      ), owed AS (
        SELECT o.city_code, o.booked_month, o.site_id, o.meal_date, o.funder_code, sum(o.meals) AS meals, sum(o.fen) AS fen
        FROM (${OWED}) o JOIN holding h ON ${sameDay('h', 'o')} GROUP BY 1, 2, 3, 4, 5
      )
      SELECT 'seal and meals differ ' || coalesce(s.site_id, o.site_id) || ' ' || coalesce(s.meal_date, o.meal_date) AS what
      FROM sealed s FULL JOIN owed o ON ${sameDay('o', 's')} AND o.funder_code = s.funder_code
      WHERE coalesce(s.fen, 0) <> coalesce(o.fen, 0) OR coalesce(s.meals, 0) <> coalesce(o.meals, 0)`,
  },
  {
    id: 'I32', sentence: '结算单等于它所依据的各日封存之和，所依据的都是最新的封存，一日不多、一日不少',
    sql: `
      WITH resting AS (
        SELECT c.city_code, c.claim_id, c.site_id, c.month, c.meals, k.log_index FROM claim c
        JOIN claim_seal k ON k.city_code = c.city_code AND k.claim_id = c.claim_id AND k.revision = c.revision WHERE ${CITY('c')}
      ), newest AS MATERIALIZED (${NEWEST})
      SELECT 'claim and seals differ ' || coalesce(r.claim_id, l.claim_id) AS what FROM (
        SELECT r.city_code, r.claim_id, d.funder_code, sum(d.fen) AS fen FROM resting r JOIN day_seal_line d ON d.city_code = r.city_code AND d.log_index = r.log_index GROUP BY 1, 2, 3) r
      FULL JOIN (
        SELECT l.city_code, l.claim_id, l.funder_code, sum(l.claimed_fen) AS fen FROM claim_line l
        JOIN claim c ON c.city_code = l.city_code AND c.claim_id = l.claim_id AND c.revision = l.revision
        WHERE ${CITY('l')} AND EXISTS (SELECT FROM resting r WHERE r.city_code = l.city_code AND r.claim_id = l.claim_id) GROUP BY 1, 2, 3) l
        ON l.city_code = r.city_code AND l.claim_id = r.claim_id AND l.funder_code = r.funder_code
      WHERE coalesce(r.fen, 0) <> coalesce(l.fen, 0)
      UNION ALL
      SELECT 'meals of ' || r.claim_id FROM resting r JOIN day_seal s ON s.city_code = r.city_code AND s.log_index = r.log_index
      GROUP BY r.city_code, r.claim_id, r.meals HAVING sum(s.subsidised_meals) <> r.meals
      UNION ALL
      SELECT 'claim rests on another day ' || r.claim_id FROM resting r LEFT JOIN newest n ON n.city_code = r.city_code AND n.log_index = r.log_index
      WHERE n.log_index IS NULL OR n.site_id <> r.site_id OR n.booked_month <> r.month
      UNION ALL
      SELECT 'claim leaves a day out ' || c.claim_id FROM (SELECT DISTINCT r.city_code, r.claim_id, r.site_id, r.month FROM resting r) c
      JOIN newest n ON n.city_code = c.city_code AND n.site_id = c.site_id AND n.booked_month = c.month
      LEFT JOIN resting r ON r.city_code = n.city_code AND r.claim_id = c.claim_id AND r.log_index = n.log_index WHERE r.log_index IS NULL`,
  },
  {
    id: 'I33', sentence: '封存日志从 0 连续编号，每条与其哈希相符，最新的检查点涵盖全部封存；每次重新封存都接着上一次',
    sql: `
      SELECT 'log of ' || s.city_code AS what FROM day_seal s WHERE ${CITY('s')}
      GROUP BY s.city_code HAVING min(s.log_index) <> 0 OR max(s.log_index) <> count(*) - 1
        OR count(*) IS DISTINCT FROM (SELECT max(p.size) FROM seal_checkpoint p WHERE p.city_code = s.city_code)
      UNION ALL
      SELECT 'hash of seal ' || s.log_index FROM day_seal s WHERE ${CITY('s')} AND s.seal_hash <> sha256('\\x00'::bytea || convert_to(s.statement, 'UTF8'))
      UNION ALL
      SELECT 'seal after ' || s.log_index FROM day_seal s
      LEFT JOIN day_seal b ON ${sameDay('b', 's')} AND b.seq = s.seq - 1
      WHERE ${CITY('s')} AND ((s.seq > 1) <> (b.log_index IS NOT NULL) OR (s.statement::jsonb ->> 'before') IS DISTINCT FROM encode(b.seal_hash, 'hex'))`,
  },
];
