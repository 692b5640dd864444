import { useCallback, useState, type ReactElement, type ReactNode } from 'react';
import { chinaDate } from '../../src/kernel/civil-date.js';
import { get, type Answer } from '../lib/api.js';
import { yuanWords } from '../lib/money.js';
import { PERIOD_WORDS } from '../lib/words.js';
import { allPages, Choice, Day, Reading, textOf, useRead } from './pieces.js';
import type { Me } from './session.js';

export type BookedDay = Answer<'/v1/bookings/sites/{id}/days/{date}'>;
export type Booking = BookedDay['bookings'][number];
export type Prices = Answer<'/v1/sites/{id}/price-lists/current'>['prices'];

/** A canteen's day, by which whatever is below is told apart. */
export interface SiteDay {
  readonly siteId: string;
  readonly date: string;
}

export const WAYS: readonly (readonly [Booking['way'], string])[] = [['dineIn', '堂食'], ['collect', '自取'], ['deliver', '送餐']];
export const WAY_WORDS = new Map<string, string>(WAYS);
export const STATE_WORDS: Readonly<Record<Booking['state'], string>> = { open: '待取', collected: '已取', cancelled: '已取消', noShow: '未取' };

export const itemsWords = ({ items }: Booking): string => items.map(({ name, quantity }) => `${name}×${quantity}`).join('，');

/** Whose something is, as far as one is told: a canteen by the card's last signs alone. */
export function eaterWords({ name, cardTail }: Pick<Booking, 'name' | 'cardTail'>): string {
  const card = cardTail === null ? '没有能用的卡' : `卡尾号 ${cardTail}`;
  return name === null ? card : `${name}（${card}）`;
}

/** What is booked, at what price. @param value what is chosen to begin with */
export function ItemChoice({ prices, value = '' }: { readonly prices: Prices; readonly value?: string }): ReactElement {
  return <Choice name="item" label="餐品" value={value} of={prices.map(({ itemCode, mealPeriod, name, fen }) => [`${mealPeriod} ${itemCode}`, `${PERIOD_WORDS[mealPeriod]}　${name}　${yuanWords(fen)}`])} />;
}

/** The meal and the item that were chosen. */
export function itemOf(fields: FormData): { readonly mealPeriod: Booking['mealPeriod']; readonly itemCode: string } {
  const [mealPeriod = '', ...rest] = textOf(fields, 'item').split(' ');
  return { mealPeriod: mealPeriod as Booking['mealPeriod'], itemCode: rest.join(' ') };
}

/** What is booked on a canteen's day, and what could be. */
export async function readDay({ siteId, date }: SiteDay): Promise<{ readonly day: BookedDay; readonly prices: Prices }> {
  const [day, list] = await Promise.all([
    get('/v1/bookings/sites/{id}/days/{date}', { path: { id: siteId, date } }),
    // Without prices of that day there is nothing to book, and still something to see.
    get('/v1/sites/{id}/price-lists/current', { path: { id: siteId }, query: { date } }).catch(() => ({ prices: [] as Prices })),
  ]);
  return { day, prices: list.prices };
}

/** A day, and a canteen where one is not at one's own; what is below is read for both. */
export function OnSiteDay({ me, children }: { readonly me: Me; readonly children: (of: SiteDay) => ReactNode }): ReactElement {
  const [date, turn] = useState(() => chinaDate(Date.now()) as string);
  const [chosen, choose] = useState('');
  const [sites, again] = useRead(useCallback(() => (me.siteId === null ? allPages((query) => get('/v1/sites', { query })) : Promise.resolve([])), [me.siteId]));
  return (
    <>
      <div className="screen-only"><Day label="用餐日期" value={date} onTurn={turn} /></div>
      <Reading of={sites} again={again}>
        {(list) => {
          const siteId = me.siteId ?? (chosen === '' ? list[0]?.siteId : chosen);
          return (
            <>
              {me.siteId !== null || list.length === 0 ? null : (
                <p className="field screen-only">
                  <label htmlFor="site-of-day">助餐点</label>
                  <select id="site-of-day" value={siteId} onChange={({ target }) => choose(target.value)}>{list.map(({ siteId: id, name }) => <option key={id} value={id}>{name}</option>)}</select>
                </p>
              )}
              {siteId === undefined ? <p className="none">辖区内还没有助餐点。</p> : children({ siteId, date })}
            </>
          );
        }}
      </Reading>
    </>
  );
}
