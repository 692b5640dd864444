import type { CivilDate, CivilMonth, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { BookMonth, Transfer } from './domain/index.js';

/** Sums of one account in one month. */
export interface Balance {
  readonly account: string;
  readonly debitFen: number;
  readonly creditFen: number;
  readonly entries: number;
}

/** A month with the last day of meals that was declared over in it: what is booked for such a day is marked for a new seal. */
export type SharedMonth = BookMonth & { readonly daysOverTo: CivilDate | null };

/** Locks the city's months from one on against closing, waiting for a close that is under way; in order. */
export async function shareMonths(tx: Tx, cityCode: string, from: CivilMonth): Promise<SharedMonth[]> {
  return tx.query<SharedMonth>(
    'SELECT month, state, days_over_to AS "daysOverTo" FROM ledger_month WHERE city_code = $1 AND month >= $2 ORDER BY month FOR SHARE',
    [cityCode, from],
    'ledger.share-months',
  );
}

/** Locks the city's months up to one for closing. */
export async function lockMonthsTo(tx: Tx, cityCode: string, month: CivilMonth): Promise<(BookMonth & { rootHash: string | null })[]> {
  return tx.query(
    'SELECT month, state, root_hash AS "rootHash" FROM ledger_month WHERE city_code = $1 AND month <= $2 ORDER BY month FOR UPDATE',
    [cityCode, month],
  );
}

/**
 * Declares the days up to one over in every open month of a city. Waits for who is booking: after the commit, whoever
 * books for such a day knows that it is over.
 */
export async function endDays(tx: Tx, cityCode: string, lastDay: CivilDate): Promise<void> {
  await tx.query(
    `UPDATE ledger_month m SET days_over_to = $2 FROM (
       SELECT city_code, month FROM ledger_month WHERE city_code = $1 AND state = 'open' AND (days_over_to IS NULL OR days_over_to < $2) ORDER BY month FOR UPDATE) AS o
     WHERE m.city_code = o.city_code AND m.month = o.month`,
    [cityCode, lastDay],
  );
}

/** Opens months that are not there yet. */
export async function openMonths(tx: Tx, cityCode: string, months: readonly CivilMonth[], now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO ledger_month (city_code, month, state, opened_at) SELECT $1, m, 'open', $3 FROM unnest($2::text[]) m ORDER BY m
     ON CONFLICT (city_code, month) DO NOTHING`,
    [cityCode, months, at(now)],
  );
}

/** Sets a month closed for ever. */
export async function markClosed(tx: Tx, cityCode: string, month: CivilMonth, by: string, now: Instant, rootHash: string): Promise<void> {
  await tx.query(
    `UPDATE ledger_month SET state = 'closed', closed_at = $3, closed_by = $4, root_hash = $5 WHERE city_code = $1 AND month = $2`,
    [cityCode, month, at(now), by, rootHash],
  );
}

/** Every month of the city with its state, in order. */
export async function readMonths(tx: Tx, cityCode: string): Promise<(BookMonth & { closedAt: Instant | null; rootHash: string | null })[]> {
  return tx.query(
    'SELECT month, state, closed_at AS "closedAt", root_hash AS "rootHash" FROM ledger_month WHERE city_code = $1 ORDER BY month',
    [cityCode],
  );
}

/** Names accounts that are new; `accounts` in order, so that two transactions never wait for each other crosswise. */
export async function nameAccounts(
  tx: Tx, cityCode: string, accounts: readonly { account: string; kind: string; siteId: string | null; funderCode: string | null }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO ledger_account (city_code, account, kind, site_id, funder_code)
     SELECT $1, a.account, a.kind, a.site_id, a.funder_code
     FROM unnest($2::text[], $3::text[], $4::uuid[], $5::text[]) WITH ORDINALITY AS a (account, kind, site_id, funder_code, place)
     WHERE NOT EXISTS (SELECT FROM ledger_account k WHERE k.city_code = $1 AND k.account = a.account)
     ORDER BY a.place
     ON CONFLICT (city_code, account) DO NOTHING`,
    [cityCode, accounts.map((a) => a.account), accounts.map((a) => a.kind), accounts.map((a) => a.siteId), accounts.map((a) => a.funderCode)],
    'ledger.name-accounts',
  );
}

/** What a statement of transfers did. */
export interface Booked {
  readonly transfers: number;
  /** Accounts that had no balance in their month yet, and may be new altogether. */
  readonly fresh: readonly string[];
}

/**
 * Books transfers and their balances in one statement, balances in the order of month and account. Transfers of a
 * month that is not open are left out.
 */
export async function insertTransfers(tx: Tx, cityCode: string, transfers: readonly Transfer[], now: Instant): Promise<Booked> {
  const [row] = await tx.query<Booked>(
    `WITH booked AS (
       INSERT INTO ledger_transfer (city_code, booked_month, transfer_id, leg, debit_account, credit_account, fen, kind, site_id, meal_date, cause_id, booked_at)
       SELECT $1, t.booked_month, t.transfer_id, t.leg, t.debit_account, t.credit_account, t.fen, t.kind, t.site_id, t.meal_date, t.cause_id, $12
       FROM unnest($2::text[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::uuid[], $10::date[], $11::uuid[])
         AS t (booked_month, transfer_id, leg, debit_account, credit_account, fen, kind, site_id, meal_date, cause_id)
       JOIN ledger_month m ON m.city_code = $1 AND m.month = t.booked_month AND m.state = 'open'
       RETURNING booked_month, debit_account, credit_account, fen
     ), sums AS (
       SELECT side.month, side.account, sum(side.debit)::bigint AS debit, sum(side.credit)::bigint AS credit, count(*) AS entries
       FROM booked b, LATERAL (VALUES (b.booked_month, b.debit_account, b.fen, 0), (b.booked_month, b.credit_account, 0, b.fen)) AS side (month, account, debit, credit)
       GROUP BY side.month, side.account
     ), kept AS (
       INSERT INTO ledger_balance AS kept (city_code, month, account, debit_fen, credit_fen, entries)
       SELECT $1, s.month, s.account, s.debit, s.credit, s.entries FROM sums s ORDER BY s.month, s.account
       ON CONFLICT (city_code, month, account) DO UPDATE
       SET debit_fen = kept.debit_fen + EXCLUDED.debit_fen, credit_fen = kept.credit_fen + EXCLUDED.credit_fen, entries = kept.entries + EXCLUDED.entries
       RETURNING account, xmax = 0 AS is_new
     )
     SELECT (SELECT count(*) FROM booked) AS transfers,
       COALESCE((SELECT array_agg(DISTINCT account ORDER BY account) FROM kept WHERE is_new), '{}') AS fresh`,
    [
      cityCode, transfers.map((t) => t.bookedMonth), transfers.map((t) => t.transferId), transfers.map((t) => t.leg),
      transfers.map((t) => t.debitAccount), transfers.map((t) => t.creditAccount), transfers.map((t) => t.fen), transfers.map((t) => t.kind),
      transfers.map((t) => t.siteId), transfers.map((t) => t.mealDate), transfers.map((t) => t.causeId), at(now),
    ],
    'ledger.insert-transfers',
  );
  return row ?? { transfers: 0, fresh: [] };
}

/**
 * Balances of a month in the order of accounts.
 * @param siteIds only accounts of these sites; left out: every account, those of funders alone included
 */
export async function balancesOf(tx: Tx, cityCode: string, month: CivilMonth, siteIds?: readonly string[]): Promise<Balance[]> {
  const columns = 'b.account, b.debit_fen AS "debitFen", b.credit_fen AS "creditFen", b.entries';
  if (siteIds === undefined) {
    return tx.query<Balance>(`SELECT ${columns} FROM ledger_balance b WHERE b.city_code = $1 AND b.month = $2 ORDER BY b.account COLLATE "C"`, [cityCode, month]);
  }
  return tx.query<Balance>(
    `SELECT ${columns} FROM ledger_balance b JOIN ledger_account a ON a.city_code = b.city_code AND a.account = b.account
     WHERE b.city_code = $1 AND b.month = $2 AND a.site_id = ANY($3::uuid[]) ORDER BY b.account COLLATE "C"`,
    [cityCode, month, siteIds],
  );
}

/** Debits less credits over all balances of the city, in fen; anything but 0 is a defect. */
export async function imbalance(tx: Tx, cityCode: string): Promise<number> {
  const [row] = await tx.query<{ fen: number }>(
    'SELECT coalesce(sum(debit_fen) - sum(credit_fen), 0)::bigint AS fen FROM ledger_balance WHERE city_code = $1',
    [cityCode],
  );
  return row?.fen ?? 0;
}
