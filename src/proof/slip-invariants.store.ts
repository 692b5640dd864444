import { here } from './detached.js';
import type { Invariant } from './invariant.js';

const CITY = (alias: string): string => `($1::text IS NULL OR ${alias}.city_code = $1)`;

/** What must hold of canteens on paper: every slip is at most one meal that stands, and every meal on paper has its slip. */
export const SLIP_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I34', sentence: '纸质登记的每一餐都有印发过的单号，一张单至多一餐有效；纸质登记没有终端密钥和签名',
    sql: `
      SELECT 'meal without its slip ' || m.tap_id AS what FROM meal m
      LEFT JOIN access_terminal t ON t.city_code = m.city_code AND t.terminal_id = m.terminal_id AND t.kind = 'paper'
      LEFT JOIN slip_entry e ON e.city_code = m.city_code AND e.tap_id = m.tap_id
      WHERE ${CITY('m')} AND (t.terminal_id IS NOT NULL) <> (e.tap_id IS NOT NULL)
      UNION ALL
      SELECT 'meal without its flag ' || m.tap_id FROM meal m JOIN slip_entry e ON e.city_code = m.city_code AND e.tap_id = m.tap_id
      WHERE ${CITY('m')} AND m.outcome = 'accepted' AND NOT 'slip' = ANY (m.flags)
      UNION ALL
      SELECT 'slip without its meal ' || e.slip_no || ' of ' || e.meal_date || ' at ' || e.site_id FROM slip_entry e
      LEFT JOIN meal m ON m.city_code = e.city_code AND m.tap_id = e.tap_id
      LEFT JOIN tap_claim c ON c.city_code = e.city_code AND c.tap_id = e.tap_id
      WHERE ${CITY('e')} AND e.kind <> 'spoilt' AND (c.tap_id IS NULL OR (${here('c.booked_month')} AND (m.tap_id IS NULL OR m.site_id <> e.site_id OR m.meal_date <> e.meal_date
        OR m.outcome <> CASE e.kind WHEN 'meal' THEN 'accepted' ELSE 'refused' END OR m.self_pay_fen <> CASE e.kind WHEN 'meal' THEN e.taken_fen ELSE m.self_pay_fen END)))
      UNION ALL
      SELECT 'slip twice ' || e.slip_no || ' of ' || e.meal_date || ' at ' || e.site_id FROM slip_entry e
      WHERE ${CITY('e')} AND e.kind = 'meal' AND NOT EXISTS (SELECT FROM meal_void v WHERE v.city_code = e.city_code AND v.tap_id = e.tap_id)
      GROUP BY e.city_code, e.site_id, e.meal_date, e.slip_no HAVING count(*) > 1
      UNION ALL
      SELECT 'slip never printed ' || e.slip_no || ' of ' || e.meal_date || ' at ' || e.site_id FROM slip_entry e
      LEFT JOIN (SELECT h.city_code, h.site_id, h.meal_date, max(h.last_no) AS last FROM slip_sheet h GROUP BY 1, 2, 3) h
        ON h.city_code = e.city_code AND h.site_id = e.site_id AND h.meal_date = e.meal_date
      WHERE ${CITY('e')} AND e.slip_no > coalesce(h.last, 0)
      UNION ALL
      SELECT 'paper that signed ' || c.tap_id FROM tap_claim c JOIN access_terminal t ON t.city_code = c.city_code AND t.terminal_id = c.terminal_id
      WHERE ${CITY('c')} AND t.kind = 'paper' AND c.signature IS NOT NULL`,
  },
];
