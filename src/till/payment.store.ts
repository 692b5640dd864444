import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** A sale as far as its payment goes. */
export interface SaleToPay {
  readonly terminalId: string;
  readonly siteId: string;
  readonly elderId: string | null;
  readonly mealDate: CivilDate;
  readonly outcome: 'accepted' | 'refused';
  readonly tender: string;
  readonly selfPayFen: number;
  readonly voided: boolean;
}

/** A sale that was written down; undefined for an id that none has. */
export async function readSale(tx: Tx, cityCode: string, tapId: string): Promise<SaleToPay | undefined> {
  const [row] = await tx.query<SaleToPay>(
    `SELECT m.terminal_id AS "terminalId", m.site_id AS "siteId", m.elder_id AS "elderId", m.meal_date AS "mealDate", m.outcome, m.tender, m.self_pay_fen AS "selfPayFen",
       EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id) AS voided
     FROM tap_claim c JOIN meal m ON m.city_code = c.city_code AND m.booked_month = c.booked_month AND m.tap_id = c.tap_id
     WHERE c.city_code = $1 AND c.tap_id = $2 AND c.kind = 'tap'`, [cityCode, tapId]);
  return row;
}

/**
 * Makes an order the one of its sale that may be charged: there is none yet, the one before is closed or goes back, or it
 * was never written down. Two that come at once wait for each other here.
 * @returns false while another may still bring money
 */
export async function takeTurn(tx: Tx, cityCode: string, tapId: string, orderId: string, now: Instant): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO till_payment AS p (city_code, tap_id, order_id, asked_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (city_code, tap_id) DO UPDATE SET order_id = EXCLUDED.order_id, asked_at = EXCLUDED.asked_at
     WHERE p.order_id = EXCLUDED.order_id OR coalesce(
       (SELECT o.state = 'closed' OR (o.state = 'paid' AND o.withdrawn) FROM wechat_order o WHERE o.city_code = p.city_code AND o.order_id = p.order_id), p.asked_at < EXCLUDED.asked_at - interval '1 minute')
     RETURNING tap_id`, [cityCode, tapId, orderId, at(now)]);
  return rows.length > 0;
}
