import { randomUUID } from 'node:crypto';
import type { CivilDate } from '../kernel/index.js';
import { UnexpectedAnswer, type StaffCaller } from './callers.js';

const REASON = '演示：村里没有收银机，以纸质单登记';

/** The terminals of a county, as far as the first page goes. */
interface Terminals {
  readonly items: readonly { readonly siteId: string }[];
}

/**
 * Puts the last canteen of a county on paper, once, and prints its sheet of a day where there is none, so that whoever
 * tries the product has paper in hand.
 * @returns where the sheet is to be had; null where the canteen does not serve on that day
 */
export async function printVillagePaper(officer: StaffCaller, day: CivilDate): Promise<{ siteName: string; sheetId: string } | null> {
  const known = (await officer.get<{ items: readonly { siteId: string }[] }>('/v1/slips/sites')).items[0]?.siteId;
  const siteId = known ?? (await officer.get<Terminals>('/v1/terminals?limit=50')).items.at(-1)?.siteId;
  if (siteId === undefined) return null;
  try {
    if (known === undefined) await officer.post(`/v1/slips/sites/${siteId}/steps`, { id: randomUUID(), kind: 'begun', onDate: day, reason: REASON });
    const { sheets } = await officer.get<{ sheets: readonly { sheetId: string }[] }>(`/v1/slips/sites/${siteId}/days/${day}`);
    const sheetId = sheets[0]?.sheetId ?? (await officer.post<{ sheetId: string }>('/v1/slips/sheets', { id: randomUUID(), siteId, mealDate: day })).sheetId;
    return { siteName: (await officer.get<{ siteName: string }>(`/v1/slips/sheets/${sheetId}`)).siteName, sheetId };
  } catch (error) {
    // Somebody who tries the product may have closed the canteen or ended its paper: the service starts all the same.
    if (error instanceof UnexpectedAnswer) return null;
    throw error;
  }
}
