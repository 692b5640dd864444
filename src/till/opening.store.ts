import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Point } from './domain/index.js';

/** Where a site lies, as far as it is known, and what it is called. */
export async function sitePlace(tx: Tx, cityCode: string, siteId: string): Promise<{ name: string; point: Point | null } | undefined> {
  const [row] = await tx.query<{ name: string; longitude: number | null; latitude: number | null }>(
    'SELECT name, longitude, latitude FROM site WHERE city_code = $1 AND site_id = $2', [cityCode, siteId]);
  if (row === undefined) return undefined;
  const { name, longitude, latitude } = row;
  return { name, point: longitude === null || latitude === null ? null : { longitude, latitude } };
}

/** A till's report when it opens. */
export interface Opening {
  readonly openingId: string;
  readonly terminalId: string;
  readonly version: string;
  readonly metresAway: number | null;
  readonly clockOffMs: number;
  readonly unsent: number;
  readonly now: Instant;
}

/** Writes an opening down; one that was sent twice stays one. */
export async function insertOpening(tx: Tx, cityCode: string, opening: Opening): Promise<void> {
  await tx.query(
    `INSERT INTO till_opening (city_code, opening_id, terminal_id, opened_at, version, metres_away, clock_off_ms, unsent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (city_code, opening_id) DO NOTHING`,
    [cityCode, opening.openingId, opening.terminalId, at(opening.now), opening.version, opening.metresAway, opening.clockOffMs, opening.unsent]);
}

/** A terminal with its key's age and its last report. */
export interface WatchedTerminal {
  readonly terminalId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly label: string;
  readonly version: string | null;
  readonly seenAt: Instant | null;
  readonly keySince: Instant | null;
  readonly revokedAt: Instant | null;
  readonly openedAt: Instant | null;
  readonly metresAway: number | null;
  readonly clockOffMs: number | null;
  readonly unsent: number | null;
}

/** Whose terminals are looked at. */
export interface TerminalWatch {
  readonly cityCode: string;
  readonly divisionCode: string;
  readonly siteId: string | null;
  readonly after: string | null;
  readonly limit: number;
}

/** Terminals of a scope by id, `limit` + 1 of them after an id. */
export async function watchTerminals(tx: Tx, { cityCode, divisionCode, siteId, after, limit }: TerminalWatch): Promise<WatchedTerminal[]> {
  return tx.query<WatchedTerminal>(
    `SELECT t.terminal_id AS "terminalId", t.site_id AS "siteId", s.name AS "siteName", t.label, coalesce(o.version, t.version) AS version, t.seen_at AS "seenAt",
       coalesce(t.key_since, t.enrolled_at) AS "keySince", t.revoked_at AS "revokedAt", o.opened_at AS "openedAt", o.metres_away AS "metresAway",
       o.clock_off_ms AS "clockOffMs", o.unsent
     FROM access_terminal t JOIN site s ON s.city_code = t.city_code AND s.site_id = t.site_id
     LEFT JOIN LATERAL (
       SELECT p.* FROM till_opening p WHERE p.city_code = t.city_code AND p.terminal_id = t.terminal_id ORDER BY p.opened_at DESC LIMIT 1) o ON true
     WHERE t.city_code = $1 AND t.kind = 'device' AND ($3::uuid IS NULL OR t.site_id = $3) AND ($4::uuid IS NULL OR t.terminal_id > $4)
       AND EXISTS (SELECT FROM region_closure c WHERE c.city_code = t.city_code AND c.ancestor_code = $2 AND c.descendant_code = s.division_code)
     ORDER BY t.terminal_id LIMIT $5`,
    [cityCode, divisionCode, siteId, after, limit + 1]);
}
