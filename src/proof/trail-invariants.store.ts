import { here } from './detached.js';
import type { Invariant } from './invariant.js';

const CITY = (alias: string): string => `($1::text IS NULL OR ${alias}.city_code = $1)`;

const TEXT = (column: string): string => `coalesce(to_json(${column})::text, 'null')`;

/** The canonical JSON that an audit row's hash is taken over, its keys in the order of the alphabet. */
const AUDIT_TEXT = `
  '{"action":' || to_json(a.action)::text || ',"actor":' || to_json(a.actor)::text || ',"afterHash":' || ${TEXT('a.after_hash')}
  || ',"at":' || (extract(epoch FROM a.at) * 1000)::bigint || ',"beforeHash":' || ${TEXT('a.before_hash')} || ',"cityCode":' || to_json(a.city_code)::text
  || ',"objectId":' || to_json(a.object_id)::text || ',"objectKind":' || to_json(a.object_kind)::text || ',"prevHash":' || to_json(a.prev_hash)::text
  || ',"reason":' || ${TEXT('a.reason')} || ',"seq":' || a.seq || '}'`;

/** Every change of money that a person or a job made, with the audit row that must stand beside it. */
const CHANGES = `
  SELECT v.city_code, 'meal.void' AS action, v.tap_id::text AS object FROM meal_void v WHERE ${CITY('v')}
  UNION ALL SELECT DISTINCT a.city_code, 'meal.adjustment', a.tap_id::text FROM meal_adjustment a WHERE ${CITY('a')} AND a.cause NOT IN ('lateFact', 'backdatedRule')
  UNION ALL SELECT r.city_code, 'restatement.confirm', r.restatement_id::text FROM restatement r WHERE ${CITY('r')} AND r.state = 'accepted'
  UNION ALL SELECT m.city_code, 'settlement.close', m.month FROM settlement_run m WHERE ${CITY('m')}
  UNION ALL SELECT s.city_code, 'claim.' || s.step, s.claim_id::text FROM claim_step s WHERE ${CITY('s')} AND s.step IN ('build', 'rebuild', 'submit', 'township', 'county', 'financeReview', 'release', 'pay')
  UNION ALL SELECT k.city_code, 'claim.cut', k.claim_id::text FROM claim_cut k WHERE ${CITY('k')}
  UNION ALL SELECT b.city_code, 'batch.make', b.batch_id::text FROM batch b WHERE ${CITY('b')}
  UNION ALL SELECT p.city_code, 'receipt.import', p.receipt_id::text FROM payment_receipt p WHERE ${CITY('p')}
  UNION ALL SELECT e.city_code, 'budget.record', e.entry_id::text FROM budget_entry e WHERE ${CITY('e')}
  UNION ALL SELECT n.city_code, 'recovery.sign', n.notice_id::text FROM recovery_notice n WHERE ${CITY('n')} AND n.signed_at IS NOT NULL`;

/** Ids that rows about money name, with the table that owns them. */
const NAMED = `
  SELECT DISTINCT m.city_code, 'site' AS kind, m.site_id AS id FROM meal m WHERE ${CITY('m')}
  UNION SELECT DISTINCT m.city_code, 'terminal', m.terminal_id FROM meal m WHERE ${CITY('m')}
  UNION SELECT DISTINCT m.city_code, 'elder', m.elder_id FROM meal m WHERE ${CITY('m')} AND m.elder_id IS NOT NULL
  UNION SELECT DISTINCT m.city_code, 'card', m.card_id FROM meal m WHERE ${CITY('m')} AND m.card_id IS NOT NULL
  UNION SELECT DISTINCT t.city_code, 'site', t.site_id FROM ledger_transfer t WHERE ${CITY('t')} AND t.site_id IS NOT NULL
  UNION SELECT DISTINCT u.city_code, 'elder', u.elder_id FROM subsidy_use u WHERE ${CITY('u')}`;

const OWNERS = `
  SELECT s.city_code, 'site' AS kind, s.site_id AS id FROM site s
  UNION ALL SELECT t.city_code, 'terminal', t.terminal_id FROM access_terminal t
  UNION ALL SELECT e.city_code, 'elder', e.elder_id FROM elder e
  UNION ALL SELECT c.city_code, 'card', c.card_id FROM elder_card c`;

/** An identity, telephone or card number among other text, once ids and hashes are taken out of it. */
// The first test is cheap, and few rows pass it.
const LOOKS_PERSONAL = (text: string): string => `
  ${text} ~ '[0-9]{11}' AND regexp_replace(${text}, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}', '', 'g') ~ '(^|[^0-9])([0-9]{17}[0-9Xx]|1[3-9][0-9]{9}|[0-9]{16}|[0-9]{19})([^0-9]|$)'`;

/** Whether a line about a meal has none, though its month is in the books. */
const WITHOUT_MEAL = `(m.tap_id IS NULL AND NOT EXISTS (SELECT FROM tap_claim t WHERE t.city_code = l.city_code AND t.tap_id = l.tap_id AND NOT (${here('t.booked_month')})))`;

/** What must hold of the trails that work leaves: audit, jobs, and what crosses cities or names people. */
export const TRAIL_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I20', sentence: '审计链逐条相连、内容与哈希相符，每次变动资金都有且只有一条审计记录',
    sql: `
      SELECT 'chain of ' || a.city_code || ' at ' || a.seq AS what FROM (
        SELECT a.*, lag(a.hash) OVER w AS before, lag(a.seq) OVER w AS seq_before FROM audit a WHERE ${CITY('a')} WINDOW w AS (PARTITION BY a.city_code ORDER BY a.seq)
      ) a
      WHERE a.seq <> coalesce(a.seq_before, 0) + 1 OR a.prev_hash <> coalesce(a.before, repeat('0', 64)) OR a.hash <> encode(sha256(convert_to(${AUDIT_TEXT}, 'UTF8')), 'hex')
      UNION ALL
      SELECT 'audit of ' || c.action || ' ' || c.object FROM (SELECT c.city_code, c.action, c.object, count(*) AS changes FROM (${CHANGES}) c GROUP BY 1, 2, 3) c
      LEFT JOIN (SELECT a.city_code, a.action, a.object_id, count(*) AS rows FROM audit a WHERE ${CITY('a')} GROUP BY 1, 2, 3) a
        ON a.city_code = c.city_code AND a.action = c.action AND a.object_id = c.object
      WHERE CASE WHEN c.action IN ('meal.adjustment', 'restatement.confirm') THEN a.rows IS NULL ELSE coalesce(a.rows, 0) <> c.changes END`,
  },
  {
    id: 'I21', sentence: '后台任务 15 分钟内都已办理，办结的任务其结果确实存在',
    sql: `
      SELECT 'waiting ' || o.job || ' ' || o.outbox_id AS what FROM outbox o
      WHERE ${CITY('o')} AND o.handled_at IS NULL AND o.dead_at IS NULL AND o.entered_at < clock_timestamp() - interval '15 minutes'
      UNION ALL
      SELECT 'without effect ' || o.job || ' ' || o.outbox_id FROM outbox o
      JOIN claim c ON c.city_code = o.city_code AND c.claim_id::text = o.job_key AND c.state = 'building'
      WHERE ${CITY('o')} AND o.job = 'settlement.build-claim' AND o.handled_at IS NOT NULL
      UNION ALL
      SELECT 'without effect ' || o.job || ' ' || o.outbox_id FROM outbox o
      LEFT JOIN proof_run r ON r.city_code = o.city_code AND r.ran_for::text = o.job_key
      WHERE ${CITY('o')} AND o.job = 'proof.nightly' AND o.handled_at IS NOT NULL AND r.ran_for IS NULL`,
  },
  {
    id: 'I23', sentence: '退还与追缴不超过原付金额，通知数等于所含各餐之和',
    sql: `
      SELECT 'refund above payment ' || l.tap_id AS what FROM restatement_line l
      JOIN restatement r ON r.city_code = l.city_code AND r.restatement_id = l.restatement_id AND r.state = 'accepted'
      LEFT JOIN meal m ON m.city_code = l.city_code AND m.tap_id = l.tap_id
      WHERE ${CITY('l')} AND (${WITHOUT_MEAL} OR l.refund_fen > m.self_pay_fen)
      UNION ALL
      SELECT 'recovery without its meal ' || l.tap_id FROM recovery_line l LEFT JOIN meal m ON m.city_code = l.city_code AND m.tap_id = l.tap_id
      WHERE ${CITY('l')} AND (${WITHOUT_MEAL} OR m.outcome = 'refused')
      UNION ALL
      SELECT 'recovery and shares differ ' || l.tap_id FROM recovery_line l
      LEFT JOIN (SELECT s.city_code, s.line_id, sum(s.fen) AS fen FROM recovery_share s WHERE ${CITY('s')} GROUP BY 1, 2) s ON s.city_code = l.city_code AND s.line_id = l.line_id
      WHERE ${CITY('l')} AND l.fen IS DISTINCT FROM s.fen
      UNION ALL
      SELECT 'notice and lines differ ' || n.notice_number FROM recovery_notice n
      LEFT JOIN (SELECT l.city_code, l.notice_id, sum(l.fen) AS fen FROM recovery_line l WHERE ${CITY('l')} GROUP BY 1, 2) l ON l.city_code = n.city_code AND l.notice_id = n.notice_id
      WHERE ${CITY('n')} AND n.state IN ('signed', 'repaid') AND n.fen IS DISTINCT FROM l.fen`,
  },
  {
    id: 'I24', sentence: '没有一条记录引用别市的场所、终端、老人或卡',
    sql: `
      SELECT n.kind || ' of another city ' || n.id AS what FROM (${NAMED}) n
      JOIN (${OWNERS}) o ON o.kind = n.kind AND o.id = n.id GROUP BY n.city_code, n.kind, n.id HAVING bool_and(o.city_code <> n.city_code)
      UNION ALL
      SELECT 'funder of another city ' || h.funder_code FROM (SELECT DISTINCT h.city_code, h.funder_code FROM meal_share h WHERE ${CITY('h')}) h
      JOIN region_funder f ON f.funder_code = h.funder_code GROUP BY h.city_code, h.funder_code HAVING bool_and(f.city_code <> h.city_code)`,
  },
  {
    id: 'I25', sentence: '后台任务、审计对象和提醒中没有身份证号、电话或卡号',
    sql: `
      SELECT 'job ' || o.job || ' ' || o.outbox_id AS what FROM outbox o
      WHERE ${CITY('o')} AND (${LOOKS_PERSONAL("o.payload::text || ' ' || o.job_key || ' ' || coalesce(o.failure, '')")})
      UNION ALL
      SELECT 'audit ' || a.city_code || ' ' || a.seq FROM audit a WHERE ${CITY('a')} AND (${LOOKS_PERSONAL("a.object_id || ' ' || a.actor")})
      UNION ALL
      SELECT 'proof of ' || r.ran_for FROM proof_run r WHERE ${CITY('r')} AND (${LOOKS_PERSONAL('r.violations::text')})`,
  },
  {
    id: 'I28', sentence: '没有搁置的任务，已封账月份的结算单都已生成或正在生成',
    sql: `
      SELECT 'dead ' || o.job || ' ' || o.outbox_id AS what FROM outbox o WHERE ${CITY('o')} AND o.handled_at IS NULL AND o.dead_at IS NOT NULL
      UNION ALL
      SELECT 'nobody builds ' || c.claim_id FROM claim c
      LEFT JOIN outbox o ON o.city_code = c.city_code AND o.job = 'settlement.build-claim' AND o.job_key = c.claim_id::text AND o.handled_at IS NULL AND o.dead_at IS NULL
      WHERE ${CITY('c')} AND c.state = 'building' AND o.outbox_id IS NULL`,
  },
];
