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
      SELECT 'booking taken more often than opened again ' || e.booking_id FROM booking_event e JOIN booking b ON b.city_code = e.city_code AND b.booking_id = e.booking_id
      WHERE ${CITY('e')} GROUP BY e.city_code, e.booking_id, b.state
      HAVING count(*) FILTER (WHERE e.kind = 'collected') - count(*) FILTER (WHERE e.kind = 'reopened') <> CASE b.state WHEN 'collected' THEN 1 ELSE 0 END
      UNION ALL
      SELECT 'booking without all its events ' || b.booking_id FROM booking b
      WHERE ${CITY('b')} AND b.events <> (SELECT count(*) FROM booking_event e WHERE e.city_code = b.city_code AND e.booking_id = b.booking_id)`,
  },
];
