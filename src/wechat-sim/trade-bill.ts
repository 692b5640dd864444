import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { addDays, chinaDate, chinaInstant, isCivilDate } from '../kernel/index.js';
import type { Met } from './faults.js';
import { isReply, refusal, subMerchantOf, wrong, type Fields, type PayReply } from './pay-answer.js';
import { billTime, MINUTE_MS } from './sim-times.js';
import type { Order, Refund, SimWorld } from './sim-world.js';

/** The bill of a day is there from ten o'clock of the next. */
const READY_MINUTE = 10 * 60;
const KEPT_DAYS = 90;
const FILE_MS = 5 * MINUTE_MS;

const COLUMNS = '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const TOTALS = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

interface Line {
  readonly at: number;
  readonly paidFen: number;
  readonly refundFen: number;
  readonly cells: readonly string[];
}

const yuan = (fen: number): string => (fen / 100).toFixed(2);
/** Commas would break the columns, which have no quotes. */
const plain = (text: string): string => text.replace(/[,\r\n]/g, ' ');

function lineOf(order: Order, at: number, state: 'SUCCESS' | 'REFUND' | 'REVOKED', back: { readonly refund: Refund | null; readonly fen: number }): Line {
  const { refund, fen } = back;
  const [paidFen, refundFen] = state === 'SUCCESS' ? [order.fen, 0] : [0, fen];
  const ended = state === 'SUCCESS' ? ['0', '0', '0.00', '0.00', '', ''] : [refund?.refundId ?? '', refund?.outRefundNo ?? '', yuan(fen), '0.00', 'ORIGINAL', refund === null || refund.state === 'SUCCESS' ? 'SUCCESS' : refund.state === 'PROCESSING' ? 'PROCESSING' : 'FAIL'];
  return {
    at, paidFen, refundFen,
    cells: [
      billTime(at), order.appid, order.mchid, order.subMchid ?? '0', '', order.transactionId ?? '', order.outTradeNo, order.openid ?? '', order.kind, state, 'OTHERS', 'CNY',
      yuan(paidFen), '0.00', ...ended, plain(order.description), plain(order.attach ?? ''), '0.00000', '0.60%', yuan(paidFen), yuan(refundFen), '',
    ],
  };
}

/** Every payment, refund and undoing of a day. Refunds that ended without money are not in it. */
function linesOf(world: SimWorld, from: number, to: number, kind: string, takes: (subMchid: string | null) => boolean): Line[] {
  const within = (at: number | null): at is number => at !== null && at >= from && at < to;
  const lines: Line[] = [];
  for (const order of world.orders.values()) {
    if (!takes(order.subMchid)) continue;
    if (kind !== 'REFUND' && within(order.paidAt)) lines.push(lineOf(order, order.paidAt, 'SUCCESS', { refund: null, fen: 0 }));
    if (kind !== 'SUCCESS' && order.paidAt !== null && within(order.revokedAt)) lines.push(lineOf(order, order.revokedAt, 'REVOKED', { refund: null, fen: order.fen }));
  }
  for (const refund of world.refunds.values()) {
    const order = world.orders.get(refund.order);
    if (order && kind !== 'SUCCESS' && takes(refund.subMchid) && refund.state !== 'CLOSED' && within(refund.madeAt)) lines.push(lineOf(order, refund.madeAt, 'REFUND', { refund, fen: refund.fen }));
  }
  return lines.sort((a, b) => a.at - b.at);
}

/** Trade bills: an address to fetch each from, and the file behind it. */
export class TradeBills {
  private readonly files = new Map<string, { readonly bytes: Buffer; readonly endsAt: number }>();

  constructor(private readonly world: SimWorld, private readonly address: () => string) {}

  /** `/v3/bill/tradebill`. */
  ask(query: Fields, met: Met): PayReply {
    const { bill_date: date, bill_type: kind = 'ALL', tar_type: packed } = query;
    const merchant = query['sub_mchid'] === undefined ? null : subMerchantOf(this.world.keys.spMchid, query);
    if (isReply(merchant)) return merchant;
    if (!isCivilDate(date)) return wrong('bill_date格式错误，应为yyyy-MM-dd');
    if (kind !== 'ALL' && kind !== 'SUCCESS' && kind !== 'REFUND') return wrong('bill_type错误');
    if (packed !== undefined && packed !== 'GZIP') return wrong('tar_type错误');
    const now = this.world.clock.now();
    if (date >= chinaDate(now)) return wrong('bill_date只能是今天以前的日期');
    if (date < addDays(chinaDate(now), -KEPT_DAYS)) return wrong('bill_date不能早于三个月前');
    if (now < chinaInstant(addDays(date, 1), READY_MINUTE)) return refusal(400, 'STATEMENT_CREATING', '账单生成中，请在次日10点后再下载');
    const lines = linesOf(this.world, chinaInstant(date, 0), chinaInstant(addDays(date, 1), 0), kind, (sub) => merchant === null || sub === merchant.subMchid);
    if (lines.length === 0) return refusal(400, 'NO_STATEMENT_EXIST', '账单文件不存在，当日没有交易');
    return this.offer(billText(lines, met), packed === 'GZIP');
  }

  private offer(text: string, zipped: boolean): PayReply {
    const now = this.world.clock.now();
    for (const [token, { endsAt }] of this.files) if (endsAt <= now) this.files.delete(token);
    const token = this.world.random.letters(48);
    const bytes = Buffer.from(text);
    this.files.set(token, { bytes: zipped ? gzipSync(bytes) : bytes, endsAt: now + FILE_MS });
    // The hash is of the bill itself, before it is packed.
    return { status: 200, body: { hash_type: 'SHA1', hash_value: createHash('sha1').update(bytes).digest('hex'), download_url: `${this.address()}/v3/billdownload/file?token=${token}` } };
  }

  /** The file behind an address; null where it is unknown or over. */
  file(token: string | null, met: Met): Buffer | null {
    const found = this.files.get(token ?? '');
    if (!found || found.endsAt <= this.world.clock.now()) return null;
    return met.halfFile === true ? found.bytes.subarray(0, found.bytes.length >> 1) : found.bytes;
  }
}

/** A bill's text: a byte order mark, back-ticks before every value, lines that end as Windows has it, totals at the end. */
function billText(lines: readonly Line[], met: Met): string {
  const told = met.missingLine === true ? lines.slice(1) : lines;
  const written = told.map(({ cells, paidFen }, index) => (met.wrongAmount === true && index === 0 ? cells.with(24, yuan(paidFen + 1)).with(12, yuan(paidFen + 1)) : cells));
  const sum = (pick: (line: Line) => number): string => yuan(told.reduce((total, line) => total + pick(line), 0));
  const [paid, back] = [sum((line) => line.paidFen), sum((line) => line.refundFen)];
  const ticked = (cells: readonly string[]): string => cells.map((cell) => `\`${cell}`).join(',');
  return `\uFEFF${[COLUMNS, ...written.map(ticked), TOTALS, ticked([String(told.length), paid, back, '0.00', '0.00000', paid, back])].join('\r\n')}\r\n`;
}
