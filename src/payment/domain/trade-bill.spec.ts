import { civilDate, chinaInstant, fen } from '../../kernel/index.js';
import { compareBill, readTradeBill, type BillLine, type OwnOrder, type OwnRefund } from './index.js';

const HEAD = '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const SUMS = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';
const ticked = (...cells: string[]): string => cells.map((cell) => `\`${cell}`).join(',');
const line = (state: string, paid: string, back: string, refundState = '', name = '午餐'): string =>
  ticked('2024-12-03 12:01:02', 'wx1', '1900', '1901', '', '4200', 'ORDER1', 'o1', 'JSAPI', state, 'OTHERS', 'CNY', paid, '0.00', '5030', state === 'REFUND' ? 'REFUND1' : '0', back, '0.00', '', refundState, name, '', '0.00', '0.60%', paid, back, '');
const sums = (count: number, paid: string, back: string): string => ticked(String(count), paid, back, '0.00', '0.00', paid, back);
const bill = (...rows: string[]): string => `\uFEFF${[HEAD, ...rows].join('\r\n')}\r\n`;

describe('a bill', () => {
  it('is read line by line, in fen and China’s time, commas and all', () => {
    const text = bill(line('SUCCESS', '7.00', '0.00', '', '午餐,加汤'), line('REFUND', '0.00', '3.07', 'SUCCESS'), line('REVOKED', '0.00', '7.00', 'SUCCESS'), SUMS, sums(3, '7.00', '10.07'));
    const at = chinaInstant(civilDate('2024-12-03'), 721) + 2_000;
    expect(readTradeBill(text)).toEqual([
      { kind: 'paid', at, subMchId: '1901', transactionId: '4200', outTradeNo: 'ORDER1', outRefundNo: null, fen: 700 },
      { kind: 'refund', at, subMchId: '1901', transactionId: '4200', outTradeNo: 'ORDER1', outRefundNo: 'REFUND1', fen: 307 },
      { kind: 'reversed', at, subMchId: '1901', transactionId: '4200', outTradeNo: 'ORDER1', outRefundNo: null, fen: 700 },
    ]);
  });

  it('leaves out refunds that gave nothing back', () => {
    expect(readTradeBill(bill(line('REFUND', '0.00', '3.00', 'FAIL'), SUMS, sums(1, '0.00', '3.00')))).toEqual([]);
  });

  it.each<[string, string]>([
    ['its count is another', bill(line('SUCCESS', '7.00', '0.00'), SUMS, sums(2, '7.00', '0.00'))],
    ['its sum is another', bill(line('SUCCESS', '7.00', '0.00'), SUMS, sums(1, '7.01', '0.00'))],
    ['what went back is another', bill(line('REFUND', '0.00', '3.00', 'SUCCESS'), SUMS, sums(1, '0.00', '3.01'))],
    ['it has no totals', bill(line('SUCCESS', '7.00', '0.00'))],
    ['it ends within a line', bill(line('SUCCESS', '7.00', '0.00')).slice(0, -30)],
    ['a column is missing', bill(line('SUCCESS', '7.00', '0.00'), SUMS, sums(1, '7.00', '0.00')).replace('申请退款金额', '')],
    ['an amount is no amount', bill(line('SUCCESS', '7', '0.00'), SUMS, sums(1, '7.00', '0.00'))],
    ['a state is unknown', bill(line('MAYBE', '7.00', '0.00'), SUMS, sums(1, '7.00', '0.00'))],
    ['a time is none', bill(line('SUCCESS', '7.00', '0.00').replace('2024-12-03', '2024-13-03'), SUMS, sums(1, '7.00', '0.00'))],
    ['it is an error in JSON', '{"code":"SYSTEM_ERROR"}'],
    ['it is empty', ''],
  ])('is not taken where %s', (_, text) => {
    expect(readTradeBill(text)).toBeNull();
  });
});

const theirs = (change: Partial<BillLine> = {}): BillLine => ({ kind: 'paid', orderId: 'o', refundId: null, number: 'N', transactionId: 't', fen: fen(700), ...change });
const ours = (change: Partial<OwnOrder> = {}): OwnOrder => ({ orderId: 'o', fen: fen(700), state: 'paid', closedBy: null, transactionId: 't', isOfDay: true, mayEndLater: false, ...change });
const back = (change: Partial<OwnRefund> = {}): OwnRefund => ({ refundId: 'r', orderId: 'o', fen: fen(300), state: 'done', isOfDay: true, ...change });
const reversed = ours({ state: 'closed', closedBy: 'reversed', transactionId: null, isOfDay: false });
const [undone, givenBack] = [theirs({ kind: 'reversed' }), theirs({ kind: 'refund', refundId: 'r', fen: fen(300) })];

describe('a bill and our books', () => {
  it.each<[string, BillLine[], OwnOrder[], OwnRefund[], string[]]>([
    ['agree', [theirs(), givenBack], [ours()], [back()], []],
    ['agree on what was reversed', [theirs(), undone], [reversed], [], []],
    ['agree on what is reversed after midnight', [theirs()], [{ ...reversed, mayEndLater: true }], [], []],
    ['agree on a refund of another day', [], [], [back({ isOfDay: false })], []],
    ['agree on a refund that is on its way', [givenBack], [], [back({ state: 'processing', isOfDay: false })], []],
    ['differ by an order of nobody’s', [theirs({ orderId: null })], [], [], ['unknownHere']],
    ['differ by an order that we have not', [theirs()], [], [], ['unknownHere']],
    ['differ by a payment that WeChat has not', [], [ours()], [], ['missingThere']],
    ['differ by an amount', [theirs()], [ours({ fen: fen(701) })], [], ['amountDiffers']],
    ['differ by a transaction', [theirs()], [ours({ transactionId: 'u' })], [], ['amountDiffers']],
    ['differ by what is open here', [theirs()], [ours({ state: 'unknown', isOfDay: false })], [], ['notPaidHere']],
    ['differ by what is closed here', [theirs()], [ours({ state: 'closed', closedBy: 'expired', isOfDay: false })], [], ['notPaidHere']],
    ['differ by a reversal that took nothing back', [theirs()], [reversed], [], ['notReversedThere']],
    ['differ by a reversal of what we count as paid', [theirs(), undone], [ours()], [], ['notReversedHere']],
    ['differ by a refund of nobody’s', [theirs({ ...givenBack, refundId: null })], [], [], ['unknownHere']],
    ['differ by a refund of another order', [givenBack], [], [back({ orderId: 'p' })], ['unknownHere']],
    ['differ by a refund’s amount', [givenBack], [], [back({ fen: fen(301) })], ['amountDiffers']],
    ['differ by a refund that failed here', [givenBack], [], [back({ state: 'failed', isOfDay: false })], ['failedHere']],
    ['differ by a refund that WeChat has not', [], [], [back()], ['missingThere']],
  ])('%s', (_, lines, orders, refunds, kinds) => {
    expect(compareBill(lines, orders, refunds).map(({ kind }) => kind)).toEqual(kinds);
  });
});
