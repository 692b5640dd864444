import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** What the bank holds for an elder at the end of a day. */
export interface BankClosing {
  readonly elderId: string;
  readonly fen: number;
}

/** A closing balance that is not what our entries came to. */
export interface ClosingDifference {
  readonly elderId: string;
  readonly day: CivilDate;
  readonly bankFen: number;
  readonly ownFen: number;
  /** No later closing of that elder has agreed. */
  readonly isOpen: boolean;
}

const MOST = 500;

/**
 * Keeps closing balances beside our own as of the same moment: what the bank moved, however late it was brought in, and
 * what we moved until then.
 * @param before the end of that day
 * @returns how many differ
 */
export async function keepClosings(tx: Tx, cityCode: string, importId: string, closing: { readonly day: CivilDate; readonly before: Instant; readonly balances: readonly BankClosing[] }, now: Instant): Promise<number> {
  const { day, before, balances } = closing;
  const rows = await tx.query<{ differs: boolean }>(
    `INSERT INTO prepaid_closing (city_code, import_id, elder_id, day, bank_fen, own_fen, imported_at)
     SELECT $1, $2, c.elder_id, $3, c.fen, coalesce((
         SELECT sum(e.fen) FROM prepaid_entry e
         WHERE e.city_code = $1 AND e.elder_id = c.elder_id AND (e.kind IN ('topUp', 'corrected', 'paidOut') OR e.booked_at < $4)), 0)::bigint, $5
     FROM unnest($6::uuid[], $7::bigint[]) AS c (elder_id, fen)
     RETURNING bank_fen <> own_fen AS differs`, [cityCode, importId, day, at(before), at(now), balances.map(({ elderId }) => elderId), balances.map(({ fen }) => fen)]);
  return rows.filter(({ differs }) => differs).length;
}

/** Each elder's last closing balance that differed, those that still do first. */
export async function closingDifferences(tx: Tx, cityCode: string): Promise<ClosingDifference[]> {
  return tx.query<ClosingDifference>(
    `SELECT d.elder_id AS "elderId", d.day, d.bank_fen AS "bankFen", d.own_fen AS "ownFen", NOT EXISTS (
         SELECT 1 FROM prepaid_closing l WHERE l.city_code = $1 AND l.elder_id = d.elder_id AND l.seq > d.seq AND l.bank_fen = l.own_fen) AS "isOpen"
     FROM (SELECT DISTINCT ON (c.elder_id) c.elder_id, c.day, c.bank_fen, c.own_fen, c.seq FROM prepaid_closing c
           WHERE c.city_code = $1 AND c.bank_fen <> c.own_fen ORDER BY c.elder_id, c.seq DESC) d
     ORDER BY 5 DESC, d.day DESC, d.elder_id LIMIT ${MOST}`, [cityCode]);
}
