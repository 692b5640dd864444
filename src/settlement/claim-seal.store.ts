import type { Tx } from '../platform/index.js';

/** Names the seals that a revision of a claim rests on. */
export async function insertClaimSeals(tx: Tx, cityCode: string, claimId: string, revision: number, logIndexes: readonly number[]): Promise<void> {
  await tx.query('INSERT INTO claim_seal (city_code, claim_id, revision, log_index) SELECT $1, $2, $3, s FROM unnest($4::bigint[]) s', [cityCode, claimId, revision, logIndexes]);
}

/** Lets a new revision rest on the seals of the one before it. */
export async function keepClaimSeals(tx: Tx, cityCode: string, claimId: string, revision: number): Promise<void> {
  await tx.query(
    `INSERT INTO claim_seal (city_code, claim_id, revision, log_index)
     SELECT s.city_code, s.claim_id, $3, s.log_index FROM claim_seal s WHERE s.city_code = $1 AND s.claim_id = $2 AND s.revision = $3 - 1`, [cityCode, claimId, revision]);
}

/** The seals that a revision of a claim rests on, by their places in the city's log. */
export async function claimSeals(tx: Tx, cityCode: string, claimId: string, revision: number): Promise<number[]> {
  const rows = await tx.query<{ logIndex: number }>(
    'SELECT s.log_index AS "logIndex" FROM claim_seal s WHERE s.city_code = $1 AND s.claim_id = $2 AND s.revision = $3 ORDER BY s.log_index', [cityCode, claimId, revision]);
  return rows.map((row) => row.logIndex);
}
