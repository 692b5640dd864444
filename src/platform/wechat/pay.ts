import { createHash, createPrivateKey } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { chinaTime, done, refuse, type CivilDate, type Clock, type Instant, type Outcome } from '../../kernel/index.js';
import type { WechatSettings } from '../config/index.js';
import type { Log } from '../telemetry/index.js';
import { ask, jsonObject, type HttpAnswer } from './http-call.js';
import { PayKeys } from './pay-keys.js';
import { authorization, holds, nonce, openSealed, paySign, serialOf, type Signer } from './pay-signing.js';
import { readRefund, readTrade, type Words } from './pay-words.js';
import type { NewRefund, NewTrade, PayAnswer, PayApi, PayNotice, RequestPayment, SignedHeaders, Trade, TradeRefund } from './types.js';

const PARTNER = '/v3/pay/partner/transactions';
const AGENT = 'xingfu-canteen (node)';
const NO_ANSWER = { ok: false, code: 'NO_ANSWER', unsure: true } as const;
const FORGED_ANSWER = { ok: false, code: 'FORGED_ANSWER', unsure: true } as const;

/** WeChat Pay's API v3 over HTTP, for a service provider. */
export class Pay implements PayApi {
  readonly spMchId: string;
  private readonly signer: Signer;
  private readonly keys: PayKeys;

  constructor(private readonly settings: WechatSettings, private readonly clock: Clock, private readonly log: Log) {
    this.spMchId = settings.spMchId;
    this.signer = { mchId: settings.spMchId, serial: settings.merchantSerial, key: createPrivateKey(settings.merchantKey) };
    this.keys = new PayKeys(settings, clock, async () => {
      const answer = await this.ask('GET', '/v3/certificates');
      return answer?.status === 200 ? jsonObject(answer.body) : null;
    });
  }

  async prepay(trade: NewTrade & { readonly openid: string; readonly expiresAt: Instant }): Promise<PayAnswer<{ readonly prepayId: string }>> {
    const answer = await this.call('POST', `${PARTNER}/jsapi`, {
      ...this.order(trade), time_expire: chinaTime(trade.expiresAt), notify_url: `${this.settings.notifyUrl}/v1/wechat/notify/payment`, payer: { sp_openid: trade.openid },
    });
    return mapped(answer, ({ prepay_id: prepayId }) => (typeof prepayId === 'string' ? { prepayId } : null));
  }

  requestPayment(prepayId: string): RequestPayment {
    const [timeStamp, nonceStr, packageText] = [String(Math.floor(this.clock.now() / 1000)), nonce(), `prepay_id=${prepayId}`];
    const { appId } = this.settings;
    return { appId, timeStamp, nonceStr, package: packageText, signType: 'RSA', paySign: paySign(this.signer.key, appId, timeStamp, nonceStr, packageText) };
  }

  async charge(trade: NewTrade & { readonly authCode: string; readonly storeId: string; readonly deviceId: string }): Promise<PayAnswer<Trade>> {
    return mapped(await this.call('POST', `${PARTNER}/codepay`, {
      ...this.order(trade), payer: { auth_code: trade.authCode }, scene_info: { device_id: trade.deviceId, store_info: { out_id: trade.storeId } },
    }), readTrade);
  }

  async queryOrder(subMchId: string, outTradeNo: string): Promise<PayAnswer<Trade>> {
    return mapped(await this.call('GET', `${this.path(outTradeNo)}?sp_mchid=${this.spMchId}&sub_mchid=${subMchId}`), readTrade);
  }

  async close(subMchId: string, outTradeNo: string): Promise<PayAnswer<null>> {
    return emptied(await this.call('POST', `${this.path(outTradeNo)}/close`, { sp_mchid: this.spMchId, sub_mchid: subMchId }));
  }

  async reverse(subMchId: string, outTradeNo: string): Promise<PayAnswer<null>> {
    return emptied(await this.call('POST', `${this.path(outTradeNo)}/reverse`, { sp_appid: this.settings.appId, sp_mchid: this.spMchId, sub_mchid: subMchId }));
  }

  async refund({ subMchId, outTradeNo, outRefundNo, fen, paidFen, reason }: NewRefund): Promise<PayAnswer<TradeRefund>> {
    return mapped(await this.call('POST', '/v3/refund/domestic/refunds', {
      sub_mchid: subMchId, out_trade_no: outTradeNo, out_refund_no: outRefundNo, reason, notify_url: `${this.settings.notifyUrl}/v1/wechat/notify/refund`,
      amount: { refund: fen, total: paidFen, currency: 'CNY' },
    }), readRefund);
  }

  async queryRefund(subMchId: string, outRefundNo: string): Promise<PayAnswer<TradeRefund>> {
    return mapped(await this.call('GET', `/v3/refund/domestic/refunds/${encodeURIComponent(outRefundNo)}?sub_mchid=${subMchId}`), readRefund);
  }

  async tradeBill(date: CivilDate, subMchId?: string): Promise<PayAnswer<string | null>> {
    const query = new URLSearchParams({ bill_date: date, ...(subMchId === undefined ? {} : { sub_mchid: subMchId }), bill_type: 'ALL', tar_type: 'GZIP' });
    const answer = await this.call('GET', `/v3/bill/tradebill?${query.toString()}`);
    if (!answer.ok) return answer.code === 'NO_STATEMENT_EXIST' ? { ok: true, value: null } : answer;
    const { hash_type: kind, hash_value: hash, download_url: url } = answer.value;
    if (kind !== 'SHA1' || typeof hash !== 'string' || typeof url !== 'string' || !URL.canParse(url)) return FORGED_ANSWER;
    // The answer is not signed, so the bytes are checked by their hash; the address may be of another host than we would ask.
    const { pathname, search } = new URL(url);
    const file = await this.ask('GET', `${pathname}${search}`);
    if (file?.status !== 200) return NO_ANSWER;
    const text = unzipped(file.body);
    const matches = [file.body, text].some((bytes) => bytes !== null && createHash('sha1').update(bytes).digest('hex') === hash.toLowerCase());
    return text === null || !matches ? FORGED_ANSWER : { ok: true, value: text.toString('utf8') };
  }

  async readNotice(headers: SignedHeaders, body: Buffer): Promise<Outcome<PayNotice>> {
    const words = (await this.isGenuine(headers, body)) ? jsonObject(body) : null;
    const { ciphertext, nonce: sealNonce, associated_data: associatedData, algorithm } = (words?.['resource'] as Words | undefined) ?? {};
    const { id, event_type: eventType } = words ?? {};
    if (typeof id !== 'string' || id.length > 64 || typeof eventType !== 'string' || algorithm !== 'AEAD_AES_256_GCM' || typeof ciphertext !== 'string' || typeof sealNonce !== 'string') return refuse('notice-wrong');
    const opened = openSealed(this.settings.apiV3Key, { ciphertext, nonce: sealNonce, associatedData: typeof associatedData === 'string' ? associatedData : '' });
    const inside = opened === null ? null : jsonObject(opened);
    if (inside === null) return refuse('notice-wrong');
    if (eventType.startsWith('TRANSACTION.')) {
      const trade = readTrade(inside);
      return trade === null || !this.isOurs(trade) ? refuse('notice-wrong') : done({ id, kind: 'paid', trade });
    }
    if (eventType.startsWith('REFUND.')) {
      const refund = readRefund(inside);
      return refund === null || inside['sp_mchid'] !== this.spMchId ? refuse('notice-wrong') : done({ id, kind: 'refund', refund });
    }
    return done({ id, kind: 'other', eventType });
  }

  private isOurs({ spMchId, appId }: Trade): boolean {
    return spMchId === this.spMchId && appId === this.settings.appId;
  }

  private order({ subMchId, outTradeNo, description, fen }: NewTrade): Words {
    return { sp_appid: this.settings.appId, sp_mchid: this.spMchId, sub_mchid: subMchId, description, out_trade_no: outTradeNo, amount: { total: fen, currency: 'CNY' } };
  }

  private path(outTradeNo: string): string {
    return `${PARTNER}/out-trade-no/${encodeURIComponent(outTradeNo)}`;
  }

  private ask(method: 'GET' | 'POST', path: string, body = ''): Promise<HttpAnswer | null> {
    const { publicKeyId, payUrl } = this.settings;
    return ask(`${payUrl}${path}`, {
      method,
      headers: {
        accept: 'application/json', 'content-type': 'application/json', 'user-agent': AGENT,
        // Of a merchant who has both, WeChat Pay then signs with the public key.
        'wechatpay-serial': publicKeyId,
        authorization: authorization(this.signer, method, path, body, this.clock.now()),
      },
      ...(method === 'GET' ? {} : { body }),
    });
  }

  private async call(method: 'GET' | 'POST', path: string, body?: object): Promise<PayAnswer<Words>> {
    const answer = await this.ask(method, path, body === undefined ? '' : JSON.stringify(body));
    if (answer === null) return NO_ANSWER;
    const words = jsonObject(answer.body) ?? {};
    const isGenuine = await this.isGenuine(Object.fromEntries(answer.headers), answer.body);
    // Also a refusal is WeChat's only with its signature: it closes orders. What stands in between answers for itself.
    const code = isGenuine && typeof words['code'] === 'string' ? words['code'] : `HTTP_${answer.status}`;
    if (answer.status === 401) this.log.error({ code: words['code'] }, 'WeChat Pay does not accept our signature: look at key, serial and clock');
    if (answer.status >= 500) return { ok: false, code, unsure: true };
    if (!isGenuine) {
      this.log.error({ status: answer.status }, 'an answer of WeChat Pay is not signed by it');
      return FORGED_ANSWER;
    }
    if (answer.status >= 400) return { ok: false, code, unsure: code === 'SYSTEM_ERROR' };
    return { ok: true, value: words };
  }

  private async isGenuine(headers: SignedHeaders, body: Buffer): Promise<boolean> {
    const serial = serialOf(headers);
    const key = serial === null ? null : await this.keys.keyOf(serial);
    return key !== null && holds(headers, body, key, this.clock.now());
  }
}

/** An answer in our words; one that lacks what has to be there tells nothing. */
function mapped<T>(answer: PayAnswer<Words>, read: (words: Words) => T | null): PayAnswer<T> {
  if (!answer.ok) return answer;
  const value = read(answer.value);
  return value === null ? { ok: false, code: 'ODD_ANSWER', unsure: true } : { ok: true, value };
}

function emptied(answer: PayAnswer<Words>): PayAnswer<null> {
  return answer.ok ? { ok: true, value: null } : answer;
}

function unzipped(bytes: Buffer): Buffer | null {
  try {
    return gunzipSync(bytes);
  } catch {
    return null;
  }
}
