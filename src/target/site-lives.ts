import type { Tx } from '../platform/index.js';
import { countiesOf } from '../region/index.js';
import { siteHistories } from '../site/index.js';
import type { SiteLife } from './domain/index.js';

/** Every site inside a division with its county and its whole life. Two statements for any number of sites. */
export async function siteLives(tx: Tx, cityCode: string, divisionCode: string): Promise<SiteLife[]> {
  const counties = new Map((await countiesOf(tx, cityCode)).map((county) => [county.divisionCode, county.name]));
  return (await siteHistories(tx, cityCode, divisionCode)).map(({ path, divisionCode: place, ...site }) => {
    // A place that no county holds, such as a site of the city itself, stands for itself.
    const countyCode = path.find((code) => counties.has(code)) ?? place;
    return { ...site, countyCode, countyName: counties.get(countyCode) ?? countyCode };
  });
}
