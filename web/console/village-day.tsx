import { useCallback, useState, type ReactElement, type ReactNode } from 'react';
import { get, send } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { yuanWords } from '../lib/money.js';
import { dateWords } from '../lib/words.js';
import { DeedForm, Field, momentWords, Reading, Table, textOf, useRead } from './pieces.js';
import { isOneOf, type Me } from './session.js';
import { EnterSlips } from './village-entry.js';

type Whole = components['schemas']['WholeDayDto'];

const FATES: Readonly<Record<string, string>> = { meal: '已记账', spoilt: '作废', refused: '没有记账', voided: '已撤销' };

function Missing({ numbers }: { readonly numbers: readonly number[] }): ReactElement {
  return numbers.length === 0 ? <p className="good">✓ 没有缺号。</p> : <p className="trouble">缺第 {numbers.join('、')} 号。请找到这些单子；找不到的，核销时写明原因。</p>;
}

function Close({ day, me, onDone }: { readonly day: Whole; readonly me: Me; readonly onDone: () => void }): ReactElement | null {
  const isClosed = day.steps.at(-1)?.kind === 'closed';
  if (isClosed ? !isOneOf(me, 'countyOfficer') : !isOneOf(me, 'communityWorker', 'townshipOfficer', 'countyOfficer')) return null;
  const run = async (id: string, fields: FormData): Promise<void> => {
    const body = { id, siteId: day.siteId, mealDate: day.mealDate, reason: textOf(fields, 'reason') };
    await (isClosed ? send('post', '/v1/slips/days/reopen', { body }) : send('post', '/v1/slips/days/close', { body }));
    onDone();
  };
  return (
    <details className="panel">
      <summary>{isClosed ? '重新打开' : '核销这一天'}</summary>
      <DeedForm does={isClosed ? '重新打开' : '核销'} run={run}>
        <Field name="reason" label="说明" hint={isClosed ? '为什么要重新打开' : day.count.missing.length === 0 ? '例如：单子已收齐' : '缺号的原因'} length={200} />
      </DeedForm>
    </details>
  );
}

const sheetCells = (enters: boolean) => (row: Whole['sheets'][number]): readonly ReactNode[] => [
  `第 ${row.version} 次${row.reprint ? '（补打）' : ''}`, `${row.firstNo}–${row.lastNo}`, row.people, momentWords(row.printedAt), enters ? <a key="open" className="button" href={`#village/sheet/${row.sheetId}`}>查看</a> : '',
];

/** One day of a canteen on paper: what was printed, what came back, what is missing. */
export function SlipDay({ me, siteId, date }: { readonly me: Me; readonly siteId: string; readonly date: string }): ReactElement {
  const [read, again] = useRead(useCallback((signal) => get('/v1/slips/sites/{id}/days/{date}', { path: { id: siteId, date }, signal }), [siteId, date]));
  const [latest, note] = useState(0);
  const enters = isOneOf(me, 'communityWorker', 'townshipOfficer', 'countyOfficer');
  const done = (): void => {
    note(latest + 1);
    again();
  };
  return (
    <>
      <p><a className="button" href="#village">返回</a></p>
      <Reading of={read} again={again}>
        {(day) => (
          <>
            <h1>{dateWords(day.mealDate)}的纸质单</h1>
            <p>已印 {day.count.printed} 张，补录 {day.count.meals}，作废 {day.count.spoilt}，撤销 {day.count.voided}。{dateWords(day.dueOn)}前补录的补贴照常。</p>
            <Missing numbers={day.count.missing} />
            {enters && day.steps.at(-1)?.kind !== 'closed' ? <EnterSlips day={day} onDone={done} /> : null}
            <Close day={day} me={me} onDone={done} />
            <Table title="打印" rows={day.sheets} keyOf={(row) => row.sheetId} none="还没有打印。" head={['次', '单号', '人数', '时间', '内容']}
              cells={sheetCells(enters)} />
            <Table title="补录的单子" rows={day.slips} keyOf={(row) => `${row.number} ${row.batchNo}`} none="还没有补录。" head={['号', '结果', '实收', '第几批']}
              cells={(row) => [row.number, FATES[row.kind] ?? row.kind, yuanWords(row.takenFen), row.batchNo]} />
            <Table title="核销记录" rows={day.steps} keyOf={(row) => row.recordedAt} none="还没有核销。" head={['时间', '做了什么', '缺号', '说明']}
              cells={(row) => [momentWords(row.recordedAt), row.kind === 'closed' ? '核销' : '重新打开', row.missing.join('、') || '无', row.reason]} />
          </>
        )}
      </Reading>
    </>
  );
}
