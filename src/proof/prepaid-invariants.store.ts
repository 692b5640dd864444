import { here } from './detached.js';
import type { Invariant } from './invariant.js';

const CITY = (alias: string): string => `($1::text IS NULL OR ${alias}.city_code = $1)`;

/** What must hold of prepaid balances: they are their entries, and their entries are the meals that were paid from them. */
export const PREPAID_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I36', sentence: '预付余额等于其各笔变动之和且不为负；用余额支付的每一餐恰好扣一次个人应付，撤销的恰好退回一次',
    sql: `
      SELECT 'balance of ' || elder_id AS what FROM (
        SELECT city_code, elder_id, fen AS kept, 0::bigint AS moved FROM prepaid_balance
        UNION ALL SELECT city_code, elder_id, 0, fen FROM prepaid_entry) b
      WHERE ${CITY('b')} GROUP BY b.city_code, b.elder_id HAVING sum(b.kept) <> sum(b.moved) OR sum(b.kept) < 0
      UNION ALL
      SELECT 'meal and its entry ' || m.tap_id FROM meal m
      LEFT JOIN prepaid_entry e ON e.city_code = m.city_code AND e.tap_id = m.tap_id AND e.kind = 'spent'
      WHERE ${CITY('m')} AND m.tender = 'balance' AND m.outcome = 'accepted'
        AND (coalesce(-e.fen, 0) <> m.self_pay_fen OR m.elder_id IS NULL OR (e.elder_id IS NOT NULL AND e.elder_id <> m.elder_id))
      UNION ALL
      SELECT 'entry without its meal ' || e.tap_id FROM prepaid_entry e
      JOIN tap_claim c ON c.city_code = e.city_code AND c.tap_id = e.tap_id
      LEFT JOIN meal m ON m.city_code = e.city_code AND m.tap_id = e.tap_id AND m.tender = 'balance' AND m.outcome = 'accepted'
      WHERE ${CITY('e')} AND ${here('c.booked_month')} AND m.tap_id IS NULL
      UNION ALL
      SELECT 'entry without any tap ' || e.tap_id FROM prepaid_entry e
      LEFT JOIN tap_claim c ON c.city_code = e.city_code AND c.tap_id = e.tap_id
      WHERE ${CITY('e')} AND e.tap_id IS NOT NULL AND c.tap_id IS NULL
      UNION ALL
      SELECT 'void and its return ' || s.tap_id FROM prepaid_entry s
      LEFT JOIN prepaid_entry r ON r.city_code = s.city_code AND r.tap_id = s.tap_id AND r.kind = 'returned'
      LEFT JOIN meal_void v ON v.city_code = s.city_code AND v.tap_id = s.tap_id
      JOIN tap_claim c ON c.city_code = s.city_code AND c.tap_id = s.tap_id
      WHERE ${CITY('s')} AND s.kind = 'spent' AND ${here('c.booked_month')}
        AND ((v.tap_id IS NULL) <> (r.tap_id IS NULL) OR (r.tap_id IS NOT NULL AND (r.fen <> -s.fen OR r.elder_id <> s.elder_id OR r.cause <> v.void_id::text)))
      UNION ALL
      SELECT 'return without what was spent ' || r.tap_id FROM prepaid_entry r
      LEFT JOIN prepaid_entry s ON s.city_code = r.city_code AND s.tap_id = r.tap_id AND s.kind = 'spent'
      WHERE ${CITY('r')} AND r.kind = 'returned' AND s.tap_id IS NULL`,
  },
];
