import type { CivilDate, Instant } from '../kernel/index.js';
import type { FieldCipher, Tx } from '../platform/index.js';
import { normaliseCardNumber, type CardState, type CareHomeRecord, type CategoryRecord, type ElderRecord } from './domain/index.js';

/** The elder behind a card, as of now. */
export interface CardHolder {
  readonly handle: string;
  readonly cardId: string;
  readonly cardState: CardState;
  /** Since when the card has been in this state: a deed before it was done under another one. */
  readonly stateSince: Instant;
  /** When its loss was reported; stays when a lost card is replaced or cancelled, null again once it is found. */
  readonly lostAt: Instant | null;
  readonly elderId: string;
  readonly facts: ElderRecord;
}

interface FactRow {
  elderId: string;
  born: CivilDate;
  hukouCode: string | null;
  residenceCode: string | null;
  died: CivilDate | null;
  categories: CategoryRecord[] | null;
  careHomeStays: CareHomeRecord[] | null;
}

type CardRow = FactRow & Omit<CardHolder, 'facts' | 'elderId'>;

/** How a card's number is kept and looked up: a keyed digest that other rooms can pass around. */
export function cardHandle(cipher: FieldCipher, number: string): string {
  return cipher.blindIndex('card', normaliseCardNumber(number));
}

/** Entries that no later entry corrects, in the order of their first day. */
const CATEGORIES = `(
  SELECT json_agg(json_build_object('code', c.code, 'grade', c.grade, 'from', c.from_date, 'to', c.to_date, 'source', c.source) ORDER BY c.from_date, c.entry_id)
  FROM elder_category c
  WHERE c.city_code = e.city_code AND c.elder_id = e.elder_id AND NOT c.withdrawn
    AND NOT EXISTS (SELECT FROM elder_category later WHERE later.city_code = c.city_code AND later.corrects = c.entry_id))`;

const STAYS = `(
  SELECT json_agg(json_build_object('from', h.from_date, 'to', h.to_date) ORDER BY h.from_date, h.entry_id)
  FROM elder_care_home h
  WHERE h.city_code = e.city_code AND h.elder_id = e.elder_id AND NOT h.withdrawn
    AND NOT EXISTS (SELECT FROM elder_care_home later WHERE later.city_code = h.city_code AND later.corrects = h.entry_id))`;

const FACTS = `e.elder_id AS "elderId", e.born, e.hukou_code AS "hukouCode", e.residence_code AS "residenceCode", e.died_on AS died,
  ${CATEGORIES} AS categories, ${STAYS} AS "careHomeStays"`;

function toRecord(row: FactRow): ElderRecord {
  const { elderId, born, hukouCode, residenceCode, died, categories, careHomeStays } = row;
  return { elderId, born, hukouCode, residenceCode, died, categories: categories ?? [], careHomeStays: careHomeStays ?? [] };
}

/**
 * Locks the elders behind cards, in the order of their ids, and reads what is known of them. Unknown handles are left
 * out; two cards of one elder give two holders.
 * The facts are read after the lock was got, so that what a waiting transaction had just changed is seen.
 */
export async function lockEldersByCard(tx: Tx, cityCode: string, handles: readonly string[]): Promise<CardHolder[]> {
  if (handles.length === 0) return [];
  const locked = await tx.query(
    `SELECT FROM elder e
     WHERE e.city_code = $1 AND e.elder_id IN (SELECT k.elder_id FROM elder_card k WHERE k.city_code = $1 AND k.handle = ANY($2::text[]))
     ORDER BY e.elder_id FOR NO KEY UPDATE`,
    [cityCode, handles],
    'elder.lock-by-card',
  );
  if (locked.length === 0) return [];
  const rows = await tx.query<CardRow>(
    `SELECT k.handle, k.card_id AS "cardId", k.state AS "cardState", k.state_since AS "stateSince", k.lost_at AS "lostAt", ${FACTS}
     FROM elder_card k JOIN elder e ON e.city_code = k.city_code AND e.elder_id = k.elder_id
     WHERE k.city_code = $1 AND k.handle = ANY($2::text[])`,
    [cityCode, handles],
    'elder.read-by-card',
  );
  return rows.map((row) => ({
    handle: row.handle, cardId: row.cardId, cardState: row.cardState, stateSince: row.stateSince, lostAt: row.lostAt,
    elderId: row.elderId, facts: toRecord(row),
  }));
}

/** What is known of elders, by id and without locks; ids that no elder has are left out. */
export async function factsOf(tx: Tx, cityCode: string, elderIds: readonly string[]): Promise<Map<string, ElderRecord>> {
  const rows = await tx.query<FactRow>(
    `SELECT ${FACTS} FROM elder e WHERE e.city_code = $1 AND e.elder_id = ANY($2::uuid[])`,
    [cityCode, elderIds],
    'elder.facts',
  );
  return new Map(rows.map((row) => [row.elderId, toRecord(row)]));
}
