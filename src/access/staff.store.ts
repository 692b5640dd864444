import type { Instant } from '../kernel/index.js';
import { at, type Role, type Tx } from '../platform/index.js';
import type { Duty } from './domain/index.js';

/** A member of staff, without the password. */
export interface StaffRow {
  readonly cityCode: string;
  readonly staffId: string;
  readonly account: string;
  readonly displayName: string;
  readonly divisionCode: string;
  readonly siteId: string | null;
  readonly roles: Role[];
  readonly createdAt: Instant;
  readonly disabledAt: Instant | null;
}

const COLUMNS = `p.city_code AS "cityCode", p.staff_id AS "staffId", p.account, p.display_name AS "displayName", p.division_code AS "divisionCode",
  p.site_id AS "siteId", p.created_at AS "createdAt", p.disabled_at AS "disabledAt",
  ARRAY(SELECT r.role FROM access_staff_role r WHERE r.city_code = p.city_code AND r.staff_id = p.staff_id ORDER BY r.role) AS roles`;

/** A member of staff to be added. */
export interface NewStaff {
  readonly cityCode: string;
  readonly staffId: string;
  readonly account: string;
  readonly displayName: string;
  readonly passwordHash: string;
  readonly duty: Duty;
  readonly divisionCode: string;
  readonly siteId: string | null;
  readonly roles: readonly Role[];
  readonly createdAt: Instant;
}

/**
 * Adds a member of staff with their roles.
 * @returns false where the account's name is taken, and nothing was written
 */
export async function insertStaff(tx: Tx, staff: NewStaff): Promise<boolean> {
  const added = await tx.query(
    `INSERT INTO access_staff (city_code, staff_id, account, display_name, password_hash, duty, division_code, site_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (city_code, account) DO NOTHING RETURNING staff_id`,
    [staff.cityCode, staff.staffId, staff.account, staff.displayName, staff.passwordHash, staff.duty, staff.divisionCode, staff.siteId, at(staff.createdAt)],
  );
  if (added.length === 0) return false;
  await insertRoles(tx, staff.cityCode, staff.staffId, staff.roles);
  return true;
}

async function insertRoles(tx: Tx, cityCode: string, staffId: string, roles: readonly Role[]): Promise<void> {
  await tx.query('INSERT INTO access_staff_role (city_code, staff_id, role) SELECT $1, $2, unnest($3::text[])', [cityCode, staffId, [...new Set(roles)]]);
}

/** What a person may do, and where. */
export interface Rights {
  readonly duty: Duty;
  readonly roles: readonly Role[];
  readonly divisionCode: string;
  readonly siteId: string | null;
}

/** Gives a person other roles and another scope in place of all they had. */
export async function replaceRights(tx: Tx, cityCode: string, staffId: string, rights: Rights): Promise<void> {
  await tx.query('DELETE FROM access_staff_role WHERE city_code = $1 AND staff_id = $2', [cityCode, staffId]);
  await tx.query(
    'UPDATE access_staff SET duty = $3, division_code = $4, site_id = $5 WHERE city_code = $1 AND staff_id = $2',
    [cityCode, staffId, rights.duty, rights.divisionCode, rights.siteId],
  );
  await insertRoles(tx, cityCode, staffId, rights.roles);
}

/** A member of staff, locked against other changes until the commit. */
export async function lockStaff(tx: Tx, cityCode: string, staffId: string): Promise<StaffRow | undefined> {
  const [row] = await tx.query<StaffRow>(`SELECT ${COLUMNS} FROM access_staff p WHERE p.city_code = $1 AND p.staff_id = $2 FOR UPDATE OF p`, [cityCode, staffId]);
  return row;
}

/** A member of staff. */
export async function readStaff(tx: Tx, cityCode: string, staffId: string): Promise<StaffRow | undefined> {
  const [row] = await tx.query<StaffRow>(`SELECT ${COLUMNS} FROM access_staff p WHERE p.city_code = $1 AND p.staff_id = $2`, [cityCode, staffId]);
  return row;
}

/** Whether a city has any staff. Waits for another process that is adding the first. */
export async function hasStaff(tx: Tx, cityCode: string): Promise<boolean> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('first staff'), $1::int)`, [cityCode]);
  const rows = await tx.query('SELECT FROM access_staff WHERE city_code = $1 LIMIT 1', [cityCode]);
  return rows.length > 0;
}

/** Staff of a division and those below it, by account. */
export async function listStaff(tx: Tx, cityCode: string, divisionCode: string, after: string | null, limit: number): Promise<StaffRow[]> {
  return tx.query<StaffRow>(
    `SELECT ${COLUMNS} FROM access_staff p
     WHERE p.city_code = $1 AND ($3::text IS NULL OR p.account > $3) AND (p.division_code = $2 OR EXISTS (
       SELECT FROM region_closure c WHERE c.city_code = p.city_code AND c.ancestor_code = $2 AND c.descendant_code = p.division_code))
     ORDER BY p.account LIMIT $4`,
    [cityCode, divisionCode, after, limit],
  );
}

/** Ends an account for good. */
export async function disableStaff(tx: Tx, cityCode: string, staffId: string, now: Instant): Promise<void> {
  await tx.query('UPDATE access_staff SET disabled_at = $3 WHERE city_code = $1 AND staff_id = $2', [cityCode, staffId, at(now)]);
}

/** Sets another password. */
export async function setPasswordHash(tx: Tx, cityCode: string, staffId: string, passwordHash: string): Promise<void> {
  await tx.query('UPDATE access_staff SET password_hash = $3 WHERE city_code = $1 AND staff_id = $2', [cityCode, staffId, passwordHash]);
}

/** What a log-in is checked against. */
export interface Credential {
  readonly cityCode: string;
  readonly staffId: string;
  readonly passwordHash: string;
}

/**
 * The credential of a working account. Before a log-in the city may be unknown: then the account must be the only one
 * of its name in the installation.
 */
export async function findCredential(tx: Tx, cityCode: string | null, account: string): Promise<Credential | undefined> {
  const rows = await tx.query<Credential>(
    `SELECT city_code AS "cityCode", staff_id AS "staffId", password_hash AS "passwordHash" FROM access_staff
     WHERE account = $2 AND ($1::text IS NULL OR city_code = $1) AND disabled_at IS NULL LIMIT 2`,
    [cityCode, account],
  );
  return rows.length === 1 ? rows[0] : undefined;
}

/** The password's hash of a person who is logged in. */
export async function passwordHashOf(tx: Tx, cityCode: string, staffId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ passwordHash: string }>(
    'SELECT password_hash AS "passwordHash" FROM access_staff WHERE city_code = $1 AND staff_id = $2 AND disabled_at IS NULL', [cityCode, staffId]);
  return row?.passwordHash;
}
