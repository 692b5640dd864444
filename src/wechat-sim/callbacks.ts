import { chinaTime, type Instant } from '../kernel/index.js';
import type { Met } from './faults.js';
import type { SimSigning } from './sim-signing.js';
import type { SimWorld } from './sim-world.js';

type CallbackRoute = 'notify' | 'refundNotify';

interface Callback {
  readonly route: CallbackRoute;
  readonly id: string;
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly resource: string;
  readonly originalType: 'transaction' | 'refund';
  /** How often it was sent. */
  tries: number;
  dueAt: Instant;
  /** Met before the first time, such as a delay. */
  met: Met | null;
}

/** Sends a callback; as `fetch`. */
export type NotifyFetch = (url: string, init: { method: 'POST'; headers: Record<string, string>; body: Buffer; signal: AbortSignal }) => Promise<{ readonly status: number }>;

/** Seconds between the tries of a payment's callback, 24 h 4 min in all. */
const RETRIES_S = [15, 15, 30, 180, 600, 1_200, 1_800, 1_800, 1_800, 3_600, 10_800, 10_800, 10_800, 21_600, 21_600];
const ANSWER_MS = 5_000;
const MOST_WAITING = 20_000;

/** Callbacks on their way: each is sent until it is answered 200 or 204, or the last of its tries is over. */
export class Callbacks {
  private waiting: Callback[] = [];
  private running: Promise<number> = Promise.resolve(0);
  /** What became of what was sent: status, or 0 where no answer came in time. */
  readonly sent: { readonly id: string; readonly route: CallbackRoute; readonly url: string; readonly status: number; readonly at: Instant }[] = [];
  /** Callbacks that were never answered well. */
  givenUp = 0;

  constructor(private readonly world: SimWorld, private readonly signing: SimSigning, private readonly send: NotifyFetch) {}

  /** Puts a callback on its way; it goes out at the next `deliver`. */
  add(route: CallbackRoute, url: string, eventType: string, originalType: 'transaction' | 'refund', resource: Readonly<Record<string, unknown>>): void {
    const now = this.world.clock.now();
    const id = this.world.random.letters(36);
    const summary = originalType === 'transaction' ? '支付成功' : '退款结果';
    const met = this.world.faults.meet(route);
    const callback: Callback = {
      route, id, url, originalType, resource: JSON.stringify({ ...resource }), tries: 0, dueAt: now + (met.delayMs ?? 0), met,
      body: { id, create_time: chinaTime(now), resource_type: 'encrypt-resource', event_type: eventType, summary },
    };
    this.waiting = [...this.waiting, callback].slice(-MOST_WAITING);
  }

  /** Those that wait, to be kept over a restart. */
  get unanswered(): readonly unknown[] {
    return this.waiting;
  }

  /** Takes in those that an earlier start kept. */
  restore(kept: readonly unknown[]): void {
    this.waiting = [...(kept as Callback[]), ...this.waiting];
  }

  /** How many still wait for a good answer. */
  get open(): number {
    return this.waiting.length;
  }

  /** When the next one is due; null where none waits. */
  get nextAt(): Instant | null {
    return this.waiting.length === 0 ? null : Math.min(...this.waiting.map(({ dueAt }) => dueAt));
  }

  /** Sends what is due by the simulator's clock, one after the other. @returns how many were sent */
  deliver(): Promise<number> {
    this.running = this.running.then(() => this.sendDue());
    return this.running;
  }

  private async sendDue(): Promise<number> {
    const due = this.waiting.filter(({ dueAt }) => dueAt <= this.world.clock.now()).sort((a, b) => a.dueAt - b.dueAt);
    for (const callback of due) await this.attempt(callback);
    return due.length;
  }

  private async attempt(callback: Callback): Promise<void> {
    const met = callback.met ?? this.world.faults.meet(callback.route);
    callback.met = null;
    const post = (): Promise<number> => (met.lost === true ? Promise.resolve(0) : this.post(callback, met));
    const statuses = await Promise.all(met.duplicate === true ? [post(), post()] : [post()]);
    if (statuses.some((status) => status === 200 || status === 204)) {
      this.waiting = this.waiting.filter((one) => one !== callback);
      return;
    }
    const wait = RETRIES_S[callback.tries];
    callback.tries += 1;
    if (wait === undefined) {
      this.givenUp += 1;
      this.waiting = this.waiting.filter((one) => one !== callback);
    } else callback.dueAt = this.world.clock.now() + wait * 1_000;
  }

  private async post({ id, route, url, body, resource, originalType }: Callback, met: Met): Promise<number> {
    const sealed = this.signing.seal(resource, originalType);
    const ciphertext = met.truncatedCiphertext === true ? sealed.ciphertext.slice(0, sealed.ciphertext.length >> 1) : sealed.ciphertext;
    const bytes = Buffer.from(JSON.stringify({ ...body, resource: { original_type: originalType, ...sealed, ciphertext } }));
    const headers = { 'content-type': 'application/json', accept: '*/*', 'user-agent': 'Mozilla/4.0', ...this.signing.headers(bytes, this.world.clock.now(), met) };
    const status = await this.send(url, { method: 'POST', headers, body: bytes, signal: AbortSignal.timeout(ANSWER_MS) }).then((answer) => answer.status, () => 0);
    this.sent.push({ id, route, url, status, at: this.world.clock.now() });
    if (this.sent.length > 1_000) this.sent.shift();
    return status;
  }
}
