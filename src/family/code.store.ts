import type { CivilDate, Instant } from '../kernel/index.js';
import type { Relation } from '../elder/index.js';
import { at, type FieldCipher, type Tx } from '../platform/index.js';
import { codeDigits, type CodePurpose, type CodeSource, type KinRight } from './domain/index.js';

/** A binding code as it is kept, without its digits. */
export interface CodeRow {
  readonly codeId: string;
  readonly elderId: string;
  readonly purpose: CodePurpose;
  readonly contactId: string | null;
  readonly relation: Relation | null;
  readonly scopes: readonly KinRight[];
  readonly until: CivilDate | null;
  readonly madeHow: CodeSource;
  readonly madeBy: string;
  readonly expiresAt: Instant;
}

/** The digits of a code: made from its id by the installation's key, so that no row holds them. `turn` is the how many-th trial at it. */
export function digitsOf(cipher: FieldCipher, cityCode: string, codeId: string, turn: number): string {
  return codeDigits(cipher.blindIndex('binding-code-digits', `${cityCode} ${codeId} ${turn}`));
}

function codeIndex(cipher: FieldCipher, digits: string): string {
  return cipher.blindIndex('binding-code', digits);
}

/** Whether digits stand for an open code of the city already. */
export async function isTaken(tx: Tx, cipher: FieldCipher, cityCode: string, digits: string, now: Instant): Promise<boolean> {
  const rows = await tx.query('SELECT FROM mini_code WHERE city_code = $1 AND code_index = $2 AND used_at IS NULL AND expires_at > $3', [cityCode, codeIndex(cipher, digits), at(now)]);
  return rows.length > 0;
}

/** How many codes were made for an elder since a moment. */
export async function codesSince(tx: Tx, cityCode: string, elderId: string, since: Instant): Promise<number> {
  const [row] = await tx.query<{ count: number }>('SELECT count(*) FROM mini_code WHERE city_code = $1 AND elder_id = $2 AND made_at > $3', [cityCode, elderId, at(since)]);
  return row?.count ?? 0;
}

/** Keeps a code; an open one of the same elder, purpose and source is over. */
export async function insertCode(tx: Tx, cipher: FieldCipher, cityCode: string, code: CodeRow & { readonly digits: string }, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE mini_code SET expires_at = $5 WHERE city_code = $1 AND elder_id = $2 AND purpose = $3 AND made_how = $4 AND used_at IS NULL AND expires_at > $5`,
    [cityCode, code.elderId, code.purpose, code.madeHow, at(now)]);
  await tx.query(
    `INSERT INTO mini_code (city_code, code_id, code_index, elder_id, purpose, contact_id, relation, scopes, until_date, made_how, made_by, made_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [cityCode, code.codeId, codeIndex(cipher, code.digits), code.elderId, code.purpose, code.contactId, code.relation, code.scopes, code.until, code.madeHow, code.madeBy, at(now), at(code.expiresAt)]);
}

/** The open code behind digits, if any. @param lock so that it is used once */
export async function openCode(tx: Tx, cipher: FieldCipher, cityCode: string, digits: string, now: Instant, lock?: 'lock'): Promise<CodeRow | undefined> {
  const [row] = await tx.query<CodeRow>(
    `SELECT code_id AS "codeId", elder_id AS "elderId", purpose, contact_id AS "contactId", relation, scopes, until_date AS "until", made_how AS "madeHow", made_by AS "madeBy",
       expires_at AS "expiresAt"
     FROM mini_code WHERE city_code = $1 AND code_index = $2 AND used_at IS NULL AND expires_at > $3 ${lock === undefined ? '' : 'FOR NO KEY UPDATE'}`,
    [cityCode, codeIndex(cipher, digits), at(now)]);
  return row;
}

export async function useCode(tx: Tx, cityCode: string, codeId: string, accountId: string, now: Instant): Promise<void> {
  await tx.query('UPDATE mini_code SET used_at = $3, used_by = $4 WHERE city_code = $1 AND code_id = $2', [cityCode, codeId, at(now), accountId]);
}
