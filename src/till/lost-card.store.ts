import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** A card that moved, by what tills can find it by. */
export interface MovedCard {
  readonly cardId: string;
  readonly digest: string;
  readonly active: boolean;
}

/**
 * Cards of a city after a card, `limit` + 1 of them: those that must not be taken as cards (lost, frozen, replaced,
 * cancelled), or with `since` all that moved from that moment on.
 */
export async function readMovedCards(tx: Tx, cityCode: string, since: Instant | null, after: string | null, limit: number): Promise<MovedCard[]> {
  const wanted = since === null ? "k.state <> 'active' AND $2::timestamptz IS NULL" : 'k.state_since >= $2::timestamptz';
  return tx.query<MovedCard>(
    `SELECT k.card_id AS "cardId", k.till_digest AS digest, k.state = 'active' AS active FROM elder_card k
     WHERE k.city_code = $1 AND k.till_digest IS NOT NULL AND ${wanted} AND ($3::uuid IS NULL OR k.card_id > $3)
     ORDER BY k.card_id LIMIT $4`,
    [cityCode, since === null ? null : at(since), after, limit + 1]);
}
