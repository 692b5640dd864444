import { chinaInstant, fen, isCivilDate, type Fen, type Instant } from '../../kernel/index.js';

/** A line of WeChat Pay's bill: money that came, went back, or was never to have come. */
export interface TradeLine {
  readonly kind: 'paid' | 'refund' | 'reversed';
  readonly at: Instant;
  readonly subMchId: string;
  readonly transactionId: string;
  /** Our number of the order. */
  readonly outTradeNo: string;
  /** Our number of the refund; null of what is none. */
  readonly outRefundNo: string | null;
  readonly fen: Fen;
}

const KINDS: Readonly<Record<string, TradeLine['kind']>> = { SUCCESS: 'paid', REFUND: 'refund', REVOKED: 'reversed' };
/** Of a refund, those that ended without money. */
const NO_MONEY = new Set(['FAIL', 'CHANGE']);
const COLUMNS = ['交易时间', '特约商户号', '微信订单号', '商户订单号', '交易状态', '商户退款单号', '退款状态', '订单金额', '申请退款金额'];
const TOTALS = ['总交易单数', '订单总金额', '申请退款总金额'];

/** Where each column is; null where one is missing. Columns come and go over the years, so they go by their names. */
function placesOf(header: string, names: readonly string[]): ((cells: readonly string[], name: string) => string) | null {
  const columns = header.split(',');
  if (names.some((name) => !columns.includes(name))) return null;
  return (cells, name) => cells[columns.indexOf(name)] ?? '';
}

/** Values stand behind back-ticks, so that a spreadsheet takes none for a number; a comma within one is none between two. */
function cellsOf(line: string): string[] {
  return line.slice(1).split(',`');
}

function yuan(text: string): Fen | null {
  const [, whole, parts] = /^(\d{1,12})\.(\d{2})$/.exec(text) ?? [];
  return whole === undefined ? null : fen(Number(whole) * 100 + Number(parts));
}

/** China's time as the bill writes it. */
function moment(text: string): Instant | null {
  const [, date, hours, minutes, seconds] = /^(\d{4}-\d\d-\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text) ?? [];
  return isCivilDate(date) ? chinaInstant(date, Number(hours) * 60 + Number(minutes)) + Number(seconds) * 1000 : null;
}

/**
 * Reads a bill as WeChat Pay writes it.
 * @returns its lines without refunds that gave nothing back; null where it cannot be read whole, or its lines do not come to its own totals
 */
export function readTradeBill(text: string): TradeLine[] | null {
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((row) => row !== '');
  const totalsAt = rows.findIndex((row, index) => index > 0 && !row.startsWith('`'));
  const [of, total] = [placesOf(rows[0] ?? '', COLUMNS), placesOf(rows[totalsAt] ?? '', TOTALS)];
  if (of === null || total === null) return null;
  const lines: TradeLine[] = [];
  let [paid, back] = [0, 0];
  for (const row of rows.slice(1, totalsAt)) {
    const cells = cellsOf(row);
    const kind = KINDS[of(cells, '交易状态')];
    const [at, paidFen, backFen] = [moment(of(cells, '交易时间')), yuan(of(cells, '订单金额')), yuan(of(cells, '申请退款金额'))];
    if (kind === undefined || at === null || paidFen === null || backFen === null) return null;
    [paid, back] = [paid + paidFen, back + backFen];
    if (kind === 'refund' && NO_MONEY.has(of(cells, '退款状态'))) continue;
    lines.push({
      kind, at, subMchId: of(cells, '特约商户号'), transactionId: of(cells, '微信订单号'), outTradeNo: of(cells, '商户订单号'),
      outRefundNo: kind === 'refund' ? of(cells, '商户退款单号') : null, fen: kind === 'paid' ? paidFen : backFen,
    });
  }
  const sums = cellsOf(rows[totalsAt + 1] ?? '');
  const agrees = total(sums, '总交易单数') === String(totalsAt - 1) && yuan(total(sums, '订单总金额')) === paid && yuan(total(sums, '申请退款总金额')) === back;
  return agrees ? lines : null;
}
