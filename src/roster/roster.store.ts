import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Role, type SqlValue, type Tx } from '../platform/index.js';
import type { ColumnChoice, Layout, Purpose, RowCode } from './domain/index.js';

export const ROSTER_STATES = ['checking', 'failed', 'checked', 'applying', 'applied', 'outdated'] as const;
export type RosterState = (typeof ROSTER_STATES)[number];

export const ROW_OUTCOMES = ['new', 'changed', 'unchanged', 'wrong', 'skipped', 'notRegistered', 'matched', 'proposed'] as const;
export type RowOutcome = (typeof ROW_OUTCOMES)[number];

/** How many rows came to what, and what else there is to say about a file. */
export type Counts = Readonly<Record<RowOutcome, number>> & {
  readonly rows: number;
  /** Cells whose value a formula gave. */
  readonly formulas: number;
  /** What the file's own total says, where it has one. */
  readonly stated: number | null;
};

/** How a file is to be read. */
export interface Wish {
  readonly sheet?: string | undefined;
  readonly headerRow?: number | undefined;
  readonly choices?: readonly ColumnChoice[] | undefined;
}

/** Who asked for the import: what a job needs to act for them. */
export interface Applier {
  readonly staffId: string;
  readonly roles: readonly Role[];
  readonly divisionCode: string;
}

/** How the table in a file was read. */
export interface KeptLayout extends Layout {
  readonly sheet: string | null;
  readonly sheets: readonly string[];
}

/** One reading of a file. */
export interface RosterRow {
  readonly rosterId: string;
  readonly fileId: string;
  readonly purpose: Purpose;
  readonly divisionCode: string;
  readonly asOf: CivilDate;
  readonly source: string;
  readonly requestNumber: string | null;
  readonly wish: Wish;
  readonly state: RosterState;
  readonly layout: KeptLayout | null;
  readonly counts: Counts | null;
  readonly failure: { readonly code: string; readonly detail: Readonly<Record<string, string | number>> } | null;
  readonly madeBy: string;
  readonly madeAt: Instant;
  readonly checkedAt: Instant | null;
  readonly skipWrong: boolean | null;
  readonly applier: Applier | null;
  readonly appliedAt: Instant | null;
  readonly sha256: string;
  readonly purgedAt: Instant | null;
  readonly done: number;
  readonly total: number;
}

const ROSTER = `r.roster_id AS "rosterId", r.file_id AS "fileId", r.purpose, r.division_code AS "divisionCode", r.as_of AS "asOf", r.source, r.request_number AS "requestNumber",
  r.wish, r.state, r.layout, r.counts, r.failure, r.made_by AS "madeBy", r.made_at AS "madeAt", r.checked_at AS "checkedAt", r.skip_wrong AS "skipWrong", r.applier,
  r.applied_at AS "appliedAt", f.sha256, f.purged_at AS "purgedAt", COALESCE(p.done, 0) AS done, COALESCE(p.total, 0) AS total`;
const FROM = `roster r JOIN roster_file f ON f.city_code = r.city_code AND f.file_id = r.file_id
  LEFT JOIN roster_progress p ON p.city_code = r.city_code AND p.roster_id = r.roster_id`;

export async function insertRoster(
  tx: Tx, cityCode: string,
  roster: Pick<RosterRow, 'rosterId' | 'fileId' | 'purpose' | 'divisionCode' | 'asOf' | 'source' | 'requestNumber' | 'wish' | 'madeBy' | 'madeAt'>,
): Promise<void> {
  await tx.query(
    `INSERT INTO roster (city_code, roster_id, file_id, purpose, division_code, as_of, source, request_number, wish, state, made_by, made_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'checking', $10, $11)`,
    [cityCode, roster.rosterId, roster.fileId, roster.purpose, roster.divisionCode, roster.asOf, roster.source, roster.requestNumber,
      JSON.stringify(roster.wish), roster.madeBy, at(roster.madeAt)]);
}

/** One roster; undefined when the city has none of this id. */
export async function readRoster(tx: Tx, cityCode: string, rosterId: string): Promise<RosterRow | undefined> {
  const [row] = await tx.query<RosterRow>(`SELECT ${ROSTER} FROM ${FROM} WHERE r.city_code = $1 AND r.roster_id = $2`, [cityCode, rosterId]);
  return row;
}

/** The same, locked against others who want to move it. */
export async function lockRoster(tx: Tx, cityCode: string, rosterId: string): Promise<RosterRow | undefined> {
  await tx.query('SELECT 1 FROM roster WHERE city_code = $1 AND roster_id = $2 FOR NO KEY UPDATE', [cityCode, rosterId]);
  return readRoster(tx, cityCode, rosterId);
}

/** Rosters inside a scope, the newest first, `limit` + 1 of them after a key. */
export async function listRosters(tx: Tx, cityCode: string, scopeCode: string, after: readonly (string | number)[] | null, limit: number): Promise<RosterRow[]> {
  return tx.query<RosterRow>(
    `SELECT ${ROSTER} FROM ${FROM}
     JOIN region_closure scope ON scope.city_code = r.city_code AND scope.descendant_code = r.division_code AND scope.ancestor_code = $2
     WHERE r.city_code = $1 AND ($3::bigint IS NULL OR (r.made_at, r.roster_id) < (to_timestamp($3::bigint / 1000.0), $4::uuid))
     ORDER BY r.made_at DESC, r.roster_id DESC LIMIT $5`, [cityCode, scopeCode, after?.[0] ?? null, after?.[1] ?? null, limit + 1]);
}

/** Rosters whose job should be under way: what a sweeper compares with the outbox. */
export async function rostersUnderWay(tx: Tx): Promise<{ cityCode: string; rosterId: string; state: RosterState }[]> {
  return tx.query(`SELECT city_code AS "cityCode", roster_id AS "rosterId", state FROM roster WHERE state IN ('checking', 'applying') ORDER BY made_at LIMIT 100`);
}

/** Lets people see how far a job is. */
export async function tellProgress(tx: Tx, cityCode: string, rosterId: string, done: number, total: number): Promise<void> {
  await tx.query(
    `INSERT INTO roster_progress (city_code, roster_id, done, total) VALUES ($1, $2, $3, $4)
     ON CONFLICT (city_code, roster_id) DO UPDATE SET done = EXCLUDED.done, total = EXCLUDED.total`, [cityCode, rosterId, done, Math.max(done, total)]);
}

export async function setChecked(tx: Tx, cityCode: string, rosterId: string, layout: KeptLayout, counts: Counts, now: Instant): Promise<void> {
  await tx.query(`UPDATE roster SET state = 'checked', layout = $3, counts = $4, checked_at = $5 WHERE city_code = $1 AND roster_id = $2`,
    [cityCode, rosterId, JSON.stringify(layout), JSON.stringify(counts), at(now)]);
}

export async function setFailed(tx: Tx, cityCode: string, rosterId: string, failure: NonNullable<RosterRow['failure']>): Promise<void> {
  await tx.query(`UPDATE roster SET state = 'failed', failure = $3 WHERE city_code = $1 AND roster_id = $2`, [cityCode, rosterId, JSON.stringify(failure)]);
}

export async function setApplying(tx: Tx, cityCode: string, rosterId: string, applier: Applier, skipWrong: boolean): Promise<void> {
  await tx.query(`UPDATE roster SET state = 'applying', applier = $3, skip_wrong = $4 WHERE city_code = $1 AND roster_id = $2`, [cityCode, rosterId, JSON.stringify(applier), skipWrong]);
}

export async function setApplied(tx: Tx, cityCode: string, rosterId: string, now: Instant): Promise<void> {
  await tx.query(`UPDATE roster SET state = 'applied', applied_at = $3 WHERE city_code = $1 AND roster_id = $2`, [cityCode, rosterId, at(now)]);
}

export async function setOutdated(tx: Tx, cityCode: string, rosterId: string): Promise<void> {
  await tx.query(`UPDATE roster SET state = 'outdated' WHERE city_code = $1 AND roster_id = $2`, [cityCode, rosterId]);
}

/** Begins work that may have to be taken back while the transaction goes on. */
export async function markPlace(tx: Tx): Promise<void> {
  await tx.query('SAVEPOINT roster_work');
}

/** Takes back everything since `markPlace`. */
export async function backToPlace(tx: Tx): Promise<void> {
  await tx.query('ROLLBACK TO SAVEPOINT roster_work');
}

/** What a row of a file came to. */
export interface RowResult {
  readonly rowNo: number;
  readonly outcome: RowOutcome;
  readonly code: RowCode | null;
  readonly columnTitle: string | null;
  readonly notes: readonly string[];
  readonly elderId: string | null;
  /** Hexadecimal; null where nothing is kept. */
  readonly sealed: string | null;
}

export async function insertRows(tx: Tx, cityCode: string, rosterId: string, rows: readonly RowResult[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO roster_row (city_code, roster_id, row_no, outcome, code, column_title, notes, elder_id, sealed)
     SELECT $1, $2, r.row_no, r.outcome, r.code, r.title, string_to_array(r.notes, ','), r.elder, decode(r.sealed, 'hex')
     FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[]) AS r (row_no, outcome, code, title, notes, elder, sealed)`,
    [cityCode, rosterId, rows.map((row) => row.rowNo), rows.map((row) => row.outcome), rows.map((row) => row.code), rows.map((row) => row.columnTitle),
      rows.map((row) => row.notes.join(',')), rows.map((row) => row.elderId), rows.map((row) => row.sealed)] as SqlValue[]);
}

export type StoredRow = Omit<RowResult, 'sealed'> & { readonly sealed: Buffer | null };

/** Rows in their order after one, those of some outcomes where asked. */
export async function rowsAfter(tx: Tx, cityCode: string, rosterId: string, after: number, limit: number, outcomes: readonly RowOutcome[] = ROW_OUTCOMES): Promise<StoredRow[]> {
  return tx.query<StoredRow>(
    `SELECT row_no AS "rowNo", outcome, code, column_title AS "columnTitle", notes, elder_id AS "elderId", sealed FROM roster_row
     WHERE city_code = $1 AND roster_id = $2 AND row_no > $3 AND outcome = ANY ($5::text[]) ORDER BY row_no LIMIT $4`, [cityCode, rosterId, after, limit, outcomes]);
}
