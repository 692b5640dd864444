import { useCallback, useState, type ReactElement } from 'react';
import { Problem, send } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { dateWords, PERIOD_WORDS } from '../lib/words.js';
import { Choice, DeedForm, Field, Lines, Reading, Table, textOf, useRead } from './pieces.js';
import type { Me } from './session.js';
import { ItemChoice, itemOf, itemsWords, OnSiteDay, readDay, STATE_WORDS, WAY_WORDS, WAYS, type Booking, type Prices, type SiteDay } from './site-day.js';

type Row = components['schemas']['GroupRowDto'];

/** So many elders in one go. */
const MOST = 200;

/** A row's answer beside what was typed in it; of a card its last signs, enough to find the line on one's own list. */
type Answered = Row & { readonly tail: string };

const answerWords = ({ booked, problem }: Row): string => (booked === null ? `没有订上：${problem?.title ?? ''}` : `已订，取餐号 ${booked.number} 号，取餐码 ${booked.code}`);

/** Books one meal for the elders of an estate, each answered on its own. */
function Make({ siteId, date, prices, onDone }: SiteDay & { readonly prices: Prices; readonly onDone: () => void }): ReactElement {
  const [answers, show] = useState<readonly Answered[]>([]);
  const make = async (id: string, fields: FormData): Promise<string> => {
    const cards = textOf(fields, 'cards').split(/[\s,，、;；]+/).filter((card) => card !== '');
    if (cards.length === 0 || cards.length > MOST) throw new Problem(400, 'fields-wrong', `一次订 1 至 ${MOST} 位，一行一个助餐卡号。`);
    const { mealPeriod, itemCode } = itemOf(fields);
    const [way, note] = [textOf(fields, 'way') as Booking['way'], textOf(fields, 'note')];
    const { rows, bookedRows } = await send('post', '/v1/bookings/group', {
      body: { id, siteId, mealDate: date, mealPeriod, rows: cards.map((card) => ({ card, items: [{ itemCode, quantity: 1 }], way, ...(note === '' ? {} : { note }) })) },
    });
    show(rows.map((row) => ({ ...row, tail: (cards[row.row - 1] ?? '').slice(-4) })));
    onDone();
    return `共 ${rows.length} 位，订上 ${bookedRows} 位${bookedRows < rows.length ? '；没有订上的看下面，改好再订，已订上的不用重填' : ''}。`;
  };
  return (
    <>
      <section className="panel">
        <h2>为一个小区订</h2>
        <DeedForm does="一起订" run={make}>
          <Lines name="cards" label="助餐卡号" rows={6} hint={`一行一位，最多 ${MOST} 位；每位一份。用餐时付款，补贴按用餐时算`} />
          <ItemChoice prices={prices} />
          <Choice name="way" label="怎样取" of={WAYS} />
          <Field name="note" label="备注" hint="口味或送到哪栋楼下；不写姓名、电话和门牌" length={60} optional />
        </DeedForm>
      </section>
      {answers.length === 0 ? null : <Table title="刚才订的" rows={answers} keyOf={({ row }) => String(row)} none="" head={['行', '卡号尾号', '结果']} cells={(row) => [`第 ${row.row} 行`, row.tail, answerWords(row)]} />}
    </>
  );
}

function Groups({ siteId, date }: SiteDay): ReactElement {
  const [read, again] = useRead(useCallback(() => readDay({ siteId, date }), [siteId, date]));
  return (
    <Reading of={read} again={again}>
      {({ day, prices }) => (
        <>
          <div className="screen-only">{prices.length > 0 ? <Make siteId={siteId} date={date} prices={prices} onDone={again} /> : <p className="none">这一天没有生效的价目表，不能订；请换一天，或先发布价目表。</p>}</div>
          <Table title={`集体订餐　${dateWords(date)}`} rows={day.bookings.filter(({ channel }) => channel === 'group')} keyOf={(row) => row.bookingId} none="这一天还没有集体订餐。" head={['号', '取餐码', '餐次', '餐品', '怎样取', '备注', '状态']}
            cells={(row) => [row.number, row.code, PERIOD_WORDS[row.mealPeriod], itemsWords(row), WAY_WORDS.get(row.way) ?? '', row.note ?? '', STATE_WORDS[row.state]]} />
        </>
      )}
    </Reading>
  );
}

/** Meals of a whole estate, booked in one go by staff, and what of them is on a day's list. Who they are for is not shown. */
export function GroupsPage({ me }: { readonly me: Me }): ReactElement {
  return (
    <>
      <h1>集体订餐</h1>
      <OnSiteDay me={me}>{({ siteId, date }) => <Groups key={`${siteId} ${date}`} siteId={siteId} date={date} />}</OnSiteDay>
    </>
  );
}
