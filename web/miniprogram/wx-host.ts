import { uuidV7 } from '../../src/kernel/id.js';
import type { Arrival, Ask, Given, Host, Kept, PaymentSheet, Reply } from '../elder/models/host.js';
import { SERVICE_URL } from './service.js';

const PAGE = '/web/miniprogram/pages/screen/screen';
/** WeChat keeps ten pages on top of each other. */
const MOST_PAGES = 9;
/** The size of WeChat's own text where nobody changed it. */
const USUAL_TEXT = 17;
const ID_BYTES = 10;
const POOL = 640;

/** The address of a page model inside WeChat. */
export function addressOf(page: string, given: Given): string {
  const query = Object.entries({ ...given, page }).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${PAGE}?${query}`;
}

/** WeChat as host of the pages. What it does is done by `wx` alone, so that a stub of that can stand in for it. */
export class WxHost implements Host {
  private random: number[] = [];

  constructor() {
    this.draw();
  }

  /** Random bytes come late in WeChat, so there are always some in store. */
  private draw(): void {
    wx.getRandomValues({ length: POOL, success: ({ randomValues }) => this.random.push(...new Uint8Array(randomValues)) });
  }

  request({ method, path, body, bearer }: Ask): Promise<Reply> {
    return new Promise((answered, failed) => {
      wx.request({
        url: `${SERVICE_URL}${path}`, method, ...(body === undefined ? {} : { data: body }), timeout: 15_000,
        header: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) },
        success: ({ statusCode, data }) => answered({ status: statusCode, body: data }),
        fail: () => failed(new Error('no answer')),
      });
    });
  }

  login(): Promise<string | null> {
    return new Promise((answered, failed) => wx.login({ success: ({ code }) => answered(code), fail: () => failed(new Error('no log-in')) }));
  }

  arrival(): Arrival | null {
    return null;
  }

  requestPayment({ timeStamp, nonceStr, package: prepay, paySign }: PaymentSheet): Promise<'paid' | 'cancelled' | 'failed'> {
    return new Promise((answered) => wx.requestPayment({
      timeStamp, nonceStr, package: prepay, signType: 'RSA', paySign,
      success: () => answered('paid'),
      fail: ({ errMsg }) => answered(errMsg.includes('cancel') ? 'cancelled' : 'failed'),
    }));
  }

  /** Only a button of WeChat's own asks for the number: the page draws it, and nothing is left. */
  leaveForPhone(): Promise<void> {
    return Promise.resolve();
  }

  readonly askLeave = (templateIds: readonly string[]): Promise<readonly string[]> => new Promise((answered) => wx.requestSubscribeMessage({
    tmplIds: [...templateIds],
    success: (said) => answered(templateIds.filter((id) => (said as Readonly<Record<string, unknown>>)[id] === 'accept')),
    // Whoever has messages switched off altogether has answered too.
    fail: () => answered([]),
  }));

  keep(what: Kept, value: string | null): void {
    if (value === null) wx.removeStorageSync(what);
    else wx.setStorageSync(what, value);
  }

  kept(what: Kept): string | null {
    const value: unknown = wx.getStorageSync(what);
    return typeof value === 'string' && value !== '' ? value : null;
  }

  /** WeChat has no voice of its own, and what an elder reads goes to nobody else's. The telephone's screen reader reads it. */
  speak(): boolean {
    return false;
  }

  hush(): void {}

  vibrate(): void {
    wx.vibrateShort({ type: 'medium', fail: () => undefined });
  }

  callPhone(number: string): void {
    wx.makePhoneCall({ phoneNumber: number, fail: () => undefined });
  }

  fontScale(): number {
    return (wx.getAppBaseInfo().fontSizeSetting ?? USUAL_TEXT) / USUAL_TEXT;
  }

  location(): Promise<{ readonly latitude: number; readonly longitude: number } | null> {
    return new Promise((found) => wx.getFuzzyLocation({ type: 'wgs84', success: ({ latitude, longitude }) => found({ latitude, longitude }), fail: () => found(null) }));
  }

  go(page: string, given: Given): void {
    const url = addressOf(page, given);
    if (getCurrentPages().length >= MOST_PAGES) wx.redirectTo({ url });
    else wx.navigateTo({ url });
  }

  back(): void {
    if (getCurrentPages().length > 1) wx.navigateBack({});
    else this.home();
  }

  home(): void {
    wx.reLaunch({ url: addressOf('', {}) });
  }

  now(): number {
    return Date.now();
  }

  newId(): string {
    if (this.random.length < 2 * ID_BYTES) this.draw();
    const bytes = this.random.splice(0, ID_BYTES);
    // An id names a deed and keeps no secret: where the store is empty anything that differs will do.
    while (bytes.length < ID_BYTES) bytes.push(Math.floor(Math.random() * 256));
    return uuidV7(Date.now(), Uint8Array.from(bytes));
  }

  later(ms: number, run: () => void): () => void {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  }
}
