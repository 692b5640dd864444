import type { CivilDate, Instant } from '../kernel/index.js';
import type { Relation } from '../elder/index.js';
import type { ConsentScope } from '../elder/domain/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Standing } from './domain/index.js';

/** How an account came to be bound to an elder. */
export type BoundHow = 'card' | 'elderCode' | 'staffCode' | 'tillCode';

/** An elder whom an account is bound to. */
export interface KinRow {
  readonly elderId: string;
  readonly accountId: string;
  readonly bindingId: string;
  /** Null for the elder's own account. */
  readonly contactId: string | null;
  readonly relation: Relation | null;
  readonly nameSealed: Buffer;
  readonly sex: 'male' | 'female';
  readonly scopes: readonly ConsentScope[] | null;
  readonly until: CivilDate | null;
  readonly contactHolds: boolean;
}

/** The standing of a row for the rules. */
export function standingOf(row: Pick<KinRow, 'contactId' | 'scopes' | 'until' | 'contactHolds'>): Standing {
  if (row.contactId === null) return { isSelf: true };
  return { isSelf: false, scopes: row.scopes ?? [], until: row.until, contactHolds: row.contactHolds };
}

/**
 * The consent that speaks for a contact is the one of the highest version; a contact holds while its newest entry is not withdrawn.
 * Each question is a statement of its own: one plan for all of them would have to read every binding of the city.
 */
const boundWhere = (self: string, kin: string): string => `
  SELECT s.elder_id AS "elderId", s.account_id AS "accountId", s.binding_id AS "bindingId", NULL::uuid AS "contactId", NULL AS relation, e.name_sealed AS "nameSealed", e.sex,
    NULL::text[] AS scopes, NULL::date AS "until", true AS "contactHolds", 1 AS place, s.bound_at AS "boundAt"
  FROM mini_self s JOIN elder e ON e.city_code = s.city_code AND e.elder_id = s.elder_id
  WHERE s.city_code = $1 AND s.ended_at IS NULL AND ${self}
  UNION ALL
  SELECT k.elder_id, k.account_id, k.binding_id, k.contact_id, t.relation, e.name_sealed, e.sex, c.scopes, c.until_date, coalesce(NOT t.withdrawn, false), 2, k.bound_at
  FROM mini_kin k JOIN elder e ON e.city_code = k.city_code AND e.elder_id = k.elder_id
  LEFT JOIN LATERAL (
    SELECT n.relation, n.withdrawn FROM elder_contact n
    WHERE n.city_code = k.city_code AND n.elder_id = k.elder_id AND n.contact_id = k.contact_id
      AND NOT EXISTS (SELECT FROM elder_contact l WHERE l.city_code = n.city_code AND l.corrects = n.entry_id)) t ON true
  LEFT JOIN LATERAL (
    SELECT v.scopes, v.until_date FROM elder_consent v
    WHERE v.city_code = k.city_code AND v.elder_id = k.elder_id AND v.grantee = 'relative' AND v.contact_id = k.contact_id ORDER BY v.version DESC LIMIT 1) c ON true
  WHERE k.city_code = $1 AND k.ended_at IS NULL AND ${kin}
  ORDER BY place, "boundAt", "bindingId"`;

const BY_ACCOUNT = boundWhere('s.account_id = $2', 'k.account_id = $2');
const BY_ELDER = boundWhere('s.elder_id = $2', 'k.elder_id = $2');
const BY_PAIR = boundWhere('(s.account_id, s.elder_id) IN (SELECT * FROM unnest($2::uuid[], $3::uuid[]))', '(k.account_id, k.elder_id) IN (SELECT * FROM unnest($2::uuid[], $3::uuid[]))');

/** The elders whom an account is bound to, its own first come first. */
export async function boundOfAccount(tx: Tx, cityCode: string, accountId: string): Promise<KinRow[]> {
  return tx.query<KinRow>(BY_ACCOUNT, [cityCode, accountId], 'family.bound-of-account');
}

/** The accounts that are bound to an elder. */
export async function boundOfElder(tx: Tx, cityCode: string, elderId: string): Promise<KinRow[]> {
  return tx.query<KinRow>(BY_ELDER, [cityCode, elderId], 'family.bound-of-elder');
}

/** The bindings of accounts to elders, as far as they are bound. */
export async function boundPairs(tx: Tx, cityCode: string, pairs: readonly { readonly accountId: string; readonly elderId: string }[]): Promise<KinRow[]> {
  return tx.query<KinRow>(BY_PAIR, [cityCode, pairs.map(({ accountId }) => accountId), pairs.map(({ elderId }) => elderId)], 'family.bound-pairs');
}

/** Where a binding is written. */
export interface NewBinding {
  readonly bindingId: string;
  readonly accountId: string;
  readonly elderId: string;
  readonly how: BoundHow;
}

export async function insertSelf(tx: Tx, cityCode: string, binding: NewBinding, now: Instant): Promise<void> {
  await tx.query(
    'INSERT INTO mini_self (city_code, binding_id, account_id, elder_id, bound_at, bound_how) VALUES ($1, $2, $3, $4, $5, $6)',
    [cityCode, binding.bindingId, binding.accountId, binding.elderId, at(now), binding.how]);
}

export async function insertKin(tx: Tx, cityCode: string, binding: NewBinding & { readonly contactId: string }, now: Instant): Promise<void> {
  await tx.query(
    'INSERT INTO mini_kin (city_code, binding_id, account_id, elder_id, contact_id, bound_at, bound_how) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [cityCode, binding.bindingId, binding.accountId, binding.elderId, binding.contactId, at(now), binding.how]);
}

/** How a binding ends. */
export interface BindingEnd {
  readonly bindingId: string;
  readonly by: string;
  readonly reason: string;
}

/** Ends a binding of either kind; nothing happens to one that has ended. */
export async function endBinding(tx: Tx, cityCode: string, { bindingId, by, reason }: BindingEnd, now: Instant): Promise<void> {
  for (const table of ['mini_self', 'mini_kin']) {
    await tx.query(`UPDATE ${table} SET ended_at = $3, ended_by = $4, end_reason = $5 WHERE city_code = $1 AND binding_id = $2 AND ended_at IS NULL`, [cityCode, bindingId, at(now), by, reason]);
  }
}
