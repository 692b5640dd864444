import type { CivilDate, CivilMonth, Fen, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { OpenLeg, ReceiptRow } from './domain/index.js';

export const BATCH_STATES = ['batched', 'financeReviewed', 'released', 'partPaid', 'paid', 'returned'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

/** A county's claims of a month on their way through finance. */
export interface BatchRow {
  readonly batchId: string;
  readonly batchNumber: string;
  readonly month: CivilMonth;
  readonly countyCode: string;
  readonly state: BatchState;
  readonly madeAt: Instant;
  readonly claims: number;
  readonly claimedFen: Fen;
  readonly cutFen: Fen;
  readonly approvedFen: Fen;
  readonly paidFen: Fen;
}

const BATCH = `b.batch_id AS "batchId", b.batch_number AS "batchNumber", b.month, b.county_code AS "countyCode", b.state, b.made_at AS "madeAt",
  (SELECT count(*) FROM claim c WHERE c.city_code = b.city_code AND c.batch_id = b.batch_id) AS claims,
  ${['claimed', 'cut', 'approved', 'paid'].map((figure) => `(SELECT COALESCE(sum(c.${figure}_fen), 0)::bigint FROM claim c WHERE c.city_code = b.city_code AND c.batch_id = b.batch_id) AS "${figure}Fen"`).join(', ')}`;

export async function insertBatch(
  tx: Tx, cityCode: string, batch: { batchId: string; month: CivilMonth; countyCode: string; year: number; number: number; batchNumber: string; madeAt: Instant },
): Promise<void> {
  await tx.query(
    `INSERT INTO batch (city_code, batch_id, month, county_code, year, number, batch_number, state, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'batched', $8)`,
    [cityCode, batch.batchId, batch.month, batch.countyCode, batch.year, batch.number, batch.batchNumber, at(batch.madeAt)]);
}

/** Locks a batch; undefined when the city has none of this id. */
export async function lockBatch(tx: Tx, cityCode: string, batchId: string): Promise<BatchRow | undefined> {
  const rows = await tx.query(`SELECT 1 FROM batch WHERE city_code = $1 AND batch_id = $2 FOR NO KEY UPDATE`, [cityCode, batchId]);
  return rows.length === 0 ? undefined : readBatch(tx, cityCode, batchId);
}

export async function readBatch(tx: Tx, cityCode: string, batchId: string): Promise<BatchRow | undefined> {
  const [row] = await tx.query<BatchRow>(`SELECT ${BATCH} FROM batch b WHERE b.city_code = $1 AND b.batch_id = $2`, [cityCode, batchId]);
  return row;
}

/** Batches inside a scope, the newest first, `limit` + 1 of them after a key. */
export async function listBatches(tx: Tx, cityCode: string, scopeCode: string, month: CivilMonth | null, after: readonly [string, string] | null, limit: number): Promise<BatchRow[]> {
  return tx.query<BatchRow>(
    `SELECT ${BATCH} FROM batch b
     JOIN region_closure scope ON scope.city_code = b.city_code AND scope.descendant_code = b.county_code AND scope.ancestor_code = $2
     WHERE b.city_code = $1 AND ($3::text IS NULL OR b.month = $3) AND ($4::text IS NULL OR (b.month, b.batch_number) < ($4, $5))
     ORDER BY b.month DESC, b.batch_number DESC LIMIT $6`, [cityCode, scopeCode, month, after?.[0] ?? null, after?.[1] ?? null, limit + 1]);
}

/** Moves a batch, with a row of history. */
export async function moveBatch(
  tx: Tx, cityCode: string, batchId: string,
  move: { step: string; from: BatchState | null; to: BatchState; actor: string; staffId: string | null; now: Instant; reason: string | null },
): Promise<void> {
  await tx.query('UPDATE batch SET state = $3 WHERE city_code = $1 AND batch_id = $2', [cityCode, batchId, move.to]);
  await tx.query(
    `INSERT INTO batch_step (city_code, batch_id, step_no, step, from_state, to_state, actor, staff_id, at, reason)
     VALUES ($1, $2, (SELECT count(*) + 1 FROM batch_step WHERE city_code = $1 AND batch_id = $2), $3, $4, $5, $6, $7, $8, $9)`,
    [cityCode, batchId, move.step, move.from, move.to, move.actor, move.staffId, at(move.now), move.reason]);
}

/** A step in a batch's history. */
export interface BatchStepRow {
  readonly stepNo: number;
  readonly step: string;
  readonly fromState: BatchState | null;
  readonly toState: BatchState;
  readonly actor: string;
  readonly staffId: string | null;
  readonly at: Instant;
  readonly reason: string | null;
}

export async function batchSteps(tx: Tx, cityCode: string, batchIds: readonly string[]): Promise<(BatchStepRow & { batchId: string })[]> {
  return tx.query(
    `SELECT batch_id AS "batchId", step_no AS "stepNo", step, from_state AS "fromState", to_state AS "toState", actor, staff_id AS "staffId", at, reason
     FROM batch_step WHERE city_code = $1 AND batch_id = ANY ($2::uuid[]) ORDER BY batch_id, step_no`, [cityCode, batchIds]);
}

/** Budget year and document that a kind of funder pays a batch from. */
export interface Budget {
  readonly funderKind: string;
  readonly budgetYear: number;
  readonly budgetDocument: string;
}

export async function insertBudgets(tx: Tx, cityCode: string, batchId: string, budgets: readonly Budget[]): Promise<void> {
  await tx.query(
    `INSERT INTO batch_budget (city_code, batch_id, funder_kind, budget_year, budget_document)
     SELECT $1, $2::uuid, b.* FROM unnest($3::text[], $4::int[], $5::text[]) b`,
    [cityCode, batchId, budgets.map((b) => b.funderKind), budgets.map((b) => b.budgetYear), budgets.map((b) => b.budgetDocument)]);
}

export async function budgetsOf(tx: Tx, cityCode: string, batchId: string): Promise<Budget[]> {
  return tx.query<Budget>(
    `SELECT funder_kind AS "funderKind", budget_year AS "budgetYear", budget_document AS "budgetDocument" FROM batch_budget WHERE city_code = $1 AND batch_id = $2 ORDER BY funder_kind`,
    [cityCode, batchId]);
}

/** What one funder pays to one payee for a claim. */
export interface LegRow {
  readonly legNumber: string;
  readonly batchId: string;
  readonly claimId: string;
  readonly funderCode: string;
  readonly payeeId: string;
  readonly fen: Fen;
  readonly budgetYear: number;
  readonly budgetDocument: string;
  readonly releasedOn: CivilDate;
  readonly paidFen: Fen;
}

const LEG = `l.leg_number AS "legNumber", l.batch_id AS "batchId", l.claim_id AS "claimId", l.funder_code AS "funderCode", l.payee_id AS "payeeId", l.fen,
  l.budget_year AS "budgetYear", l.budget_document AS "budgetDocument", l.released_on AS "releasedOn", l.paid_fen AS "paidFen"`;

export async function insertLegs(tx: Tx, cityCode: string, legs: readonly Omit<LegRow, 'paidFen'>[]): Promise<void> {
  await tx.query(
    `INSERT INTO payment_leg (city_code, leg_number, batch_id, claim_id, funder_code, payee_id, fen, budget_year, budget_document, released_on)
     SELECT $1, l.* FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::bigint[], $8::int[], $9::text[], $10::date[]) l`,
    [cityCode, legs.map((l) => l.legNumber), legs.map((l) => l.batchId), legs.map((l) => l.claimId), legs.map((l) => l.funderCode), legs.map((l) => l.payeeId),
      legs.map((l) => l.fen), legs.map((l) => l.budgetYear), legs.map((l) => l.budgetDocument), legs.map((l) => l.releasedOn)]);
}

/** The legs of a batch by number, `limit` + 1 of them after one. */
export async function legsOfBatch(tx: Tx, cityCode: string, batchId: string, after: string | null, limit: number): Promise<LegRow[]> {
  return tx.query<LegRow>(
    `SELECT ${LEG} FROM payment_leg l WHERE l.city_code = $1 AND l.batch_id = $2 AND ($3::text IS NULL OR l.leg_number > $3) ORDER BY l.leg_number LIMIT $4`,
    [cityCode, batchId, after, limit + 1]);
}

export async function legsOfClaim(tx: Tx, cityCode: string, claimId: string): Promise<LegRow[]> {
  return tx.query<LegRow>(`SELECT ${LEG} FROM payment_leg l WHERE l.city_code = $1 AND l.claim_id = $2 ORDER BY l.leg_number`, [cityCode, claimId]);
}

/** Locks the legs that a receipt names, inside a scope, with the site of each. */
export async function lockLegs(tx: Tx, cityCode: string, scopeCode: string, legNumbers: readonly string[]): Promise<(LegRow & OpenLeg & { siteId: string })[]> {
  return tx.query(
    `SELECT ${LEG}, c.site_id AS "siteId" FROM payment_leg l
     JOIN claim c ON c.city_code = l.city_code AND c.claim_id = l.claim_id
     JOIN region_closure scope ON scope.city_code = c.city_code AND scope.descendant_code = c.division_code AND scope.ancestor_code = $2
     WHERE l.city_code = $1 AND l.leg_number = ANY ($3::text[]) ORDER BY l.leg_number FOR NO KEY UPDATE OF l`, [cityCode, scopeCode, [...new Set(legNumbers)]]);
}

/** A receipt that was imported. */
export interface ReceiptAnswer {
  readonly receiptId: string;
  readonly lines: number;
  readonly totalFen: Fen;
}

export async function receiptOfFile(tx: Tx, cityCode: string, fileHash: string): Promise<ReceiptAnswer | undefined> {
  const [row] = await tx.query<ReceiptAnswer>(
    'SELECT receipt_id AS "receiptId", lines, total_fen AS "totalFen" FROM payment_receipt WHERE city_code = $1 AND file_hash = $2', [cityCode, fileHash]);
  return row;
}

export async function knownSerials(tx: Tx, cityCode: string, serials: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ serial: string }>('SELECT serial FROM payment_receipt_line WHERE city_code = $1 AND serial = ANY ($2::text[])', [cityCode, serials]);
  return new Set(rows.map((row) => row.serial));
}

export async function insertReceipt(tx: Tx, cityCode: string, receipt: ReceiptAnswer & { fileHash: string; by: string; now: Instant }, rows: readonly ReceiptRow[]): Promise<void> {
  await tx.query(
    'INSERT INTO payment_receipt (city_code, receipt_id, file_hash, lines, total_fen, imported_by, imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [cityCode, receipt.receiptId, receipt.fileHash, receipt.lines, receipt.totalFen, receipt.by, at(receipt.now)]);
  await tx.query(
    `INSERT INTO payment_receipt_line (city_code, receipt_id, serial, leg_number, fen, paid_on)
     SELECT $1, $2::uuid, r.* FROM unnest($3::text[], $4::text[], $5::bigint[], $6::date[]) r`,
    [cityCode, receipt.receiptId, rows.map((r) => r.serial), rows.map((r) => r.legNumber), rows.map((r) => r.fen), rows.map((r) => r.paidOn)]);
}

/** Adds what a receipt says to its legs. */
export async function payLegs(tx: Tx, cityCode: string, receiptId: string): Promise<void> {
  await tx.query(
    `UPDATE payment_leg l SET paid_fen = l.paid_fen + r.fen
     FROM (SELECT leg_number, sum(fen)::bigint AS fen FROM payment_receipt_line WHERE city_code = $1 AND receipt_id = $2 GROUP BY leg_number) r
     WHERE l.city_code = $1 AND l.leg_number = r.leg_number`, [cityCode, receiptId]);
}

/** What the legs of claims come to: paid so far, and whether every leg is paid in full. */
export async function paidOfClaims(tx: Tx, cityCode: string, claimIds: readonly string[]): Promise<Map<string, { paidFen: Fen; full: boolean }>> {
  const rows = await tx.query<{ claimId: string; paidFen: Fen; full: boolean }>(
    `SELECT claim_id AS "claimId", sum(paid_fen)::bigint AS "paidFen", bool_and(paid_fen = fen) AS full FROM payment_leg
     WHERE city_code = $1 AND claim_id = ANY ($2::uuid[]) GROUP BY claim_id`, [cityCode, claimIds]);
  return new Map(rows.map(({ claimId, paidFen, full }) => [claimId, { paidFen, full }]));
}

/** Writes what claims were paid in all. */
export async function setPaid(tx: Tx, cityCode: string, rows: readonly { claimId: string; paidFen: Fen; state: 'partPaid' | 'paid' }[]): Promise<void> {
  await tx.query(
    `UPDATE claim c SET paid_fen = p.paid_fen, state = p.state FROM unnest($2::uuid[], $3::bigint[], $4::text[]) AS p (claim_id, paid_fen, state)
     WHERE c.city_code = $1 AND c.claim_id = p.claim_id`,
    [cityCode, rows.map((r) => r.claimId), rows.map((r) => r.paidFen), rows.map((r) => r.state)]);
}

/** Lets one receipt of a city be imported at a time. */
export async function lockReceipts(tx: Tx, cityCode: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('receipt'), $1::int)`, [cityCode]);
}
