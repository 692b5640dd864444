import type { ReactElement } from 'react';
import { yuanText } from '../../lib/amount.js';
import { PERIOD_WORDS } from '../../lib/words.js';
import type { View } from '../view.js';
import type { BookingLine } from './bookings.js';

const WAYS: Readonly<Record<BookingLine['way'], string>> = { dineIn: '堂食', collect: '自取', deliver: '送餐' };
const STATES: Readonly<Record<BookingLine['state'], string>> = { open: '待取', collected: '已取', noShow: '过时未取' };

const waiting = (view: View): number => view.bookings.filter(({ state }) => state === 'open').length;

/** The button to today's bookings, with how many wait. */
export function BookingsButton({ view, open, onOpen }: { readonly view: View; readonly open: boolean; readonly onOpen: () => void }): ReactElement {
  return <button type="button" aria-expanded={open} onClick={onOpen}>今日预订 {waiting(view)}</button>;
}

/** Today's bookings by number: what is to be handed out, and what was. Nobody's name stands here. */
export function BookingList({ view }: { readonly view: View }): ReactElement {
  const { bookings } = view;
  const collected = bookings.filter(({ state }) => state === 'collected').length;
  return (
    <section className="records" aria-label="今日预订">
      <h2>今日预订</h2>
      <p>{waiting(view)} 份待取，{collected} 份已取</p>
      <ol tabIndex={0} aria-label="各份预订">
        {bookings.map(({ id, number, period, way, state, items, paidFen }) => (
          <li key={id} className={state === 'open' ? 'open' : 'good'}>
            <span className="number">{number}</span>
            <span>{PERIOD_WORDS[period]}</span>
            <span>{WAYS[way]}</span>
            <span className="fate"><strong>{STATES[state]}</strong> {state === 'open' && paidFen > 0 ? `已付 ${yuanText(paidFen)} 元 · ` : ''}{items.map(({ name, quantity }) => `${name}×${quantity}`).join('，')}</span>
          </li>
        ))}
      </ol>
      {bookings.length === 0 ? <p className="aside">今天还没有预订。</p> : null}
    </section>
  );
}
