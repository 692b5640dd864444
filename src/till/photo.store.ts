import type { Tx } from '../platform/index.js';

/** A regular of a site, with what the handle of the card is made from. */
export interface Regular {
  readonly elderId: string;
  readonly digest: string;
}

/** The regulars on a site's roster as it was last made. */
export async function readRegulars(tx: Tx, cityCode: string, siteId: string): Promise<Regular[]> {
  return tx.query<Regular>(
    `SELECT r.elder_id AS "elderId", k.till_digest AS digest FROM till_roster_row r
     JOIN elder_card k ON k.city_code = r.city_code AND k.card_id = r.card_id AND k.till_digest IS NOT NULL
     WHERE r.city_code = $1 AND r.site_id = $2 AND r.regular AND NOT r.gone ORDER BY r.card_id`, [cityCode, siteId]);
}
