import type { Invariant } from './invariant.js';

const CITY = (alias: string): string => `($1::text IS NULL OR ${alias}.city_code = $1)`;

/** When a sale counts as made: by the till's clock offline, by the server's online (the clock that judges its card). */
const MOMENT = 'CASE WHEN m.offline THEN m.device_time ELSE m.received_at END';

/** What must hold of tills, times, cards and the people behind them. */
export const TILL_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I16', sentence: '每台终端的流水号从 1 连续编号、不缺不重，每条的前序哈希等于上一条的哈希（已标记断链的除外）',
    sql: `
      SELECT 'numbers of ' || c.terminal_id AS what FROM tap_claim c WHERE ${CITY('c')}
      GROUP BY c.city_code, c.terminal_id HAVING min(c.journal_number) <> 1 OR max(c.journal_number) <> count(*) OR count(*) <> count(DISTINCT c.journal_number)
      UNION ALL
      SELECT 'chain at ' || j.terminal_id || ' ' || j.journal_number FROM (
        SELECT c.*, lag(c.entry_hash) OVER w AS before, lag(c.tap_id) OVER w AS tap_before, lag(c.journal_number) OVER w AS number_before
        FROM tap_claim c WHERE ${CITY('c')} WINDOW w AS (PARTITION BY c.city_code, c.terminal_id ORDER BY c.journal_number)
      ) j
      LEFT JOIN meal m ON m.city_code = j.city_code AND m.tap_id = j.tap_id
      LEFT JOIN meal b ON b.city_code = j.city_code AND b.tap_id = j.tap_before
      WHERE (CASE WHEN j.journal_number = 1 THEN repeat('0', 64) WHEN j.number_before = j.journal_number - 1 THEN j.before ELSE j.prev_hash END) <> j.prev_hash
        AND NOT 'chain-broken' = ANY (coalesce(m.flags, '{}') || coalesce(b.flags, '{}'))`,
  },
  {
    id: 'I17', sentence: '用餐时间不晚于收到时间 5 分钟以上；离线超过 24 小时的已标记待核，超过 72 小时的没有补贴；纸质单有自己的期限，至多 32 天',
    sql: `
      SELECT 'time of ' || m.tap_id AS what FROM meal m
      WHERE ${CITY('m')} AND m.outcome = 'accepted' AND (
        m.device_time > m.received_at + interval '5 minutes'
        OR (NOT m.offline AND m.received_at > m.device_time + interval '5 minutes' AND NOT 'clock-skew' = ANY (m.flags))
        OR (m.received_at > m.device_time + interval '24 hours' AND NOT 'review' = ANY (m.flags))
        OR (m.received_at > m.device_time + CASE WHEN 'slip' = ANY (m.flags) THEN interval '32 days' ELSE interval '72 hours' END AND NOT 'sent-too-late' = ANY (m.flags))
        OR (m.subsidy_fen > 0 AND 'sent-too-late' = ANY (m.flags)))`,
  },
  {
    id: 'I18', sentence: '挂失以后刷的卡不计入老人名下；按姓名或凭本人的码认出的（代记、纸质单、用餐码）不靠卡',
    sql: `
      SELECT 'lost card at ' || m.tap_id AS what FROM meal m
      JOIN elder_card_event lost ON lost.city_code = m.city_code AND lost.card_id = m.card_id AND lost.kind = 'lost' AND lost.at <= ${MOMENT}
      WHERE ${CITY('m')} AND m.outcome = 'accepted' AND m.elder_id IS NOT NULL AND NOT m.flags && '{entered-for,slip}'
        AND NOT EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id)
        AND NOT EXISTS (SELECT FROM code_use u WHERE u.city_code = m.city_code AND u.tap_id = m.tap_id) AND NOT EXISTS (
        SELECT FROM elder_card_event found
        WHERE found.city_code = lost.city_code AND found.card_id = lost.card_id AND found.kind = 'found' AND found.at >= lost.at AND found.at <= m.received_at)`,
  },
  {
    id: 'I19', sentence: '不在资格有效期内的人（已故、类别未生效或已终止）没有补贴',
    sql: `
      SELECT 'after death ' || m.tap_id AS what FROM meal m
      JOIN elder e ON e.city_code = m.city_code AND e.elder_id = m.elder_id
      WHERE ${CITY('m')} AND m.subsidy_fen > 0 AND m.meal_date > e.died_on AND e.died_recorded_at <= m.received_at
      UNION ALL
      SELECT 'category ' || split_part(f.value, ':', 1) || ' of ' || m.tap_id FROM meal m,
        jsonb_to_recordset(coalesce(m.explanation -> 'reasons', '[]')) AS r (facts jsonb),
        jsonb_to_recordset(coalesce(r.facts, '[]')) AS f (fact text, value text)
      WHERE ${CITY('m')} AND m.subsidy_fen > 0 AND f.fact = 'category' AND NOT EXISTS (
        SELECT FROM elder_category c
        WHERE c.city_code = m.city_code AND c.elder_id = m.elder_id AND c.code = split_part(f.value, ':', 1) AND NOT c.withdrawn
          AND c.from_date <= m.meal_date AND (c.to_date IS NULL OR c.to_date >= m.meal_date))
      UNION ALL
      SELECT 'nobody of ' || m.tap_id FROM meal m
      LEFT JOIN elder e ON e.city_code = m.city_code AND e.elder_id = m.elder_id
      WHERE ${CITY('m')} AND m.subsidy_fen > 0 AND e.elder_id IS NULL`,
  },
];
