import { useCallback, type ReactElement } from 'react';
import { send } from '../lib/api.js';
import { yuanWords } from '../lib/money.js';
import { dateWords, PERIOD_WORDS } from '../lib/words.js';
import { findElder } from './find-elder.js';
import { Choice, DeedForm, Field, Reading, Table, textOf, useRead } from './pieces.js';
import { isOneOf, type Me } from './session.js';
import { ItemChoice, itemOf, itemsWords, OnSiteDay, readDay, STATE_WORDS, WAY_WORDS, WAYS, type BookedDay, type Booking, type Prices, type SiteDay } from './site-day.js';

interface Given extends SiteDay {
  readonly onDone: () => void;
}

/** Books for an elder who calls. Of the card's number the end alone is shown afterwards; a canteen may not look elders up, and is told no name. */
function Make({ siteId, date, prices, maySearch, onDone }: Given & { readonly prices: Prices; readonly maySearch: boolean }): ReactElement {
  const make = async (id: string, fields: FormData): Promise<string> => {
    const { mealPeriod, itemCode } = itemOf(fields);
    const [note, card] = [textOf(fields, 'note'), textOf(fields, 'card')];
    const name = maySearch ? (await findElder(card, '')).name : '';
    const { number, code, priceFen } = await send('post', '/v1/bookings', {
      body: {
        id, siteId, mealDate: date, card, mealPeriod, way: textOf(fields, 'way') as Booking['way'],
        items: [{ itemCode, quantity: Number(textOf(fields, 'quantity')) }], ...(note === '' ? {} : { note }),
      },
    });
    onDone();
    return `已为${name}（卡尾号 ${card.slice(-4)}）订 ${dateWords(date)}${PERIOD_WORDS[mealPeriod]}：${number} 号，取餐码 ${code}，原价 ${yuanWords(priceFen)}。请念给老人核对，不对就在下面取消；用餐时付款，补贴按用餐时算。`;
  };
  return (
    <details className="panel">
      <summary>代老人预订</summary>
      <DeedForm does="预订" run={make}>
        <Field name="card" label="助餐卡号" length={40} />
        <ItemChoice prices={prices} />
        <Field name="quantity" label="份数" type="number" value="1" min={1} max={99} />
        <Choice name="way" label="怎样取" of={WAYS} />
        <Field name="note" label="备注" hint="口味或送餐要求；不写姓名、电话和地址" length={60} optional />
      </DeedForm>
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
        <Choice name="bookingId" label="预订" of={of.map((row) => [row.bookingId, `${row.number} 号　${row.code}　${PERIOD_WORDS[row.mealPeriod]}　${itemsWords(row)}`])} />
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
