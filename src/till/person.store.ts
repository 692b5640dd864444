import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Member } from './roster.store.js';

/** Somebody who stands at a till, with the live card; the name is sealed still. */
export interface Person extends Member {
  readonly handle: string;
  readonly tail: string;
  readonly sex: 'male' | 'female';
  readonly nameSealed: Buffer;
}

const PERSON = `k.card_id AS "cardId", k.elder_id AS "elderId", k.state AS "cardState", coalesce(k.till_digest, '') AS digest, e.name_index AS "nameIndex",
  false AS regular, k.handle, k.tail, e.sex, e.name_sealed AS "nameSealed"`;

/** The living of a city whose telephone ends in four digits, with their live cards; at most `limit`. */
export async function personsByPhoneTail(tx: Tx, cityCode: string, phoneTail: string, limit: number): Promise<Person[]> {
  return tx.query<Person>(
    `SELECT ${PERSON} FROM elder e JOIN elder_card k ON k.city_code = e.city_code AND k.elder_id = e.elder_id AND k.state IN ('active', 'lost')
     WHERE e.city_code = $1 AND e.phone_tail = $2 AND e.died_on IS NULL ORDER BY k.card_id LIMIT $3`, [cityCode, phoneTail, limit]);
}

/** The person behind a card that is not replaced or cancelled. */
export async function personByCard(tx: Tx, cityCode: string, handle: string): Promise<Person | undefined> {
  const [row] = await tx.query<Person>(
    `SELECT ${PERSON} FROM elder_card k JOIN elder e ON e.city_code = k.city_code AND e.elder_id = k.elder_id
     WHERE k.city_code = $1 AND k.handle = $2 AND k.state IN ('active', 'lost', 'frozen')`, [cityCode, handle]);
  return row;
}

/** A living elder with the card that counts: the active one, else the one that is frozen or lost. */
export async function personOfElder(tx: Tx, cityCode: string, elderId: string): Promise<Person | undefined> {
  const [row] = await tx.query<Person>(
    `SELECT ${PERSON} FROM elder e JOIN elder_card k ON k.city_code = e.city_code AND k.elder_id = e.elder_id AND k.state IN ('active', 'lost', 'frozen')
     WHERE e.city_code = $1 AND e.elder_id = $2 AND e.died_on IS NULL ORDER BY array_position(ARRAY['active', 'frozen', 'lost'], k.state::text), k.card_id LIMIT 1`, [cityCode, elderId]);
  return row;
}

/** Gives a card that was issued before tills kept rosters its digest. */
export async function keepDigest(tx: Tx, cityCode: string, cardId: string, digest: string): Promise<void> {
  await tx.query('UPDATE elder_card SET till_digest = $3 WHERE city_code = $1 AND card_id = $2 AND till_digest IS NULL', [cityCode, cardId, digest]);
}

/** How often a terminal has searched, in a day and in the last minutes; those who search at once are counted one by one. */
export async function countSearches(tx: Tx, cityCode: string, terminalId: string, dayFrom: Instant, lately: Instant): Promise<{ today: number; lately: number }> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('till.search'), hashtext($1))`, [terminalId]);
  const [row] = await tx.query<{ today: number; lately: number }>(
    `SELECT count(*) AS today, count(*) FILTER (WHERE searched_at > $4) AS lately FROM till_search
     WHERE city_code = $1 AND terminal_id = $2 AND searched_at >= $3`, [cityCode, terminalId, at(dayFrom), at(lately)]);
  return row ?? { today: 0, lately: 0 };
}

/** Keeps that a terminal searched, and how many it was shown. */
export async function insertSearch(tx: Tx, cityCode: string, searchId: string, terminalId: string, found: number, now: Instant): Promise<void> {
  await tx.query('INSERT INTO till_search (city_code, search_id, terminal_id, searched_at, found) VALUES ($1, $2, $3, $4, $5)', [cityCode, searchId, terminalId, at(now), found]);
}
