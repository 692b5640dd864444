import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** A site's roster as it was last made. */
export interface RosterHead {
  readonly seq: number;
  readonly asOf: Instant;
  readonly tookMs: number;
  readonly coversTo: CivilDate;
  readonly versionKeys: readonly string[];
  /** The last journal number of each terminal whose sales are in the counters. */
  readonly journals: Readonly<Record<string, number>>;
}

const HEAD = `seq, as_of AS "asOf", took_ms AS "tookMs", covers_to AS "coversTo", version_keys AS "versionKeys", journals`;

/** The head of a site's roster; undefined before the first. @param lock whoever makes the roster anew waits for others who do */
export async function readHead(tx: Tx, cityCode: string, siteId: string, lock: 'lock' | 'look' = 'look'): Promise<RosterHead | undefined> {
  const [row] = await tx.query<RosterHead>(`SELECT ${HEAD} FROM till_roster WHERE city_code = $1 AND site_id = $2 ${lock === 'lock' ? 'FOR NO KEY UPDATE' : ''}`, [cityCode, siteId]);
  return row;
}

export async function writeHead(tx: Tx, cityCode: string, siteId: string, head: RosterHead): Promise<void> {
  await tx.query(
    `INSERT INTO till_roster (city_code, site_id, seq, as_of, took_ms, covers_to, version_keys, journals) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (city_code, site_id) DO UPDATE SET seq = excluded.seq, as_of = excluded.as_of, took_ms = excluded.took_ms, covers_to = excluded.covers_to,
       version_keys = excluded.version_keys, journals = excluded.journals`,
    [cityCode, siteId, head.seq, at(head.asOf), head.tookMs, head.coversTo, [...head.versionKeys], JSON.stringify(head.journals)]);
}

/** One moment for all statements of a transaction; the first statement of it. */
export async function freezeTime(tx: Tx): Promise<void> {
  await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
}

/** Somebody who belongs on a site's roster, with the card that counts. */
export interface Member {
  readonly cardId: string;
  readonly elderId: string;
  readonly cardState: 'active' | 'lost' | 'frozen';
  readonly digest: string;
  readonly nameIndex: string;
  readonly regular: boolean;
}

/** Whose names a roster may hold. */
export interface MemberQuery {
  readonly cityCode: string;
  readonly siteId: string;
  /** The division whose residents are on it: the site's street. */
  readonly streetCode: string;
  /** Who ate here since then is a regular. */
  readonly ateSince: CivilDate;
  readonly most: number;
}

/**
 * The regulars of a site first, then who lives in its street; with live cards that tills can find. One statement.
 * LATERAL with OFFSET keeps to the indexes of single people, however small the tables were when their statistics were made.
 */
export async function readMembers(tx: Tx, query: MemberQuery): Promise<Member[]> {
  return tx.query<Member>(
    `WITH wanted AS (
       SELECT a.elder_id, bool_or(a.regular) AS regular FROM (
         SELECT m.elder_id, true AS regular FROM meal m
         WHERE m.city_code = $1 AND m.site_id = $2 AND m.booked_month >= $5 AND m.meal_date >= $4 AND m.outcome = 'accepted' AND m.elder_id IS NOT NULL
         UNION ALL
         SELECT e.elder_id, false FROM region_closure r
         JOIN LATERAL (SELECT x.elder_id FROM elder x WHERE x.city_code = $1 AND x.residence_code = r.descendant_code OFFSET 0) e ON true
         WHERE r.city_code = $1 AND r.ancestor_code = $3) a GROUP BY a.elder_id)
     SELECT k.card_id AS "cardId", k.elder_id AS "elderId", k.state AS "cardState", k.till_digest AS digest, e.name_index AS "nameIndex", w.regular
     FROM wanted w
     JOIN LATERAL (SELECT x.name_index FROM elder x WHERE x.city_code = $1 AND x.elder_id = w.elder_id OFFSET 0) e ON true
     JOIN LATERAL (SELECT x.card_id, x.elder_id, x.state, x.till_digest FROM elder_card x WHERE x.city_code = $1 AND x.elder_id = w.elder_id OFFSET 0) k
       ON k.state IN ('active', 'lost', 'frozen') AND k.till_digest IS NOT NULL
     ORDER BY w.regular DESC, k.card_id LIMIT $6`,
    [query.cityCode, query.siteId, query.streetCode, query.ateSince, query.ateSince.slice(0, 7), query.most]);
}

/** What is written of rows: enough to tell which have changed. */
export interface KeptRow {
  readonly cardId: string;
  readonly hash: string;
  readonly gone: boolean;
}

export async function readKept(tx: Tx, cityCode: string, siteId: string): Promise<KeptRow[]> {
  return tx.query<KeptRow>('SELECT card_id AS "cardId", hash, gone FROM till_roster_row WHERE city_code = $1 AND site_id = $2', [cityCode, siteId]);
}

/** A row that is new or has changed. */
export interface ChangedRow {
  readonly cardId: string;
  readonly elderId: string;
  readonly regular: boolean;
  readonly body: string;
  readonly hash: string;
}

/** Writes changed rows under a version. */
export async function writeRows(tx: Tx, cityCode: string, siteId: string, seq: number, rows: readonly ChangedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO till_roster_row (city_code, site_id, card_id, elder_id, regular, body, hash, seq)
     SELECT $1, $2, r.card, r.elder, r.regular, r.body, r.hash, $3
     FROM unnest($4::uuid[], $5::uuid[], $6::boolean[], $7::text[], $8::text[]) AS r (card, elder, regular, body, hash)
     ON CONFLICT (city_code, site_id, card_id) DO UPDATE SET elder_id = excluded.elder_id, regular = excluded.regular, body = excluded.body,
       hash = excluded.hash, seq = excluded.seq, gone = false`,
    [cityCode, siteId, seq, rows.map((row) => row.cardId), rows.map((row) => row.elderId), rows.map((row) => row.regular), rows.map((row) => row.body), rows.map((row) => row.hash)]);
}

/** Takes rows off a roster under a version; what they said is forgotten. */
export async function dropRows(tx: Tx, cityCode: string, siteId: string, seq: number, cardIds: readonly string[]): Promise<void> {
  if (cardIds.length === 0) return;
  await tx.query(
    `UPDATE till_roster_row SET gone = true, seq = $3, body = '', hash = '' FROM unnest($4::uuid[]) AS w (id)
     WHERE city_code = $1 AND site_id = $2 AND card_id = w.id`, [cityCode, siteId, seq, cardIds]);
}

/** The last journal number of each of a site's terminals. */
export async function readJournals(tx: Tx, cityCode: string, siteId: string): Promise<Record<string, number>> {
  const rows = await tx.query<{ terminalId: string; last: number | null }>(
    `SELECT t.terminal_id AS "terminalId", (SELECT max(c.journal_number) FROM tap_claim c WHERE c.city_code = t.city_code AND c.terminal_id = t.terminal_id) AS last
     FROM access_terminal t WHERE t.city_code = $1 AND t.site_id = $2`, [cityCode, siteId]);
  return Object.fromEntries(rows.flatMap(({ terminalId, last }) => (last === null ? [] : [[terminalId, last]])));
}

/** Keeps versions as tills read them; one that is kept already stays. */
export async function keepVersions(tx: Tx, cityCode: string, versions: readonly { readonly key: string; readonly body: string }[]): Promise<void> {
  if (versions.length === 0) return;
  await tx.query(
    `INSERT INTO till_version (city_code, version_key, body) SELECT $1, v.key, v.body FROM unnest($2::text[], $3::text[]) AS v (key, body)
     ON CONFLICT (city_code, version_key) DO NOTHING`, [cityCode, versions.map(({ key }) => key), versions.map(({ body }) => body)]);
}

/** Kept versions as JSON, by their keys. */
export async function readVersions(tx: Tx, cityCode: string, keys: readonly string[]): Promise<{ key: string; body: string }[]> {
  return tx.query('SELECT version_key AS key, body FROM till_version WHERE city_code = $1 AND version_key = ANY ($2::text[]) ORDER BY version_key', [cityCode, [...keys]]);
}

/** A row on its way to a till; names are sealed still. */
export interface ServedRow {
  readonly cardId: string;
  readonly elderId: string;
  readonly digest: string;
  readonly body: string;
  readonly gone: boolean;
  readonly regular: boolean;
  readonly sex: 'male' | 'female';
  readonly nameSealed: Buffer;
}

/**
 * Rows of a roster after a card, `limit` + 1 of them: those that stand, or with `since` those that changed after that
 * version, the ones that went among them.
 */
export async function readRows(tx: Tx, cityCode: string, siteId: string, since: number | null, after: string | null, limit: number): Promise<ServedRow[]> {
  const wanted = since === null ? 'NOT r.gone AND $3::bigint IS NULL' : 'r.seq > $3::bigint';
  return tx.query<ServedRow>(
    `SELECT r.card_id AS "cardId", r.elder_id AS "elderId", k.till_digest AS digest, r.body, r.gone, r.regular, e.sex, e.name_sealed AS "nameSealed"
     FROM till_roster_row r
     JOIN LATERAL (SELECT x.till_digest FROM elder_card x WHERE x.city_code = r.city_code AND x.card_id = r.card_id OFFSET 0) k ON true
     JOIN LATERAL (SELECT x.sex, x.name_sealed FROM elder x WHERE x.city_code = r.city_code AND x.elder_id = r.elder_id OFFSET 0) e ON true
     WHERE r.city_code = $1 AND r.site_id = $2 AND ($4::uuid IS NULL OR r.card_id > $4) AND ${wanted}
     ORDER BY r.card_id LIMIT $5`,
    [cityCode, siteId, since, after, limit + 1]);
}
