import type { Instant } from '../kernel/index.js';
import { at, derivedId, type FieldCipher, type Tx } from '../platform/index.js';
import { cardDigest, cardHandle } from './card-holder.store.js';
import { categoryRule, type Registration } from './domain/index.js';
import { sealElder } from './sealed-elder.js';

/** Lets registrations and card issues of a city go one after another, so that two of them never wait on each other's keys. */
export async function queueUp(tx: Tx, cityCode: string): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('elder.register:' || $1, 0))", [cityCode]);
}

/** Which of these identity indexes are registered already. */
export async function knownIdentities(tx: Tx, cityCode: string, indexes: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ index: string }>(
    'SELECT identity_index AS index FROM elder WHERE city_code = $1 AND identity_index = ANY ($2::text[])', [cityCode, indexes]);
  return new Set(rows.map((row) => row.index));
}

/** Which of these card handles were ever issued. */
export async function knownCards(tx: Tx, cityCode: string, handles: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ handle: string }>('SELECT handle FROM elder_card WHERE city_code = $1 AND handle = ANY ($2::text[])', [cityCode, handles]);
  return new Set(rows.map((row) => row.handle));
}

/** The kept hash and answer of deeds, by id. */
export async function keptDeeds(tx: Tx, cityCode: string, ids: readonly string[]): Promise<Map<string, { bodyHash: string; answer: unknown }>> {
  const rows = await tx.query<{ id: string; bodyHash: string; answer: unknown }>(
    'SELECT deed_id AS id, body_hash AS "bodyHash", answer FROM deed WHERE city_code = $1 AND deed_id = ANY ($2::uuid[])', [cityCode, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Keeps the answers of a batch's rows, one deed each. */
export async function keepDeeds(tx: Tx, cityCode: string, kind: string, now: Instant, rows: readonly { id: string; bodyHash: string; answer: unknown }[]): Promise<void> {
  await tx.query(
    `INSERT INTO deed (city_code, deed_id, kind, body_hash, answer, done_at)
     SELECT $1, r.id, $2, r.hash, r.answer::json, $3 FROM unnest($4::uuid[], $5::text[], $6::text[]) AS r (id, hash, answer)`,
    [cityCode, kind, at(now), rows.map((row) => row.id), rows.map((row) => row.bodyHash), rows.map((row) => JSON.stringify(row.answer))]);
}

/** Whom a registration is written by, and when. */
export interface Writing {
  readonly cityCode: string;
  readonly by: string;
  readonly now: Instant;
}

/** The id of the card that comes with a registration. */
export function firstCardId(elderId: string): string {
  return derivedId(elderId, 'card');
}

/** Writes elders with their categories and first cards: one statement a table. */
export async function insertElders(tx: Tx, cipher: FieldCipher, writing: Writing, elders: readonly Registration[]): Promise<void> {
  if (elders.length === 0) return;
  const { cityCode, by, now } = writing;
  const sealed = elders.map((elder) => sealElder(cipher, cityCode, elder));
  await tx.query(
    `INSERT INTO elder (city_code, elder_id, identity_sealed, identity_index, name_sealed, name_index, phone_sealed, phone_tail,
       born, sex, hukou_code, residence_code, recorded_at, recorded_by)
     SELECT $1, r.id, decode(r.identity, 'hex'), r.identity_index, decode(r.name, 'hex'), r.name_index, decode(r.phone, 'hex'), r.tail,
       r.born, r.sex, r.hukou, r.residence, $2, $3
     FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::date[], $12::text[], $13::text[], $14::text[])
       AS r (id, identity, identity_index, name, name_index, phone, tail, born, sex, hukou, residence)`,
    [cityCode, at(now), by, elders.map((elder) => elder.elderId), sealed.map((row) => row.identity), sealed.map((row) => row.identityIndex),
      sealed.map((row) => row.name), sealed.map((row) => row.nameIndex), sealed.map((row) => row.phone), sealed.map((row) => row.phoneTail),
      elders.map((elder) => elder.identity.born), elders.map((elder) => elder.identity.sex),
      elders.map((elder) => elder.hukouCode), elders.map((elder) => elder.residenceCode)]);
  await insertCategories(tx, writing, elders.flatMap((elder) => elder.categories.map((entry, index) => (
    { ...entry, elderId: elder.elderId, entryId: derivedId(elder.elderId, 'category', String(index)), corrects: null, withdrawn: false }))));
  await insertCards(tx, writing, elders.flatMap((elder) => elder.cardNumber === null ? [] : [
    { cardId: firstCardId(elder.elderId), elderId: elder.elderId, handle: cardHandle(cipher, elder.cardNumber), digest: cardDigest(cipher, cityCode, elder.cardNumber), tail: elder.cardNumber.slice(-4), reason: '登记时发卡' }]));
}

/** A category's row as it is written. */
export interface CategoryRow {
  readonly entryId: string;
  readonly elderId: string;
  readonly code: string;
  readonly grade: string | null;
  readonly kind: string | null;
  readonly from: string;
  readonly to: string | null;
  readonly source: string;
  readonly evidence: string;
  readonly corrects: string | null;
  readonly withdrawn: boolean;
  /** The import that brought it; left out when a person entered it. */
  readonly batchId?: string | null;
}

/** Adds category entries, each with the authority that decides its code. */
export async function insertCategories(tx: Tx, { cityCode, by, now }: Writing, rows: readonly CategoryRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO elder_category (city_code, entry_id, elder_id, code, grade, kind, authority, batch_id, from_date, to_date, source, evidence, corrects, withdrawn, recorded_at, recorded_by)
     SELECT $1, r.entry, r.elder, r.code, r.grade, r.kind, r.authority, r.batch, r.from_date, r.to_date, r.source, r.evidence, r.corrects, r.withdrawn, $2, $3
     FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::uuid[], $11::date[], $12::date[], $13::text[], $14::text[], $15::uuid[], $16::boolean[])
       AS r (entry, elder, code, grade, kind, authority, batch, from_date, to_date, source, evidence, corrects, withdrawn)`,
    [cityCode, at(now), by, rows.map((row) => row.entryId), rows.map((row) => row.elderId), rows.map((row) => row.code), rows.map((row) => row.grade),
      rows.map((row) => row.kind), rows.map((row) => categoryRule(row.code)?.authority ?? null), rows.map((row) => row.batchId ?? null),
      rows.map((row) => row.from), rows.map((row) => row.to), rows.map((row) => row.source), rows.map((row) => row.evidence),
      rows.map((row) => row.corrects), rows.map((row) => row.withdrawn)]);
}

/** A card that is issued. */
export interface CardRow {
  readonly cardId: string;
  readonly elderId: string;
  readonly handle: string;
  /** What tills' rosters find the card by. */
  readonly digest: string;
  readonly tail: string;
  readonly reason: string;
}

/** Issues cards: the card and the first line of its history. */
export async function insertCards(tx: Tx, { cityCode, by, now }: Writing, cards: readonly CardRow[]): Promise<void> {
  if (cards.length === 0) return;
  await tx.query(
    `INSERT INTO elder_card (city_code, card_id, elder_id, handle, tail, till_digest, state, state_since)
     SELECT $1, r.card, r.elder, r.handle, r.tail, r.digest, 'active', $2
     FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[]) AS r (card, elder, handle, tail, digest)`,
    [cityCode, at(now), cards.map((card) => card.cardId), cards.map((card) => card.elderId), cards.map((card) => card.handle), cards.map((card) => card.tail), cards.map((card) => card.digest)]);
  await tx.query(
    `INSERT INTO elder_card_event (city_code, event_id, card_id, kind, at, by, reason)
     SELECT $1, r.event, r.card, 'issued', $2, $3, r.reason FROM unnest($4::uuid[], $5::uuid[], $6::text[]) AS r (event, card, reason)`,
    [cityCode, at(now), by, cards.map((card) => derivedId(card.cardId, 'issued')), cards.map((card) => card.cardId), cards.map((card) => card.reason)]);
}
