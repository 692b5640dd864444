import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** A code on paper, as its elder's list shows it. */
export interface PrintedCode {
  readonly codeId: string;
  readonly issuedAt: Instant;
  readonly goodUntil: CivilDate;
  readonly revokedAt: Instant | null;
  readonly reason: string | null;
}

const ROW = 'code_id AS "codeId", issued_at AS "issuedAt", good_until AS "goodUntil", revoked_at AS "revokedAt", reason';

/** An elder's printed codes, the newest first. */
export async function printedOf(tx: Tx, cityCode: string, elderId: string): Promise<PrintedCode[]> {
  return tx.query<PrintedCode>(`SELECT ${ROW} FROM printed_code WHERE city_code = $1 AND elder_id = $2 ORDER BY issued_at DESC, code_id DESC LIMIT 50`, [cityCode, elderId]);
}

export async function insertPrinted(tx: Tx, cityCode: string, code: { codeId: string; textDigest: string; elderId: string; goodUntil: CivilDate }, by: string, now: Instant): Promise<void> {
  await tx.query(
    'INSERT INTO printed_code (city_code, code_id, text_digest, elder_id, issued_at, issued_by, good_until) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [cityCode, code.codeId, code.textDigest, code.elderId, at(now), by, code.goodUntil]);
}

/** Ends an elder's living codes on paper. @param codeId left out: all @returns how many there were */
export async function revokePrinted(tx: Tx, cityCode: string, elderId: string, codeId: string | null, reason: string, by: string, now: Instant): Promise<number> {
  const rows = await tx.query(
    `UPDATE printed_code SET revoked_at = $5, revoked_by = $4, reason = $3
     WHERE city_code = $1 AND elder_id = $2 AND revoked_at IS NULL AND ($6::uuid IS NULL OR code_id = $6) RETURNING code_id`, [cityCode, elderId, reason, by, at(now), codeId]);
  return rows.length;
}

export async function findPrinted(tx: Tx, cityCode: string, digest: string): Promise<(PrintedCode & { elderId: string }) | undefined> {
  const [row] = await tx.query<PrintedCode & { elderId: string }>(`SELECT ${ROW}, elder_id AS "elderId" FROM printed_code WHERE city_code = $1 AND text_digest = $2`, [cityCode, digest]);
  return row;
}
