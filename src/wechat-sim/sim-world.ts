import { createHash } from 'node:crypto';
import type { Clock, Instant } from '../kernel/index.js';
import { BoundedMap } from './bounded.js';
import { Faults } from './faults.js';
import type { SimKeys } from './sim-keys.js';
import { SimRandom } from './sim-random.js';

/** Somebody with WeChat on his phone. */
export interface Person {
  readonly number: number;
  name: string;
  readonly openid: string;
  balanceFen: number;
  /** Whether a payment code asks for the password, whatever the amount. */
  needsPassword: boolean;
}

/** A code of one use: of the log-in, of the phone button, or of the payment sheet. */
export interface OneUseCode {
  readonly openid: string;
  readonly appid: string;
  readonly endsAt: Instant;
  /** Of the phone button. */
  readonly phone?: string;
  used: boolean;
}

export type TradeState = 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED' | 'REVOKED' | 'USERPAYING' | 'PAYERROR';

/** An order at WeChat Pay, of a merchant of its own or of a service provider's sub-merchant. */
export interface Order {
  readonly mchid: string;
  /** Null for a merchant of its own. */
  readonly subMchid: string | null;
  readonly appid: string;
  readonly outTradeNo: string;
  readonly kind: 'JSAPI' | 'MICROPAY';
  readonly description: string;
  readonly attach: string | null;
  readonly notifyUrl: string | null;
  readonly fen: number;
  /** Everything that was asked, to see whether it is asked again with a change. */
  readonly asked: string;
  openid: string | null;
  readonly madeAt: Instant;
  readonly expiresAt: Instant;
  state: TradeState;
  transactionId: string | null;
  paidAt: Instant | null;
  /** Queries until the password is entered; null where it never is. */
  pollsLeft: number | null;
  revokedAt: Instant | null;
}

export type RefundState = 'SUCCESS' | 'CLOSED' | 'PROCESSING' | 'ABNORMAL';

export interface Refund {
  readonly order: string;
  readonly mchid: string;
  readonly subMchid: string | null;
  readonly outTradeNo: string;
  readonly outRefundNo: string;
  readonly refundId: string;
  readonly fen: number;
  readonly totalFen: number;
  readonly reason: string | null;
  readonly asked: string;
  readonly notifyUrl: string | null;
  readonly madeAt: Instant;
  doneAt: Instant | null;
  state: RefundState;
  /** How it will end. */
  readonly ends: Exclude<RefundState, 'PROCESSING'>;
}

/** A subscribe message that reached its receiver. */
export interface Delivered {
  readonly openid: string;
  readonly templateId: string;
  readonly page: string | null;
  readonly data: Readonly<Record<string, { readonly value: string }>>;
  readonly at: Instant;
}

/** Key of an order or refund: numbers are unique for each merchant. */
export function keyOf(merchant: string, number: string): string {
  return `${merchant}/${number}`;
}

/** Everything the simulator remembers; each list forgets its oldest at its bound. */
export class SimWorld {
  readonly random: SimRandom;
  readonly faults: Faults;
  readonly people = new BoundedMap<string, Person>(10_000);
  readonly codes = new BoundedMap<string, OneUseCode>(20_000);
  readonly payCodes = new BoundedMap<string, OneUseCode>(20_000);
  readonly orders = new BoundedMap<string, Order>(50_000);
  /** Where an order is by its transaction, and which sheet belongs to it. */
  readonly byTransaction = new BoundedMap<string, string>(50_000);
  readonly prepays = new BoundedMap<string, { readonly order: string; readonly endsAt: Instant }>(50_000);
  readonly refunds = new BoundedMap<string, Refund>(50_000);
  readonly consents = new BoundedMap<string, number>(20_000);
  readonly merchants = new BoundedMap<string, string>(10_000);
  readonly messages: Delivered[] = [];
  /** Payments without a password, by person and day in China. */
  readonly freeOfPassword = new BoundedMap<string, number>(20_000);
  /** Calls of the running minute or day, by what is limited. */
  readonly calls = new BoundedMap<string, number>(20_000);
  private serial = 0;

  /** @param home host of the service that it calls back, which need not be reached in secret */
  constructor(readonly keys: SimKeys, readonly clock: Clock, seed?: string, readonly home = '127.0.0.1') {
    this.random = new SimRandom(seed);
    this.faults = new Faults(this.random);
  }

  /** A person by number; the same number is the same person at every start with the same keys. */
  person(number: number): Person {
    const openid = `o${createHash('sha256').update(`${this.keys.secret}/${number}`).digest('base64url').slice(0, 27)}`;
    const known = this.people.get(openid);
    if (known) return known;
    const made: Person = { number, name: `模拟用户${numeral(number)}`, openid, balanceFen: 1_000_000, needsPassword: false };
    this.people.set(openid, made);
    return made;
  }

  /** Counts a call; whether it is still within its limit. */
  within(what: string, spanMs: number, most: number): boolean {
    const span = `${what}@${Math.floor(this.clock.now() / spanMs)}`;
    const calls = (this.calls.get(span) ?? 0) + 1;
    this.calls.set(span, calls);
    return calls <= most;
  }

  /** A number that no other has: 28 digits, as WeChat's transactions and refunds have. */
  number(head: string): string {
    this.serial += 1;
    return `${head}${String(this.clock.now()).padStart(14, '0')}${String(this.serial % 1_000_000).padStart(6, '0')}${this.random.digits(4)}`.padEnd(28, '0').slice(0, 28);
  }
}

/** 一, 二, … 九十九; beyond that digits. */
function numeral(number: number): string {
  const digits = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
  const [tens, ones] = [Math.floor(number / 10), number % 10];
  if (number < 1 || number > 99) return String(number);
  return `${tens > 1 ? digits[tens] : ''}${tens > 0 ? '十' : ''}${digits[ones]}`;
}
