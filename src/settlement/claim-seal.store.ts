import type { Tx } from '../platform/index.js';

/** Names the seals that revisions of claims rest on. */
export async function insertClaimSeals(tx: Tx, cityCode: string, claims: readonly { claimId: string; revision: number; logIndexes: readonly number[] }[]): Promise<void> {
  const rows = claims.flatMap(({ claimId, revision, logIndexes }) => logIndexes.map((logIndex) => ({ claimId, revision, logIndex })));
  await tx.query('INSERT INTO claim_seal (city_code, claim_id, revision, log_index) SELECT $1, s.* FROM unnest($2::uuid[], $3::int[], $4::bigint[]) s',
    [cityCode, rows.map((row) => row.claimId), rows.map((row) => row.revision), rows.map((row) => row.logIndex)]);
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
