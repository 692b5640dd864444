import { wholeClaim } from './detached.js';
import type { Invariant } from './invariant.js';

const CITY = (alias: string): string => `($1::text IS NULL OR ${alias}.city_code = $1)`;

/** What funders owe sites by the taps themselves: meals, voids and corrections, each in the month it is booked in. */
const OWED = `
  SELECT h.city_code, m.site_id, h.booked_month AS month, h.fen FROM meal_share h
  JOIN meal m ON m.city_code = h.city_code AND m.booked_month = h.booked_month AND m.tap_id = h.tap_id WHERE ${CITY('h')}
  UNION ALL
  SELECT v.city_code, v.site_id, v.booked_month, -h.fen FROM meal_void v
  JOIN meal_share h ON h.city_code = v.city_code AND h.booked_month = v.original_month AND h.tap_id = v.tap_id WHERE ${CITY('v')}
  UNION ALL
  SELECT v.city_code, v.site_id, v.booked_month, -a.fen FROM meal_void v
  JOIN meal_adjustment a ON a.city_code = v.city_code AND a.tap_id = v.tap_id WHERE ${CITY('v')}
  UNION ALL
  SELECT a.city_code, a.site_id, a.booked_month, a.fen FROM meal_adjustment a WHERE ${CITY('a')}`;

/** Subsidised meals less voids, each in the month it is booked in. */
const SUBSIDISED = `
  SELECT m.city_code, m.site_id, m.booked_month AS month, 1 AS meals FROM meal m WHERE ${CITY('m')} AND m.outcome = 'accepted' AND m.subsidy_fen > 0
  UNION ALL
  SELECT v.city_code, v.site_id, v.booked_month, -1 FROM meal_void v
  JOIN meal m ON m.city_code = v.city_code AND m.booked_month = v.original_month AND m.tap_id = v.tap_id WHERE ${CITY('v')} AND m.subsidy_fen > 0`;

/** Lines of the revision that holds, with the text that a claim's hash is taken over. */
const LINES = `
  SELECT c.city_code, c.claim_id, coalesce(sum(l.claimed_fen), 0) AS fen,
    coalesce(string_agg(concat_ws('|', l.line_no, coalesce(l.operator_id::text, ''), coalesce(l.payee_id::text, ''), l.funder_code, l.meal_month, l.meals, l.claimed_fen), E'\\n' ORDER BY l.line_no) FILTER (WHERE l.line_no IS NOT NULL), '') AS text
  FROM claim c LEFT JOIN claim_line l ON l.city_code = c.city_code AND l.claim_id = c.claim_id AND l.revision = c.revision
  WHERE ${CITY('c')} GROUP BY c.city_code, c.claim_id, c.revision`;

/** The canonical JSON that a month's hash is taken over, as the closing writes it. */
const MONTH_TEXT = `
  '{"balances":[' || coalesce((
    SELECT string_agg('{"account":' || to_json(b.account)::text || ',"creditFen":' || b.credit_fen || ',"debitFen":' || b.debit_fen || ',"entries":' || b.entries || '}', ',' ORDER BY b.account COLLATE "C")
    FROM ledger_balance b WHERE b.city_code = m.city_code AND b.month = m.month), '')
  || '],"before":' || coalesce('"' || (SELECT p.root_hash FROM ledger_month p WHERE p.city_code = m.city_code AND p.month < m.month ORDER BY p.month DESC LIMIT 1) || '"', 'null')
  || ',"cityCode":"' || m.city_code || '","month":"' || m.month || '"}'`;

const SHA256 = (text: string): string => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;

/** What must hold of months and claims. */
export const CLAIM_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I10', sentence: '每笔有效的餐恰在一处：未封账的月份，或已封账月份的一张结算单',
    sql: `
      SELECT 'no month for ' || m.tap_id AS what FROM meal m
      LEFT JOIN ledger_month l ON l.city_code = m.city_code AND l.month = m.booked_month
      WHERE ${CITY('m')} AND m.outcome = 'accepted' AND (l.month IS NULL OR m.booked_month < to_char(m.meal_date, 'YYYY-MM'))
      UNION ALL
      SELECT 'closed without a claim ' || o.site_id || ' ' || o.month FROM (SELECT DISTINCT o.city_code, o.site_id, o.month FROM (${OWED}) o) o
      JOIN ledger_month l ON l.city_code = o.city_code AND l.month = o.month AND l.state = 'closed'
      LEFT JOIN claim c ON c.city_code = o.city_code AND c.site_id = o.site_id AND c.month = o.month
      WHERE c.claim_id IS NULL
      UNION ALL
      SELECT 'claim of an open month ' || c.claim_id FROM claim c
      LEFT JOIN ledger_month l ON l.city_code = c.city_code AND l.month = c.month
      WHERE ${CITY('c')} AND l.state IS DISTINCT FROM 'closed'`,
  },
  {
    id: 'I11', sentence: '结算单申报数等于各行之和，也等于所含各餐补贴之和；核减数等于各次核减之和',
    sql: `
      SELECT 'claim and lines differ ' || c.claim_id AS what FROM claim c
      JOIN (${LINES}) l ON l.city_code = c.city_code AND l.claim_id = c.claim_id
      WHERE c.state <> 'building' AND l.fen <> c.claimed_fen
      UNION ALL
      SELECT 'claim and subsidised meals differ ' || c.claim_id FROM claim c
      LEFT JOIN (SELECT n.city_code, n.site_id, n.month, sum(n.meals) AS meals FROM (${SUBSIDISED}) n GROUP BY 1, 2, 3) n
        ON n.city_code = c.city_code AND n.site_id = c.site_id AND n.month = c.month
      WHERE ${CITY('c')} AND c.state <> 'building' AND coalesce(n.meals, 0) <> c.meals AND ${wholeClaim('c')}
      UNION ALL
      SELECT 'claim and meals differ ' || c.claim_id FROM claim c
      LEFT JOIN (SELECT o.city_code, o.site_id, o.month, sum(o.fen) AS fen FROM (${OWED}) o GROUP BY 1, 2, 3) o
        ON o.city_code = c.city_code AND o.site_id = c.site_id AND o.month = c.month
      WHERE ${CITY('c')} AND c.state <> 'building' AND coalesce(o.fen, 0) <> c.claimed_fen AND ${wholeClaim('c')}
      UNION ALL
      SELECT 'claim and cuts differ ' || c.claim_id FROM claim c
      LEFT JOIN (SELECT k.city_code, k.claim_id, k.revision, sum(k.fen) AS fen FROM claim_cut k WHERE ${CITY('k')} GROUP BY 1, 2, 3) k
        ON k.city_code = c.city_code AND k.claim_id = c.claim_id AND k.revision = c.revision
      WHERE ${CITY('c')} AND coalesce(k.fen, 0) <> c.cut_fen`,
  },
  {
    id: 'I12', sentence: '已封账的月份和已定的结算单内容从未改变（封账时的哈希等于现在的哈希）',
    sql: `
      SELECT 'month ' || m.city_code || ' ' || m.month AS what FROM ledger_month m
      WHERE ${CITY('m')} AND m.state = 'closed' AND m.root_hash <> ${SHA256(MONTH_TEXT)}
      UNION ALL
      SELECT 'run ' || r.run_id FROM settlement_run r
      LEFT JOIN ledger_month m ON m.city_code = r.city_code AND m.month = r.month
      WHERE ${CITY('r')} AND m.root_hash IS DISTINCT FROM r.root_hash
      UNION ALL
      SELECT 'claim ' || c.claim_id FROM claim c
      JOIN (${LINES}) l ON l.city_code = c.city_code AND l.claim_id = c.claim_id
      WHERE c.state <> 'building' AND c.lines_hash IS DISTINCT FROM ${SHA256('l.text')}`,
  },
  {
    id: 'I13', sentence: '每个助餐点每月每类只有一张结算单；结算单和批次按县区和年度连续编号、不缺不重',
    sql: `
      SELECT 'claims of ' || c.site_id || ' ' || c.month AS what FROM claim c
      WHERE ${CITY('c')} GROUP BY c.city_code, c.site_id, c.month, c.kind HAVING count(*) > 1
      UNION ALL
      SELECT 'numbers of ' || n.series || ' ' || n.county_code || ' ' || n.year FROM (
        SELECT 'claim' AS series, c.city_code, c.county_code, c.year, c.number FROM claim c WHERE ${CITY('c')}
        UNION ALL SELECT 'batch', b.city_code, b.county_code, b.year, b.number FROM batch b WHERE ${CITY('b')}
      ) n GROUP BY n.series, n.city_code, n.county_code, n.year HAVING min(n.number) <> 1 OR max(n.number) <> count(*) OR count(*) <> count(DISTINCT n.number)`,
  },
  {
    id: 'I14', sentence: '结算单只按允许的步骤流转，每步有经办人和时间，退回有理由，经办与审核不是同一人',
    sql: `
      WITH moves AS (
        SELECT w.step, f.state AS from_state, t.state AS to_state FROM jsonb_to_recordset($2::jsonb -> 'moves') AS w (step text, "from" jsonb, "to" jsonb),
          jsonb_array_elements_text(w."from") AS f (state), jsonb_array_elements_text(w."to") AS t (state)
      ), steps AS (
        SELECT s.*, lag(s.to_state) OVER w AS state_before, lead(s.step_no) OVER w IS NULL AS is_last
        FROM claim_step s WHERE ${CITY('s')} WINDOW w AS (PARTITION BY s.city_code, s.claim_id ORDER BY s.step_no)
      )
      SELECT 'step ' || s.step_no || ' of ' || s.claim_id AS what FROM steps s
      WHERE NOT EXISTS (SELECT FROM moves w WHERE w.step = s.step AND w.from_state = s.from_state AND w.to_state = s.to_state)
        OR s.from_state <> coalesce(s.state_before, 'building') OR s.actor = '' OR (s.step = 'return' AND coalesce(s.reason, '') = '')
      UNION ALL
      SELECT 'state of ' || c.claim_id FROM claim c LEFT JOIN steps s ON s.city_code = c.city_code AND s.claim_id = c.claim_id AND s.is_last
      WHERE ${CITY('c')} AND c.state <> coalesce(s.to_state, 'building')
      UNION ALL
      SELECT 'maker and checker of ' || d.claim_id FROM (
        SELECT s.city_code, s.claim_id, s.staff_id, s.at_step FROM claim_step s WHERE ${CITY('s')}
        UNION ALL SELECT k.city_code, k.claim_id, k.staff_id, k.at_step FROM claim_cut k WHERE ${CITY('k')}
      ) d WHERE d.staff_id IS NOT NULL AND d.at_step IS NOT NULL GROUP BY d.city_code, d.claim_id, d.staff_id HAVING count(DISTINCT d.at_step) > 1`,
  },
  {
    id: 'I15', sentence: '已拨付批次的付款分录之和等于核定数，实拨数等于回单之和',
    sql: `
      SELECT 'legs of ' || c.claim_id AS what FROM claim c
      LEFT JOIN (SELECT p.city_code, p.claim_id, sum(p.fen) AS fen, sum(p.paid_fen) AS paid_fen FROM payment_leg p WHERE ${CITY('p')} GROUP BY 1, 2) p
        ON p.city_code = c.city_code AND p.claim_id = c.claim_id
      WHERE ${CITY('c')} AND c.state IN ('released', 'partPaid', 'paid')
        AND (coalesce(p.fen, 0) <> c.approved_fen OR coalesce(p.paid_fen, 0) <> c.paid_fen OR (c.state = 'paid' AND c.paid_fen <> c.approved_fen))
      UNION ALL
      SELECT 'receipts of ' || p.leg_number FROM payment_leg p
      LEFT JOIN (SELECT r.city_code, r.leg_number, sum(r.fen) AS fen FROM payment_receipt_line r WHERE ${CITY('r')} GROUP BY 1, 2) r
        ON r.city_code = p.city_code AND r.leg_number = p.leg_number
      WHERE ${CITY('p')} AND coalesce(r.fen, 0) <> p.paid_fen`,
  },
];
