import type { Desk } from '../desk.js';
import { Trouble } from '../service.js';
import type { Booking, Meal, Menu, Recent, Site } from '../shapes.js';
import { momentWords, yuan } from '../words.js';

type Items<T> = { readonly items: readonly T[] };

const query = (given: Readonly<Record<string, string | number | undefined>>): string => Object.entries(given)
  .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`])).join('&');

/** A hundred metres: enough to sort canteens, too little to know a house, also in the logs of others. */
const PLACES = 1_000;
const rounded = (degrees: number): number => Math.round(degrees * PLACES) / PLACES;

/** @throws Trouble */
export async function readSites(desk: Desk, elderId: string, at: { readonly latitude: number; readonly longitude: number } | null = null): Promise<readonly Site[]> {
  const near = at === null ? {} : { lat: rounded(at.latitude), lng: rounded(at.longitude) };
  return (await desk.service.ask<Items<Site>>('GET', `/v1/mini/sites?${query({ elderId, ...near })}`)).items;
}

/** @throws Trouble */
export async function readMenu(desk: Desk, siteId: string, elderId: string, date: string, days = 1): Promise<Menu> {
  const menu = await desk.service.ask<Menu>('GET', `/v1/mini/sites/${siteId}/menu?${query({ elderId, date, days })}`);
  desk.near(menu.name, menu.phone);
  return menu;
}

/** @throws Trouble */
export async function readBookings(desk: Desk, elderId: string): Promise<readonly Booking[]> {
  const { items } = await desk.service.ask<Items<Booking>>('GET', `/v1/mini/bookings?${query({ elderId })}`);
  const [next] = [...items].sort((a, b) => Number(b.state === 'open') - Number(a.state === 'open'));
  if (next !== undefined && !desk.hasPlace) desk.near(next.siteName, next.sitePhone);
  return items;
}

const NOTHING_RECENT: Recent = { lastSite: null, months: [] };

/** Where and in which months this elder ate; nothing for who may not see that, or no longer. @throws Trouble where nobody answers */
export async function readRecent(desk: Desk, elderId: string): Promise<Recent> {
  if (!desk.may('meals')) return NOTHING_RECENT;
  return desk.service.ask<Recent>('GET', `/v1/mini/elders/${elderId}/recent`).catch((error: unknown) => {
    if (error instanceof Trouble && error.isRefusal) return NOTHING_RECENT;
    throw error;
  });
}

/** Where this elder ate last, else booked last, and so whom to call; null where neither is known. @throws Trouble */
export async function usualSite(desk: Desk, elderId: string): Promise<{ readonly siteId: string; readonly name: string } | null> {
  const { lastSite } = await readRecent(desk, elderId);
  if (lastSite !== null) {
    if (!desk.hasPlace) desk.near(lastSite.name, lastSite.phone);
    return lastSite;
  }
  const [last] = [...(await readBookings(desk, elderId))].sort((a, b) => (a.mealDate < b.mealDate ? 1 : -1));
  return last === undefined ? null : { siteId: last.siteId, name: last.siteName };
}

/** Makes the elder's usual canteen the one to call. @throws Trouble */
export async function nearUsual(desk: Desk, elderId: string): Promise<void> {
  const [sites, last] = await Promise.all([readSites(desk, elderId), usualSite(desk, elderId)]);
  const site = sites.find(({ siteId }) => siteId === last?.siteId) ?? sites.find(({ phone }) => phone !== null);
  if (site !== undefined) desk.near(site.name, site.phone);
}

/**
 * A booking of any elder whom this account looks after: after the cashier's page nobody remembers for whom it was.
 * @returns null where it is nobody's. @throws Trouble
 */
export async function findBooking(desk: Desk, bookingId: string): Promise<{ readonly elderId: string; readonly booking: Booking } | null> {
  const first = desk.elder?.elderId;
  for (const { elderId } of [...desk.kin].sort((a, b) => Number(b.elderId === first) - Number(a.elderId === first))) {
    const booking = (await bookingsSeen(desk, elderId)).find((one) => one.bookingId === bookingId);
    if (booking !== undefined) return { elderId, booking };
  }
  return null;
}

async function bookingsSeen(desk: Desk, elderId: string): Promise<readonly Booking[]> {
  try {
    return await readBookings(desk, elderId);
  } catch (error) {
    if (error instanceof Trouble && error.code === 'consent-missing') return [];
    throw error;
  }
}

/** Whether a meal can still be booked, in a sentence; what to do where it cannot. */
export function openWords({ closesAt, closesWords, isBookable, portionsLeft, leftWords }: Meal, now: number): { readonly open: boolean; readonly words: string } {
  if (Date.parse(closesAt) <= now) return { open: false, words: '这一餐已经过了订饭时间。请打电话给食堂商量，或者直接去吃。' };
  if (portionsLeft === 0) return { open: false, words: '这一餐订满了。请换一餐、换一家，或者打电话给食堂。' };
  return isBookable ? { open: true, words: `${closesWords}${leftWords === null ? '' : `，${leftWords}`}。` } : { open: false, words: '这一天食堂不营业。请换一天，或者打电话给食堂。' };
}

/** Whether a booking waits for its payment. */
export const isDue = ({ state, pay, paidFen }: Booking): boolean => state === 'open' && pay === 'now' && paidFen === 0;

/** What is paid of a booking and what became of it, in a sentence. */
export function moneyWords(booking: Booking): string {
  const { state, priceFen, expectedFen, paidFen, refundFen, keptFen, reason } = booking;
  if (expectedFen === null || paidFen === null || refundFen === null || keptFen === null) return state === 'open' ? `原价 ${yuan(priceFen)}，补贴和付了多少由老人自己看。` : '';
  if (isDue(booking)) return `还没有收到付款 ${yuan(expectedFen)}。${booking.payBy === null ? '' : `请在 ${momentWords(booking.payBy)} 以前付，过了时间自动取消。`}`;
  if (state === 'open') return paidFen > 0 ? `已经付了 ${yuan(paidFen)}，多了退，少了吃饭时补。` : `吃饭时付钱。原价 ${yuan(priceFen)}，补贴当时减掉。`;
  if (state === 'cancelled' && reason === 'unpaid') return '没有付款，到时间自动取消了。';
  if (keptFen > 0) return `没有来取，按规定留下 ${yuan(keptFen)}${refundFen > 0 ? `，退回微信 ${yuan(refundFen)}` : ''}。`;
  return refundFen > 0 ? `付的 ${yuan(paidFen)} 里，退回微信 ${yuan(refundFen)}。` : paidFen > 0 ? `付了 ${yuan(paidFen)}。` : '';
}
