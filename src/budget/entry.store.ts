import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** What an entry does: sets the year's budget, adds to it, takes from it, or orders to go on past its zero. */
export const ENTRY_KINDS = ['budget', 'increase', 'decrease', 'order'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export const ENTRY_STATES = ['recorded', 'confirmed', 'rejected'] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

/** A paper about a fund's budget of a year. */
export interface EntryRow {
  readonly entryId: string;
  readonly funderCode: string;
  readonly budgetYear: number;
  readonly kind: EntryKind;
  /** Below zero for a decrease, 0 for an order. */
  readonly fen: number;
  readonly documentNumber: string;
  readonly documentTitle: string;
  readonly documentDate: CivilDate;
  readonly recordedBy: string;
  readonly recordedDivision: string;
  readonly recordedAt: Instant;
  readonly state: EntryState;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
  readonly reason: string | null;
}

export type NewEntry = Omit<EntryRow, 'state' | 'decidedBy' | 'decidedAt' | 'reason'>;

const ENTRY = `e.entry_id AS "entryId", e.funder_code AS "funderCode", e.budget_year AS "budgetYear", e.kind, e.fen, e.document_number AS "documentNumber",
  e.document_title AS "documentTitle", e.document_date AS "documentDate", e.recorded_by AS "recordedBy", e.recorded_division AS "recordedDivision",
  e.recorded_at AS "recordedAt", COALESCE(d.outcome, 'recorded') AS state, d.decided_by AS "decidedBy", d.decided_at AS "decidedAt", d.reason
  FROM budget_entry e LEFT JOIN budget_decision d ON d.city_code = e.city_code AND d.entry_id = e.entry_id`;

/** Papers about budgets of one city are written one after the other: waits here until the commit. */
export async function lockBudgets(tx: Tx, cityCode: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('budget'), $1::int)`, [cityCode]);
}

export async function insertEntry(tx: Tx, cityCode: string, entry: NewEntry): Promise<void> {
  await tx.query(
    `INSERT INTO budget_entry (city_code, entry_id, funder_code, budget_year, kind, fen, document_number, document_title, document_date, recorded_by, recorded_division, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [cityCode, entry.entryId, entry.funderCode, entry.budgetYear, entry.kind, entry.fen, entry.documentNumber, entry.documentTitle, entry.documentDate,
      entry.recordedBy, entry.recordedDivision, at(entry.recordedAt)]);
}

export async function insertDecision(
  tx: Tx, cityCode: string, entryId: string, decision: { outcome: 'confirmed' | 'rejected'; by: string; reason: string | null; now: Instant },
): Promise<void> {
  await tx.query(
    'INSERT INTO budget_decision (city_code, entry_id, outcome, decided_by, reason, decided_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [cityCode, entryId, decision.outcome, decision.by, decision.reason, at(decision.now)]);
}

export async function readEntry(tx: Tx, cityCode: string, entryId: string): Promise<EntryRow | undefined> {
  const [row] = await tx.query<EntryRow>(`SELECT ${ENTRY} WHERE e.city_code = $1 AND e.entry_id = $2`, [cityCode, entryId]);
  return row;
}

/** Every entry of a fund and year, oldest first. */
export async function entriesOf(tx: Tx, cityCode: string, funderCode: string, year: number): Promise<EntryRow[]> {
  return tx.query<EntryRow>(
    `SELECT ${ENTRY} WHERE e.city_code = $1 AND e.funder_code = $2 AND e.budget_year = $3 ORDER BY e.recorded_at, e.entry_id`, [cityCode, funderCode, year]);
}

/** Entries of a year inside a scope, the newest first, `limit` + 1 of them after a place. */
export async function listEntries(
  tx: Tx, cityCode: string, year: number, scopeCode: string, after: readonly (string | number)[] | null, limit: number,
): Promise<EntryRow[]> {
  return tx.query<EntryRow>(
    `SELECT ${ENTRY} JOIN region_funder f ON f.city_code = e.city_code AND f.funder_code = e.funder_code
     JOIN region_closure scope ON scope.city_code = f.city_code AND scope.descendant_code = f.division_code AND scope.ancestor_code = $3
     WHERE e.city_code = $1 AND e.budget_year = $2 AND ($4::bigint IS NULL OR (e.recorded_at, e.entry_id) < (to_timestamp($4::bigint / 1000.0), $5::uuid))
     ORDER BY e.recorded_at DESC, e.entry_id DESC LIMIT $6`,
    [cityCode, year, scopeCode, after?.[0] ?? null, after?.[1] ?? null, limit + 1]);
}

/** Cities and years that have a confirmed budget, of years from one on. */
export async function budgetedYears(tx: Tx, fromYear: number): Promise<{ cityCode: string; year: number }[]> {
  return tx.query(
    `SELECT DISTINCT e.city_code AS "cityCode", e.budget_year AS year FROM budget_entry e JOIN budget_decision d ON d.city_code = e.city_code AND d.entry_id = e.entry_id
     WHERE e.kind = 'budget' AND d.outcome = 'confirmed' AND e.budget_year >= $1 ORDER BY 1, 2`, [fromYear]);
}
