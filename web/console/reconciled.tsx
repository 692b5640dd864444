import { useCallback, useState, type ReactElement } from 'react';
import { addDays, chinaDate } from '../../src/kernel/civil-date.js';
import { get, type Answer } from '../lib/api.js';
import { yuanWords } from '../lib/money.js';
import { dateWords } from '../lib/words.js';
import { Day, momentWords, Reading, Table, useRead } from './pieces.js';

type Reconciliation = Answer<'/v1/payments/reconciliations'>['items'][number];
type Difference = Reconciliation['differences'][number];

const DIFFERENCE_WORDS: Readonly<Record<Difference['kind'], string>> = {
  notPaidHere: '微信已付，这里没有：正在向微信查', unknownHere: '不是这里的单号', missingThere: '这里有，微信账单没有', amountDiffers: '金额或交易不同',
  notReversedHere: '微信已撤销，这里没有', notReversedThere: '这里已撤销，微信没有', failedHere: '这里记为没有退成，微信已退',
};
const sumWords = (theirFen: number, ownFen: number): string => (theirFen === ownFen ? yuanWords(theirFen) : `微信 ${yuanWords(theirFen)}，这里 ${yuanWords(ownFen)}`);
const fenWords = (amount: number | null): string => (amount === null ? '—' : yuanWords(amount));

/** WeChat Pay's bill of a day beside the books: bills that do not come, sums, and every difference that is still there. */
export function Reconciled(): ReactElement {
  const [date, turn] = useState(() => addDays(chinaDate(Date.now()), -1) as string);
  const [read, again] = useRead(useCallback((signal: AbortSignal) => get('/v1/payments/reconciliations', { query: { date }, signal }), [date]));
  return (
    <section>
      <Day label="账单日" value={date} onTurn={turn} />
      <Reading of={read} again={again}>
        {({ items, late }) => (
          <>
            {late.length === 0 ? null : (
              <Table title="迟迟取不到的微信账单：请运营单位在微信支付商户平台查看" rows={late} keyOf={(row) => `${row.date} ${row.subMchId}`} none="" head={['账单日', '运营单位', '商户号']}
                cells={(row) => [dateWords(row.date), row.operatorName, row.subMchId]} />
            )}
            <Table title={`与微信账单核对　${dateWords(date)}`} rows={items} keyOf={(row) => row.subMchId} none="这一天还没有收款商户号。" head={['运营单位', '账单取到', '付款', '退款', '不符']}
              cells={(row) => [row.operatorName, row.fetchedAt === null ? '还没有' : momentWords(row.fetchedAt), sumWords(row.theirPaidFen - row.theirReversedFen, row.ownPaidFen), sumWords(row.theirRefundFen, row.ownRefundFen), `${row.differences.filter((one) => one.isOpen).length} 笔`]} />
            {items.map((row) => ({ ...row, open: row.differences.filter((one) => one.isOpen) })).filter((row) => row.open.length > 0).map((row) => (
              <Table key={row.subMchId} title={`${row.operatorName}：还不符的`} rows={row.open} keyOf={(one) => `${one.kind} ${one.number} ${one.orderId} ${one.refundId}`} none="" head={['情形', '微信', '这里', '单号']}
                cells={(one) => [DIFFERENCE_WORDS[one.kind], fenWords(one.theirFen), fenWords(one.ownFen), one.number ?? one.refundId ?? one.orderId ?? '—']} />
            ))}
          </>
        )}
      </Reading>
    </section>
  );
}
