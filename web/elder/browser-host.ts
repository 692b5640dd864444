import { newId } from '../lib/id.js';
import { troubleOf } from './models/service.js';
import type { Arrival, Ask, Given, Host, Kept, PaymentSheet, Reply } from './models/host.js';

const PLACE = 'xingfu-elder';
/** What the log-in was asked with: only an answer to this very window's question counts. */
const STATE = 'xingfu-elder-state';
/** What the page that is left for, such as the cashier, is to bring back. */
const RETURN = 'xingfu-elder-return';

/** What stands in the hash of an address: `menu?site=…`. */
export function placeOf(hash: string): { readonly page: string; readonly given: Given } {
  const [page = '', query = ''] = hash.replace(/^#/, '').split('?');
  return { page, given: Object.fromEntries(new URLSearchParams(query)) };
}

/** The browser as host of the pages: WeChat is the simulated one, reached by leaving the page and coming back. */
export class BrowserHost implements Host {
  private readonly arrived: Arrival | null;

  constructor() {
    this.arrived = takeArrival();
  }

  async request({ method, path, body, bearer }: Ask): Promise<Reply> {
    const response = await fetch(path, {
      method, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { accept: 'application/json', ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  async login(): Promise<string | null> {
    const state = newId(Date.now());
    sessionStorage.setItem(STATE, state);
    sessionStorage.setItem(RETURN, JSON.stringify(givenHere()));
    await leave(`/v1/mini/wechat/authorize?state=${state}`);
    return null;
  }

  arrival(): Arrival | null {
    return this.arrived;
  }

  async requestPayment(sheet: PaymentSheet, given: Given): Promise<'left'> {
    sessionStorage.setItem(RETURN, JSON.stringify(given));
    const prepay = sheet.package.replace(/^prepay_id=/, '');
    await leave(`/v1/mini/wechat/cashier?prepayId=${encodeURIComponent(prepay)}`);
    return 'left';
  }

  async leaveForPhone(given: Given): Promise<void> {
    const state = newId(Date.now());
    sessionStorage.setItem(STATE, state);
    sessionStorage.setItem(RETURN, JSON.stringify(given));
    await leave(`/v1/mini/wechat/authorize?what=phone&state=${state}`);
  }

  /** Messages are WeChat's own. */
  readonly askLeave = null;

  keep(what: Kept, value: string | null): void {
    if (value === null) localStorage.removeItem(`${PLACE}-${what}`);
    else localStorage.setItem(`${PLACE}-${what}`, value);
  }

  kept(what: Kept): string | null {
    return localStorage.getItem(`${PLACE}-${what}`);
  }

  speak(words: string): boolean {
    if (typeof speechSynthesis === 'undefined') return false;
    this.hush();
    const saying = new SpeechSynthesisUtterance(words);
    saying.lang = 'zh-CN';
    saying.rate = 0.9;
    // Voices of the machine alone: what an elder reads is sent to nobody.
    const own = speechSynthesis.getVoices().find(({ lang, localService }) => localService && lang.replace('_', '-').startsWith('zh'));
    if (own === undefined) return false;
    saying.voice = own;
    speechSynthesis.speak(saying);
    return true;
  }

  hush(): void {
    if (typeof speechSynthesis !== 'undefined') speechSynthesis.cancel();
  }

  vibrate(): void {
    if ('vibrate' in navigator) navigator.vibrate(200);
  }

  callPhone(number: string): void {
    window.location.assign(`tel:${number}`);
  }

  fontScale(): number {
    return 1;
  }

  location(): Promise<{ readonly latitude: number; readonly longitude: number } | null> {
    return new Promise((found) => {
      if (!('geolocation' in navigator)) found(null);
      else navigator.geolocation.getCurrentPosition(({ coords: { latitude, longitude } }) => found({ latitude, longitude }), () => found(null), { timeout: 10_000, maximumAge: 60_000 });
    });
  }

  go(page: string, given: Given): void {
    const depth = depthHere() + 1;
    window.location.hash = hashOf({ ...given, page });
    window.history.replaceState({ depth }, '');
  }

  back(): void {
    // Behind the first of our pages lie others', such as the cashier: from there the way back is the home page.
    if (depthHere() > 0) window.history.back();
    else this.home();
  }

  home(): void {
    window.location.hash = '';
  }

  now(): number {
    return Date.now();
  }

  newId(): string {
    return newId(Date.now());
  }

  later(ms: number, run: () => void): () => void {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  }
}

/** How many of our own pages lie behind this one. */
function depthHere(): number {
  return (window.history.state as { readonly depth?: number } | null)?.depth ?? 0;
}

/** Leaves for a page of the simulated WeChat, if there is one. @throws Trouble where WeChat is the real one */
async function leave(address: string): Promise<void> {
  const response = await fetch(address, { redirect: 'manual' });
  if (response.type !== 'opaqueredirect') throw troubleOf({ status: response.status, body: await response.json().catch(() => null) });
  window.location.assign(address);
}

/** The page that stands in the address, as a message or a bookmark names it. */
function givenHere(): Given {
  const { page, given } = placeOf(window.location.hash);
  return page === '' ? given : { ...given, page };
}

/** The hash of a page. */
function hashOf({ page = '', ...given }: Given): string {
  const query = new URLSearchParams(given).toString();
  return `${page === '' ? '' : `#${page}`}${page === '' || query === '' ? '' : `?${query}`}`;
}

/** Takes what the address brought along, and takes it out of the address at once. A page that it names, as messages do, is opened. */
function takeArrival(): Arrival | null {
  const query = new URLSearchParams(window.location.search);
  const [code, phone, state, paid] = [query.get('code'), query.get('phone_code'), query.get('state'), query.get('paid')];
  const [asked, kept] = [sessionStorage.getItem(STATE), sessionStorage.getItem(RETURN)];
  const isOurs = asked !== null && state === asked;
  const back = kept === null ? null : JSON.parse(kept) as Given;
  const named = query.get('page') === null ? givenHere() : Object.fromEntries(query);
  if (window.location.search !== '') window.history.replaceState(null, '', `/elder${hashOf(code !== null && isOurs ? (back ?? {}) : named)}`);
  sessionStorage.removeItem(STATE);
  if (code !== null) {
    sessionStorage.removeItem(RETURN);
    return isOurs ? { from: 'log-in', code } : null;
  }
  if ((paid === null && phone === null) || back === null) return null;
  sessionStorage.removeItem(RETURN);
  if (phone !== null) return isOurs ? { from: 'phone', code: phone, given: back } : null;
  return { from: 'payment', given: back };
}
