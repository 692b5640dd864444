import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** A cashier of a terminal, as lists show them. */
export interface CashierRow {
  readonly cashierId: string;
  readonly terminalId: string;
  readonly name: string;
}

/** What a PIN is checked with; the verifier is sealed. */
export interface CashierSecret extends CashierRow {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly verifierSealed: Buffer;
}

/** Adds a cashier to a terminal. */
export async function insertCashier(tx: Tx, cityCode: string, cashier: CashierSecret, by: string, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO till_cashier (city_code, cashier_id, terminal_id, name, salt, iterations, verifier_sealed, added_at, added_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [cityCode, cashier.cashierId, cashier.terminalId, cashier.name, cashier.salt, cashier.iterations, cashier.verifierSealed, at(now), by]);
}

/** The site of a terminal that is not revoked; undefined where there is none. */
export async function siteOfTerminal(tx: Tx, cityCode: string, terminalId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ siteId: string }>('SELECT site_id AS "siteId" FROM access_terminal WHERE city_code = $1 AND terminal_id = $2 AND revoked_at IS NULL', [cityCode, terminalId]);
  return row?.siteId;
}

/** The site of a cashier who is not removed; undefined where there is none. */
export async function siteOfCashier(tx: Tx, cityCode: string, cashierId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ siteId: string }>(
    `SELECT t.site_id AS "siteId" FROM till_cashier c JOIN access_terminal t ON t.city_code = c.city_code AND t.terminal_id = c.terminal_id
     WHERE c.city_code = $1 AND c.cashier_id = $2 AND c.removed_at IS NULL`, [cityCode, cashierId]);
  return row?.siteId;
}

/** Takes a cashier off a terminal. */
export async function removeCashier(tx: Tx, cityCode: string, cashierId: string, by: string, now: Instant): Promise<void> {
  await tx.query('UPDATE till_cashier SET removed_at = $3, removed_by = $4 WHERE city_code = $1 AND cashier_id = $2 AND removed_at IS NULL', [cityCode, cashierId, at(now), by]);
}

/** Cashiers of one terminal, or of all of a site. */
export async function listCashiers(tx: Tx, cityCode: string, siteId: string, terminalId: string | null): Promise<CashierRow[]> {
  return tx.query<CashierRow>(
    `SELECT c.cashier_id AS "cashierId", c.terminal_id AS "terminalId", c.name FROM till_cashier c
     JOIN access_terminal t ON t.city_code = c.city_code AND t.terminal_id = c.terminal_id
     WHERE c.city_code = $1 AND t.site_id = $2 AND ($3::uuid IS NULL OR c.terminal_id = $3) AND c.removed_at IS NULL ORDER BY c.name, c.cashier_id`,
    [cityCode, siteId, terminalId]);
}

/** A cashier of a terminal with what a PIN is checked with; those who try at once wait for each other here. */
export async function lockCashier(tx: Tx, cityCode: string, terminalId: string, cashierId: string): Promise<CashierSecret | undefined> {
  const [row] = await tx.query<CashierSecret>(
    `SELECT cashier_id AS "cashierId", terminal_id AS "terminalId", name, salt, iterations, verifier_sealed AS "verifierSealed"
     FROM till_cashier WHERE city_code = $1 AND cashier_id = $2 AND terminal_id = $3 AND removed_at IS NULL FOR NO KEY UPDATE`, [cityCode, cashierId, terminalId]);
  return row;
}

/** Wrong PINs of a cashier since a moment and since the last right one, with the first of them. */
export async function wrongPins(tx: Tx, cityCode: string, cashierId: string, since: Instant): Promise<{ times: number; first: Instant | null }> {
  const [row] = await tx.query<{ times: number; first: Instant | null }>(
    `SELECT count(*) AS times, min(t.tried_at) AS first FROM till_pin_try t
     WHERE t.city_code = $1 AND t.cashier_id = $2 AND NOT t.succeeded AND t.tried_at >= greatest($3::timestamptz,
       (SELECT max(s.tried_at) FROM till_pin_try s WHERE s.city_code = $1 AND s.cashier_id = $2 AND s.succeeded))`,
    [cityCode, cashierId, at(since)]);
  return row ?? { times: 0, first: null };
}

/** Writes a try down as wrong, before it is looked at. */
export async function insertPinTry(tx: Tx, cityCode: string, tryId: string, cashierId: string, now: Instant): Promise<void> {
  await tx.query('INSERT INTO till_pin_try (city_code, try_id, cashier_id, tried_at) VALUES ($1, $2, $3, $4)', [cityCode, tryId, cashierId, at(now)]);
}

/** Says that a try was right. */
export async function markRight(tx: Tx, cityCode: string, tryId: string): Promise<void> {
  await tx.query('UPDATE till_pin_try SET succeeded = true WHERE city_code = $1 AND try_id = $2', [cityCode, tryId]);
}
