import { useCallback, type ReactElement } from 'react';
import { chinaDate, civilDate } from '../../src/kernel/civil-date.js';
import { dayWords } from '../../src/kernel/day-words.js';
import { send } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { yuanWords } from '../lib/money.js';
import { dateWords, PERIOD_WORDS } from '../lib/words.js';
import { Choice, DeedForm, Field, Reading, Table, textOf, useRead } from './pieces.js';
import { callerOf, ReadBack, WhoFields, WishFields, wishOf, type Order } from './read-back.js';
import { isOneOf, type Me } from './session.js';
import { eaterWords, itemsWords, OnSiteDay, readDay, STATE_WORDS, WAY_WORDS, type BookedDay, type Booking, type Prices, type SiteDay } from './site-day.js';
import { StandingOrders } from './standing.js';

type BookingBody = components['schemas']['BookingBody'];

interface Given extends SiteDay {
  readonly onDone: () => void;
}

/** What is asked for on the telephone. */
type Asked = Pick<BookingBody, 'mealDate' | 'mealPeriod' | 'items' | 'way' | 'note' | 'card' | 'elderId'> & { readonly words: string };

/** Books for an elder who calls, once it was read back to them. */
function Make({ siteId, date, prices, maySearch, onDone }: Given & { readonly prices: Prices; readonly maySearch: boolean }): ReactElement {
  const check = async (fields: FormData): Promise<Order<Asked>> => {
    const { who, words } = await callerOf(fields, maySearch);
    const { wish, facts } = wishOf(fields, prices);
    return { asked: { ...wish, ...who, mealDate: date, words }, facts: [['老人', words], ['哪一天', dayWords(civilDate(date), chinaDate(Date.now()))], ...facts] };
  };
  const write = async (id: string, { words, ...asked }: Asked): Promise<string> => {
    const { number, code, priceFen } = await send('post', '/v1/bookings', { body: { id, siteId, ...asked } });
    onDone();
    return `已为 ${words} 订 ${dateWords(asked.mealDate)}${PERIOD_WORDS[asked.mealPeriod]}：${number} 号，取餐码 ${code}，原价 ${yuanWords(priceFen)}。请把取餐号和取餐码念给老人；用餐时付款，补贴按用餐时算。`;
  };
  return (
    <details className="panel">
      <summary>代老人预订</summary>
      <ReadBack key={date} does="确认预订" check={check} write={write}>
        {(typed) => (
          <>
            <WhoFields maySearch={maySearch} typed={typed} />
            <WishFields prices={prices} typed={typed} />
          </>
        )}
      </ReadBack>
    </details>
  );
}

function Cancel({ of, onDone }: { readonly of: readonly Booking[]; readonly onDone: () => void }): ReactElement | null {
  const cancel = async (id: string, fields: FormData): Promise<string> => {
    await send('post', '/v1/bookings/{id}/cancel', { path: { id: textOf(fields, 'bookingId') }, body: { id, reason: textOf(fields, 'reason') } });
    onDone();
    return '已取消。';
  };
  return of.length === 0 ? null : (
    <details className="panel">
      <summary>取消预订</summary>
      <DeedForm does="取消预订" danger run={cancel}>
        <Choice name="bookingId" label="预订" of={of.map((row) => [row.bookingId, `${eaterWords(row)}　${row.number} 号　${PERIOD_WORDS[row.mealPeriod]}　${itemsWords(row)}　${row.code}`])} />
        <Field name="reason" label="原因" length={100} />
      </DeedForm>
    </details>
  );
}

function Kitchen({ day, date }: { readonly day: BookedDay; readonly date: string }): ReactElement {
  return (
    <>
      <Table title={`厨房清单　${dateWords(date)}`} rows={day.kitchen} keyOf={(row) => `${row.mealPeriod} ${row.itemCode}`} none="这一天还没有预订。" head={['餐次', '餐品', '共', '堂食', '自取', '送餐']}
        cells={(row) => [PERIOD_WORDS[row.mealPeriod], row.name, row.portions, row.dineIn, row.collect, row.deliver]} />
      {day.bookings.length === 0 ? null : <p className="screen-only"><button type="button" className="go" onClick={() => window.print()}>打印</button></p>}
      <Table title="取餐号" rows={day.bookings} keyOf={(row) => row.bookingId} none="" head={['号', '取餐码', '餐次', '餐品', '怎样取', '备注', '状态']}
        cells={(row) => [row.number, row.code, PERIOD_WORDS[row.mealPeriod], itemsWords(row), WAY_WORDS.get(row.way) ?? '', row.note ?? '', STATE_WORDS[row.state]]} />
    </>
  );
}

function Booked({ siteId, date, mayBook, maySearch }: SiteDay & { readonly mayBook: boolean; readonly maySearch: boolean }): ReactElement {
  const [read, again] = useRead(useCallback(() => readDay({ siteId, date }), [siteId, date]));
  return (
    <Reading of={read} again={again}>
      {({ day, prices }) => (
        <>
          <div className="screen-only">
            {mayBook && prices.length > 0 ? <Make siteId={siteId} date={date} prices={prices} maySearch={maySearch} onDone={again} /> : null}
            {mayBook ? <Cancel of={day.bookings.filter(({ state }) => state === 'open')} onDone={again} /> : null}
            {mayBook ? <StandingOrders siteId={siteId} prices={prices} maySearch={maySearch} /> : null}
          </div>
          <Kitchen day={day} date={date} />
        </>
      )}
    </Reading>
  );
}

/** Meals booked ahead at a canteen: made and cancelled for those who call, and what the kitchen is to cook. */
export function BookingsPage({ me }: { readonly me: Me }): ReactElement {
  const mayBook = isOneOf(me, 'canteenManager', 'communityWorker', 'townshipOfficer');
  return (
    <>
      <h1>预订</h1>
      <OnSiteDay me={me}>{({ siteId, date }) => <Booked key={siteId} siteId={siteId} date={date} mayBook={mayBook} maySearch={mayBook && me.siteId === null} />}</OnSiteDay>
    </>
  );
}
