import { openStarredName } from '../elder/index.js';
import type { FieldCipher, Role, StaffActor, Tx } from '../platform/index.js';
import { BOOKERS, NAMED_TO } from './reach-booking.js';

/** By what somebody who takes calls tells one elder's order from another's. */
export interface Eater {
  /** The surname, starred; null for a canteen, and of elders in others' care. */
  readonly name: string | null;
  /** Last signs of the card by which the elder eats; null for who may not book for others. */
  readonly cardTail: string | null;
}

/** Of whom nothing is told. */
export const UNKNOWN_EATER: Eater = { name: null, cardTail: null };

/** What an actor may know of some elders. */
export async function eatersFor(tx: Tx, cipher: FieldCipher, { cityCode, roles, siteId, divisionCode }: StaffActor, elderIds: readonly string[]): Promise<(elderId: string) => Eater> {
  const isOneOf = (some: readonly Role[]): boolean => roles.some((role) => some.includes(role));
  if (!isOneOf(BOOKERS)) return () => UNKNOWN_EATER;
  const namedIn = siteId === null && isOneOf(NAMED_TO) ? divisionCode : null;
  const rows = await tx.query<{ elderId: string; nameSealed: Buffer | null; cardTail: string | null }>(
    `SELECT e.elder_id AS "elderId", k.tail AS "cardTail", CASE WHEN EXISTS (
         SELECT FROM region_closure r WHERE r.city_code = e.city_code AND r.ancestor_code = $3 AND r.descendant_code IN (e.residence_code, e.hukou_code)) THEN e.name_sealed END AS "nameSealed"
     FROM elder e LEFT JOIN elder_card k ON k.city_code = e.city_code AND k.elder_id = e.elder_id AND k.state IN ('active', 'lost', 'frozen')
     WHERE e.city_code = $1 AND e.elder_id = ANY ($2::uuid[])`, [cityCode, [...new Set(elderIds)], namedIn]);
  const eaters = new Map(rows.map(({ elderId, nameSealed, cardTail }) => [elderId, { name: nameSealed === null ? null : openStarredName(cipher, cityCode, { elderId, nameSealed }), cardTail }]));
  return (elderId) => eaters.get(elderId) ?? UNKNOWN_EATER;
}
