import type { CivilMonth } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import type { SiteDate } from './leaf.store.js';

/** What a seal covers and no earlier seal of its day did: taps by their ids, refused ones too. */
export interface SealedMeals extends SiteDate {
  readonly logIndex: number;
  readonly bookedMonth: CivilMonth;
  readonly seq: number;
  /** Of the day's Merkle tree, in hexadecimal. */
  readonly root: string;
  readonly tapIds: readonly string[];
}

/** Kind, id and hash of a leaf; the kind of a tap. */
const LEAF_BYTES = 49;
const ID_END = 17;
const TAP = 0;

type Row = Omit<SealedMeals, 'tapIds'> & { readonly leafIndex: Buffer; readonly leafIndexBefore: Buffer | null };

/** Taps of seals of a city's log from a place on, at most `limit` seals in their order. */
export async function sealedMeals(tx: Tx, cityCode: string, from: number, limit: number): Promise<SealedMeals[]> {
  const rows = await tx.query<Row>(
    `SELECT s.log_index AS "logIndex", s.site_id AS "siteId", s.meal_date AS "mealDate", s.booked_month AS "bookedMonth", s.seq, encode(s.root, 'hex') AS root,
       s.leaf_index AS "leafIndex", b.leaf_index AS "leafIndexBefore"
     FROM day_seal s LEFT JOIN day_seal b ON b.city_code = s.city_code AND b.booked_month = s.booked_month AND b.site_id = s.site_id AND b.meal_date = s.meal_date AND b.seq = s.seq - 1
     WHERE s.city_code = $1 AND s.log_index >= $2 ORDER BY s.log_index LIMIT $3`, [cityCode, from, limit]);
  return rows.map(({ leafIndex, leafIndexBefore, ...seal }) => {
    const before = new Set(leafIndexBefore === null ? [] : tapIdsOf(leafIndexBefore));
    return { ...seal, logIndex: Number(seal.logIndex), tapIds: tapIdsOf(leafIndex).filter((id) => !before.has(id)) };
  });
}

function tapIdsOf(leafIndex: Buffer): string[] {
  const ids: string[] = [];
  for (let at = 0; at < leafIndex.length; at += LEAF_BYTES) {
    if (leafIndex[at] !== TAP) continue;
    const hex = leafIndex.toString('hex', at + 1, at + ID_END);
    ids.push(`${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`);
  }
  return ids;
}
