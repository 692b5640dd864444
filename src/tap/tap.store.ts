import type { CivilMonth, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Use } from '../subsidy/domain/index.js';
import { policyHeadSql } from '../subsidy/index.js';
import type { TapAnswer } from './domain/index.js';

/** Whose id and journal number an entry has taken. */
export interface Claim {
  readonly tapId: string;
  readonly kind: 'tap' | 'void';
  readonly bodyHash: string;
  readonly terminalId: string;
  readonly journalNumber: number;
  readonly prevHash: string;
  readonly entryHash: string;
  readonly bookedMonth: CivilMonth;
}

/** Two ids with one key only wait for each other for nothing; ids are as good as random, so they need no digest. */
function lockKey(cityCode: string, tapId: string): bigint {
  const hex = tapId.replaceAll('-', '');
  return BigInt.asIntN(64, BigInt(`0x${hex.slice(0, 16)}`) ^ BigInt(`0x${hex.slice(16)}`) ^ (BigInt(cityCode) << 40n));
}

/**
 * Locks ids of taps until the transaction ends, whether they are taken or not: twins that arrive at once wait for each
 * other here. Always the first lock, and in one order.
 * @returns the head of what is published in the city, which costs no statement here
 */
export async function lockTapIds(tx: Tx, cityCode: string, tapIds: readonly string[]): Promise<string | null> {
  const keys = tapIds.map((tapId) => lockKey(cityCode, tapId)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const [row] = await tx.query<{ head: string | null }>(
    `SELECT pg_advisory_xact_lock(k), ${policyHeadSql('$2')} AS head FROM unnest($1::bigint[]) AS k`, [keys.map(String), cityCode], 'tap.lock-ids');
  return row?.head ?? null;
}

const CLAIM = `c.tap_id AS "tapId", c.kind, c.body_hash AS "bodyHash", c.terminal_id AS "terminalId", c.journal_number AS "journalNumber",
  c.prev_hash AS "prevHash", c.entry_hash AS "entryHash", c.booked_month AS "bookedMonth"`;

/** Numbers of one terminal that lie further apart are looked up apart: an old entry that is sent again costs no walk over the journal. */
const NEAR = 64;

interface JournalSpan {
  readonly terminalId: string;
  readonly low: number;
  high: number;
}

function journalSpans(entries: readonly { terminalId: string; journalNumber: number }[]): JournalSpan[] {
  const spans: JournalSpan[] = [];
  const sorted = [...entries].sort((a, b) => (a.terminalId < b.terminalId ? -1 : a.terminalId > b.terminalId ? 1 : a.journalNumber - b.journalNumber));
  for (const { terminalId, journalNumber } of sorted) {
    const last = spans.at(-1);
    // The spans are widened by one on each side, so they must not touch, or a claim would come twice.
    if (last?.terminalId === terminalId && journalNumber - last.high <= NEAR) last.high = journalNumber;
    else spans.push({ terminalId, low: journalNumber, high: journalNumber });
  }
  return spans;
}

/** The claims on some ids, and those on some journal numbers with at least the numbers right before and after them. */
export async function readClaims(
  tx: Tx, cityCode: string, wanted: readonly { tapId: string; terminalId: string; journalNumber: number }[],
): Promise<Claim[]> {
  const spans = journalSpans(wanted);
  // LATERAL with OFFSET keeps to the index of each terminal, however small the table was when the plan was made.
  return tx.query<Claim>(
    `SELECT ${CLAIM} FROM unnest($2::uuid[]) AS w (tap_id) JOIN LATERAL (SELECT * FROM tap_claim k WHERE k.city_code = $1 AND k.tap_id = w.tap_id OFFSET 0) c ON true
     UNION ALL
     SELECT ${CLAIM} FROM unnest($3::uuid[], $4::bigint[], $5::bigint[]) AS w (terminal_id, low, high)
     JOIN LATERAL (SELECT * FROM tap_claim k WHERE k.city_code = $1 AND k.terminal_id = w.terminal_id AND k.journal_number BETWEEN w.low - 1 AND w.high + 1 OFFSET 0) c ON true`,
    [cityCode, wanted.map((tap) => tap.tapId), spans.map((span) => span.terminalId), spans.map((span) => span.low), spans.map((span) => span.high)],
    'tap.read-claims',
  );
}

/** The last entry of a terminal's journal; undefined before the first. */
export async function lastEntry(tx: Tx, cityCode: string, terminalId: string): Promise<Pick<Claim, 'journalNumber' | 'entryHash'> | undefined> {
  const [row] = await tx.query<Pick<Claim, 'journalNumber' | 'entryHash'>>(
    `SELECT journal_number AS "journalNumber", entry_hash AS "entryHash" FROM tap_claim
     WHERE city_code = $1 AND terminal_id = $2 ORDER BY journal_number DESC LIMIT 1`, [cityCode, terminalId]);
  return row;
}

/** Adds the claim of a void that a till wrote into its journal. */
export async function insertClaim(tx: Tx, cityCode: string, claim: Claim & { readonly signature: Buffer | null }): Promise<void> {
  await tx.query(
    `INSERT INTO tap_claim (city_code, tap_id, kind, body_hash, terminal_id, journal_number, prev_hash, entry_hash, booked_month, signature)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [cityCode, claim.tapId, claim.kind, claim.bodyHash, claim.terminalId, claim.journalNumber, claim.prevHash, claim.entryHash, claim.bookedMonth, claim.signature],
  );
}

/** The answer of meal `m`: what is kept of it, with what the meal's columns say; one that was kept whole as it is. */
export const WHOLE_ANSWER = `CASE WHEN m.answer ? 'tapId' THEN m.answer ELSE m.answer || jsonb_build_object('outcome', m.outcome, 'tapId', m.tap_id, 'code', m.code,
  'priceFen', m.price_fen, 'selfPayFen', m.self_pay_fen, 'subsidyFen', m.subsidy_fen, 'siteBorneFen', m.site_borne_fen, 'flags', to_jsonb(m.flags),
  'mealDate', m.meal_date, 'bookedMonth', m.booked_month) END`;

/** Kept answers of taps by id. */
export async function readAnswers(tx: Tx, cityCode: string, taps: readonly { tapId: string; bookedMonth: CivilMonth }[]): Promise<Map<string, TapAnswer>> {
  if (taps.length === 0) return new Map();
  // Month by month, without a name: planned with the month at hand, the server opens one partition and not all of them.
  const rows = await Promise.all([...new Set(taps.map((tap) => tap.bookedMonth))].map((month) => tx.query<{ tapId: string; answer: TapAnswer }>(
    `SELECT m.tap_id AS "tapId", ${WHOLE_ANSWER} AS answer FROM meal m WHERE m.city_code = $1 AND m.booked_month = $2 AND m.tap_id = ANY ($3::uuid[])`,
    [cityCode, month, taps.filter((tap) => tap.bookedMonth === month).map((tap) => tap.tapId)],
  )));
  return new Map(rows.flat().map(({ tapId, answer }) => [tapId, answer]));
}

/** The mark under which the city's places are what they are; null where nothing was ever recorded of any. */
export async function readPlaceHead(tx: Tx, cityCode: string): Promise<string | null> {
  const [row] = await tx.query<{ head: string }>('SELECT head FROM place_head WHERE city_code = $1', [cityCode], 'tap.place-head');
  return row?.head ?? null;
}

/** Whether a meal was taken back, or is just being: waits for whoever takes it back, so its lock comes before those of orders. */
export async function isTakenBack(tx: Tx, cityCode: string, tapId: string): Promise<boolean> {
  await lockTapIds(tx, cityCode, [tapId]);
  return (await tx.query('SELECT FROM meal_void WHERE city_code = $1 AND tap_id = $2', [cityCode, tapId])).length > 0;
}

/** Counters of elders in some periods. The elders are locked by the caller. */
export async function readUses(tx: Tx, cityCode: string, elderIds: readonly string[], periodKeys: readonly string[]): Promise<Map<string, Use[]>> {
  if (elderIds.length === 0) return new Map();
  const rows = await tx.query<Use & { elderId: string }>(
    `SELECT elder_id AS "elderId", rule_id AS "ruleId", period_key AS "periodKey", count, fen FROM subsidy_use
     WHERE city_code = $1 AND elder_id = ANY($2::uuid[]) AND period_key = ANY($3::text[]) AND count > 0`,
    [cityCode, elderIds, periodKeys],
    'tap.read-uses',
  );
  const byElder = new Map<string, Use[]>();
  for (const { elderId, ...use } of rows) byElder.set(elderId, [...(byElder.get(elderId) ?? []), use]);
  return byElder;
}

/** Takes the uses of a voided meal back from the elder's counters. */
export async function takeBackUses(tx: Tx, cityCode: string, elderId: string, uses: readonly Use[]): Promise<void> {
  await tx.query(
    `UPDATE subsidy_use u SET count = u.count - w.count, fen = u.fen - w.fen
     FROM unnest($3::text[], $4::text[], $5::int[], $6::bigint[]) AS w (rule_id, period_key, count, fen)
     WHERE u.city_code = $1 AND u.elder_id = $2 AND u.rule_id = w.rule_id AND u.period_key = w.period_key`,
    [cityCode, elderId, uses.map((use) => use.ruleId), uses.map((use) => use.periodKey), uses.map((use) => use.count), uses.map((use) => use.fen)],
  );
}

/** A void as it is written down. */
export interface VoidRow {
  readonly voidId: string;
  readonly tapId: string;
  readonly bookedMonth: CivilMonth;
  readonly originalMonth: CivilMonth;
  readonly siteId: string;
  readonly mealDate: string;
  readonly reason: string;
  readonly by: string;
  readonly now: Instant;
}

/** @param row with `madeAt`, the void's own time where a till held it back */
export async function insertVoid(tx: Tx, cityCode: string, row: VoidRow & { readonly madeAt: Instant | null }): Promise<void> {
  await tx.query(
    `INSERT INTO meal_void (city_code, booked_month, void_id, tap_id, original_month, site_id, meal_date, reason, voided_by, voided_at, made_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [cityCode, row.bookedMonth, row.voidId, row.tapId, row.originalMonth, row.siteId, row.mealDate, row.reason, row.by, at(row.now), row.madeAt === null ? null : at(row.madeAt)],
  );
}

/** A correction of who bears a meal's subsidy, one funder at a time; `fen` is added to the funder's share. */
export interface AdjustmentRow extends Omit<VoidRow, 'voidId'> {
  readonly adjustmentId: string;
  readonly cause: string;
  readonly parts: readonly { readonly funderCode: string; readonly fen: number }[];
}

export async function insertAdjustment(tx: Tx, cityCode: string, row: AdjustmentRow): Promise<void> {
  await tx.query(
    `INSERT INTO meal_adjustment (city_code, booked_month, adjustment_id, tap_id, original_month, site_id, meal_date, funder_code, fen, cause, reason, adjusted_by, adjusted_at)
     SELECT $1, $2, $3, $4, $5, $6, $7, p.funder_code, p.fen, $10, $11, $12, $13 FROM unnest($8::text[], $9::bigint[]) AS p (funder_code, fen)`,
    [
      cityCode, row.bookedMonth, row.adjustmentId, row.tapId, row.originalMonth, row.siteId, row.mealDate,
      row.parts.map((part) => part.funderCode), row.parts.map((part) => part.fen), row.cause, row.reason, row.by, at(row.now),
    ],
  );
}
