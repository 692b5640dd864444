import { useCallback, type ReactElement } from 'react';
import { get, send } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { Choice, DeedForm, Field, Reading, Table, textOf, useRead } from './pieces.js';

type Watched = components['schemas']['WatchedTerminalDto'];

/** Who may sell at which till; each with a PIN of their own. */
export function CashiersPanel({ terminals }: { readonly terminals: readonly Watched[] }): ReactElement {
  const [read, again] = useRead(useCallback((signal) => get('/v1/till/cashiers', { signal }), []));
  const labels = new Map(terminals.map(({ terminalId, label }) => [terminalId, label]));
  const add = async (id: string, fields: FormData): Promise<string> => {
    await send('post', '/v1/till/cashiers', { body: { id, terminalId: textOf(fields, 'terminalId'), name: textOf(fields, 'name'), pin: textOf(fields, 'pin') } });
    again();
    return '已登记。请当面告诉收银员 PIN，不要写在机器上。';
  };
  const remove = async (id: string, fields: FormData): Promise<string> => {
    await send('post', '/v1/till/cashiers/{id}/remove', { path: { id: textOf(fields, 'cashierId') }, body: { id, reason: textOf(fields, 'reason') } });
    again();
    return '已移除。断网的收银机最迟 72 小时后也不再接受这个 PIN。';
  };
  return (
    <section aria-labelledby="cashiers">
      <h2 id="cashiers">收银员</h2>
      <Reading of={read} again={again}>
        {({ items }) => (
          <>
            <Table title="收银员" rows={items} keyOf={(row) => row.cashierId} none="还没有收银员。没有登记收银员的收银机不要求 PIN。" head={['姓名', '收银机']} cells={(row) => [row.name, labels.get(row.terminalId) ?? '已停用的收银机']} />
            {terminals.length === 0 ? null : (
              <details className="panel">
                <summary>登记收银员</summary>
                <DeedForm does="登记" run={add}>
                  <Choice name="terminalId" label="收银机" of={terminals.map(({ terminalId, label }) => [terminalId, label])} />
                  <Field name="name" label="姓名" length={20} />
                  <Field name="pin" label="PIN" hint="6 位数字，不要用生日和连号" pattern="\d{6}" length={6} type="password" />
                </DeedForm>
              </details>
            )}
            {items.length === 0 ? null : (
              <details className="panel">
                <summary>移除收银员</summary>
                <DeedForm does="移除" danger run={remove}>
                  <Choice name="cashierId" label="收银员" of={items.map(({ cashierId, name, terminalId }) => [cashierId, `${name}（${labels.get(terminalId) ?? '已停用'}）`])} />
                  <Field name="reason" label="原因" length={200} />
                </DeedForm>
              </details>
            )}
          </>
        )}
      </Reading>
    </section>
  );
}
