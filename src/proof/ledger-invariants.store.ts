import { here } from './detached.js';
import type { Invariant } from './invariant.js';

/** Debits and credits of transfers, a row for each side. */
const SIDES = `
  SELECT t.city_code, t.booked_month AS month, side.account, side.debit, side.credit
  FROM ledger_transfer t, LATERAL (VALUES (t.debit_account, t.fen, 0::bigint), (t.credit_account, 0::bigint, t.fen)) AS side (account, debit, credit)
  WHERE ($1::text IS NULL OR t.city_code = $1)`;

/** What must hold of the books, whatever is booked in them. $1 is the city, null for all. */
export const LEDGER_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I01', sentence: '复式记账：每笔转账借贷相等，每月全部账户借方合计等于贷方合计',
    sql: `
      SELECT 'transfer ' || t.transfer_id || '/' || t.leg AS what FROM ledger_transfer t
      WHERE ($1::text IS NULL OR t.city_code = $1) AND (t.fen <= 0 OR t.debit_account = t.credit_account)
      UNION ALL
      SELECT 'month ' || b.city_code || ' ' || b.month FROM ledger_balance b
      WHERE ($1::text IS NULL OR b.city_code = $1) GROUP BY b.city_code, b.month HAVING sum(b.debit_fen) <> sum(b.credit_fen)`,
  },
  {
    id: 'I02', sentence: '账户余额等于该账户全部分录之和',
    sql: `
      WITH posted AS (
        SELECT s.city_code, s.month, s.account, sum(s.debit) AS debit, sum(s.credit) AS credit, count(*) AS entries
        FROM (${SIDES}) s GROUP BY s.city_code, s.month, s.account
      ), kept AS (SELECT * FROM ledger_balance b WHERE ($1::text IS NULL OR b.city_code = $1))
      SELECT 'account ' || coalesce(k.account, p.account) || ' ' || coalesce(k.month, p.month) AS what
      FROM posted p FULL JOIN kept k ON k.city_code = p.city_code AND k.month = p.month AND k.account = p.account
      WHERE (p.debit IS DISTINCT FROM k.debit_fen OR p.credit IS DISTINCT FROM k.credit_fen OR p.entries IS DISTINCT FROM k.entries)
        AND ${here('coalesce(k.month, p.month)')}`,
  },
  {
    id: 'I03', sentence: '收银现金和营业额账户逐月累计不低于零：退出的从不多于收进的',
    sql: `
      SELECT 'below zero ' || b.account || ' ' || b.month AS what FROM (
        SELECT b.account, b.month, sum(CASE WHEN b.account LIKE 'cash/%' THEN b.debit_fen - b.credit_fen ELSE b.credit_fen - b.debit_fen END)
          OVER (PARTITION BY b.city_code, b.account ORDER BY b.month) AS left_fen
        FROM ledger_balance b WHERE ($1::text IS NULL OR b.city_code = $1) AND (b.account LIKE 'cash/%' OR b.account LIKE 'sales/%')
      ) b WHERE b.left_fen < 0`,
  },
];
