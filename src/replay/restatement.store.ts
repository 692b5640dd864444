import type { FactKind } from '../elder/index.js';
import type { CivilDate, Fen, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { FunderPart } from '../tap/index.js';

/** Why meals are looked at again: an entry of the registry, or a version that rules from a past day. */
export interface Cause {
  readonly causeId: string;
  readonly kind: FactKind | 'rule';
  readonly firstDay: CivilDate;
  readonly recordedAt: Instant;
}

export const RESTATEMENT_STATES = ['open', 'reviewed', 'accepted', 'rejected', 'superseded'] as const;
export type RestatementState = (typeof RESTATEMENT_STATES)[number];

/** A restatement without its meals. */
export interface RestatementRow {
  readonly restatementId: string;
  readonly elderId: string;
  readonly countyCode: string;
  readonly causes: readonly Cause[];
  readonly meals: number;
  readonly beforeFen: Fen;
  readonly afterFen: Fen;
  readonly refundFen: Fen;
  readonly madeAt: Instant;
  readonly state: RestatementState;
  readonly decision: 'accept' | 'reject' | null;
  readonly reason: string | null;
  readonly reviewedBy: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
}

/** One meal of a restatement. */
export interface RestatementLine {
  readonly tapId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly pack: string | null;
  readonly version: string | null;
  /** Why it gets no subsidy now; null where it gets one. */
  readonly code: string | null;
  readonly before: readonly FunderPart[];
  readonly after: readonly FunderPart[];
  readonly beforeFen: Fen;
  readonly afterFen: Fen;
  readonly refundFen: Fen;
}

/** When the registry was last looked through; null before the first time. */
export async function lastLook(tx: Tx, cityCode: string): Promise<Instant | null> {
  const [row] = await tx.query<{ at: Instant | null }>('SELECT max(looked_at) AS at FROM restatement_look WHERE city_code = $1', [cityCode]);
  return row?.at ?? null;
}

/** One look at a time in a city: waits here until the commit. */
export async function lockLooks(tx: Tx, cityCode: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('restatement'), $1::int)`, [cityCode]);
}

export async function insertLook(tx: Tx, cityCode: string, look: { lookId: string; lookedFor: CivilDate; lookedAt: Instant; facts: number; elders: number; askedBy: string }): Promise<void> {
  await tx.query(
    'INSERT INTO restatement_look (city_code, look_id, looked_for, looked_at, facts, elders, asked_by) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (city_code, look_id) DO NOTHING',
    [cityCode, look.lookId, look.lookedFor, at(look.lookedAt), look.facts, look.elders, look.askedBy],
  );
}

/** Cities whose registry was not looked through for a day. */
export async function citiesWithoutLook(tx: Tx, date: CivilDate): Promise<string[]> {
  const rows = await tx.query<{ cityCode: string }>(
    `SELECT c.city_code AS "cityCode" FROM region_city c
     WHERE NOT EXISTS (SELECT FROM restatement_look l WHERE l.city_code = c.city_code AND l.looked_for >= $1) ORDER BY c.city_code`, [date]);
  return rows.map((row) => row.cityCode);
}

/** Keeps causes, each once for an elder. @returns the elders with a cause that was not known */
export async function insertCauses(tx: Tx, cityCode: string, lookId: string, causes: readonly (Cause & { readonly elderId: string })[]): Promise<string[]> {
  const rows = await tx.query<{ elderId: string }>(
    `INSERT INTO restatement_cause (city_code, elder_id, cause_id, kind, first_day, recorded_at, look_id)
     SELECT DISTINCT ON (c.elder_id, c.cause_id) $1, c.elder_id, c.cause_id, c.kind, c.first_day, c.recorded_at, $2::uuid
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::date[], $7::timestamptz[]) AS c (elder_id, cause_id, kind, first_day, recorded_at)
     ON CONFLICT (city_code, elder_id, cause_id) DO NOTHING RETURNING elder_id AS "elderId"`,
    [cityCode, lookId, causes.map((c) => c.elderId), causes.map((c) => c.causeId), causes.map((c) => c.kind), causes.map((c) => c.firstDay), causes.map((c) => at(c.recordedAt))],
  );
  return [...new Set(rows.map((row) => row.elderId))].sort();
}

/** What a look noticed of an elder. */
export async function causesOf(tx: Tx, cityCode: string, lookId: string, elderId: string): Promise<Cause[]> {
  return tx.query<Cause>(
    `SELECT cause_id AS "causeId", kind, first_day AS "firstDay", recorded_at AS "recordedAt" FROM restatement_cause
     WHERE city_code = $1 AND look_id = $2 AND elder_id = $3 ORDER BY cause_id`, [cityCode, lookId, elderId]);
}

/** Restatements of one elder are made and decided one after the other: waits here until the commit. */
export async function lockElderMeals(tx: Tx, cityCode: string, elderId: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('restatement ' || $1), hashtext($2))`, [cityCode, elderId]);
}

const COLUMNS = `r.restatement_id AS "restatementId", r.elder_id AS "elderId", r.county_code AS "countyCode", r.causes, r.meals, r.before_fen AS "beforeFen", r.after_fen AS "afterFen",
  r.refund_fen AS "refundFen", r.made_at AS "madeAt", r.state, r.decision, r.reason, r.reviewed_by AS "reviewedBy", r.decided_by AS "decidedBy", r.decided_at AS "decidedAt"`;

/** Takes back what is proposed for an elder and not decided: what is made next holds it, too. @returns its causes */
export async function supersede(tx: Tx, cityCode: string, elderId: string): Promise<Cause[]> {
  const rows = await tx.query<{ causes: Cause[] }>(
    `UPDATE restatement SET state = 'superseded', decision = NULL WHERE city_code = $1 AND elder_id = $2 AND state IN ('open', 'reviewed') RETURNING causes`, [cityCode, elderId]);
  return rows.flatMap(({ causes }) => causes);
}

/** What was proposed for an elder's meals and rejected, as tap id and the shares in a line of text. */
export async function rejectedLines(tx: Tx, cityCode: string, elderId: string): Promise<Set<string>> {
  const rows = await tx.query<{ tapId: string; after: FunderPart[] }>(
    `SELECT l.tap_id AS "tapId", l.after_shares AS after FROM restatement r JOIN restatement_line l ON l.city_code = r.city_code AND l.restatement_id = r.restatement_id
     WHERE r.city_code = $1 AND r.elder_id = $2 AND r.state = 'rejected'`, [cityCode, elderId]);
  return new Set(rows.map(({ tapId, after }) => lineKey(tapId, after)));
}

/** A meal and who is to bear what of it, as text. */
export function lineKey(tapId: string, after: readonly FunderPart[]): string {
  return `${tapId} ${after.map((part) => `${part.funderCode} ${part.fen}`).sort().join('|')}`;
}

export type NewRestatement = Pick<RestatementRow, 'restatementId' | 'elderId' | 'countyCode' | 'causes' | 'madeAt'> & { readonly lines: readonly RestatementLine[] };

export async function insertRestatement(tx: Tx, cityCode: string, { lines, ...head }: NewRestatement): Promise<void> {
  const total = (pick: (line: RestatementLine) => number): number => lines.reduce((sum, line) => sum + pick(line), 0);
  await tx.query(
    `INSERT INTO restatement (city_code, restatement_id, elder_id, county_code, causes, meals, before_fen, after_fen, refund_fen, made_at, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open')`,
    [
      cityCode, head.restatementId, head.elderId, head.countyCode, JSON.stringify(head.causes), lines.length,
      total((line) => line.beforeFen), total((line) => line.afterFen), total((line) => line.refundFen), at(head.madeAt),
    ],
  );
  await tx.query(
    `INSERT INTO restatement_line (city_code, restatement_id, tap_id, site_id, meal_date, pack, version, code, before_shares, after_shares, before_fen, after_fen, refund_fen)
     SELECT $1, $2::uuid, l.tap_id, l.site_id, l.meal_date, l.pack, l.version, l.code, l.before_shares::jsonb, l.after_shares::jsonb, l.before_fen, l.after_fen, l.refund_fen
     FROM unnest($3::uuid[], $4::uuid[], $5::date[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[])
       AS l (tap_id, site_id, meal_date, pack, version, code, before_shares, after_shares, before_fen, after_fen, refund_fen)`,
    [
      cityCode, head.restatementId, lines.map((l) => l.tapId), lines.map((l) => l.siteId), lines.map((l) => l.mealDate), lines.map((l) => l.pack), lines.map((l) => l.version),
      lines.map((l) => l.code), lines.map((l) => JSON.stringify(l.before)), lines.map((l) => JSON.stringify(l.after)),
      lines.map((l) => l.beforeFen), lines.map((l) => l.afterFen), lines.map((l) => l.refundFen),
    ],
  );
}

/** A restatement, locked when it is to be decided. */
export async function readRestatement(tx: Tx, cityCode: string, restatementId: string, lock = false): Promise<RestatementRow | undefined> {
  const [row] = await tx.query<RestatementRow>(
    `SELECT ${COLUMNS} FROM restatement r WHERE r.city_code = $1 AND r.restatement_id = $2 ${lock ? 'FOR UPDATE' : ''}`, [cityCode, restatementId]);
  return row;
}

/** The meals of a restatement by their day. */
export async function linesOf(tx: Tx, cityCode: string, restatementId: string): Promise<RestatementLine[]> {
  return tx.query<RestatementLine>(
    `SELECT l.tap_id AS "tapId", l.site_id AS "siteId", l.meal_date AS "mealDate", l.pack, l.version, l.code, l.before_shares AS before, l.after_shares AS after,
       l.before_fen AS "beforeFen", l.after_fen AS "afterFen", l.refund_fen AS "refundFen"
     FROM restatement_line l WHERE l.city_code = $1 AND l.restatement_id = $2 ORDER BY l.meal_date, l.tap_id`, [cityCode, restatementId]);
}

/** Restatements of counties inside a division, the newest first, `limit` + 1 of them after a place. */
export async function listRestatements(
  tx: Tx, cityCode: string, scopeCode: string, state: RestatementState | null, after: readonly (string | number)[] | null, limit: number,
): Promise<RestatementRow[]> {
  return tx.query<RestatementRow>(
    `SELECT ${COLUMNS} FROM restatement r JOIN region_closure c ON c.city_code = r.city_code AND c.descendant_code = r.county_code AND c.ancestor_code = $2
     WHERE r.city_code = $1 AND ($3::text IS NULL OR r.state = $3) AND ($4::bigint IS NULL OR (r.made_at, r.restatement_id) < (to_timestamp($4::bigint / 1000.0), $5::uuid))
     ORDER BY r.made_at DESC, r.restatement_id DESC LIMIT $6`,
    [cityCode, scopeCode, state, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
}

/** Puts down the first person's judgement, or (null) takes it off again. */
export async function writeReview(tx: Tx, cityCode: string, restatementId: string, review: { decision: 'accept' | 'reject'; reason: string; staffId: string; now: Instant } | null): Promise<void> {
  await tx.query(
    `UPDATE restatement SET state = $3, decision = $4, reason = $5, reviewed_by = $6, reviewed_at = $7 WHERE city_code = $1 AND restatement_id = $2`,
    [cityCode, restatementId, review === null ? 'open' : 'reviewed', review?.decision ?? null, review?.reason ?? null, review?.staffId ?? null, review === null ? null : at(review.now)],
  );
}

/** Puts down the second person's agreement: the restatement is decided. */
export async function writeDecision(tx: Tx, cityCode: string, restatementId: string, decided: { state: 'accepted' | 'rejected'; staffId: string; now: Instant }): Promise<void> {
  await tx.query(
    'UPDATE restatement SET state = $3, decided_by = $4, decided_at = $5 WHERE city_code = $1 AND restatement_id = $2',
    [cityCode, restatementId, decided.state, decided.staffId, at(decided.now)],
  );
}
