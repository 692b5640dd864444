import { createHash } from 'node:crypto';
import type { CivilMonth, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { SealedDay, SealLine, TreeEdge } from './domain/index.js';
import type { SiteDate } from './leaf.store.js';

const HASH_BYTES = 32;

/** Lets one transaction at a time seal a city's days. Never taken by who books. */
export async function lockSeals(tx: Tx, cityCode: string): Promise<void> {
  const key = createHash('sha256').update(`seal ${cityCode}`).digest().readBigInt64BE();
  await tx.query('SELECT pg_advisory_xact_lock($1::bigint)', [String(key)]);
}

/** A day's newest seal, which the next one takes the place of. */
export interface NewestSeal extends SiteDate {
  readonly seq: number;
  readonly sealHash: Buffer;
}

export async function newestSeals(tx: Tx, cityCode: string, month: CivilMonth, days: readonly SiteDate[]): Promise<NewestSeal[]> {
  return tx.query<NewestSeal>(
    `SELECT DISTINCT ON (s.site_id, s.meal_date) s.site_id AS "siteId", s.meal_date AS "mealDate", s.seq, s.seal_hash AS "sealHash"
     FROM unnest($3::uuid[], $4::date[]) AS d (site_id, meal_date) JOIN day_seal s ON s.city_code = $1 AND s.booked_month = $2 AND s.site_id = d.site_id AND s.meal_date = d.meal_date
     ORDER BY s.site_id, s.meal_date, s.seq DESC`,
    [cityCode, month, days.map((day) => day.siteId), days.map((day) => day.mealDate)]);
}

/** A seal as it is written down. */
export interface SealRow extends SealedDay {
  readonly logIndex: number;
  readonly leafIndex: Buffer;
  readonly statement: string;
  readonly sealHash: Buffer;
}

export async function insertSeals(tx: Tx, cityCode: string, rows: readonly SealRow[], now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO day_seal (city_code, sealed_at, log_index, site_id, booked_month, meal_date, seq, leaves, meals, subsidised_meals, bookings, root, leaf_index, statement, seal_hash)
     SELECT $1, $2, s.* FROM unnest($3::bigint[], $4::uuid[], $5::text[], $6::date[], $7::int[], $8::int[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bytea[], $13::bytea[], $14::text[], $15::bytea[]) s`,
    [cityCode, at(now), rows.map((row) => row.logIndex), rows.map((row) => row.siteId), rows.map((row) => row.bookedMonth), rows.map((row) => row.mealDate), rows.map((row) => row.seq),
      rows.map((row) => row.leaves), rows.map((row) => row.meals), rows.map((row) => row.subsidisedMeals), rows.map((row) => row.bookings),
      rows.map((row) => Buffer.from(row.root, 'hex')), rows.map((row) => row.leafIndex), rows.map((row) => row.statement), rows.map((row) => row.sealHash)]);
  const lines = rows.flatMap((row) => row.lines.map((line, index) => ({ ...line, logIndex: row.logIndex, lineNo: index + 1 })));
  await tx.query(
    `INSERT INTO day_seal_line (city_code, log_index, line_no, operator_id, payee_id, funder_code, meals, fen)
     SELECT $1, l.* FROM unnest($2::bigint[], $3::int[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::bigint[]) l`,
    [cityCode, lines.map((line) => line.logIndex), lines.map((line) => line.lineNo), lines.map((line) => line.operatorId), lines.map((line) => line.payeeId),
      lines.map((line) => line.funderCode), lines.map((line) => line.meals), lines.map((line) => line.fen)]);
}

/** Seals that hold: of every day of a month of booking the newest. $1 is the city, $2 the month, $3 sites or null for all. */
const HOLDING = `
  SELECT DISTINCT ON (s.site_id, s.meal_date) s.log_index, s.site_id, s.meal_date, s.meals, s.subsidised_meals, s.bookings
  FROM day_seal s WHERE s.city_code = $1 AND s.booked_month = $2 AND ($3::uuid[] IS NULL OR s.site_id = ANY ($3))
  ORDER BY s.site_id, s.meal_date, s.seq DESC`;

/** A line of a month's claim by its seals, before a payee is found for meals of a time without one. */
export interface SealedLine extends SealLine {
  readonly siteId: string;
  readonly mealMonth: CivilMonth;
}

/** What the seals of sites' month of booking come to. */
export async function sealedLines(tx: Tx, cityCode: string, month: CivilMonth, siteIds: readonly string[]): Promise<SealedLine[]> {
  return tx.query<SealedLine>(
    `SELECT h.site_id AS "siteId", l.operator_id AS "operatorId", l.payee_id AS "payeeId", to_char(h.meal_date, 'YYYY-MM') AS "mealMonth", l.funder_code AS "funderCode",
       sum(l.meals)::bigint AS meals, sum(l.fen)::bigint AS fen
     FROM (${HOLDING}) h JOIN day_seal_line l ON l.city_code = $1 AND l.log_index = h.log_index GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 4, 2, 3, 5`,
    [cityCode, month, siteIds]);
}

/** The seals that a site's month rests on, and how many subsidised meals less voids they hold. */
export interface SiteSeals {
  readonly logIndexes: readonly number[];
  readonly subsidisedMeals: number;
}

/** What the months of sites rest on, by site; sites without a seal are left out. */
export async function holdingSeals(tx: Tx, cityCode: string, month: CivilMonth, siteIds: readonly string[]): Promise<Map<string, SiteSeals>> {
  const rows = await tx.query<SiteSeals & { siteId: string }>(
    `SELECT h.site_id AS "siteId", array_agg(h.log_index ORDER BY h.log_index) AS "logIndexes", sum(h.subsidised_meals)::bigint AS "subsidisedMeals" FROM (${HOLDING}) h GROUP BY h.site_id`,
    [cityCode, month, siteIds]);
  return new Map(rows.map(({ siteId, logIndexes, subsidisedMeals }) => [siteId, { logIndexes: logIndexes.map(Number), subsidisedMeals }]));
}

/** Whether a month of booking has a seal. A closed month that has one is sealed as a whole. */
export async function isSealed(tx: Tx, cityCode: string, month: CivilMonth): Promise<boolean> {
  const [row] = await tx.query<{ sealed: boolean }>('SELECT EXISTS (SELECT FROM day_seal s WHERE s.city_code = $1 AND s.booked_month = $2) AS sealed', [cityCode, month]);
  return row?.sealed === true;
}

/** Sites with a meal, a void or a correction in the seals of a month; those that only refused are left out. */
export async function sealedSites(tx: Tx, cityCode: string, month: CivilMonth): Promise<string[]> {
  const rows = await tx.query<{ siteId: string }>(
    `SELECT h.site_id AS "siteId" FROM (${HOLDING}) h GROUP BY h.site_id HAVING sum(h.bookings) > 0 ORDER BY h.site_id`, [cityCode, month, null]);
  return rows.map((row) => row.siteId);
}

/** A seal for a packet. */
export interface KeptSeal extends SiteDate {
  readonly logIndex: number;
  readonly bookedMonth: CivilMonth;
  readonly statement: string;
  readonly sealHash: Buffer;
  readonly leafIndex: Buffer;
}

export async function readSeals(tx: Tx, cityCode: string, logIndexes: readonly number[]): Promise<KeptSeal[]> {
  return tx.query<KeptSeal>(
    `SELECT s.log_index AS "logIndex", s.site_id AS "siteId", s.meal_date AS "mealDate", s.booked_month AS "bookedMonth", s.statement, s.seal_hash AS "sealHash", s.leaf_index AS "leafIndex"
     FROM day_seal s WHERE s.city_code = $1 AND s.log_index = ANY ($2::bigint[]) ORDER BY s.meal_date, s.log_index`, [cityCode, logIndexes]);
}

/** Hashes of the leaves of the city's log from its beginning, in their order. */
export async function logHashes(tx: Tx, cityCode: string, size: number): Promise<Buffer[]> {
  const [row] = await tx.query<{ hashes: Buffer | null }>(
    `SELECT string_agg(s.seal_hash, ''::bytea ORDER BY s.log_index) AS hashes FROM day_seal s WHERE s.city_code = $1 AND s.log_index < $2`, [cityCode, size]);
  return cutHashes(row?.hashes ?? Buffer.alloc(0));
}

/** A checkpoint as kept. */
export interface CheckpointRow {
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
  readonly edge: TreeEdge;
  readonly madeAt: Instant;
}

/** The newest checkpoint of a city, or the one of a size. */
export async function readCheckpoint(tx: Tx, cityCode: string, size: number | null = null): Promise<CheckpointRow | undefined> {
  const [row] = await tx.query<Omit<CheckpointRow, 'edge'> & { edge: Buffer }>(
    `SELECT size, root, note, edge, made_at AS "madeAt" FROM seal_checkpoint WHERE city_code = $1 AND ($2::bigint IS NULL OR size = $2) ORDER BY size DESC LIMIT 1`, [cityCode, size]);
  return row === undefined ? undefined : { ...row, edge: { size: row.size, hashes: cutHashes(row.edge) } };
}

export async function insertCheckpoint(tx: Tx, cityCode: string, row: CheckpointRow): Promise<void> {
  await tx.query('INSERT INTO seal_checkpoint (city_code, size, root, edge, note, made_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [cityCode, row.size, row.root, Buffer.concat(row.edge.hashes.map((hash) => Buffer.from(hash))), row.note, at(row.madeAt)]);
}

function cutHashes(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, index) => bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES));
}
