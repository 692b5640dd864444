import type { CivilMonth, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { SiteDate } from './leaf.store.js';

/** Something in a till's journal that a person should look into. */
export interface Finding {
  readonly kind: 'signature-wrong' | 'journal-gap' | 'journal-fork';
  readonly terminalId: string;
  readonly journalNumber: number;
  /** The entry at which it shows. */
  readonly tapId: string;
}

/** Entries of journals that some days' meals and voids came with. $1 city, $2 month of booking, $3 and $4 sites and dates. */
const ENTRIES = `
  SELECT c.tap_id, c.terminal_id, c.journal_number, c.prev_hash, c.entry_hash, c.signature FROM (
    SELECT m.tap_id AS id FROM unnest($3::uuid[], $4::date[]) AS d (site_id, meal_date)
    JOIN meal m ON m.city_code = $1 AND m.booked_month = $2 AND m.site_id = d.site_id AND m.meal_date = d.meal_date
    UNION ALL
    SELECT v.void_id FROM unnest($3::uuid[], $4::date[]) AS d (site_id, meal_date)
    JOIN meal_void v ON v.city_code = $1 AND v.booked_month = $2 AND v.site_id = d.site_id AND v.meal_date = d.meal_date
  ) e JOIN tap_claim c ON c.city_code = $1 AND c.tap_id = e.id`;

/** An entry that is signed, or that does not follow the one before it, or both. */
export interface LookedAt {
  readonly kind: 'journal-gap' | 'journal-fork' | null;
  readonly tapId: string;
  readonly terminalId: string;
  readonly journalNumber: number;
  readonly entryHash: string;
  readonly signature: Buffer | null;
}

/**
 * Entries to look at: those with a signature, those without the one before them (a gap), and those that name another one
 * before them than there is (a fork).
 */
export async function entriesToLookAt(tx: Tx, cityCode: string, month: CivilMonth, days: readonly SiteDate[]): Promise<LookedAt[]> {
  return tx.query<LookedAt>(
    `SELECT CASE WHEN b.before IS NULL THEN 'journal-gap' WHEN b.before <> j.prev_hash::text THEN 'journal-fork' END AS kind, j.terminal_id AS "terminalId", j.journal_number AS "journalNumber",
       j.tap_id AS "tapId", j.entry_hash AS "entryHash", j.signature
     FROM (
       SELECT e.*, lag(e.journal_number) OVER w AS number_before, lag(e.entry_hash) OVER w AS hash_before
       FROM (${ENTRIES}) e WINDOW w AS (PARTITION BY e.terminal_id ORDER BY e.journal_number)
     ) j
     LEFT JOIN LATERAL (
       SELECT p.entry_hash FROM tap_claim p
       WHERE p.city_code = $1 AND p.terminal_id = j.terminal_id AND p.journal_number = j.journal_number - 1 AND j.number_before IS DISTINCT FROM j.journal_number - 1 LIMIT 1) p ON true
     CROSS JOIN LATERAL (
       SELECT CASE WHEN j.journal_number = 1 THEN repeat('0', 64) WHEN j.number_before = j.journal_number - 1 THEN j.hash_before::text ELSE p.entry_hash::text END AS before) b
     WHERE b.before IS NULL OR b.before <> j.prev_hash::text OR j.signature IS NOT NULL
     ORDER BY j.terminal_id, j.journal_number`, [cityCode, month, days.map((day) => day.siteId), days.map((day) => day.mealDate)]);
}

/** Writes findings down; one that is known already changes nothing. */
export async function insertFindings(tx: Tx, cityCode: string, findings: readonly Finding[], now: Instant): Promise<void> {
  if (findings.length === 0) return;
  await tx.query(
    `INSERT INTO seal_finding (city_code, found_at, kind, terminal_id, journal_number, tap_id)
     SELECT $1, $2, f.* FROM unnest($3::text[], $4::uuid[], $5::bigint[], $6::uuid[]) f ON CONFLICT (city_code, kind, terminal_id, journal_number) DO NOTHING`,
    [cityCode, at(now), findings.map((one) => one.kind), findings.map((one) => one.terminalId), findings.map((one) => one.journalNumber), findings.map((one) => one.tapId)]);
}

/** A finding in a list. */
export interface FoundRow extends Finding {
  readonly siteId: string;
  readonly foundAt: Instant;
}

/** Findings of terminals inside a division, the newest first. */
export async function listFindings(tx: Tx, cityCode: string, scopeCode: string, limit: number): Promise<FoundRow[]> {
  return tx.query<FoundRow>(
    `SELECT f.kind, f.terminal_id AS "terminalId", f.journal_number AS "journalNumber", f.tap_id AS "tapId", t.site_id AS "siteId", f.found_at AS "foundAt"
     FROM seal_finding f JOIN access_terminal t ON t.city_code = f.city_code AND t.terminal_id = f.terminal_id
     JOIN region_closure scope ON scope.city_code = f.city_code AND scope.descendant_code = t.division_code AND scope.ancestor_code = $2
     WHERE f.city_code = $1 ORDER BY f.found_at DESC, f.terminal_id, f.journal_number LIMIT $3`, [cityCode, scopeCode, limit]);
}
