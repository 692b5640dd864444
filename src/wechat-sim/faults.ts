import type { SimRandom } from './sim-random.js';

/** What can be switched to fail: the calls by their names, and the two kinds of callbacks. */
export const ROUTES = [
  'code2session', 'phone', 'stableToken', 'message', 'wxacode',
  'jsapi', 'query', 'close', 'codepay', 'reverse', 'refund', 'refundQuery', 'bill', 'billFile', 'certificates',
  'notify', 'refundNotify',
] as const;

export type Route = (typeof ROUTES)[number];

export function isRoute(text: string): text is Route {
  return (ROUTES as readonly string[]).includes(text);
}

/** How a route fails; of several ways each one happens. */
export interface Fault {
  /** How many calls it touches; 1 unless it says more, `null` for all. */
  readonly times?: number | null;
  /** Of the calls that it could touch, the part that it does touch, from 0 to 1; all without it. */
  readonly chance?: number;
  /** Waits so long before the answer; a callback comes so much later, by the simulator's clock. */
  readonly delayMs?: number;
  /** Answers SYSTEM_ERROR with 500 (or errcode -1) and has done nothing. */
  readonly failsBefore?: boolean;
  /** Answers the same, and has done it. */
  readonly failsAfter?: boolean;
  /** Cuts the connection and has done nothing; of a callback: it is never sent. */
  readonly lost?: boolean;
  /** Does it and cuts the connection in place of an answer. */
  readonly dropsAnswer?: boolean;
  /** Answers this errcode of the mini-program's services, and does nothing. */
  readonly errcode?: number;
  /** Tells `errcode` 0 with a log-in that goes well, as the real service does at times. */
  readonly withErrcode0?: boolean;
  /** Tells a telephone number that is sealed for another mini-program. */
  readonly foreignWatermark?: boolean;
  /** Tells the country of a telephone number as a text, as the page's table has it; its sample has a number. */
  readonly countryAsText?: boolean;
  /** Answers this error of WeChat Pay, such as `FREQUENCY_LIMITED`, and does nothing. */
  readonly code?: string;
  readonly status?: number;
  readonly wrongSignature?: boolean;
  /** Dates the answer or callback ten minutes back, with a right signature. */
  readonly oldTimestamp?: boolean;
  /** Names a serial number that nobody knows. */
  readonly wrongSerial?: boolean;
  /** Sends a callback with a test signature, as WeChat does to find out who does not look. */
  readonly signTest?: boolean;
  /** Sends a callback twice at the same time. */
  readonly duplicate?: boolean;
  readonly truncatedCiphertext?: boolean;
  /** The payer pays, or the refund is done, and its callback is answered before the answer of the call itself. */
  readonly callbackFirst?: boolean;
  /** A payment code asks for the password, which is entered after so many queries; `null`: never. */
  readonly userPaying?: number | null;
  /** How a refund ends. */
  readonly refundEnds?: 'ABNORMAL' | 'CLOSED';
  /** Leaves the first line out of a trade bill. */
  readonly missingLine?: boolean;
  /** Adds one fen to the first amount of a trade bill. */
  readonly wrongAmount?: boolean;
  /** Sends half of a file. */
  readonly halfFile?: boolean;
}

type FaultWay = Exclude<keyof Fault, 'times' | 'chance'>;

/** The fault that a call meets; `{}` for one that goes well. */
export type Met = Omit<Fault, 'times' | 'chance'>;

/** Switches of faults by route, and how often each way was met. */
export class Faults {
  private readonly switches = new Map<Route, { fault: Fault; left: number }>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly random: SimRandom) {}

  /** Switches a fault on, in place of the one before. */
  set(route: Route, fault: Fault): void {
    this.switches.set(route, { fault, left: fault.times === undefined ? 1 : (fault.times ?? Infinity) });
  }

  /** Switches off one route, or all. */
  clear(route?: Route): void {
    if (route === undefined) this.switches.clear();
    else this.switches.delete(route);
  }

  /** What a call of the route meets now. It counts what it answers, so it is asked once a call. */
  meet(route: Route): Met {
    const found = this.switches.get(route);
    if (!found || found.left <= 0 || !this.random.happens(found.fault.chance ?? 1)) return {};
    found.left -= 1;
    const { times: _times, chance: _chance, ...met } = found.fault;
    for (const way of Object.keys(met) as FaultWay[]) this.counts.set(`${route}.${way}`, (this.counts.get(`${route}.${way}`) ?? 0) + 1);
    return met;
  }

  /** How often a way of a route was met, such as `notify` and `duplicate`. */
  seen(route: Route, way: FaultWay): number {
    return this.counts.get(`${route}.${way}`) ?? 0;
  }

  /** All counts by `route.way`. */
  tally(): Record<string, number> {
    return Object.fromEntries(this.counts);
  }
}
