import { afterDetached, here } from './detached.js';
import type { Invariant } from './invariant.js';

const CITY = (alias: string): string => `($1::text IS NULL OR ${alias}.city_code = $1)`;

/** Meals that stand: accepted, and not taken back. */
const STANDING = `
  SELECT m.* FROM meal m
  WHERE ${CITY('m')} AND m.outcome = 'accepted'
    AND NOT EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id)`;

/** What was booked for each tap when it was recorded, by the side that bears it. */
const BOOKED = `
  SELECT t.city_code, t.cause_id AS tap_id, t.booked_month, sum(t.fen) AS fen,
    sum(t.fen) FILTER (WHERE t.debit_account LIKE 'cash/%') AS cash, sum(t.fen) FILTER (WHERE t.debit_account LIKE 'borne/%') AS borne
  FROM ledger_transfer t WHERE ${CITY('t')} AND t.kind = 'meal' GROUP BY t.city_code, t.cause_id, t.booked_month`;

/** What must hold of each tap: once, kept, split to the fen. */
export const TAP_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I04', sentence: '刷卡编号唯一，一次刷卡至多记一次账、至多撤销一次',
    sql: `
      SELECT 'tap twice ' || m.tap_id AS what FROM meal m WHERE ${CITY('m')} GROUP BY m.city_code, m.tap_id HAVING count(*) > 1
      UNION ALL
      SELECT 'charged twice ' || t.cause_id FROM ledger_transfer t WHERE ${CITY('t')} AND t.kind = 'meal'
      GROUP BY t.city_code, t.cause_id, t.debit_account HAVING count(*) > 1
      UNION ALL
      SELECT 'charged by another deed ' || t.cause_id FROM ledger_transfer t WHERE ${CITY('t')} AND t.kind = 'meal' AND t.transfer_id <> t.cause_id
      UNION ALL
      SELECT 'taken back twice ' || v.tap_id FROM meal_void v WHERE ${CITY('v')} GROUP BY v.city_code, v.tap_id HAVING count(*) > 1`,
  },
  {
    id: 'I05', sentence: '已答复的刷卡都能查到且已入账，被拒绝的刷卡没有任何分录',
    sql: `
      SELECT 'claim without its meal ' || c.tap_id AS what FROM tap_claim c
      LEFT JOIN meal m ON m.city_code = c.city_code AND m.booked_month = c.booked_month AND m.tap_id = c.tap_id
      WHERE ${CITY('c')} AND c.kind = 'tap' AND m.tap_id IS NULL AND ${here('c.booked_month')}
      UNION ALL
      SELECT 'claim without its void ' || c.tap_id FROM tap_claim c
      LEFT JOIN meal_void v ON v.city_code = c.city_code AND v.void_id = c.tap_id
      WHERE ${CITY('c')} AND c.kind = 'void' AND v.void_id IS NULL
      UNION ALL
      SELECT 'meal without its claim ' || m.tap_id FROM meal m
      LEFT JOIN tap_claim c ON c.city_code = m.city_code AND c.tap_id = m.tap_id AND c.booked_month = m.booked_month
      WHERE ${CITY('m')} AND c.tap_id IS NULL
      UNION ALL
      SELECT 'meal and books differ ' || coalesce(m.tap_id, b.tap_id) FROM (SELECT * FROM meal m WHERE ${CITY('m')}) m
      FULL JOIN (${BOOKED}) b ON b.city_code = m.city_code AND b.booked_month = m.booked_month AND b.tap_id = m.tap_id
      WHERE coalesce(CASE WHEN m.outcome = 'accepted' THEN m.price_fen END, 0) <> coalesce(b.fen, 0)
      UNION ALL
      SELECT 'void and books differ ' || v.void_id FROM meal_void v
      JOIN meal m ON m.city_code = v.city_code AND m.booked_month = v.original_month AND m.tap_id = v.tap_id
      LEFT JOIN (SELECT t.city_code, t.transfer_id, t.booked_month, sum(t.fen) FILTER (WHERE t.debit_account LIKE 'sales/%') AS fen
        FROM ledger_transfer t WHERE ${CITY('t')} AND t.kind = 'void' GROUP BY 1, 2, 3) b
        ON b.city_code = v.city_code AND b.transfer_id = v.void_id AND b.booked_month = v.booked_month
      WHERE ${CITY('v')} AND m.price_fen <> coalesce(b.fen, 0)
      UNION ALL
      SELECT 'refused but shared ' || m.tap_id FROM meal m
      JOIN meal_share h ON h.city_code = m.city_code AND h.booked_month = m.booked_month AND h.tap_id = m.tap_id
      WHERE ${CITY('m')} AND m.outcome = 'refused'`,
  },
  {
    id: 'I06', sentence: '同一编号、同一内容的答复永远相同，且与所记的餐一致',
    sql: `
      SELECT 'answer differs ' || m.tap_id AS what FROM meal m
      WHERE ${CITY('m')} AND CASE WHEN NOT m.answer ? 'tapId' THEN coalesce(m.answer ->> 'sentence', '') = '' OR jsonb_typeof(m.answer -> 'funding') IS DISTINCT FROM 'array' ELSE (
        m.answer ->> 'tapId' IS DISTINCT FROM m.tap_id::text OR m.answer ->> 'outcome' IS DISTINCT FROM m.outcome OR m.answer ->> 'code' IS DISTINCT FROM m.code
        OR (m.answer ->> 'priceFen')::bigint IS DISTINCT FROM m.price_fen OR (m.answer ->> 'selfPayFen')::bigint IS DISTINCT FROM m.self_pay_fen
        OR (m.answer ->> 'subsidyFen')::bigint IS DISTINCT FROM m.subsidy_fen OR m.answer ->> 'mealDate' IS DISTINCT FROM m.meal_date::text
        OR m.answer ->> 'bookedMonth' IS DISTINCT FROM m.booked_month::text) END
      UNION ALL
      SELECT 'body hash ' || c.tap_id FROM tap_claim c WHERE ${CITY('c')} AND (c.body_hash !~ '^[0-9a-f]{64}$' OR c.entry_hash !~ '^[0-9a-f]{64}$')`,
  },
  {
    id: 'I07', sentence: '每位老人每日、每周、每月享受补贴的次数和金额与所记的餐一致，且不超过政策上限',
    sql: `
      WITH eaten AS (
        SELECT x.city_code, x.elder_id, x.rule_id, x.period_key, sum(x.count) AS count, sum(x.fen) AS fen FROM (
          SELECT m.city_code, m.elder_id, u."ruleId" AS rule_id, u."periodKey" AS period_key, u.count, u.fen
          FROM (${STANDING}) m, jsonb_to_recordset(coalesce(m.explanation -> 'uses', '[]')) AS u ("ruleId" text, "periodKey" text, count int, fen bigint)
          WHERE m.elder_id IS NOT NULL
          UNION ALL
          SELECT m.city_code, m.elder_id, r.rule_id, r.period_key, r.count, r.fen
          FROM (${STANDING}) m JOIN meal_use_change r ON r.city_code = m.city_code AND r.tap_id = m.tap_id
        ) x GROUP BY 1, 2, 3, 4
      ), counted AS (SELECT * FROM subsidy_use s WHERE ${CITY('s')}),
      both_sides AS (
        SELECT coalesce(e.city_code, c.city_code) AS city_code, coalesce(e.elder_id, c.elder_id) AS elder_id, coalesce(e.rule_id, c.rule_id) AS rule_id, coalesce(e.period_key, c.period_key) AS period_key,
          coalesce(e.count, 0) AS eaten, coalesce(c.count, 0) AS counted, coalesce(e.fen, 0) AS eaten_fen, coalesce(c.fen, 0) AS counted_fen
        FROM eaten e FULL JOIN counted c ON c.city_code = e.city_code AND c.elder_id = e.elder_id AND c.rule_id = e.rule_id AND c.period_key = e.period_key
      ), limits AS (
        SELECT l."cityCode" AS city_code, l."countsAs" AS rule_id, l.per, max(l.count) AS count, max(l.fen) AS fen
        FROM jsonb_to_recordset($2::jsonb -> 'limits') AS l ("cityCode" text, "countsAs" text, per text, count int, fen bigint) GROUP BY 1, 2, 3
      )
      SELECT 'counter differs ' || b.elder_id || ' ' || b.rule_id || ' ' || b.period_key AS what FROM both_sides b
      WHERE (b.eaten <> b.counted OR b.eaten_fen <> b.counted_fen) AND ${afterDetached('b.period_key')}
      UNION ALL
      SELECT 'above the limit ' || b.elder_id || ' ' || b.rule_id || ' ' || b.period_key FROM both_sides b
      JOIN limits l ON l.city_code = b.city_code AND l.rule_id = b.rule_id AND l.per = CASE
        WHEN b.period_key LIKE 'd:%:%' THEN 'period' WHEN b.period_key LIKE 'd:%' THEN 'day' WHEN b.period_key LIKE 'w:%' THEN 'week' WHEN b.period_key LIKE 'm:%' THEN 'month' END
      WHERE b.eaten > l.count OR b.eaten_fen > l.fen`,
  },
  {
    id: 'I08', sentence: '每餐自付、各级补贴与食堂承担之和等于原价，各份不为负，且与账上一致',
    sql: `
      SELECT 'price and parts differ ' || m.tap_id AS what FROM meal m
      WHERE ${CITY('m')} AND (m.self_pay_fen + m.subsidy_fen + m.site_borne_fen <> m.price_fen OR least(m.self_pay_fen, m.subsidy_fen, m.site_borne_fen) < 0)
      UNION ALL
      SELECT 'subsidy and shares differ ' || m.tap_id FROM meal m
      LEFT JOIN (SELECT h.city_code, h.booked_month, h.tap_id, sum(h.fen) AS fen, min(h.fen) AS least FROM meal_share h WHERE ${CITY('h')} GROUP BY 1, 2, 3) h
        ON h.city_code = m.city_code AND h.booked_month = m.booked_month AND h.tap_id = m.tap_id
      WHERE ${CITY('m')} AND (coalesce(h.fen, 0) <> m.subsidy_fen OR h.least < 0)
      UNION ALL
      SELECT 'own share and books differ ' || m.tap_id FROM meal m
      LEFT JOIN (${BOOKED}) b ON b.city_code = m.city_code AND b.booked_month = m.booked_month AND b.tap_id = m.tap_id
      WHERE ${CITY('m')} AND (coalesce(b.cash, 0) <> m.self_pay_fen OR coalesce(b.borne, 0) <> m.site_borne_fen)
      UNION ALL
      SELECT 'share and books differ ' || coalesce(h.tap_id, t.cause_id) FROM (SELECT * FROM meal_share h WHERE ${CITY('h')}) h
      FULL JOIN (SELECT * FROM ledger_transfer t WHERE ${CITY('t')} AND t.kind = 'meal' AND t.debit_account LIKE 'due/%') t
        ON t.city_code = h.city_code AND t.booked_month = h.booked_month AND t.cause_id = h.tap_id AND split_part(t.debit_account, '/', 3) = h.funder_code
      WHERE h.fen IS DISTINCT FROM t.fen`,
  },
];
