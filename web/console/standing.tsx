import { useCallback, useState, type ReactElement, type ReactNode } from 'react';
import { addDays, chinaDate, civilDate, type CivilDate } from '../../src/kernel/civil-date.js';
import { dayWords } from '../../src/kernel/day-words.js';
import { get, send, type Answer } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { dateWords, PERIOD_WORDS } from '../lib/words.js';
import { Choice, DeedForm, Field, Reading, Table, textOf, useRead } from './pieces.js';
import { callerOf, ReadBack, WhoFields, WishFields, wishOf, type Order, type Typed } from './read-back.js';
import { eaterWords, WAY_WORDS, type Prices } from './site-day.js';

type Standing = Answer<'/v1/bookings/standing'>['items'][number];
type Day = Standing['days'][number];
type Weekday = Standing['weekdays'][number];
type Body = components['schemas']['StandingOnBehalfBody'];
type Contact = components['schemas']['StandingContactDto'];
type Asked = Omit<Body, 'id' | 'siteId'> & { readonly words: string };

/** So long it goes on unless the elder says otherwise. */
const USUAL_DAYS = 90;
const WEEKDAYS: readonly (readonly [Weekday, string])[] = [['mon', '星期一'], ['tue', '星期二'], ['wed', '星期三'], ['thu', '星期四'], ['fri', '星期五'], ['sat', '星期六'], ['sun', '星期日']];
const DAY_WORDS = new Map<Weekday, string>([['workdays', '每个工作日'], ...WEEKDAYS]);
const OUTCOME_WORDS: Readonly<Record<Day['outcome'], string>> = { booked: '已订', dayOff: '放假不订', failed: '没有订上' };

const daysWords = (days: readonly Weekday[]): string => days.map((day) => DAY_WORDS.get(day) ?? day).join('、');
const shortDay = (date: string): string => dayWords(civilDate(date));
const mealWords = ({ weekdays, mealPeriod }: Pick<Standing, 'weekdays' | 'mealPeriod'>): string => `${daysWords(weekdays)}${PERIOD_WORDS[mealPeriod]}`;

interface Given {
  readonly siteId: string;
  readonly prices: Prices;
  readonly maySearch: boolean;
}

interface Shown {
  readonly today: CivilDate;
  readonly orders: readonly Standing[];
}

function Weekdays({ typed }: { readonly typed: Typed }): ReactElement {
  return (
    <fieldset className="days">
      <legend>星期几</legend>
      <p className="hint">一个都不勾，就是每个工作日（放假不订，调休上班照订）</p>
      {WEEKDAYS.map(([day, words]) => <label key={day} className="tick"><input type="checkbox" name={day} defaultChecked={typed(day, '') !== ''} /> {words}</label>)}
    </fieldset>
  );
}

function Make({ siteId, prices, maySearch, today, onDone }: Given & Pick<Shown, 'today'> & { readonly onDone: () => void }): ReactElement {
  const tomorrow = addDays(today, 1);
  const check = async (fields: FormData): Promise<Order<Asked>> => {
    const { who, words } = await callerOf(fields, maySearch);
    const { wish, facts } = wishOf(fields, prices);
    const ticked = WEEKDAYS.map(([day]) => day).filter((day) => fields.has(day));
    const [weekdays, from, until] = [ticked.length === 0 ? ['workdays' as const] : ticked, textOf(fields, 'from'), textOf(fields, 'until')];
    return { asked: { ...wish, ...who, weekdays, from, until, words }, facts: [['老人', words], ['哪些天', daysWords(weekdays)], ['从哪天起', dateWords(from)], ['到哪天为止', dateWords(until)], ...facts] };
  };
  const write = async (id: string, { words, ...asked }: Asked): Promise<string> => {
    await send('post', '/v1/bookings/standing', { body: { id, siteId, ...asked } });
    onDone();
    return `已为 ${words} 长期预订：${mealWords(asked)}，${dateWords(asked.from)}起。提前三天逐日订好，哪天不吃请老人来电，取消那一天。`;
  };
  return (
    <details className="panel">
      <summary>代老人长期预订</summary>
      <ReadBack does="确认长期预订" check={check} write={write}>
        {(typed) => (
          <>
            <WhoFields maySearch={maySearch} typed={typed} />
            <Weekdays typed={typed} />
            <Field name="from" label="从哪天起" type="date" value={typed('from', tomorrow)} min={tomorrow} />
            <Field name="until" label="到哪天为止" type="date" value={typed('until', addDays(tomorrow, USUAL_DAYS))} min={tomorrow} />
            <WishFields prices={prices} typed={typed} />
          </>
        )}
      </ReadBack>
    </details>
  );
}

/** Whom to ring up about it; each look is written down. */
function Call({ standingId }: { readonly standingId: string }): ReactElement {
  const [contact, show] = useState<Contact | null>(null);
  if (contact === null) return <DeedForm does="查看姓名和电话" run={async () => show(await send('post', '/v1/bookings/standing/{id}/contact', { path: { id: standingId } }))} />;
  return <>{contact.name}：<strong>{contact.phone ?? '没有登记电话，请上门'}</strong></>;
}

/** A day that could not be booked. A name is given to those alone who may call. */
function failedCells({ order, day }: { readonly order: Standing; readonly day: Day }): readonly ReactNode[] {
  const words = [shortDay(day.date), PERIOD_WORDS[order.mealPeriod], eaterWords(order), day.sentence ?? '请老人或家人在小程序里看'];
  return order.name === null ? words : [...words, <Call key="call" standingId={order.standingId} />];
}

/** Days to come that could not be booked: somebody counts on a meal that will not be there. */
function Failed({ orders, today, maySearch }: Shown & Pick<Given, 'maySearch'>): ReactElement | null {
  const rows = orders.flatMap((order) => order.days.filter(({ missed, date }) => missed && date >= today).map((day) => ({ order, day }))).sort((one, other) => one.day.date.localeCompare(other.day.date));
  if (rows.length === 0) return null;
  return (
    <Table title={`长期预订没有订上的，${maySearch ? '请告诉老人' : '老人来电、来店时请告诉他们'}`} rows={rows} keyOf={({ order, day }) => `${order.standingId} ${day.date}`} none="" head={['哪一天', '餐次', '老人', '原因', ...(maySearch ? ['打电话'] : [])]}
      cells={failedCells} />
  );
}

function List({ orders, prices }: Pick<Shown, 'orders'> & Pick<Given, 'prices'>): ReactElement {
  const nameOf = (code: string): string => prices.find(({ itemCode }) => itemCode === code)?.name ?? code;
  return (
    <Table title="现有的长期预订" rows={orders} keyOf={({ standingId }) => standingId} none="还没有长期预订。" head={['老人', '哪些天', '餐品', '怎样取', '备注', '到哪天为止', '谁订的', '最近几天']}
      cells={(row) => [
        eaterWords(row), mealWords(row), row.items.map(({ itemCode, quantity }) => `${nameOf(itemCode)}×${quantity}`).join('，'), WAY_WORDS.get(row.way) ?? '', row.note ?? '', dateWords(row.until), row.byStaff ? '工作人员代订' : '小程序',
        row.days.slice(0, 5).map(({ date, outcome }) => `${shortDay(date)} ${OUTCOME_WORDS[outcome]}`).join('；'),
      ]} />
  );
}

function End({ orders, onDone }: Pick<Shown, 'orders'> & { readonly onDone: () => void }): ReactElement | null {
  const end = async (id: string, fields: FormData): Promise<string> => {
    await send('post', '/v1/bookings/standing/{id}/end', { path: { id: textOf(fields, 'standingId') }, body: { id } });
    onDone();
    return '已结束，往后不再订。';
  };
  return orders.length === 0 ? null : (
    <details className="panel">
      <summary>结束长期预订</summary>
      <p className="hint">结束后往后不再订；已经订好的还在，请问老人要不要，不要的在“取消预订”里取消。</p>
      <DeedForm does="结束长期预订" danger run={end}>
        <Choice name="standingId" label="长期预订" of={orders.map((row) => [row.standingId, `${eaterWords(row)}　${mealWords(row)}　到 ${dateWords(row.until)}`])} />
      </DeedForm>
    </details>
  );
}

/** "Every workday lunch" for those who call: made and ended, and what became of the days. */
export function StandingOrders(given: Given): ReactElement {
  const { siteId, prices, maySearch } = given;
  const [today] = useState(() => chinaDate(Date.now()));
  const [read, again] = useRead(useCallback(() => get('/v1/bookings/standing', { query: { siteId } }), [siteId]));
  return (
    <Reading of={read} again={again}>
      {({ items }) => (
        <>
          <Failed orders={items} today={today} maySearch={maySearch} />
          {prices.length === 0 ? null : <Make {...given} today={today} onDone={again} />}
          <details className="panel">
            <summary>现有的长期预订（{items.length}）</summary>
            <List orders={items} prices={prices} />
          </details>
          <End orders={items} onDone={again} />
        </>
      )}
    </Reading>
  );
}
