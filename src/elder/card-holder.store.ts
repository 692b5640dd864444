import { createHmac } from 'node:crypto';
import type { Instant } from '../kernel/index.js';
import type { FieldCipher, Tx } from '../platform/index.js';
import { normaliseCardNumber, type CardState, type CareHomeRecord, type CategoryRecord, type ElderRecord, type HomeRecord } from './domain/index.js';

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

type CardRow = Omit<CardHolder, 'facts'>;

type ElderRow = Pick<ElderRecord, 'elderId' | 'born' | 'hukouCode' | 'residenceCode' | 'died'> & { readonly homes: readonly HomeRecord[] | null };

/** A category or, without a code, a stay in a care home. */
interface SpanRow extends CareHomeRecord {
  readonly elderId: string;
  readonly code: string | null;
  readonly grade: string | null;
  readonly source: string;
}

/** Lists come in as joined rows: `= ANY` of a parameter is compared one by one wherever the planner takes no index. */
const ELDER = 'e.elder_id AS "elderId", e.born, e.hukou_code AS "hukouCode", e.residence_code AS "residenceCode", e.died_on AS died, e.homes';

/** How a card's number is kept and looked up: a keyed digest that other rooms can pass around. */
export function cardHandle(cipher: FieldCipher, number: string): string {
  return cipher.blindIndex('card', normaliseCardNumber(number));
}

/** The key from which tills make a card's digest; it finds nothing but rows of rosters. */
export function cardDigestKey(cipher: FieldCipher, cityCode: string): Buffer {
  return Buffer.from(cipher.blindIndex('till-card-key', cityCode), 'hex');
}

/** A card's digest as a till makes it from the number: HMAC-SHA256 in hexadecimal. */
export function cardDigest(cipher: FieldCipher, cityCode: string, number: string): string {
  return createHmac('sha256', cardDigestKey(cipher, cityCode)).update(normaliseCardNumber(number)).digest('hex');
}

/**
 * Locks the elders behind cards, in the order of their ids, and reads what is known of them. Unknown handles are left
 * out; two cards of one elder give two holders.
 * Cards and entries are read after the lock was got, so that what a waiting transaction had just changed is seen; the
 * locked row itself comes in its newest version.
 */
export async function lockEldersByCard(tx: Tx, cityCode: string, handles: readonly string[]): Promise<CardHolder[]> {
  if (handles.length === 0) return [];
  const [elders, cards] = await Promise.all([
    tx.query<ElderRow>(
      `SELECT ${ELDER} FROM elder e
       WHERE e.city_code = $1 AND e.elder_id IN (
         SELECT k.elder_id FROM elder_card k JOIN unnest($2::text[]) AS w (handle) ON w.handle = k.handle WHERE k.city_code = $1)
       ORDER BY e.elder_id FOR NO KEY UPDATE`,
      [cityCode, handles],
      'elder.lock-by-card',
    ),
    // Sent after the lock, so it runs once the lock was got.
    tx.query<CardRow>(
      `SELECT k.handle, k.card_id AS "cardId", k.state AS "cardState", k.state_since AS "stateSince", k.lost_at AS "lostAt", k.elder_id AS "elderId"
       FROM elder_card k JOIN (SELECT DISTINCT unnest($2::text[]) AS handle) AS w ON w.handle = k.handle WHERE k.city_code = $1`,
      [cityCode, handles],
      'elder.cards-by-handle',
    ),
  ]);
  if (elders.length === 0) return [];
  const facts = await withSpans(tx, cityCode, elders);
  // A card that was issued between the two statements has an elder who is not locked: unknown, as a moment before.
  return cards.flatMap((card) => {
    const known = facts.get(card.elderId);
    return known === undefined ? [] : [{ ...card, facts: known }];
  });
}

/** What is known of elders, by id and without locks; ids that no elder has are left out. */
export async function factsOf(tx: Tx, cityCode: string, elderIds: readonly string[]): Promise<Map<string, ElderRecord>> {
  const elders = await tx.query<ElderRow>(
    `SELECT ${ELDER} FROM elder e JOIN (SELECT DISTINCT unnest($2::uuid[]) AS id) AS w ON w.id = e.elder_id WHERE e.city_code = $1`,
    [cityCode, elderIds],
    'elder.facts',
  );
  return withSpans(tx, cityCode, elders);
}

/** Adds the entries that no later entry corrects, in the order of their first day. */
async function withSpans(tx: Tx, cityCode: string, elders: readonly ElderRow[]): Promise<Map<string, ElderRecord>> {
  const spans = await tx.query<SpanRow>(
    `SELECT c.elder_id AS "elderId", c.code, c.grade, c.from_date AS "from", c.to_date AS "to", c.source
     FROM elder_category c JOIN unnest($2::uuid[]) AS w (id) ON w.id = c.elder_id
     WHERE c.city_code = $1 AND NOT c.withdrawn
       AND NOT EXISTS (SELECT FROM elder_category later WHERE later.city_code = $1 AND later.corrects = c.entry_id)
     UNION ALL
     SELECT h.elder_id, NULL, NULL, h.from_date, h.to_date, h.source
     FROM elder_care_home h JOIN unnest($2::uuid[]) AS w (id) ON w.id = h.elder_id
     WHERE h.city_code = $1 AND NOT h.withdrawn
       AND NOT EXISTS (SELECT FROM elder_care_home later WHERE later.city_code = $1 AND later.corrects = h.entry_id)
     ORDER BY 4, 2`,
    [cityCode, elders.map((elder) => elder.elderId)],
    'elder.spans',
  );
  const records = new Map(elders.map((elder) => [elder.elderId, { ...elder, homes: elder.homes ?? [], categories: [] as CategoryRecord[], careHomeStays: [] as CareHomeRecord[] }]));
  for (const { elderId, code, grade, from, to, source } of spans) {
    const record = records.get(elderId);
    if (code === null) record?.careHomeStays.push({ from, to });
    else record?.categories.push({ code, grade, from, to, source });
  }
  return records;
}
