import { useCallback, type ReactElement } from 'react';
import { chinaDate } from '../../src/kernel/civil-date.js';
import { get, getPaper, send } from '../lib/api.js';
import { findElder } from './find-elder.js';
import { allPages, Choice, DeedForm, Field, Reading, textOf, useRead } from './pieces.js';
import { PrintedCode } from './printed-code.js';
import { isOneOf, type Me } from './session.js';

interface Place {
  readonly siteId: string;
  readonly name: string;
}

/** Hands a paper to the browser, which keeps or prints it. */
function save(paper: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(paper);
  link.download = `${name}.pdf`;
  link.click();
  URL.revokeObjectURL(link.href);
}

const SAVED = '已生成，请打开下载的文件打印。';
const today = (): string => chinaDate(Date.now());

function WeekMenu({ sites }: { readonly sites: readonly Place[] }): ReactElement {
  const run = async (_id: string, fields: FormData): Promise<string> => {
    const siteId = sites.length === 1 ? sites[0]?.siteId : textOf(fields, 'siteId');
    save(await getPaper(`/v1/sites/${siteId ?? ''}/week-menu.pdf?from=${textOf(fields, 'from')}`), `一周菜谱 ${textOf(fields, 'from')}`);
    return SAVED;
  };
  return (
    <section className="panel">
      <h2>一周菜谱</h2>
      <DeedForm does="生成菜谱" run={run}>
        {sites.length === 1 ? null : <Choice name="siteId" label="食堂" of={sites.map(({ siteId, name }) => [siteId, name])} />}
        <Field name="from" label="这一周里的任意一天" type="date" value={today()} />
      </DeedForm>
    </section>
  );
}

function Statement({ me }: { readonly me: Me }): ReactElement {
  const run = async (_id: string, fields: FormData): Promise<string> => {
    const [card, name, month] = [textOf(fields, 'card'), textOf(fields, 'name'), textOf(fields, 'month')];
    const paper = me.siteId === null
      ? await getPaper(`/v1/elders/${(await findElder(card, name)).elderId}/statement.pdf?month=${month}`)
      : await getPaper(`/v1/sites/${me.siteId}/card-statement`, { card, month });
    save(paper, `助餐账单 ${month}`);
    return SAVED;
  };
  return (
    <section className="panel">
      <h2>月度账单</h2>
      <p className="hint">{me.siteId === null ? '给没有手机的老人打印；每次打印都会留下记录。' : '请老人出示助餐卡；只含在本食堂的用餐，每次打印都会留下记录。'}</p>
      <DeedForm does="生成账单" run={run}>
        <Field name="card" label="助餐卡号" length={40} optional={me.siteId === null} />
        {me.siteId === null ? <Field name="name" label="或老人姓名（全名）" length={60} optional /> : null}
        <Field name="month" label="月份" value={today().slice(0, 7)} pattern="\d{4}-\d{2}" hint="如 2024-12" />
      </DeedForm>
    </section>
  );
}

function Phone({ sites }: { readonly sites: readonly Place[] }): ReactElement {
  const run = async (id: string, fields: FormData): Promise<string> => {
    const siteId = sites.length === 1 ? sites[0]?.siteId ?? '' : textOf(fields, 'siteId');
    const { phone } = await send('put', '/v1/sites/{id}/phone', { path: { id: siteId }, body: { id, phone: textOf(fields, 'phone') } });
    return `已保存 ${phone}，菜谱、账单和小程序都会写上它。`;
  };
  return (
    <details className="panel">
      <summary>食堂电话</summary>
      <DeedForm does="保存电话" run={run}>
        {sites.length === 1 ? null : <Choice name="siteId" label="食堂" of={sites.map(({ siteId, name }) => [siteId, name])} />}
        <Field name="phone" label="公开电话" length={20} hint="老人订餐、问事打的电话，不填个人电话" />
      </DeedForm>
    </details>
  );
}

/** What is printed in large type for those who have no telephone, and the number that they call. */
export function PapersPage({ me }: { readonly me: Me }): ReactElement {
  const { siteId } = me;
  const [sites, again] = useRead(useCallback((): Promise<readonly Place[]> => (siteId === null ? allPages((query) => get('/v1/sites', { query })) : Promise.resolve([{ siteId, name: '本食堂' }])), [siteId]));
  return (
    <>
      <h1>大字打印</h1>
      <Reading of={sites} again={again}>
        {(list) => (
          <>
            {list.length === 0 ? <p className="none">您负责的地方还没有食堂。</p> : <WeekMenu sites={list} />}
            <Statement me={me} />
            {isOneOf(me, 'communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer') ? <PrintedCode /> : null}
            {list.length > 0 && isOneOf(me, 'canteenManager', 'townshipOfficer') ? <Phone sites={list} /> : null}
          </>
        )}
      </Reading>
    </>
  );
}
