import { useCallback, useState, type ReactElement, type ReactNode } from 'react';
import { chinaDate } from '../../src/kernel/civil-date.js';
import { get } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { countText, yuanWords } from '../lib/money.js';
import { allPages, Day, momentWords, Reading, Table, useRead } from './pieces.js';

type Shift = components['schemas']['ListedShiftDto'];
type Total = components['schemas']['ShiftTotalDto'];

const STATES: Readonly<Record<string, string>> = { open: '进行中', closed: '已结', left: '没有结就换了班' };

const money = (fen: number | null): string => (fen === null ? '—' : yuanWords(fen));

/** A difference in words; nothing but a word and a sign tells more from less. */
function Difference({ fen }: { readonly fen: number | null }): ReactElement {
  if (fen === null) return <>—</>;
  return fen === 0 ? <span className="good">相符</span> : <span className="worry">{fen > 0 ? '多' : '少'} {yuanWords(Math.abs(fen))}</span>;
}

/** What of a shift's journal does not hold together. */
function journalWords({ gaps, brokenAt }: Shift): string {
  const lacks = (gaps ?? []).map(({ from, to }) => (from === to ? `缺第 ${from} 号` : `缺第 ${from} 至 ${to} 号`));
  return [...lacks, ...(brokenAt ?? []).map((number) => `第 ${number} 号不相扣`)].join('；') || '连续';
}

/** Own shares that are no cash in the drawer, by how they were paid: with the cash they make up all of them. */
function otherWords({ codeFen, balanceFen, bookedFen, noneFen }: Total): string {
  const parts = [['扫码', codeFen], ['余额', balanceFen], ['预订时已付', bookedFen], ['没有写明', noneFen]] as const;
  return parts.flatMap(([word, fen]) => (fen === 0 ? [] : [`${word} ${yuanWords(fen)}`])).join('，') || '没有';
}

function totalCells(row: Total): readonly ReactNode[] {
  const isCounted = row.shifts > row.uncounted;
  return [
    row.siteName, row.of ?? '未登录', row.uncounted > 0 ? `${row.shifts}（${row.uncounted} 个没有结）` : row.shifts, countText(row.meals), countText(row.voids), money(row.priceFen), money(row.selfPayFen),
    money(row.cashFen), otherWords(row), money(isCounted ? row.countedFen : null), <Difference key="difference" fen={isCounted ? row.differenceFen : null} />,
  ];
}

function numbersOf({ firstNumber, lastNumber }: Shift): string {
  if (lastNumber === null) return `${firstNumber}–`;
  return lastNumber < firstNumber ? '没有' : `${firstNumber}–${lastNumber}`;
}

function shiftCells(row: Shift): readonly ReactNode[] {
  return [
    row.siteName, row.label, row.cashierName ?? '未登录', STATES[row.state] ?? row.state, momentWords(row.openedAt), momentWords(row.closedAt), numbersOf(row),
    row.gaps === null ? '—' : journalWords(row), money(row.expectedFen), money(row.countedFen), <Difference key="difference" fen={row.differenceFen} />,
  ];
}

function Totals({ title, rows, of }: { readonly title: string; readonly rows: readonly Total[]; readonly of: string }): ReactElement {
  return (
    <Table title={title} rows={rows} keyOf={(row) => `${row.siteId} ${row.ofId}`} none="这一天没有班次。" head={['助餐点', of, '班次', '笔数', '撤销', '餐费', '个人支付', '其中现金', '其中不收现金的', '盲点现金', '差额']}
      cells={totalCells} />
  );
}

/** A day's shifts by cashier and by device, with what was counted blind beside what should be there. */
export function ShiftsPage(): ReactElement {
  const [date, turn] = useState(() => chinaDate(Date.now()) as string);
  const [read, again] = useRead(useCallback(async () => {
    const [shifts, cashiers, terminals] = await Promise.all([
      allPages((query) => get('/v1/till/shifts', { query: { ...query, from: date, to: date } })),
      allPages((query) => get('/v1/till/shifts/totals', { query: { ...query, by: 'cashier', date } })),
      allPages((query) => get('/v1/till/shifts/totals', { query: { ...query, by: 'terminal', date } })),
    ]);
    return { shifts, cashiers, terminals };
  }, [date]));
  return (
    <>
      <h1>班次</h1>
      <Day label="日期" value={date} onTurn={turn} />
      <Reading of={read} again={again}>
        {({ shifts, cashiers, terminals }) => (
          <>
            <Totals title="按收银员" of="收银员" rows={cashiers} />
            <Totals title="按收银机" of="收银机" rows={terminals} />
            <Table title="逐班" rows={shifts} keyOf={(row) => row.shiftId} none="这一天没有班次。" head={['助餐点', '收银机', '收银员', '状态', '开班', '结班', '流水号', '流水', '应有现金', '盲点现金', '差额']}
              cells={shiftCells} />
          </>
        )}
      </Reading>
    </>
  );
}
