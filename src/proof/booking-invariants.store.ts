import { here } from './detached.js';
import type { Invariant } from './invariant.js';

const CITY = (alias: string): string => `($1::text IS NULL OR ${alias}.city_code = $1)`;

/** What must hold of bookings: handed out at most once, by a sale that stands, and nobody has two for one meal. */
export const BOOKING_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I37', sentence: '每份预订至多由一笔有效的用餐取走，状态与留痕一致',
    sql: `
      SELECT 'booking without the meal that took it ' || b.booking_id AS what FROM booking b
      LEFT JOIN meal m ON m.city_code = b.city_code AND m.tap_id = b.tap_id
      LEFT JOIN meal_void v ON v.city_code = b.city_code AND v.tap_id = b.tap_id
      WHERE ${CITY('b')} AND b.state = 'collected' AND (v.tap_id IS NOT NULL OR (m.tap_id IS NOT NULL AND (m.outcome <> 'accepted' OR m.site_id <> b.site_id OR m.meal_date <> b.meal_date)))
      UNION ALL
      SELECT 'booking taken by a meal that is not its own ' || b.booking_id FROM booking_event e
      JOIN booking b ON b.city_code = e.city_code AND b.booking_id = e.booking_id AND b.tap_id = e.tap_id
      JOIN meal m ON m.city_code = b.city_code AND m.tap_id = b.tap_id
      WHERE ${CITY('e')} AND e.kind = 'collected' AND e.reason = 'unnamed' AND (m.elder_id IS DISTINCT FROM b.elder_id OR m.meal_period <> b.meal_period)
      UNION ALL
      SELECT 'booking taken more often than opened again ' || e.booking_id FROM booking_event e JOIN booking b ON b.city_code = e.city_code AND b.booking_id = e.booking_id
      WHERE ${CITY('e')} GROUP BY e.city_code, e.booking_id, b.state
      HAVING count(*) FILTER (WHERE e.kind = 'collected') - count(*) FILTER (WHERE e.kind = 'reopened') <> CASE b.state WHEN 'collected' THEN 1 ELSE 0 END
      UNION ALL
      SELECT 'booking without all its events ' || b.booking_id FROM booking b
      WHERE ${CITY('b')} AND b.events <> (SELECT count(*) FROM booking_event e WHERE e.city_code = b.city_code AND e.booking_id = b.booking_id)`,
  },
];

/** What must hold of the money that was paid for bookings: it pays own shares, goes back, or is kept by rule until its meal turns out eaten, and nothing else. */
export const PAID_BOOKING_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I39', sentence: '预订时付的每一分钱：抵了个人应付、退回、按规定不退，或仍在预订里；抵扣与补收之和就是个人应付',
    sql: `
      SELECT 'money of ' || y.booking_id || ' by ' || y.order_id AS what FROM (
        SELECT m.city_code, m.booking_id, m.order_id, CASE WHEN m.kind IN ('paid', 'returned', 'excused') THEN m.fen ELSE -m.fen END AS fen FROM booking_money m
        UNION ALL SELECT b.city_code, b.booking_id, b.order_id, -b.held_fen FROM booking b WHERE b.order_id IS NOT NULL) y
      WHERE ${CITY('y')} GROUP BY y.city_code, y.booking_id, y.order_id HAVING sum(y.fen) <> 0
      UNION ALL
      SELECT 'excused without a meal or beyond what was kept ' || x.booking_id FROM booking_money x
      WHERE ${CITY('x')} AND x.kind IN ('kept', 'excused') GROUP BY x.city_code, x.booking_id
      HAVING sum(CASE x.kind WHEN 'excused' THEN x.fen ELSE -x.fen END) > 0 OR bool_or(x.kind = 'excused') AND NOT EXISTS (
        SELECT FROM booking_event e WHERE e.city_code = x.city_code AND e.booking_id = x.booking_id AND e.kind = 'collected')
      UNION ALL
      SELECT 'used and its meal ' || u.tap_id FROM booking_money u
      JOIN tap_claim c ON c.city_code = u.city_code AND c.tap_id = u.tap_id
      LEFT JOIN meal m ON m.city_code = u.city_code AND m.tap_id = u.tap_id AND m.tender = 'booked' AND m.outcome = 'accepted'
      WHERE ${CITY('u')} AND u.kind = 'used' AND ${here('c.booked_month')}
        AND (m.tap_id IS NULL OR (u.fen + (m.answer ->> 'dueFen')::bigint) <> m.self_pay_fen AND NOT ('booking-short' = ANY (m.flags) AND u.fen + (m.answer ->> 'dueFen')::bigint < m.self_pay_fen))
      UNION ALL
      SELECT 'used for no tap ' || u.tap_id FROM booking_money u LEFT JOIN tap_claim c ON c.city_code = u.city_code AND c.tap_id = u.tap_id
      WHERE ${CITY('u')} AND u.tap_id IS NOT NULL AND c.tap_id IS NULL
      UNION ALL
      SELECT 'void and its return to a booking ' || y.tap_id FROM booking_money y
      LEFT JOIN meal_void v ON v.city_code = y.city_code AND v.tap_id = y.tap_id
      WHERE ${CITY('y')} AND y.tap_id IS NOT NULL GROUP BY y.city_code, y.tap_id, v.void_id
      HAVING sum(CASE y.kind WHEN 'returned' THEN y.fen ELSE 0 END) <> CASE WHEN v.void_id IS NULL THEN 0 ELSE sum(CASE y.kind WHEN 'used' THEN y.fen ELSE 0 END) END
      UNION ALL
      SELECT 'paid without its order ' || p.order_id FROM booking_money p
      LEFT JOIN wechat_order o ON o.city_code = p.city_code AND o.order_id = p.order_id AND o.purpose = 'booking' AND o.reference_id = p.booking_id AND o.state = 'paid' AND o.fen = p.fen
      WHERE ${CITY('p')} AND p.kind = 'paid' AND o.order_id IS NULL`,
  },
];
