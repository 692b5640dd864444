import { fen, invariant, type Clock, type Fen, type Instant } from '../kernel/index.js';
import { at, derivedId, type Tx } from '../platform/index.js';

/** What moves a balance: money that the bank took in, a meal, its void, a refund that we ordered, and what the bank put right or paid out by itself. */
export const ENTRY_KINDS = ['topUp', 'spent', 'returned', 'refunded', 'corrected', 'paidOut'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** A movement of one balance; its cause names it, so the same cause is one entry. */
export interface NewEntry {
  readonly elderId: string;
  readonly kind: EntryKind;
  /** Added to the balance; below zero for what leaves it. */
  readonly fen: number;
  /** The bank's reference, the meal, the void or the refund. */
  readonly cause: string;
  readonly tapId: string | null;
  readonly siteId: string | null;
  readonly by: string;
}

/** The id of an entry, from what caused it. */
export function entryId(cityCode: string, kind: EntryKind, cause: string): string {
  return derivedId('prepaid', cityCode, kind, cause);
}

/** Balances of elders; one who never had any is left out. A balance only moves under its elder's lock. */
export async function readBalances(tx: Tx, cityCode: string, elderIds: readonly string[]): Promise<ReadonlyMap<string, Fen>> {
  if (elderIds.length === 0) return new Map();
  const rows = await tx.query<{ elderId: string; fen: number }>(
    'SELECT elder_id AS "elderId", fen FROM prepaid_balance WHERE city_code = $1 AND elder_id = ANY ($2::uuid[])', [cityCode, elderIds], 'payment.read-balances');
  return new Map(rows.map((row) => [row.elderId, fen(row.fen)]));
}

/**
 * Writes entries and moves their balances, in the order of the elders. The elders are locked by the caller, who has
 * looked that nothing falls below zero; the database refuses it all the same.
 */
export async function bookEntries(tx: Tx, clock: Clock, cityCode: string, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const into = [...new Set(entries.filter(({ fen: amount }) => amount > 0).map(({ elderId }) => elderId))].sort();
  if (into.length > 0) {
    await tx.query('INSERT INTO prepaid_balance (city_code, elder_id, fen) SELECT $1, e, 0 FROM unnest($2::uuid[]) AS e ON CONFLICT (city_code, elder_id) DO NOTHING', [cityCode, into]);
  }
  const moved = await tx.query(
    `WITH written AS (
       INSERT INTO prepaid_entry (city_code, entry_id, elder_id, kind, fen, cause, tap_id, site_id, booked_at, booked_by)
       SELECT $1, e.entry_id, e.elder_id, e.kind, e.fen, e.cause, e.tap_id, e.site_id, $9, e.by
       FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::uuid[], $8::uuid[], $10::text[]) AS e (entry_id, elder_id, kind, fen, cause, tap_id, site_id, by)
       RETURNING elder_id, fen
     ), sums AS (SELECT elder_id, sum(fen)::bigint AS fen FROM written GROUP BY elder_id ORDER BY elder_id)
     UPDATE prepaid_balance b SET fen = b.fen + s.fen FROM sums s WHERE b.city_code = $1 AND b.elder_id = s.elder_id RETURNING b.elder_id`,
    [
      cityCode, entries.map(({ kind, cause }) => entryId(cityCode, kind, cause)), entries.map((one) => one.elderId), entries.map((one) => one.kind), entries.map((one) => one.fen),
      entries.map((one) => one.cause), entries.map((one) => one.tapId), entries.map((one) => one.siteId), at(clock.now()), entries.map((one) => one.by),
    ], 'payment.book');
  invariant(moved.length === new Set(entries.map(({ elderId }) => elderId)).size, 'every entry has its balance');
}

/** An own share that is paid from a balance. */
export interface Spending {
  readonly tapId: string;
  readonly elderId: string;
  readonly siteId: string;
  readonly fen: Fen;
  readonly by: string;
}

/** Takes own shares of meals from balances. */
export async function spendBalances(tx: Tx, clock: Clock, cityCode: string, spendings: readonly Spending[]): Promise<void> {
  await bookEntries(tx, clock, cityCode, spendings.map(({ tapId, elderId, siteId, fen: amount, by }) => ({ elderId, kind: 'spent', fen: -amount, cause: tapId, tapId, siteId, by })));
}

/** Gives back what a meal that is taken back took from a balance; nothing where it took nothing. The elder is locked by the caller. */
export async function giveBackSpent(tx: Tx, clock: Clock, cityCode: string, { tapId, voidId, by }: { readonly tapId: string; readonly voidId: string; readonly by: string }): Promise<void> {
  const spent = await tx.query<{ elderId: string; siteId: string; fen: number }>(
    `SELECT elder_id AS "elderId", site_id AS "siteId", fen FROM prepaid_entry WHERE city_code = $1 AND tap_id = $2 AND kind = 'spent'`, [cityCode, tapId]);
  await bookEntries(tx, clock, cityCode, spent.map(({ elderId, siteId, fen: amount }) => ({ elderId, kind: 'returned', fen: -amount, cause: voidId, tapId, siteId, by })));
}

/** One statement after the other: two with one line for two elders would meet nowhere else. */
export async function lockImports(tx: Tx, cityCode: string): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('prepaid.import'), hashtext($1))", [cityCode]);
}

/** What is known of entries by their ids. */
export async function readEntries(tx: Tx, cityCode: string, entryIds: readonly string[]): Promise<Map<string, { readonly elderId: string; readonly fen: number }>> {
  const rows = await tx.query<{ entryId: string; elderId: string; fen: number }>(
    'SELECT entry_id AS "entryId", elder_id AS "elderId", fen FROM prepaid_entry WHERE city_code = $1 AND entry_id = ANY ($2::uuid[])', [cityCode, entryIds]);
  return new Map(rows.map(({ entryId: id, ...row }) => [id, row]));
}

/** A line of an elder's statement. */
export interface StatementLine {
  readonly entryId: string;
  readonly kind: EntryKind;
  readonly fen: number;
  readonly tapId: string | null;
  readonly siteId: string | null;
  readonly bookedAt: Instant;
  readonly seq: number;
}

/** An elder's entries, the latest first. */
export async function listEntries(tx: Tx, cityCode: string, elderId: string, before: number | null, limit: number): Promise<StatementLine[]> {
  return tx.query<StatementLine>(
    `SELECT entry_id AS "entryId", kind, fen, tap_id AS "tapId", site_id AS "siteId", booked_at AS "bookedAt", seq FROM prepaid_entry
     WHERE city_code = $1 AND elder_id = $2 AND ($3::bigint IS NULL OR seq < $3) ORDER BY seq DESC LIMIT $4`, [cityCode, elderId, before, limit + 1]);
}
