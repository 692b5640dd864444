import { useCallback, useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { get, send } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { CashiersPanel } from './cashiers.js';
import { allPages, Choice, DeedForm, Field, momentWords, Reading, Table, textOf, useRead } from './pieces.js';
import { isOneOf, type Me } from './session.js';

type Watched = components['schemas']['WatchedTerminalDto'];
type Code = components['schemas']['TerminalCodeAnswer'];

/** What somebody should look at, in words; colour alone says nothing. */
function worries(row: Watched): string {
  if (row.revoked) return '已停用';
  const off = Math.round((row.clockOffMs ?? 0) / 1_000);
  return [
    row.seenAt === null ? '还没有登记' : '', row.keyDue ? '密钥到期未更换' : '', row.far ? `离食堂 ${row.metresAway} 米` : '',
    Math.abs(off) > 60 ? `时钟${off > 0 ? '快' : '慢'} ${Math.abs(off)} 秒` : '', (row.unsent ?? 0) > 0 ? `${row.unsent} 笔未上传` : '',
  ].filter((word) => word !== '').join('；') || '正常';
}

function cellsOf(row: Watched): readonly ReactNode[] {
  const worry = worries(row);
  return [row.siteName, row.label, <span key="state" className={worry === '正常' ? 'good' : 'worry'}>{worry}</span>, row.version ?? '—', momentWords(row.seenAt), momentWords(row.openedAt)];
}

/** A one-time code, large, with the time that it is still good for. */
function OneTimeCode({ code, onDone }: { readonly code: Code; readonly onDone: () => void }): ReactElement {
  const [left, count] = useState(() => Date.parse(code.expiresAt) - Date.now());
  useEffect(() => {
    const timer = setInterval(() => count(Date.parse(code.expiresAt) - Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [code]);
  const seconds = Math.max(0, Math.floor(left / 1_000));
  return (
    <section className="code" aria-label="一次性登记码">
      <p>在那台收银机上打开 <strong>/till</strong>，输入登记码。只能用一次，只显示这一次，不要发到群里。</p>
      <p className="figure">{seconds === 0 ? '已过期，请重新新增' : code.code}</p>
      <p role="timer">还有 {Math.floor(seconds / 60)} 分 {String(seconds % 60).padStart(2, '0')} 秒</p>
      <button type="button" onClick={onDone}>收起</button>
    </section>
  );
}

function NewTerminal({ me, onMade }: { readonly me: Me; readonly onMade: (code: Code) => void }): ReactElement {
  const [sites] = useRead(useCallback(() => (me.siteId === null ? allPages((query) => get('/v1/sites', { query })) : Promise.resolve([])), [me.siteId]));
  const make = async (id: string, fields: FormData): Promise<void> => {
    onMade(await send('post', '/v1/terminals', { body: { id, siteId: me.siteId ?? textOf(fields, 'siteId'), label: textOf(fields, 'label') } }));
  };
  return (
    <details className="panel">
      <summary>新增收银机</summary>
      <DeedForm does="生成登记码" run={make}>
        {me.siteId !== null || sites.is !== 'there' ? null : <Choice name="siteId" label="助餐点" of={sites.value.map(({ siteId, name }) => [siteId, name])} />}
        <Field name="label" label="名称" hint="例如：一号收银台" length={50} />
      </DeedForm>
    </details>
  );
}

function Revoke({ of, onDone }: { readonly of: readonly Watched[]; readonly onDone: () => void }): ReactElement {
  const revoke = async (id: string, fields: FormData): Promise<string> => {
    await send('post', '/v1/terminals/{id}/revoke', { path: { id: textOf(fields, 'terminalId') }, body: { id, reason: textOf(fields, 'reason') } });
    onDone();
    return '已停用：即刻起服务器不再收它的任何请求。它还没上传的，请导出文件后在“导入流水”里补记。';
  };
  return (
    <details className="panel">
      <summary>停用收银机</summary>
      <DeedForm does="停用" danger run={revoke}>
        <Choice name="terminalId" label="哪一台" of={of.map(({ terminalId, siteName, label }) => [terminalId, `${siteName} ${label}`])} />
        <Field name="reason" label="原因" hint="例如：平板丢失" length={200} />
      </DeedForm>
    </details>
  );
}

/** Tills of a canteen or of a division: how they are, new ones, and taking one out. */
export function TerminalsPage({ me }: { readonly me: Me }): ReactElement {
  const [read, again] = useRead(useCallback(() => allPages((query) => get('/v1/till/terminals', { query })), []));
  const [code, show] = useState<Code | null>(null);
  const made = (fresh: Code): void => {
    show(fresh);
    again();
  };
  return (
    <>
      <h1>收银终端</h1>
      {code === null ? null : <OneTimeCode code={code} onDone={() => show(null)} />}
      {isOneOf(me, 'canteenManager', 'townshipOfficer', 'countyOfficer') ? <NewTerminal me={me} onMade={made} /> : null}
      <Reading of={read} again={again}>
        {(rows) => (
          <>
            <Table title="收银机" rows={rows} keyOf={(row) => row.terminalId} none="还没有收银机。点“新增收银机”，得到一次性登记码。" head={['助餐点', '名称', '状况', '程序版本', '最近联系', '最近开机']}
              cells={cellsOf} />
            {isOneOf(me, 'canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'securityAdministrator') && rows.some((row) => !row.revoked)
              ? <Revoke of={rows.filter((row) => !row.revoked)} onDone={again} /> : null}
            {isOneOf(me, 'canteenManager') ? <CashiersPanel terminals={rows.filter((row) => !row.revoked)} /> : null}
          </>
        )}
      </Reading>
    </>
  );
}
