import type { Instant } from '../kernel/index.js';
import { at, type FieldCipher, type Tx } from '../platform/index.js';

/** An account as it is kept. */
interface AccountRow {
  readonly accountId: string;
  readonly openidSealed: Buffer;
  readonly phoneSealed: Buffer | null;
  readonly phoneHow: PhoneHow | null;
}

/** Who says that a number is an account's: WeChat, a member of staff, or its holder alone. */
export type PhoneHow = 'wechat' | 'staff' | 'typed';

/** A telephone number of an account in clear, never to be kept; `verified` where WeChat or a member of staff vouches for it. */
export interface AccountPhone {
  readonly phone: string;
  readonly verified: boolean;
}

/** Binds a ciphertext to its column and row. */
function place(field: 'openid' | 'phone', cityCode: string, accountId: string): string {
  return `mini_account.${field}:${cityCode}:${accountId}`;
}

function openidIndex(cipher: FieldCipher, openid: string): string {
  return cipher.blindIndex('openid', openid);
}

const ACCOUNT = 'account_id AS "accountId", openid_sealed AS "openidSealed", phone_sealed AS "phoneSealed", phone_how AS "phoneHow"';

async function readAccount(tx: Tx, cityCode: string, accountId: string): Promise<AccountRow | undefined> {
  const [row] = await tx.query<AccountRow>(`SELECT ${ACCOUNT} FROM mini_account WHERE city_code = $1 AND account_id = $2`, [cityCode, accountId]);
  return row;
}

/**
 * The account of an openid that WeChat has just vouched for: its own, or a new one under the given id.
 * @returns the account's id
 */
export async function keepAccount(tx: Tx, cipher: FieldCipher, cityCode: string, account: { readonly accountId: string; readonly openid: string }, now: Instant): Promise<string> {
  const [row] = await tx.query<{ accountId: string }>(
    `INSERT INTO mini_account (city_code, account_id, openid_sealed, openid_index, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)
     ON CONFLICT (city_code, openid_index) DO UPDATE SET seen_at = greatest(mini_account.seen_at, EXCLUDED.seen_at) RETURNING account_id AS "accountId"`,
    [cityCode, account.accountId, cipher.seal(account.openid, place('openid', cityCode, account.accountId)), openidIndex(cipher, account.openid), at(now)]);
  return (row as { accountId: string }).accountId;
}

/** The openid of an account: for payments and messages, never for a screen or a log. Undefined where there is no such account. */
export async function openidOf(tx: Tx, cipher: FieldCipher, cityCode: string, accountId: string): Promise<string | undefined> {
  const row = await readAccount(tx, cityCode, accountId);
  return row === undefined ? undefined : cipher.open(row.openidSealed, place('openid', cityCode, accountId));
}

/** Holds an account until the transaction ends: its number does not change meanwhile. */
export async function lockAccount(tx: Tx, cityCode: string, accountId: string): Promise<void> {
  await tx.query('SELECT 1 FROM mini_account WHERE city_code = $1 AND account_id = $2 FOR UPDATE', [cityCode, accountId]);
}

/** The telephone number of an account, or null. */
export async function phoneOf(tx: Tx, cipher: FieldCipher, cityCode: string, accountId: string): Promise<AccountPhone | null> {
  const row = await readAccount(tx, cityCode, accountId);
  if (row === undefined || row.phoneSealed === null) return null;
  return { phone: cipher.open(row.phoneSealed, place('phone', cityCode, accountId)), verified: row.phoneHow !== 'typed' };
}

/** Keeps an account's telephone number, in place of an earlier one. */
export async function keepPhone(tx: Tx, cipher: FieldCipher, cityCode: string, accountId: string, phone: string, how: PhoneHow): Promise<void> {
  await tx.query('UPDATE mini_account SET phone_sealed = $3, phone_how = $4 WHERE city_code = $1 AND account_id = $2',
    [cityCode, accountId, cipher.seal(phone, place('phone', cityCode, accountId)), how]);
}
