import type { CivilDate } from '../kernel/index.js';
import type { FieldCipher } from '../platform/index.js';
import { slipCode } from './domain/index.js';
import type { PaperSite } from './paper-site.store.js';

/** A numbered slip of a site's day. */
export interface SlipName {
  readonly cityCode: string;
  readonly site: Pick<PaperSite, 'siteId' | 'siteNo'>;
  readonly mealDate: CivilDate;
  readonly number: number;
}

/** The code of a slip: its letters follow from the installation's key, the city, the site by its id, and the day with its year. */
export function codeOf(cipher: FieldCipher, { cityCode, site, mealDate, number }: SlipName): string {
  const digest = cipher.blindIndex('slip', `${cityCode} ${site.siteId} ${mealDate} ${number}`);
  return slipCode({ siteNo: site.siteNo, monthDay: monthDayOf(mealDate), number }, digest);
}

/** Month and day as a code shows them. */
export function monthDayOf(mealDate: CivilDate): string {
  return mealDate.slice(5, 7) + mealDate.slice(8);
}
