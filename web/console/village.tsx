import { useCallback, useState, type ReactElement, type ReactNode } from 'react';
import { addDays, chinaDate, civilDate } from '../../src/kernel/civil-date.js';
import { get, send } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { yuanWords } from '../lib/money.js';
import { dateWords } from '../lib/words.js';
import { allPages, Choice, DeedForm, Field, Reading, Table, textOf, useRead } from './pieces.js';
import { isOneOf, type Me } from './session.js';
import { SlipDay } from './village-day.js';
import { PaperSheet } from './village-sheet.js';

type Site = components['schemas']['SlipSiteDto'];
type Day = components['schemas']['DayRowDto'];

const SHOWN_DAYS = 14;

function Print({ sites }: { readonly sites: readonly Site[] }): ReactElement {
  const [today] = useState(() => chinaDate(Date.now()));
  const print = async (id: string, fields: FormData): Promise<void> => {
    const more = Number(textOf(fields, 'more'));
    const { sheetId } = await send('post', '/v1/slips/sheets', { body: { id, siteId: textOf(fields, 'siteId'), mealDate: textOf(fields, 'mealDate'), ...(more > 0 ? { more } : {}) } });
    window.location.hash = `village/sheet/${sheetId}`;
  };
  return (
    <details className="panel">
      <summary>打印名单和纸质单</summary>
      <DeedForm does="打印" run={print}>
        <Choice name="siteId" label="助餐点" of={sites.map(({ siteId, siteName }) => [siteId, siteName])} />
        <Choice name="mealDate" label="哪一天用" of={[today, addDays(today, 1)].map((date) => [date, dateWords(date)])} />
        <Field name="more" label="加印多少张" hint="不填：打印当天的；已打印过的为补打，单号不变" type="number" min={1} max={999} optional />
      </DeedForm>
    </details>
  );
}

function PutOnPaper({ onDone }: { readonly onDone: () => void }): ReactElement {
  const [sites] = useRead(useCallback(() => allPages((query) => get('/v1/sites', { query })), []));
  const [today] = useState(() => chinaDate(Date.now()));
  const put = async (id: string, fields: FormData): Promise<string> => {
    await send('post', '/v1/slips/sites/{id}/steps', {
      path: { id: textOf(fields, 'siteId') }, body: { id, kind: textOf(fields, 'kind') === 'ended' ? 'ended' : 'begun', onDate: textOf(fields, 'onDate'), reason: textOf(fields, 'reason') },
    });
    onDone();
    return '已登记。';
  };
  if (sites.is !== 'there') return <></>;
  return (
    <details className="panel">
      <summary>改用或停用纸质登记</summary>
      <DeedForm does="登记" run={put}>
        <Choice name="siteId" label="助餐点" of={sites.value.map(({ siteId, name }) => [siteId, name])} />
        <Choice name="kind" label="做什么" of={[['begun', '改用纸质登记'], ['ended', '停用纸质登记']]} />
        <Field name="onDate" label="从哪一天起" type="date" value={today} />
        <Field name="reason" label="原因" length={200} />
      </DeedForm>
    </details>
  );
}

const cellsOf = (enters: boolean) => (row: Day): readonly ReactNode[] => [
  row.siteName, dateWords(row.mealDate), row.printed, row.meals, row.spoilt, row.voided, row.missing === 0 ? '无' : <span key="missing" className="worry">{row.missing} 张</span>, yuanWords(row.takenFen),
  row.state === 'closed' ? '已核销' : '未核销', <a key="open" className="button" href={`#village/day/${row.siteId}/${row.mealDate}`}>{enters ? '补录与核销' : '查看'}</a>,
];

function Overview({ me }: { readonly me: Me }): ReactElement {
  const [read, again] = useRead(useCallback(async () => {
    const to = civilDate(addDays(chinaDate(Date.now()), 1));
    const [sites, days] = await Promise.all([
      allPages((query) => get('/v1/slips/sites', { query })), allPages((query) => get('/v1/slips/days', { query: { ...query, from: addDays(to, 1 - SHOWN_DAYS), to } })),
    ]);
    return { sites, days };
  }, []));
  const enters = isOneOf(me, 'communityWorker', 'townshipOfficer', 'countyOfficer');
  return (
    <>
      <h1>纸质单</h1>
      <p className="hint">没有设备的村食堂：晚上打印第二天的名单和编号的单子，用完拍照、补录、核销。</p>
      <Reading of={read} again={again}>
        {({ sites, days }) => (
          <>
            {enters && sites.some(({ state }) => state === 'begun') ? <Print sites={sites.filter(({ state }) => state === 'begun')} /> : null}
            {isOneOf(me, 'townshipOfficer', 'countyOfficer') ? <PutOnPaper onDone={again} /> : null}
            <Table<Day> title={`近 ${SHOWN_DAYS} 天`} rows={days} keyOf={(row) => `${row.siteId} ${row.mealDate}`} none={sites.length === 0 ? '还没有助餐点改用纸质登记。' : '近日没有打印过纸质单。'}
              head={['助餐点', '用餐日', '已印', '补录', '作废', '撤销', '缺号', '实收', '状态', '去处']}
              cells={cellsOf(enters)} />
          </>
        )}
      </Reading>
    </>
  );
}

/** The village canteen without a device: printed, entered and closed by the town. */
export function VillagePage({ me, at }: { readonly me: Me; readonly at: readonly string[] }): ReactElement {
  const [what, id, date] = at;
  if (what === 'sheet' && id !== undefined) return <PaperSheet sheetId={id} />;
  if (what === 'day' && id !== undefined && date !== undefined) return <SlipDay me={me} siteId={id} date={date} />;
  return <Overview me={me} />;
}
