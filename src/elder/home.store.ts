import type { CivilDate, Instant } from '../kernel/index.js';
import { at, derivedId, type Tx } from '../platform/index.js';
import type { HomeKind, HomeRecord, HomesNow } from './domain/index.js';
import type { Writing } from './register.store.js';

/** An entry of an elder's homes, with what became of it. */
export interface HomeEntryRow extends HomeRecord {
  readonly entryId: string;
  readonly source: string;
  readonly corrects: string | null;
  readonly withdrawn: boolean;
  readonly corrected: boolean;
  readonly recordedAt: Instant;
}

/** The id of an elder's first home of a kind, whether or not it was written down yet. */
export function firstHomeId(elderId: string, kind: HomeKind): string {
  return derivedId(elderId, 'home', kind);
}

/** Where elders came in: their two homes at registration, as they are written down before the first move. */
export async function writeFirstHomes(tx: Tx, cityCode: string, elderIds: readonly string[]): Promise<void> {
  await tx.query(
    `INSERT INTO elder_home (city_code, entry_id, elder_id, kind, division_code, from_date, source, recorded_at, recorded_by)
     SELECT $1, r.entry, r.elder, r.kind, CASE r.kind WHEN 'hukou' THEN e.hukou_code ELSE e.residence_code END, NULL, '登记', e.recorded_at, e.recorded_by
     FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS r (entry, elder, kind)
     JOIN elder e ON e.city_code = $1 AND e.elder_id = r.elder
     ON CONFLICT (city_code, entry_id) DO NOTHING`,
    [cityCode, elderIds.flatMap((id) => [firstHomeId(id, 'hukou'), firstHomeId(id, 'residence')]), elderIds.flatMap((id) => [id, id]), elderIds.flatMap(() => ['hukou', 'residence'])]);
}

/** All entries of elders' homes, oldest first. */
export async function homeEntries(tx: Tx, cityCode: string, elderId: string): Promise<HomeEntryRow[]> {
  return tx.query<HomeEntryRow>(
    `SELECT m.entry_id AS "entryId", m.kind, m.division_code AS code, m.from_date AS "from", m.source, m.corrects, m.withdrawn,
       EXISTS (SELECT FROM elder_home l WHERE l.city_code = m.city_code AND l.corrects = m.entry_id) AS corrected, m.recorded_at AS "recordedAt"
     FROM elder_home m WHERE m.city_code = $1 AND m.elder_id = $2 ORDER BY m.recorded_at, m.kind, m.entry_id`, [cityCode, elderId]);
}

/** A home as it is written. */
export interface HomeRow {
  readonly entryId: string;
  readonly elderId: string;
  readonly kind: HomeKind;
  readonly code: string | null;
  readonly from: CivilDate | null;
  readonly source: string;
  readonly corrects: string | null;
  readonly withdrawn: boolean;
}

/** Adds one entry and sets what is true now, in the same statement. */
export async function writeHome(tx: Tx, { cityCode, by, now }: Writing, row: HomeRow, after: HomesNow): Promise<void> {
  await tx.query(
    `WITH entry AS (
       INSERT INTO elder_home (city_code, entry_id, elder_id, kind, division_code, from_date, source, corrects, withdrawn, recorded_at, recorded_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))
     UPDATE elder SET hukou_code = $12, residence_code = $13, homes = $14::jsonb WHERE city_code = $1 AND elder_id = $3`,
    [cityCode, row.entryId, row.elderId, row.kind, row.code, row.from, row.source, row.corrects, row.withdrawn, at(now), by,
      after.hukouCode, after.residenceCode, after.homes.length === 0 ? null : JSON.stringify(after.homes)]);
}
