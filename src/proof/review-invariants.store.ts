import { ALWAYS_LOOKED_AT } from '../review/domain/index.js';
import { here } from './detached.js';
import type { Invariant } from './invariant.js';

const CITY = (alias: string): string => `($1::text IS NULL OR ${alias}.city_code = $1)`;
const ALWAYS = `ARRAY['${ALWAYS_LOOKED_AT.join("', '")}']`;
const DAY = (a: string, b: string): string => ['city_code', 'booked_month', 'site_id', 'meal_date'].map((column) => `${a}.${column} = ${b}.${column}`).join(' AND ');

/** Days whose newest seal was drawn from and that nothing has changed since, with what all their draws come to. */
const DRAWN = `
  SELECT s.city_code, s.booked_month, s.site_id, s.meal_date, sum(d.meals) AS meals, sum(d.marked) AS marked FROM day_seal s
  LEFT JOIN review_draw d ON d.city_code = s.city_code AND d.log_index = s.log_index
  WHERE ${CITY('s')} AND ${here('s.booked_month')} AND NOT EXISTS (SELECT FROM seal_due u WHERE ${DAY('u', 's')})
  GROUP BY 1, 2, 3, 4 HAVING count(*) = count(d.log_index)`;

/** What must hold of the samples: they hold what the rule says, and nobody took a meal out. */
export const REVIEW_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I35', sentence: '抽过样的封存日，凡有必查标记的用餐都在抽查名单内，随机抽中的餐数与当日比例相符',
    sql: `
      WITH drawn AS MATERIALIZED (${DRAWN}), meals AS (
        SELECT w.city_code, w.booked_month, w.site_id, w.meal_date, w.meals, w.marked, m.tap_id, m.flags && ${ALWAYS} AS is_marked
        FROM drawn w LEFT JOIN meal m ON ${DAY('m', 'w')} AND m.outcome = 'accepted'
      )
      SELECT 'marked and not in the sample ' || m.tap_id AS what FROM meals m
      WHERE m.is_marked AND NOT EXISTS (SELECT FROM review_meal r WHERE r.city_code = m.city_code AND r.tap_id = m.tap_id)
      UNION ALL
      SELECT 'drawn from other meals ' || m.site_id || ' ' || m.meal_date FROM meals m
      GROUP BY m.city_code, m.booked_month, m.site_id, m.meal_date, m.meals, m.marked HAVING count(m.tap_id) <> m.meals OR count(*) FILTER (WHERE m.is_marked) <> m.marked
      UNION ALL
      SELECT 'drawn by another rule ' || d.log_index FROM review_draw d
      WHERE ${CITY('d')} AND d.by_lot <> LEAST(d.meals - d.marked, GREATEST(d.least, ((d.meals - d.marked) * d.rate_basis_points + 9999) / 10000))
      UNION ALL
      SELECT 'sample of draw ' || d.log_index FROM review_draw d LEFT JOIN review_meal r ON r.city_code = d.city_code AND r.log_index = d.log_index
      WHERE ${CITY('d')} GROUP BY d.city_code, d.log_index, d.marked, d.by_lot HAVING count(r.tap_id) <> d.marked + d.by_lot
    `,
  },
];
