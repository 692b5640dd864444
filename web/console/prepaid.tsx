import { useCallback, type ReactElement } from 'react';
import { get } from '../lib/api.js';
import { yuanWords } from '../lib/money.js';
import { Reading, Table, useRead } from './pieces.js';

/** Where the bank that holds prepaid balances says another sum than we do. */
export function PrepaidPage(): ReactElement {
  const [read, again] = useRead(useCallback(async (signal: AbortSignal) => (await get('/v1/prepaid/differences', { signal })).items, []));
  return (
    <>
      <h1>预付余额</h1>
      <p className="hint">余额在银行，这里只是对照。对不上的，请与银行逐笔核对，再导入更正后的对账单；没有对上以前，老人要退的按银行的余额退。</p>
      <Reading of={read} again={again}>
        {(rows) => (
          <Table title="与银行对不上的期末余额" rows={rows} keyOf={(row) => row.elderId} none="都对得上，或者本市没有开通预付余额。" head={['日终', '现在', '银行', '本系统', '相差', '老人编号']}
            cells={(row) => [row.day, row.isOpen ? '还没有对上' : '后来对上了', yuanWords(row.bankFen), yuanWords(row.ownFen), yuanWords(row.bankFen - row.ownFen), row.elderId]} />
        )}
      </Reading>
    </>
  );
}
