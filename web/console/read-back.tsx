import { useState, type ReactElement, type ReactNode } from 'react';
import type { components } from '../lib/api.gen.js';
import { yuanWords } from '../lib/money.js';
import { PERIOD_WORDS } from '../lib/words.js';
import { findElder } from './find-elder.js';
import { Choice, DeedForm, Field, textOf } from './pieces.js';
import { eaterWords, ItemChoice, itemOf, WAY_WORDS, WAYS, type Booking, type Prices } from './site-day.js';

/** What somebody asks for on the telephone, with the words in which it is read back. */
export interface Order<T> {
  readonly asked: T;
  readonly facts: readonly (readonly [name: string, words: string])[];
}

/** What was typed in a field before, or what stands there at first. */
export type Typed = (name: string, first: string) => string;

interface ReadBackProps<T> {
  /** What the last button says. */
  readonly does: string;
  readonly children: (typed: Typed) => ReactNode;
  /** Makes an order of what was typed; nothing is written. @throws Problem where it is none */
  readonly check: (fields: FormData) => Promise<Order<T>>;
  /** Writes it. @returns words of what was done */
  readonly write: (id: string, asked: T) => Promise<string>;
}

/** Whoever reads with their ears is where something new is to be read. */
const turnTo = (element: HTMLElement | null): void => element?.focus();

/** A form whose order is read to whoever calls before it is written down. Going back loses nothing of what was typed. */
export function ReadBack<T>({ does, children, check, write }: ReadBackProps<T>): ReactElement {
  const [typed, keep] = useState<FormData | null>(null);
  const [order, read] = useState<Order<T> | null>(null);
  const [said, say] = useState('');
  if (order === null) {
    const look = async (_id: string, fields: FormData): Promise<void> => {
      read(await check(fields));
      keep(fields);
      say('');
    };
    return (
      <>
        {said === '' ? null : <p ref={turnTo} tabIndex={-1} className="good" role="status">{said}</p>}
        <DeedForm does="下一步：核对" run={look}>{children((name, first) => (typed === null ? first : textOf(typed, name)))}</DeedForm>
      </>
    );
  }
  const confirm = async (id: string): Promise<void> => {
    say(await write(id, order.asked));
    keep(null);
    read(null);
  };
  return (
    <section className="panel open" aria-label="核对">
      <h2 ref={turnTo} tabIndex={-1}>请念给老人核对</h2>
      <dl className="facts">{order.facts.map(([name, words]) => <div key={name}><dt>{name}</dt><dd>{words}</dd></div>)}</dl>
      <DeedForm does={does} run={confirm} />
      <p><button type="button" onClick={() => read(null)}>不对，改一改</button></p>
    </section>
  );
}

/** Asks whose it is: by the card, and by the whole name where one may look elders up. */
export function WhoFields({ maySearch, typed }: { readonly maySearch: boolean; readonly typed: Typed }): ReactElement {
  return (
    <>
      <Field name="card" label="助餐卡号" value={typed('card', '')} length={40} optional={maySearch} />
      {maySearch ? <Field name="name" label="或老人姓名（全名）" value={typed('name', '')} length={60} optional /> : null}
    </>
  );
}

/** For whom a call is, as the service takes it, and in words. A canteen may not look elders up, and is told no name. */
export async function callerOf(fields: FormData, maySearch: boolean): Promise<{ readonly who: { readonly card: string } | { readonly elderId: string }; readonly words: string }> {
  const card = textOf(fields, 'card');
  if (!maySearch) return { who: { card }, words: eaterWords({ name: null, cardTail: card.slice(-4) }) };
  const elder = await findElder(card, textOf(fields, 'name'));
  return { who: { elderId: elder.elderId }, words: eaterWords(elder) };
}

/** What is to be eaten, as the service takes it. */
type Wish = Pick<components['schemas']['BookingBody'], 'mealPeriod' | 'items' | 'way' | 'note'>;

/** Asks what is to be eaten, and how it gets to its eater. */
export function WishFields({ prices, typed }: { readonly prices: Prices; readonly typed: Typed }): ReactElement {
  return (
    <>
      <ItemChoice prices={prices} value={typed('item', '')} />
      <Field name="quantity" label="份数" type="number" value={typed('quantity', '1')} min={1} max={99} />
      <Choice name="way" label="怎样取" value={typed('way', 'dineIn')} of={WAYS} />
      <Field name="note" label="备注" value={typed('note', '')} hint="口味或送餐要求；不写姓名、电话和地址" length={60} optional />
    </>
  );
}

/** What is to be eaten, and the words for it at the prices of a day. */
export function wishOf(fields: FormData, prices: Prices): { readonly wish: Wish; readonly facts: Order<Wish>['facts'] } {
  const { mealPeriod, itemCode } = itemOf(fields);
  const [quantity, way, note] = [Number(textOf(fields, 'quantity')), textOf(fields, 'way') as Booking['way'], textOf(fields, 'note')];
  const price = prices.find((row) => row.itemCode === itemCode && row.mealPeriod === mealPeriod);
  return {
    wish: { mealPeriod, way, items: [{ itemCode, quantity }], ...(note === '' ? {} : { note }) },
    facts: [
      ['餐次', PERIOD_WORDS[mealPeriod]], ['餐品', `${price?.name ?? ''} × ${quantity} 份`], ['怎样取', WAY_WORDS.get(way) ?? ''], ...(note === '' ? [] : [['备注', note] as const]),
      ['原价', `${yuanWords((price?.fen ?? 0) * quantity)}；用餐时付款，补贴按用餐时算`],
    ],
  };
}
