import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** What kind of entry says something new of an elder. */
export type FactKind = 'category' | 'careHome' | 'death' | 'home' | 'revision';

/** An entry of the registry, with the first day that it says anything of. */
export interface RecordedFact {
  readonly elderId: string;
  readonly entryId: string;
  readonly kind: FactKind;
  readonly firstDay: CivilDate;
  readonly recordedAt: Instant;
}

/** An entry table whose rows hold from a day on; a correction speaks from the first day of what it corrects, too. */
function spans(table: string, kind: FactKind): string {
  return `SELECT e.elder_id, e.entry_id, '${kind}' AS kind, LEAST(COALESCE(e.from_date, '1900-01-01'), CASE WHEN e.corrects IS NOT NULL THEN COALESCE(b.from_date, '1900-01-01') END) AS first_day, e.recorded_at
    FROM ${table} e LEFT JOIN ${table} b ON b.city_code = e.city_code AND b.entry_id = e.corrects
    WHERE e.city_code = $1 AND e.recorded_at > $2 AND e.recorded_at <= $3 AND ($4::uuid[] IS NULL OR e.elder_id = ANY ($4))`;
}

/**
 * Entries that were written between two moments, the first left out, in the order of elders: what a later room looks
 * through for facts that came after the meals they speak of.
 * @param elderIds null for all elders
 */
export async function factsRecorded(tx: Tx, cityCode: string, since: Instant, until: Instant, elderIds: readonly string[] | null): Promise<RecordedFact[]> {
  return tx.query<RecordedFact>(
    `SELECT f.elder_id AS "elderId", f.entry_id AS "entryId", f.kind, f.first_day AS "firstDay", f.recorded_at AS "recordedAt" FROM (
       ${spans('elder_category', 'category')}
       UNION ALL ${spans('elder_care_home', 'careHome')}
       UNION ALL ${spans('elder_home', 'home')}
       UNION ALL
       SELECT d.elder_id, d.entry_id, 'death', (SELECT min(x.died_on) + 1 FROM elder_death x WHERE x.city_code = d.city_code AND x.elder_id = d.elder_id), d.recorded_at
       FROM elder_death d WHERE d.city_code = $1 AND d.recorded_at > $2 AND d.recorded_at <= $3 AND ($4::uuid[] IS NULL OR d.elder_id = ANY ($4))
       UNION ALL
       SELECT r.elder_id, r.revision_id, 'revision', '1900-01-01'::date, r.decided_at
       FROM elder_revision_decision r WHERE r.city_code = $1 AND r.decision = 'confirmed' AND r.decided_at > $2 AND r.decided_at <= $3 AND ($4::uuid[] IS NULL OR r.elder_id = ANY ($4))
     ) f WHERE f.first_day IS NOT NULL AND f.first_day <= (f.recorded_at AT TIME ZONE 'Asia/Shanghai')::date
     ORDER BY f.elder_id, f.recorded_at, f.entry_id`,
    [cityCode, at(since), at(until), elderIds],
  );
}
