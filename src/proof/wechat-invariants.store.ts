import type { Invariant } from './invariant.js';

const CITY = (alias: string): string => `($1::text IS NULL OR ${alias}.city_code = $1)`;

/** The day in China of a moment. */
const day = (moment: string): string => `(${moment} AT TIME ZONE 'Asia/Shanghai')::date`;

/** Whether the bill of a sub-merchant's day was fetched. */
const fetched = (city: string, sub: string, date: string): string => `EXISTS (SELECT FROM trade_bill f WHERE f.city_code = ${city} AND f.sub_mchid = ${sub} AND f.bill_date = ${date})`;

/** Whether all its bills from one day to another were. */
const fetchedAll = (city: string, sub: string, from: string, to: string): string =>
  `NOT EXISTS (SELECT FROM generate_series(${from}, ${to}, interval '1 day') AS d (day) WHERE NOT ${fetched(city, sub, 'd.day::date')})`;

/**
 * What must hold of payments by WeChat: every line of every bill is an order or a refund of ours as it stands, and every
 * one of ours whose bill was fetched is in it; a refund may stand in an earlier one than the day we heard of it. An order is never open so long that a whole day's bill went past it.
 */
export const WECHAT_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I22', sentence: '每一笔微信付款和退款与次日的交易账单逐笔相符；没有一笔付款过了一天还不明',
    sql: `
      SELECT 'payment in the bill ' || l.number AS what FROM trade_bill_line l
      LEFT JOIN wechat_order o ON o.city_code = l.city_code AND o.order_id = l.order_id AND o.sub_mchid = l.sub_mchid
      LEFT JOIN trade_bill_line u ON u.city_code = l.city_code AND u.order_id = l.order_id AND u.kind = 'reversed'
      WHERE ${CITY('l')} AND l.kind = 'paid' AND (o.order_id IS NULL OR o.fen <> l.fen OR NOT CASE
        WHEN o.state = 'paid' THEN o.transaction_id = l.transaction_id AND u.order_id IS NULL
        WHEN o.state = 'closed' AND o.closed_by = 'reversed' THEN u.order_id IS NOT NULL OR NOT ${fetched('o.city_code', 'o.sub_mchid', day('o.settled_at'))}
        ELSE false END)
      UNION ALL
      SELECT 'reversal in the bill ' || l.number FROM trade_bill_line l
      LEFT JOIN wechat_order o ON o.city_code = l.city_code AND o.order_id = l.order_id AND o.sub_mchid = l.sub_mchid
      WHERE ${CITY('l')} AND l.kind = 'reversed' AND (o.order_id IS NULL OR o.fen <> l.fen OR o.closed_by IS DISTINCT FROM 'reversed')
      UNION ALL
      SELECT 'refund in the bill ' || l.number FROM trade_bill_line l
      LEFT JOIN wechat_refund r ON r.city_code = l.city_code AND r.refund_id = l.refund_id AND r.order_id = l.order_id
      WHERE ${CITY('l')} AND l.kind = 'refund' AND (r.refund_id IS NULL OR r.fen <> l.fen OR r.state = 'failed')
      UNION ALL
      SELECT 'line twice ' || l.number FROM trade_bill_line l WHERE ${CITY('l')} GROUP BY l.city_code, l.sub_mchid, l.kind, l.number HAVING count(*) > 1
      UNION ALL
      SELECT 'paid and in no bill ' || o.order_id FROM wechat_order o
      LEFT JOIN trade_bill_line l ON l.city_code = o.city_code AND l.order_id = o.order_id AND l.kind = 'paid'
      WHERE ${CITY('o')} AND o.state = 'paid' AND l.order_id IS NULL AND ${fetched('o.city_code', 'o.sub_mchid', day('o.paid_at'))}
      UNION ALL
      SELECT 'given back and in no bill ' || r.refund_id FROM wechat_refund r
      JOIN wechat_order o ON o.city_code = r.city_code AND o.order_id = r.order_id
      LEFT JOIN trade_bill_line l ON l.city_code = r.city_code AND l.refund_id = r.refund_id
      WHERE ${CITY('r')} AND r.state = 'done' AND l.refund_id IS NULL AND ${fetchedAll('o.city_code', 'o.sub_mchid', day('r.asked_at'), day('r.settled_at'))}
      UNION ALL
      SELECT 'bill and its lines ' || b.bill_date || ' ' || b.sub_mchid FROM trade_bill b
      LEFT JOIN trade_bill_line l ON l.city_code = b.city_code AND l.bill_date = b.bill_date AND l.sub_mchid = b.sub_mchid
      WHERE ${CITY('b')} GROUP BY b.city_code, b.bill_date, b.sub_mchid
      HAVING b.lines <> count(l.line) OR b.paid_fen <> coalesce(sum(l.fen) FILTER (WHERE l.kind = 'paid'), 0)
        OR b.reversed_fen <> coalesce(sum(l.fen) FILTER (WHERE l.kind = 'reversed'), 0) OR b.refund_fen <> coalesce(sum(l.fen) FILTER (WHERE l.kind = 'refund'), 0)
      UNION ALL
      SELECT 'open for days ' || o.order_id FROM wechat_order o
      WHERE ${CITY('o')} AND o.look_at IS NOT NULL AND ${fetched('o.city_code', 'o.sub_mchid', `${day('o.expires_at')} + 1`)}`,
  },
];
