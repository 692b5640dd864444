import { randomUUID } from 'node:crypto';
import { chinaMinute, today, type Clock } from '../kernel/index.js';
import { UnexpectedAnswer, type StaffCaller } from './callers.js';

const MOST = 4;
const TRIED = 12;
/** The demo's first card. */
const FIRST_CARD = 10_000_000;
const LAST_MINUTE = 1_438;

/** The meal that a till turns to at a minute of the day. */
function mealAt(minute: number): 'breakfast' | 'lunch' | 'dinner' {
  return minute < 10 * 60 ? 'breakfast' : minute < 15 * 60 + 30 ? 'lunch' : 'dinner';
}

/**
 * Books a few meals of the hour at a canteen, whatever the hour is, so that whoever tries the product has something to
 * hand out.
 * @returns the code of one of them; null where nothing is sold now, or it was booked before
 */
export async function bookMeals(manager: StaffCaller, siteId: string, clock: Clock): Promise<string | null> {
  const [date, minute] = [today(clock), chinaMinute(clock.now())];
  const mealPeriod = mealAt(minute);
  try {
    const { prices } = await manager.get<{ prices: readonly { itemCode: string; mealPeriod: string }[] }>(`/v1/sites/${siteId}/price-lists/current?date=${date}`);
    const item = prices.find((price) => price.mealPeriod === mealPeriod);
    if (item === undefined) return null;
    const beginsMinute = Math.min(LAST_MINUTE, minute + 2);
    await manager.put(`/v1/bookings/sites/${siteId}/hours/${mealPeriod}`, { id: randomUUID(), beginsMinute, endsMinute: LAST_MINUTE + 2, cutOff: 'beforeMeal', cutOffMinutes: 0, dayPortions: null });
    const codes: string[] = [];
    for (let index = 0; index < TRIED && codes.length < MOST; index += 1) {
      const asked = { id: randomUUID(), card: `LC${FIRST_CARD + index}`, siteId, mealDate: date, mealPeriod, items: [{ itemCode: item.itemCode, quantity: 1 }], way: index % 2 === 0 ? 'dineIn' : 'collect' };
      // A card that was replaced, or somebody who has booked already: the next one.
      const made = await manager.post<{ code: string }>('/v1/bookings', asked).catch((error: unknown) => (error instanceof UnexpectedAnswer ? null : Promise.reject(error)));
      if (made !== null) codes.push(made.code);
    }
    return codes[0] ?? null;
  } catch (error) {
    // Not every canteen of the story has a manager, and somebody who tries the product may have closed it.
    if (error instanceof UnexpectedAnswer) return null;
    throw error;
  }
}
