import type { CivilDate, Fen, Instant, Outcome } from '../../kernel/index.js';

/** Who WeChat says is in front of the phone. The key of the session stays with the server and is kept nowhere. */
export interface WechatSession {
  readonly openid: string;
  readonly unionid: string | null;
}

/** A subscribe message: `data` by the names of the template's fields, such as `thing1`. */
export interface SubscribeMessage {
  readonly openid: string;
  readonly templateId: string;
  readonly page?: string;
  readonly data: Readonly<Record<string, string>>;
}

/**
 * What became of a message: out; never to be sent again, since the receiver's one consent is used up or taken back;
 * wrong as it stands, so that trying again changes nothing; or worth another try.
 */
export type MessageFate = 'sent' | 'spent' | 'wrong' | 'later';

/** What the mini-program's services do for us. */
export interface MiniProgramApi {
  readonly appId: string;
  /**
   * Who logged in, by the one-use code of `wx.login`.
   * @returns `wechat-code-wrong` (used, foreign, expired), `wechat-user-blocked`, `wechat-away`
   */
  codeToSession(code: string): Promise<Outcome<WechatSession>>;
  /**
   * The phone number behind the one-use code of the phone button.
   * @param openid of the account that asks: WeChat checks that both belong together
   * @returns digits as they are dialled in China, or with `+` and the country in front; `wechat-code-wrong`, `wechat-away`
   */
  phoneNumber(code: string, openid: string): Promise<Outcome<{ readonly phone: string }>>;
  /** Sends a subscribe message; never throws. The code is WeChat's, or 0 where none came. */
  send(message: SubscribeMessage): Promise<{ readonly fate: MessageFate; readonly code: number }>;
  /**
   * A mini-program code as an image.
   * @param scene at most 32 signs, an opaque id and never a credential
   * @returns `wechat-code-form`, `wechat-away`
   */
  programCode(scene: string, page: string): Promise<Outcome<Buffer>>;
}

/** What `wx.requestPayment` takes, in its own spelling. */
export interface RequestPayment {
  readonly appId: string;
  readonly timeStamp: string;
  readonly nonceStr: string;
  readonly package: string;
  readonly signType: 'RSA';
  readonly paySign: string;
}

export type TradeState = 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED' | 'REVOKED' | 'USERPAYING' | 'PAYERROR';

/** An order as WeChat Pay tells it. */
export interface Trade {
  readonly spMchId: string;
  readonly subMchId: string;
  readonly appId: string | null;
  readonly outTradeNo: string;
  readonly state: TradeState;
  /** Null until it is paid. */
  readonly transactionId: string | null;
  readonly fen: Fen | null;
  readonly payerOpenid: string | null;
  readonly paidAt: Instant | null;
}

export type RefundState = 'SUCCESS' | 'CLOSED' | 'PROCESSING' | 'ABNORMAL';

/** A refund as WeChat Pay tells it. */
export interface TradeRefund {
  readonly subMchId: string | null;
  readonly outTradeNo: string;
  readonly outRefundNo: string;
  readonly refundId: string;
  readonly state: RefundState;
  readonly fen: Fen;
  readonly doneAt: Instant | null;
}

/**
 * What WeChat Pay answered. Where `unsure`, it may have done what was asked or not: only asking for the state tells,
 * and the same must never be asked under another number. The code is WeChat's, or `NO_ANSWER`, `FORGED_ANSWER`.
 */
export type PayAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string; readonly unsure: boolean };

/** An order as it goes to WeChat Pay. */
export interface NewTrade {
  readonly subMchId: string;
  /** 6 to 32 of digits, letters and `_-|*`, once for ever. */
  readonly outTradeNo: string;
  readonly description: string;
  readonly fen: Fen;
}

export interface NewRefund {
  readonly subMchId: string;
  readonly outTradeNo: string;
  readonly outRefundNo: string;
  readonly fen: Fen;
  /** What was paid in all. */
  readonly paidFen: Fen;
  readonly reason: string;
}

/** Headers of a notice or an answer, by lower-case names. */
export type SignedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A notice whose signature holds, opened. */
export type PayNotice =
  | { readonly id: string; readonly kind: 'paid'; readonly trade: Trade }
  | { readonly id: string; readonly kind: 'refund'; readonly refund: TradeRefund }
  | { readonly id: string; readonly kind: 'other'; readonly eventType: string };

/** WeChat Pay for a service provider: every order names the sub-merchant of the operator that cooks. */
export interface PayApi {
  readonly spMchId: string;
  /** Places an order for the mini-program. Asked again with the same facts it is the same order. */
  prepay(trade: NewTrade & { readonly openid: string; readonly expiresAt: Instant }): Promise<PayAnswer<{ readonly prepayId: string }>>;
  /** What the phone needs to show the sheet of an order, signed now. */
  requestPayment(prepayId: string): RequestPayment;
  /** Charges by a payment code that was scanned; both the code and the number are of one use. */
  charge(trade: NewTrade & { readonly authCode: string; readonly storeId: string; readonly deviceId: string }): Promise<PayAnswer<Trade>>;
  queryOrder(subMchId: string, outTradeNo: string): Promise<PayAnswer<Trade>>;
  close(subMchId: string, outTradeNo: string): Promise<PayAnswer<null>>;
  /** Takes a charge back: closes it where it is unpaid, gives the money back where it is paid. Not sooner than 15 seconds after it. */
  reverse(subMchId: string, outTradeNo: string): Promise<PayAnswer<null>>;
  /** Asked again with the same number and facts it is the same refund. */
  refund(refund: NewRefund): Promise<PayAnswer<TradeRefund>>;
  queryRefund(subMchId: string, outRefundNo: string): Promise<PayAnswer<TradeRefund>>;
  /**
   * The bill of a day, as CSV text, checked by its SHA1; null where there was no trade. Ready from about 10 o'clock of the next day.
   * @param subMchId of one operator; all of them without it
   */
  tradeBill(date: CivilDate, subMchId?: string): Promise<PayAnswer<string | null>>;
  /**
   * Verifies and opens a notice by its bytes as they came.
   * @returns `notice-wrong` for whatever is not WeChat Pay's own, of these five minutes, and ours
   */
  readNotice(headers: SignedHeaders, body: Buffer): Promise<Outcome<PayNotice>>;
}

/** WeChat, where it is on. */
export interface Wechat {
  readonly mini: MiniProgramApi;
  readonly pay: PayApi;
  readonly simulated: boolean;
}
