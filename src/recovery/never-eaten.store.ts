import type { CivilDate } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';

/** An elder who has never had a meal, as the database keeps one. */
export interface UnseenElder {
  readonly elderId: string;
  readonly identitySealed: Buffer;
  readonly nameSealed: Buffer;
  readonly phoneSealed: Buffer | null;
  readonly born: CivilDate;
  readonly sex: 'male' | 'female';
  readonly hukouCode: string | null;
  readonly residenceCode: string | null;
  readonly hasCard: boolean;
}

/** Living elders inside a division without one accepted meal that still stands, by id after one. */
export async function unseenElders(tx: Tx, cityCode: string, divisionCode: string, after: string | null, limit: number): Promise<UnseenElder[]> {
  return tx.query<UnseenElder>(
    `SELECT e.elder_id AS "elderId", e.identity_sealed AS "identitySealed", e.name_sealed AS "nameSealed", e.phone_sealed AS "phoneSealed", e.born, e.sex,
       e.hukou_code AS "hukouCode", e.residence_code AS "residenceCode",
       EXISTS (SELECT FROM elder_card k WHERE k.city_code = e.city_code AND k.elder_id = e.elder_id AND k.state = 'active') AS "hasCard"
     FROM elder e
     WHERE e.city_code = $1 AND e.died_on IS NULL AND ($3::uuid IS NULL OR e.elder_id > $3)
       AND EXISTS (SELECT FROM region_closure r WHERE r.city_code = e.city_code AND r.ancestor_code = $2 AND r.descendant_code IN (e.residence_code, e.hukou_code))
       AND NOT EXISTS (SELECT FROM meal m WHERE m.city_code = e.city_code AND m.elder_id = e.elder_id AND m.outcome = 'accepted'
         AND NOT EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id))
     ORDER BY e.elder_id LIMIT $4`, [cityCode, divisionCode, after, limit]);
}
