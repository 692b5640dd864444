import { Desk } from '../../web/elder/models/desk.js';
import type { Arrival, Ask, Given, Host, Kept, PaymentSheet, Reply } from '../../web/elder/models/host.js';
import { screenOf } from '../../web/elder/models/pages/index.js';
import type { Screen } from '../../web/elder/models/screen.js';
import type { Button, Field, View } from '../../web/elder/models/view.js';

type Answerer = (ask: Ask) => unknown;
type Payment = 'paid' | 'cancelled' | 'failed' | 'left';

/** A refusal as the service words it. */
export function refusal(status: number, code: string, title: string): Reply {
  return { status, body: { type: `/errors#${code}`, title, status, code } };
}

const isReply = (value: unknown): value is Reply => typeof value === 'object' && value !== null && 'status' in value && 'body' in value;

/** A machine that is none: answers requests by a table, and writes down what the pages ask of it. */
export class StubHost implements Host {
  readonly asked: Ask[] = [];
  readonly said: string[] = [];
  readonly went: { page: string; given: Given }[] = [];
  readonly called: string[] = [];
  readonly storage = new Map<Kept, string>();
  readonly paid: PaymentSheet[] = [];
  readonly timers: { at: number; run: () => void; on: boolean }[] = [];
  buzzes = 0;
  hasVoice = true;
  loginCode: string | null = 'login-code';
  payment: Payment = 'paid';
  place: { latitude: number; longitude: number } | null = null;
  arrived: Arrival | null = null;
  scale = 1;
  private ids = 0;
  private clock: number;

  /** @param routes what is answered, by `GET /path`, the query left out; a thrown error is a lost answer */
  constructor(readonly routes: Record<string, Answerer>, now = Date.parse('2024-12-03T09:00:00+08:00')) {
    this.clock = now;
  }

  request = async (ask: Ask): Promise<Reply> => {
    this.asked.push(ask);
    const [path = ''] = ask.path.split('?');
    const route = this.routes[`${ask.method} ${path}`];
    if (route === undefined) return refusal(404, 'route-unknown', `没有这个地址 ${path}`);
    const answer = route(ask);
    return isReply(answer) ? answer : { status: 200, body: answer };
  };

  login = async (): Promise<string | null> => this.loginCode;
  arrival = (): Arrival | null => this.arrived;
  requestPayment = async (sheet: PaymentSheet): Promise<Payment> => {
    this.paid.push(sheet);
    return this.payment;
  };
  leaveForPhone = async (given: Given): Promise<void> => void this.went.push({ page: 'phone', given });
  askLeave: Host['askLeave'] = null;
  keep = (what: Kept, value: string | null): void => void (value === null ? this.storage.delete(what) : this.storage.set(what, value));
  kept = (what: Kept): string | null => this.storage.get(what) ?? null;
  speak = (words: string): boolean => {
    if (this.hasVoice) this.said.push(words);
    return this.hasVoice;
  };
  hush = (): void => undefined;
  vibrate = (): void => void (this.buzzes += 1);
  callPhone = (number: string): void => void this.called.push(number);
  fontScale = (): number => this.scale;
  location = async (): Promise<{ latitude: number; longitude: number } | null> => this.place;
  go = (page: string, given: Given): void => void this.went.push({ page, given });
  back = (): void => void this.went.push({ page: 'back', given: {} });
  home = (): void => void this.went.push({ page: 'home', given: {} });
  now = (): number => this.clock;
  newId = (): string => `00000000-0000-7000-8000-${String((this.ids += 1)).padStart(12, '0')}`;
  later = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.clock + ms, run, on: true };
    this.timers.push(timer);
    return () => (timer.on = false);
  };

  /** Lets time go by; what was put off until then is done. */
  async wait(ms: number): Promise<void> {
    this.clock += ms;
    for (const timer of this.timers.filter(({ at, on }) => on && at <= this.clock)) {
      timer.on = false;
      timer.run();
    }
    await settle();
  }

  /** The bodies that were sent to a path. */
  sentTo(path: string): Record<string, unknown>[] {
    return this.asked.filter((ask) => ask.method === 'POST' && ask.path === path).map(({ body }) => ({ ...body }));
  }
}

/** Lets everything that waits for an answer of the stub go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

function buttonsOf({ blocks, helpers }: View): readonly Button[] {
  return [...blocks.flatMap((block) => (block.is === 'button' ? [block.button] : block.is === 'card' || block.is === 'choice' ? block.buttons : [])), ...helpers];
}

/** Somebody with a page before them. */
export class Hand {
  private constructor(readonly host: StubHost, readonly desk: Desk, public screen: Screen) {}

  /** Opens the app as it is kept on this machine, on a page. */
  static async at(host: StubHost, page = 'home', given: Given = {}): Promise<Hand> {
    const desk = new Desk(host);
    const started = desk.start();
    await settle();
    for (let tries = 0; tries < 3 && desk.state === 'starting'; tries += 1) await host.wait(1_500);
    await started;
    const hand = new Hand(host, desk, screenOf(desk, page, given));
    await hand.screen.open();
    return hand;
  }

  async open(page: string, given: Given = {}): Promise<void> {
    this.screen.close();
    this.screen = screenOf(this.desk, page, given);
    await this.screen.open();
  }

  /** Follows the page to where it last went. */
  async follow(): Promise<string> {
    const last = this.host.went.at(-1);
    if (last === undefined) throw new Error('the page went nowhere');
    await this.open(last.page, last.given);
    return last.page;
  }

  async press(words: string | RegExp): Promise<void> {
    const fits = (own: string): boolean => (typeof words === 'string' ? own === words : words.test(own));
    const button = buttonsOf(this.screen.view()).find((one) => fits(one.words));
    if (button === undefined) throw new Error(`no button ${String(words)} among ${this.buttons().join(' | ')}`);
    if (button.busy === true) throw new Error(`the button ${button.words} is busy`);
    button.run();
    await settle();
  }

  fill(label: string, value: string): void {
    const field = this.screen.view().blocks.find((block): block is Field => block.is === 'field' && block.label === label);
    if (field === undefined) throw new Error(`no field ${label}`);
    field.set(value);
  }

  buttons(): string[] {
    return buttonsOf(this.screen.view()).map(({ words }) => words);
  }

  /** All the page says, a line each. */
  words(): string {
    const { title, blocks, trouble, twin } = this.screen.view();
    const lines = blocks.flatMap((block) => {
      if (block.is === 'text' || block.is === 'heading') return [block.words];
      if (block.is === 'card') return [block.title, ...(block.figure === undefined ? [] : [block.figure]), ...block.lines];
      if (block.is === 'code') return [block.says, block.digits];
      return block.is === 'choice' || block.is === 'field' ? [block.label] : [];
    });
    return [title, ...(trouble === null ? [] : [`没有办成：${trouble}`]), ...lines, twin].join('\n');
  }
}
