import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { CardEvent, CardState, HomeRecord } from './domain/index.js';
import type { Writing } from './register.store.js';
import type { SealedRow } from './sealed-elder.js';

/** What changes of an elder look at, with the row locked. */
export interface LockedElder {
  readonly elderId: string;
  readonly born: CivilDate;
  readonly hukouCode: string | null;
  readonly residenceCode: string | null;
  readonly died: CivilDate | null;
  readonly homes: readonly HomeRecord[] | null;
}

/** Locks an elder's row: changes of one elder and taps of the same one wait for each other. */
export async function lockElder(tx: Tx, cityCode: string, elderId: string): Promise<LockedElder | undefined> {
  return (await lockElders(tx, cityCode, [elderId]))[0];
}

/** The same for many, in the order of their ids, so that nobody waits crosswise; ids that no elder has are left out. */
export async function lockElders(tx: Tx, cityCode: string, elderIds: readonly string[]): Promise<LockedElder[]> {
  return tx.query<LockedElder>(
    `SELECT elder_id AS "elderId", born, hukou_code AS "hukouCode", residence_code AS "residenceCode", died_on AS died, homes
     FROM elder WHERE city_code = $1 AND elder_id = ANY ($2::uuid[]) ORDER BY elder_id FOR NO KEY UPDATE`, [cityCode, elderIds], 'elder.lock');
}

/** An entry of an elder's categories or stays, with what became of it. */
export interface EntryRow {
  readonly entryId: string;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  readonly source: string;
  readonly corrects: string | null;
  readonly withdrawn: boolean;
  /** Whether a later entry corrects this one. */
  readonly corrected: boolean;
  readonly recordedAt: Instant;
}

export type CategoryEntryRow = EntryRow & { readonly code: string; readonly grade: string | null; readonly kind: string | null; readonly evidence: string; readonly batchId: string | null };

/** All category entries of an elder, the corrected and withdrawn ones too, oldest first. */
export async function categoryEntries(tx: Tx, cityCode: string, elderId: string): Promise<CategoryEntryRow[]> {
  return tx.query<CategoryEntryRow>(
    `SELECT c.entry_id AS "entryId", c.code, c.grade, c.kind, c.batch_id AS "batchId", c.from_date AS "from", c.to_date AS "to", c.source, c.evidence, c.corrects, c.withdrawn,
       EXISTS (SELECT FROM elder_category l WHERE l.city_code = c.city_code AND l.corrects = c.entry_id) AS corrected, c.recorded_at AS "recordedAt"
     FROM elder_category c WHERE c.city_code = $1 AND c.elder_id = $2 ORDER BY c.recorded_at, c.entry_id`, [cityCode, elderId]);
}

/** All care-home entries of an elder, oldest first. */
export async function stayEntries(tx: Tx, cityCode: string, elderId: string): Promise<EntryRow[]> {
  return tx.query<EntryRow>(
    `SELECT h.entry_id AS "entryId", h.from_date AS "from", h.to_date AS "to", h.source, h.corrects, h.withdrawn,
       EXISTS (SELECT FROM elder_care_home l WHERE l.city_code = h.city_code AND l.corrects = h.entry_id) AS corrected, h.recorded_at AS "recordedAt"
     FROM elder_care_home h WHERE h.city_code = $1 AND h.elder_id = $2 ORDER BY h.recorded_at, h.entry_id`, [cityCode, elderId]);
}

/** A stay as it is written. */
export interface StayRow {
  readonly entryId: string;
  readonly elderId: string;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  readonly source: string;
  readonly corrects: string | null;
  readonly withdrawn: boolean;
}

export async function insertStay(tx: Tx, { cityCode, by, now }: Writing, row: StayRow): Promise<void> {
  await tx.query(
    `INSERT INTO elder_care_home (city_code, entry_id, elder_id, from_date, to_date, source, corrects, withdrawn, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [cityCode, row.entryId, row.elderId, row.from, row.to, row.source, row.corrects, row.withdrawn, at(now), by]);
}

/** Adds a report of a death, or the correction of one, and sets what is true now; null takes a report back. */
export async function writeDeath(tx: Tx, { cityCode, by, now }: Writing, death: { entryId: string; elderId: string; diedOn: CivilDate | null; source: string }): Promise<void> {
  await tx.query(
    `INSERT INTO elder_death (city_code, entry_id, elder_id, died_on, source, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [cityCode, death.entryId, death.elderId, death.diedOn, death.source, at(now), by]);
  await tx.query(
    `UPDATE elder SET died_on = $3, died_recorded_at = CASE WHEN $3::date IS NULL THEN NULL ELSE $4::timestamptz END WHERE city_code = $1 AND elder_id = $2`,
    [cityCode, death.elderId, death.diedOn, at(now)]);
}

export interface CardView {
  readonly cardId: string;
  readonly elderId: string;
  readonly tail: string;
  readonly state: CardState;
  readonly stateSince: Instant;
  readonly lostAt: Instant | null;
}

const CARD = `card_id AS "cardId", elder_id AS "elderId", tail, state, state_since AS "stateSince", lost_at AS "lostAt"`;

/** A card by its id. Its elder is locked first, then it is read again by `cardsOf`. */
export async function cardOwner(tx: Tx, cityCode: string, cardId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ elderId: string }>('SELECT elder_id AS "elderId" FROM elder_card WHERE city_code = $1 AND card_id = $2', [cityCode, cardId]);
  return row?.elderId;
}

/** Cards of elders, the newest state last. */
export async function cardsOf(tx: Tx, cityCode: string, elderIds: readonly string[]): Promise<CardView[]> {
  return tx.query<CardView>(`SELECT ${CARD} FROM elder_card WHERE city_code = $1 AND elder_id = ANY ($2::uuid[]) ORDER BY state_since, card_id`, [cityCode, elderIds]);
}

export interface CardEventView {
  readonly cardId: string;
  readonly kind: CardEvent;
  readonly at: Instant;
  readonly reason: string;
}

/** The history of an elder's cards, oldest first. */
export async function cardEvents(tx: Tx, cityCode: string, elderId: string): Promise<CardEventView[]> {
  return tx.query<CardEventView>(
    `SELECT v.card_id AS "cardId", v.kind, v.at, v.reason FROM elder_card_event v
     JOIN elder_card k ON k.city_code = v.city_code AND k.card_id = v.card_id
     WHERE v.city_code = $1 AND k.elder_id = $2 ORDER BY v.at, v.event_id`, [cityCode, elderId]);
}

/** Moves a card and writes the line of its history. A found card is no longer lost; a replaced one keeps its loss. */
export async function writeCardMove(tx: Tx, { cityCode, by, now }: Writing, move: { eventId: string; cardId: string; kind: CardEvent; state: CardState; reason: string }): Promise<void> {
  await tx.query(
    `INSERT INTO elder_card_event (city_code, event_id, card_id, kind, at, by, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [cityCode, move.eventId, move.cardId, move.kind, at(now), by, move.reason]);
  await tx.query(
    `UPDATE elder_card SET state = $3, state_since = $4,
       lost_at = CASE $3 WHEN 'lost' THEN $4::timestamptz WHEN 'active' THEN NULL ELSE lost_at END
     WHERE city_code = $1 AND card_id = $2`,
    [cityCode, move.cardId, move.state, at(now)]);
}

/** Keeps who looked at full data, and why; false when the id was used before. */
export async function insertDisclosure(tx: Tx, { cityCode, by, now }: Writing, row: { id: string; elderId: string; reason: string }): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO elder_disclosure (city_code, disclosure_id, elder_id, by, reason, at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (city_code, disclosure_id) DO NOTHING RETURNING disclosure_id`,
    [cityCode, row.id, row.elderId, by, row.reason, at(now)]);
  return rows.length === 1;
}

export type SealedElderRow = SealedRow & LockedElder & { readonly sex: 'male' | 'female'; readonly diedRecordedAt: Instant | null };

const SEALED = `e.elder_id AS "elderId", e.identity_sealed AS "identitySealed", e.name_sealed AS "nameSealed", e.phone_sealed AS "phoneSealed",
  e.born, e.sex, e.hukou_code AS "hukouCode", e.residence_code AS "residenceCode", e.died_on AS died, e.homes, e.died_recorded_at AS "diedRecordedAt"`;

/** One elder's row. */
export async function readElder(tx: Tx, cityCode: string, elderId: string): Promise<SealedElderRow | undefined> {
  const [row] = await tx.query<SealedElderRow>(`SELECT ${SEALED} FROM elder e WHERE e.city_code = $1 AND e.elder_id = $2`, [cityCode, elderId]);
  return row;
}

/** What a list of elders is narrowed to; null narrows nothing. */
export interface ElderFilter {
  readonly cityCode: string;
  /** Residence or hukou lies in it. */
  readonly scopeCode: string;
  readonly divisionCode: string | null;
  readonly phoneTail: string | null;
  /** Holds this category on `onDate`. */
  readonly category: string | null;
  readonly onDate: CivilDate;
  readonly identityIndex: string | null;
  readonly nameIndex: string | null;
  readonly cardHandle: string | null;
  readonly after: string | null;
  readonly limit: number;
}

const INSIDE = (parameter: number): string => `EXISTS (
  SELECT FROM region_closure r WHERE r.city_code = e.city_code AND r.ancestor_code = $${parameter} AND r.descendant_code IN (e.residence_code, e.hukou_code))`;

/** Elders by id, `limit` + 1 of them after an id. */
export async function listElders(tx: Tx, filter: ElderFilter): Promise<SealedElderRow[]> {
  return tx.query<SealedElderRow>(
    `SELECT ${SEALED} FROM elder e
     WHERE e.city_code = $1 AND ${INSIDE(2)} AND ($3::text IS NULL OR ${INSIDE(3)})
       AND ($4::text IS NULL OR e.phone_tail = $4)
       AND ($5::text IS NULL OR EXISTS (
         SELECT FROM elder_category c WHERE c.city_code = e.city_code AND c.elder_id = e.elder_id AND c.code = $5 AND NOT c.withdrawn
           AND c.from_date <= $6 AND (c.to_date IS NULL OR c.to_date >= $6)
           AND NOT EXISTS (SELECT FROM elder_category l WHERE l.city_code = c.city_code AND l.corrects = c.entry_id)))
       AND ($7::text IS NULL OR e.identity_index = $7) AND ($8::text IS NULL OR e.name_index = $8)
       AND ($9::text IS NULL OR EXISTS (SELECT FROM elder_card k WHERE k.city_code = e.city_code AND k.elder_id = e.elder_id AND k.handle = $9))
       AND ($10::uuid IS NULL OR e.elder_id > $10)
     ORDER BY e.elder_id LIMIT $11`,
    [filter.cityCode, filter.scopeCode, filter.divisionCode, filter.phoneTail, filter.category, filter.onDate,
      filter.identityIndex, filter.nameIndex, filter.cardHandle, filter.after, filter.limit + 1]);
}
