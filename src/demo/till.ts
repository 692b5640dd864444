import { entryHash, JOURNAL_START } from '../tap/index.js';
import type { Clock } from '../kernel/index.js';
import { TerminalCaller, UnexpectedAnswer } from './callers.js';
import type { Transport } from './transport.js';

/** What the service answers to a tap. */
export interface TapAnswer {
  readonly outcome: 'accepted' | 'refused';
  readonly tapId: string;
  readonly code: string | null;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly subsidyFen: number;
}

/** What somebody asks for at a till. */
export interface Order {
  readonly id: string;
  readonly card: string | undefined;
  readonly period: 'lunch' | 'dinner';
  /** `2024-12-03T11:42:00+08:00` */
  readonly time: string;
  readonly priceListVersion: number;
}

/** What the story does at a till, wherever that till runs. */
export interface TillLine {
  /** Opens the day's session. */
  open(): Promise<void>;
  /** Cuts or restores the till's network: while it is cut, sales stay in the till. */
  cut(offline: boolean): Promise<void>;
  /** Sells a meal. @returns the answer, or undefined when the till keeps the sale for later */
  sell(order: Order): Promise<TapAnswer | undefined>;
  /** Sends what was held back. */
  upload(): Promise<TapAnswer[]>;
  /** Takes a sale of today back. */
  takeBack(tapId: string, id: string): Promise<void>;
}

/** Enrols a till with the one-time code that a supervisor was shown. */
export type EnrolTill = (code: string, label: string) => Promise<TillLine>;

/** Tills that run in this thread. */
export function tillsHere(send: Transport, clock: Clock): EnrolTill {
  return async (code, label) => new Till(await TerminalCaller.enrol(send, clock, code, label));
}

/** A till of the story: it numbers and chains its sales, and holds them back while its network is down. */
export class Till implements TillLine {
  private offline = false;
  private journal = 0;
  private previous = JOURNAL_START;
  private held: object[] = [];

  constructor(private readonly caller: TerminalCaller) {}

  open(): Promise<void> {
    return this.caller.open();
  }

  async cut(offline: boolean): Promise<void> {
    this.offline = offline;
  }

  async sell(order: Order): Promise<TapAnswer | undefined> {
    const body = this.enter(order);
    if (this.offline) {
      this.held.push(body);
      return undefined;
    }
    const { status, text } = await this.caller.post('/v1/taps', body);
    if (status !== 200) throw new UnexpectedAnswer(`tap: ${status} ${text.slice(0, 600)}`);
    return JSON.parse(text) as TapAnswer;
  }

  async upload(): Promise<TapAnswer[]> {
    const taps = this.held;
    this.held = [];
    if (taps.length === 0) return [];
    const { status, text } = await this.caller.post('/v1/taps/upload', { taps });
    if (status !== 200) throw new UnexpectedAnswer(`upload: ${status} ${text.slice(0, 600)}`);
    const { results } = JSON.parse(text) as { results: { status: number; answer: TapAnswer | null }[] };
    return results.map(({ status: one, answer }) => {
      if (answer === null) throw new UnexpectedAnswer(`uploaded tap: ${one}`);
      return answer;
    });
  }

  async takeBack(tapId: string, id: string): Promise<void> {
    const { status, text } = await this.caller.post(`/v1/taps/${tapId}/void`, { id, reason: '按错键' });
    if (status !== 200) throw new UnexpectedAnswer(`void: ${status} ${text.slice(0, 600)}`);
  }

  private enter(order: Order): object {
    this.journal += 1;
    const deed = {
      id: order.id,
      credential: order.card === undefined ? { kind: 'guest' } : { kind: 'card', number: order.card },
      items: [{ itemCode: `set-${order.period}`, quantity: 1 }],
      priceListVersion: order.priceListVersion,
      mealPeriod: order.period,
      deviceTime: order.time,
      journalNumber: this.journal,
      tender: 'cash',
    };
    const body = { ...deed, prevHash: this.previous };
    this.previous = entryHash(this.previous, deed);
    return body;
  }
}
