import type { CivilDate } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';

/** What the registry knows of an elder, for comparing a row with it. */
export interface KnownElder {
  readonly elderId: string;
  readonly identityIndex: string;
  readonly identitySealed: Buffer;
  readonly nameSealed: Buffer;
  readonly phoneSealed: Buffer | null;
  readonly nameIndex: string;
  readonly hukouCode: string | null;
  readonly residenceCode: string | null;
  readonly died: CivilDate | null;
}

/** The elders behind some identity indexes. */
export async function knownElders(tx: Tx, cityCode: string, indexes: readonly string[]): Promise<Map<string, KnownElder>> {
  const rows = await tx.query<KnownElder>(
    `SELECT e.elder_id AS "elderId", e.identity_index AS "identityIndex", e.identity_sealed AS "identitySealed", e.name_sealed AS "nameSealed",
       e.phone_sealed AS "phoneSealed", e.name_index AS "nameIndex", e.hukou_code AS "hukouCode", e.residence_code AS "residenceCode", e.died_on AS died
     FROM unnest($2::text[]) AS asked (index) JOIN elder e ON e.city_code = $1 AND e.identity_index = asked.index COLLATE "C"`, [cityCode, indexes]);
  return new Map(rows.map((row) => [row.identityIndex, row]));
}

/** Who was ever given some cards, by the card's handle. */
export async function cardOwners(tx: Tx, cityCode: string, handles: readonly string[]): Promise<Map<string, string>> {
  if (handles.length === 0) return new Map();
  const rows = await tx.query<{ handle: string; elderId: string }>(
    'SELECT handle, elder_id AS "elderId" FROM elder_card WHERE city_code = $1 AND handle = ANY ($2::text[])', [cityCode, handles]);
  return new Map(rows.map((row) => [row.handle, row.elderId]));
}
