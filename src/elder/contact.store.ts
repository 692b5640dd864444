import type { Instant } from '../kernel/index.js';
import { at, type FieldCipher, type Tx } from '../platform/index.js';
import { maskName, maskPhone } from './domain/index.js';
import type { Writing } from './register.store.js';

/** How a contact stands to the elder. */
export const RELATIONS = ['spouse', 'child', 'grandchild', 'sibling', 'otherRelative', 'neighbour', 'other'] as const;
export type Relation = (typeof RELATIONS)[number];

/** One state of one contact as it is kept. */
interface ContactRow {
  readonly entryId: string;
  readonly contactId: string;
  readonly nameSealed: Buffer;
  readonly phoneSealed: Buffer;
  readonly relation: Relation;
  readonly emergency: boolean;
  readonly withdrawn: boolean;
  readonly corrected: boolean;
  readonly recordedAt: Instant;
}

/** Binds a ciphertext to its column and row. */
function place(field: 'name' | 'phone', cityCode: string, entryId: string): string {
  return `elder_contact.${field}:${cityCode}:${entryId}`;
}

/** All states of an elder's contacts, oldest first. */
export async function contactEntries(tx: Tx, cityCode: string, elderId: string): Promise<ContactRow[]> {
  return tx.query<ContactRow>(
    `SELECT t.entry_id AS "entryId", t.contact_id AS "contactId", t.name_sealed AS "nameSealed", t.phone_sealed AS "phoneSealed", t.relation, t.emergency, t.withdrawn,
       EXISTS (SELECT FROM elder_contact l WHERE l.city_code = t.city_code AND l.corrects = t.entry_id) AS corrected, t.recorded_at AS "recordedAt"
     FROM elder_contact t WHERE t.city_code = $1 AND t.elder_id = $2 ORDER BY t.recorded_at, t.entry_id`, [cityCode, elderId]);
}

/** A contact in clear or masked, never to be kept. */
export interface ContactLine {
  readonly entryId: string;
  readonly contactId: string;
  readonly name: string;
  readonly phone: string;
  readonly relation: Relation;
  readonly emergency: boolean;
}

/** The contacts that hold, opened. */
export async function contactsInClear(tx: Tx, cipher: FieldCipher, cityCode: string, elderId: string): Promise<ContactLine[]> {
  const rows = (await contactEntries(tx, cityCode, elderId)).filter((row) => !row.withdrawn && !row.corrected);
  return rows.map(({ entryId, contactId, nameSealed, phoneSealed, relation, emergency }) => ({
    entryId, contactId, relation, emergency,
    name: cipher.open(nameSealed, place('name', cityCode, entryId)),
    phone: cipher.open(phoneSealed, place('phone', cityCode, entryId)),
  }));
}

/** The same with all but the ends starred out. */
export async function contactsMasked(tx: Tx, cipher: FieldCipher, cityCode: string, elderId: string): Promise<ContactLine[]> {
  return (await contactsInClear(tx, cipher, cityCode, elderId)).map((line) => ({ ...line, name: maskName(line.name), phone: maskPhone(line.phone) }));
}

export interface NewContact extends ContactLine {
  readonly elderId: string;
  readonly corrects: string | null;
  readonly withdrawn: boolean;
}

/** Adds one state of a contact, sealed here. */
export async function insertContact(tx: Tx, cipher: FieldCipher, { cityCode, by, now }: Writing, row: NewContact): Promise<void> {
  await tx.query(
    `INSERT INTO elder_contact (city_code, entry_id, contact_id, elder_id, name_sealed, phone_sealed, relation, emergency, corrects, withdrawn, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [cityCode, row.entryId, row.contactId, row.elderId, cipher.seal(row.name, place('name', cityCode, row.entryId)), cipher.seal(row.phone, place('phone', cityCode, row.entryId)),
      row.relation, row.emergency, row.corrects, row.withdrawn, at(now), by]);
}
