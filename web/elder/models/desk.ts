import type { Given, Host } from './host.js';
import { keptElders } from './offline-code.js';
import { Service, Trouble } from './service.js';
import type { City, Kin, Me } from './shapes.js';
import { todayOf } from './words.js';

export const SCALES = [1, 1.25, 1.5] as const;
const SCALE_WORDS = ['标准字', '大字', '特大字'] as const;

/** Somebody to call: every page can, and every refusal says whom. */
export interface Helper {
  readonly who: string;
  readonly number: string;
}

/** The government's line answers in every city, about canteens too. */
const HOTLINE: Helper = { who: '政务服务热线', number: '12345' };

const TRIES = 3;
const AGAIN_MS = 1_500;

/** A pass for a till without a network, in memory alone: a telephone that was put away for a moment needs no second one. */
export interface HeldPass {
  readonly elderId: string;
  readonly siteName: string;
  readonly text: string;
  readonly expiresAt: string;
}

/** `away`: somebody is logged in here, and there is no network; the code is shown without one. */
type State = 'starting' | 'out' | 'away' | 'in';

/** What the pages share: who is here, for whom they act, how large the type is. */
export class Desk {
  readonly service: Service;
  state: State = 'starting';
  me: Me | null = null;
  /** Why nobody got in, when the app was opened. */
  trouble: string | null = null;
  private chosen: string | null = null;
  private place: Helper | null = null;
  private pass: HeldPass | null = null;
  private size: number;
  private readonly hearers = new Set<() => void>();

  constructor(readonly host: Host) {
    this.service = new Service(host);
    this.service.onEnd(() => this.turn('out'));
    const kept = Number(host.kept('scale') ?? host.fontScale());
    this.size = SCALES.reduce((best, scale, index) => (Math.abs(scale - kept) < Math.abs((SCALES[best] ?? 1) - kept) ? index : best), 0);
  }

  hear = (hearer: () => void): (() => void) => {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  };

  changed(): void {
    for (const hearer of this.hearers) hearer();
  }

  /** Picks up what brought the app here: a log-in that comes back, a payment that comes back, or nothing. */
  async start(): Promise<void> {
    this.trouble = null;
    const arrival = this.host.arrival();
    try {
      if (arrival?.from === 'log-in') await this.enter(arrival.code);
      else if (this.service.remembers) await this.lookAgain();
      else this.turn('out');
      if (arrival?.from === 'payment' && this.state === 'in') this.host.go('booked', arrival.given);
      if (arrival?.from === 'phone' && this.state === 'in') await this.comeBack(arrival.code, arrival.given);
    } catch (error) {
      this.trouble = sentenceOf(error);
      this.turn(this.canGoWithout(error) ? 'away' : 'out');
    }
  }

  /** Whether it is only the network that fails somebody who is logged in and has a code for that. */
  private canGoWithout(error: unknown): boolean {
    return error instanceof Trouble && !error.isRefusal && this.service.remembers && keptElders(this.host).length > 0;
  }

  /** Logs in with WeChat. On the web the page leaves for it and comes back. @throws Trouble */
  async logIn(): Promise<void> {
    const code = await this.host.login();
    if (code !== null) await this.enter(code);
  }

  private async enter(code: string): Promise<void> {
    const city = await this.city();
    this.me = await this.service.logIn(city.cityCode, code);
    this.turn('in');
  }

  /** Reads anew who this account is and for whom it may act. @throws Trouble */
  async look(): Promise<void> {
    this.me = await this.service.ask<Me>('GET', '/v1/mini/me');
    this.turn('in');
  }

  /** A service that is away or busy for a moment is no reason to show anybody a log-in. */
  private async lookAgain(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.look();
      } catch (error) {
        if (tries === TRIES || !(error instanceof Trouble) || error.isRefusal || (error.isAway && this.canGoWithout(error))) throw error;
        await new Promise<void>((done) => void this.host.later(AGAIN_MS, done));
      }
    }
  }

  /** Keeps the number that WeChat tells for a code of its button, or one that was typed. @throws Trouble */
  async keepPhone(given: { readonly code: string } | { readonly phone: string }): Promise<void> {
    this.trouble = null;
    this.me = await this.service.ask<Me>('POST', '/v1/mini/phone', given);
    this.changed();
  }

  /** Back on the page that asked for the telephone number, which says why where there is none. */
  private async comeBack(code: string, { page = '', ...given }: Given): Promise<void> {
    await this.keepPhone({ code }).catch((error: unknown) => (this.trouble = sentenceOf(error)));
    this.host.go(page, given);
  }

  async logOut(): Promise<void> {
    await this.service.logOut();
    this.turn('out');
    this.host.home();
  }

  private async city(): Promise<City> {
    const { items } = await this.service.anybody<{ readonly items: readonly City[] }>('/v1/public/cities');
    const [city] = items;
    if (city === undefined) throw new Trouble(0, 'no-city', '这里还没有开通助餐的城市，请打 12345 问一问。');
    return city;
  }

  private turn(state: State): void {
    this.state = state;
    if (state !== 'in') [this.me, this.chosen, this.pass] = [null, null, null];
    this.changed();
  }

  get kin(): readonly Kin[] {
    return this.me === null ? (this.state === 'away' ? keptElders(this.host) : []) : apart(this.me.kin);
  }

  /** For whom this is done: oneself first. */
  get elder(): Kin | null {
    return this.kin.find(({ elderId }) => elderId === this.chosen) ?? this.kin.find(({ self }) => self) ?? this.kin[0] ?? null;
  }

  choose(elderId: string): void {
    // Another elder eats elsewhere: whom to call is looked for anew.
    if (elderId !== this.elder?.elderId) this.place = null;
    this.chosen = elderId;
    this.changed();
  }

  hold(pass: HeldPass): void {
    this.pass = pass;
  }

  /** The pass that was taken last, while it is this elder's and has not ended. */
  passOf(elderId: string): HeldPass | null {
    return this.pass?.elderId === elderId && Date.parse(this.pass.expiresAt) > this.host.now() ? this.pass : null;
  }

  /** Whether this account may do that for the elder; oneself may all. */
  may(right: Kin['rights'][number]): boolean {
    const { elder } = this;
    return elder !== null && (elder.self || elder.rights.includes(right));
  }

  get scale(): number {
    return SCALES[this.size] ?? 1;
  }

  get scaleWords(): string {
    return SCALE_WORDS[this.size] ?? '';
  }

  /** The next larger type; after the largest the usual one. */
  turnScale(): void {
    this.size = (this.size + 1) % SCALES.length;
    this.host.keep('scale', String(this.scale));
    this.changed();
  }

  get today(): string {
    return todayOf(this.host.now());
  }

  /** Remembers the canteen that was looked at last, as somebody to call. */
  near(who: string, number: string | null | undefined): void {
    if (number != null && number !== '') this.place = { who, number };
  }

  get hasPlace(): boolean {
    return this.place !== null;
  }

  get helpers(): readonly Helper[] {
    return this.place === null ? [HOTLINE] : [this.place, HOTLINE];
  }

  go(page: string, given: Given = {}): void {
    this.host.go(page, given);
  }
}

/** Elders of one surname get the holder's own word for each beside it. */
function apart(kin: readonly Kin[]): readonly Kin[] {
  return kin.map((one) => (one.called != null && kin.some(({ elderId, name }) => elderId !== one.elderId && name === one.name) ? { ...one, name: `${one.name}（${one.called}）` } : one));
}

/** What went wrong, in a sentence. */
export function sentenceOf(error: unknown): string {
  return error instanceof Trouble ? error.sentence : '这件事没有办成。请过一会儿再试，或者打电话。';
}
