import type { CivilDate, Clock } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** An organisation that runs sites. */
export interface OperatorRow {
  readonly operatorId: string;
  readonly name: string;
  readonly creditCode: string | null;
}

/** An account that money for sites goes to; its number stays sealed, the tail tells accounts apart. */
export interface PayeeRow {
  readonly payeeId: string;
  readonly name: string;
  readonly bankName: string;
  readonly accountTail: string;
}

export async function insertOperator(tx: Tx, clock: Clock, cityCode: string, row: OperatorRow, by: string): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO site_operator_org (city_code, operator_id, name, credit_code, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (city_code, credit_code) DO NOTHING RETURNING operator_id`,
    [cityCode, row.operatorId, row.name, row.creditCode, at(clock.now()), by]);
  return rows.length > 0;
}

export interface SealedAccount {
  readonly sealed: Buffer;
  readonly index: string;
}

export async function insertPayee(tx: Tx, clock: Clock, cityCode: string, row: PayeeRow, account: SealedAccount, by: string): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO site_payee (city_code, payee_id, name, bank_name, account_sealed, account_index, account_tail, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (city_code, account_index) DO NOTHING RETURNING payee_id`,
    [cityCode, row.payeeId, row.name, row.bankName, account.sealed, account.index, row.accountTail, at(clock.now()), by]);
  return rows.length > 0;
}

/** Operators by their ids; unknown ids are left out. */
export async function operatorsOf(tx: Tx, cityCode: string, operatorIds: readonly string[]): Promise<Map<string, OperatorRow>> {
  const rows = await tx.query<OperatorRow>(
    `SELECT o.operator_id AS "operatorId", o.name, o.credit_code AS "creditCode"
     FROM site_operator_org o WHERE o.city_code = $1 AND o.operator_id = ANY ($2::uuid[])`, [cityCode, [...new Set(operatorIds)]]);
  return new Map(rows.map((row) => [row.operatorId, row]));
}

/** Payees by their ids, with the tail of the account; unknown ids are left out. */
export async function payeesOf(tx: Tx, cityCode: string, payeeIds: readonly string[]): Promise<Map<string, PayeeRow>> {
  const rows = await tx.query<PayeeRow>(
    `SELECT p.payee_id AS "payeeId", p.name, p.bank_name AS "bankName", p.account_tail AS "accountTail"
     FROM site_payee p WHERE p.city_code = $1 AND p.payee_id = ANY ($2::uuid[])`, [cityCode, [...new Set(payeeIds)]]);
  return new Map(rows.map((row) => [row.payeeId, row]));
}

/** Operators by name, then id, `limit` + 1 of them after a key. */
export async function listOperators(tx: Tx, cityCode: string, after: readonly [string, string] | null, limit: number): Promise<OperatorRow[]> {
  return tx.query<OperatorRow>(
    `SELECT o.operator_id AS "operatorId", o.name, o.credit_code AS "creditCode" FROM site_operator_org o
     WHERE o.city_code = $1 AND ($2::text IS NULL OR (o.name, o.operator_id) > ($2, $3::uuid)) ORDER BY o.name, o.operator_id LIMIT $4`,
    [cityCode, after?.[0] ?? null, after?.[1] ?? null, limit + 1]);
}

/** Payees by name, then id, `limit` + 1 of them after a key. */
export async function listPayees(tx: Tx, cityCode: string, after: readonly [string, string] | null, limit: number): Promise<PayeeRow[]> {
  return tx.query<PayeeRow>(
    `SELECT p.payee_id AS "payeeId", p.name, p.bank_name AS "bankName", p.account_tail AS "accountTail" FROM site_payee p
     WHERE p.city_code = $1 AND ($2::text IS NULL OR (p.name, p.payee_id) > ($2, $3::uuid)) ORDER BY p.name, p.payee_id LIMIT $4`,
    [cityCode, after?.[0] ?? null, after?.[1] ?? null, limit + 1]);
}

/** A payee's sealed account number, for papers that go to the treasury or bank. */
export async function sealedAccountOf(tx: Tx, cityCode: string, payeeId: string): Promise<Buffer | undefined> {
  const [row] = await tx.query<{ sealed: Buffer }>('SELECT account_sealed AS sealed FROM site_payee WHERE city_code = $1 AND payee_id = $2', [cityCode, payeeId]);
  return row?.sealed;
}

/** An operator's part in a site from a day on; null means nobody runs it. */
export interface OperationRow {
  readonly fromDate: CivilDate;
  readonly operatorId: string | null;
  readonly reason: string | null;
}

export async function operationsOf(tx: Tx, cityCode: string, siteId: string): Promise<OperationRow[]> {
  return tx.query<OperationRow>(
    `SELECT o.from_date AS "fromDate", o.operator_id AS "operatorId", o.reason
     FROM site_operation o WHERE o.city_code = $1 AND o.site_id = $2 ORDER BY o.from_date`, [cityCode, siteId]);
}

export async function insertOperation(tx: Tx, clock: Clock, cityCode: string, siteId: string, row: OperationRow, by: string): Promise<void> {
  await tx.query(
    `INSERT INTO site_operation (city_code, site_id, from_date, operator_id, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [cityCode, siteId, row.fromDate, row.operatorId, row.reason, at(clock.now()), by]);
}

/** Whose account a site's money goes to from a day on; without a confirmation it counts for nothing yet. */
export interface RouteRow {
  readonly routeId: string;
  readonly siteId: string;
  readonly fromDate: CivilDate;
  readonly payeeId: string;
  readonly reason: string | null;
  readonly proposedBy: string;
  readonly confirmedBy: string | null;
}

const ROUTE = `r.route_id AS "routeId", r.site_id AS "siteId", r.from_date AS "fromDate", r.payee_id AS "payeeId", r.reason,
  r.proposed_by AS "proposedBy", r.confirmed_by AS "confirmedBy"`;

export async function routesOf(tx: Tx, cityCode: string, siteId: string): Promise<RouteRow[]> {
  return tx.query<RouteRow>(`SELECT ${ROUTE} FROM site_payment_route r WHERE r.city_code = $1 AND r.site_id = $2 ORDER BY r.from_date, r.proposed_at, r.route_id`, [cityCode, siteId]);
}

export async function insertRoute(tx: Tx, clock: Clock, cityCode: string, row: Omit<RouteRow, 'confirmedBy'>): Promise<void> {
  await tx.query(
    `INSERT INTO site_payment_route (city_code, route_id, site_id, from_date, payee_id, reason, proposed_at, proposed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [cityCode, row.routeId, row.siteId, row.fromDate, row.payeeId, row.reason, at(clock.now()), row.proposedBy]);
}

export async function confirmRoute(tx: Tx, clock: Clock, cityCode: string, routeId: string, by: string): Promise<void> {
  await tx.query('UPDATE site_payment_route SET confirmed_at = $3, confirmed_by = $4 WHERE city_code = $1 AND route_id = $2', [cityCode, routeId, at(clock.now()), by]);
}
