import { at, type Tx } from './tx.js';

/**
 * Ties a database to the key that its fields are encrypted with.
 * @param check the key's check value, see FieldCipher
 * @param now milliseconds since 1970
 * @returns whether the database belongs to this key; a new database takes it
 */
export async function belongsToKey(tx: Tx, check: string, now: number): Promise<boolean> {
  await tx.query('INSERT INTO installation (key_check, made_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [check, at(now)]);
  const [row] = await tx.query<{ keyCheck: string }>('SELECT key_check AS "keyCheck" FROM installation');
  return row?.keyCheck === check;
}
