import type { Tx } from '../platform/index.js';

/** The cities that a database holds, demo or real. */
export async function citiesHeld(tx: Tx): Promise<string[]> {
  // The one question that is about all cities: whether there is any.
  const rows = await tx.query<{ cityCode: string }>('SELECT city_code AS "cityCode" FROM region_city ORDER BY city_code');
  return rows.map((row) => row.cityCode);
}
