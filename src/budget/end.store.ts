import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

export const END_ACTIONS = ['end', 'resume'] as const;
export type EndAction = (typeof END_ACTIONS)[number];

/** An announcement that a fund's subsidy ends, or begins again. */
export interface EndRow {
  readonly endId: string;
  readonly funderCode: string;
  readonly budgetYear: number;
  readonly action: EndAction;
  readonly fromDate: CivilDate;
  readonly documentNumber: string;
  readonly documentTitle: string;
  readonly pack: string;
  readonly packVersion: string;
  readonly noticeDays: number;
  readonly drafterId: string;
  readonly draftedAt: Instant;
  readonly countersignerId: string | null;
  readonly publishedAt: Instant | null;
}

export type NewEnd = Omit<EndRow, 'countersignerId' | 'publishedAt'>;

const END = `e.end_id AS "endId", e.funder_code AS "funderCode", e.budget_year AS "budgetYear", e.action, e.from_date AS "fromDate", e.document_number AS "documentNumber",
  e.document_title AS "documentTitle", e.pack, e.pack_version AS "packVersion", e.notice_days AS "noticeDays", e.drafter_id AS "drafterId", e.drafted_at AS "draftedAt",
  p.countersigner_id AS "countersignerId", p.published_at AS "publishedAt"
  FROM budget_end e LEFT JOIN policy_fund_end p ON p.city_code = e.city_code AND p.end_id = e.end_id`;

export async function insertEnd(tx: Tx, cityCode: string, end: NewEnd): Promise<void> {
  await tx.query(
    `INSERT INTO budget_end (city_code, end_id, funder_code, budget_year, action, from_date, document_number, document_title, pack, pack_version, notice_days, drafter_id, drafted_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [cityCode, end.endId, end.funderCode, end.budgetYear, end.action, end.fromDate, end.documentNumber, end.documentTitle, end.pack, end.packVersion, end.noticeDays,
      end.drafterId, at(end.draftedAt)]);
}

export async function readEnd(tx: Tx, cityCode: string, endId: string): Promise<EndRow | undefined> {
  const [row] = await tx.query<EndRow>(`SELECT ${END} WHERE e.city_code = $1 AND e.end_id = $2`, [cityCode, endId]);
  return row;
}

/** Announcements of one fund and year in the order of drafting. */
export async function endsOf(tx: Tx, cityCode: string, funderCode: string, year: number): Promise<EndRow[]> {
  return tx.query<EndRow>(`SELECT ${END} WHERE e.city_code = $1 AND e.funder_code = $2 AND e.budget_year = $3 ORDER BY e.drafted_at, e.end_id`, [cityCode, funderCode, year]);
}

/** Announcements of a year inside a scope, the newest first, `limit` + 1 of them after a place. */
export async function listEnds(tx: Tx, cityCode: string, year: number, scopeCode: string, after: readonly (string | number)[] | null, limit: number): Promise<EndRow[]> {
  return tx.query<EndRow>(
    `SELECT ${END} JOIN region_funder f ON f.city_code = e.city_code AND f.funder_code = e.funder_code
     JOIN region_closure scope ON scope.city_code = f.city_code AND scope.descendant_code = f.division_code AND scope.ancestor_code = $3
     WHERE e.city_code = $1 AND e.budget_year = $2 AND ($4::bigint IS NULL OR (e.drafted_at, e.end_id) < (to_timestamp($4::bigint / 1000.0), $5::uuid))
     ORDER BY e.drafted_at DESC, e.end_id DESC LIMIT $6`,
    [cityCode, year, scopeCode, after?.[0] ?? null, after?.[1] ?? null, limit + 1]);
}
