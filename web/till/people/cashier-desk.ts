import type { Device } from '../device.js';
import { seal, unseal } from '../journal/keys.js';
import { Away, Refused } from '../journal/link.js';
import type { Board } from '../view.js';
import { unsentOf } from '../view.js';
import { ask, type Asking } from './ask.js';
import { pinFits, type Verifier } from './pin.js';
import type { CashierName, Lock, PeopleView } from './people-view.js';
import { NO_TRIES, waitLeft, waitWords, type Tries } from './waits.js';

/** So long the service is waited for before the till checks a PIN by itself. */
const PATIENCE_MS = 4_000;
const SEEN_EVERY_MS = 20_000;
const PIN_DIGITS = 6;

/** What a desk works with. */
export interface DeskTools {
  readonly board: Board;
  readonly device: Pick<Device, 'recall' | 'remember' | 'keys'>;
  readonly link: Asking;
  readonly now: () => number;
}

interface LoggedIn {
  readonly cashierId: string;
  readonly name: string;
  readonly salt: string;
  readonly iterations: number;
  readonly verifier: string;
  readonly verifierUntil: string;
}

/** What a look at a PIN came to. */
type Looked = { readonly is: 'right' } | { readonly is: 'wrong' } | { readonly is: 'no'; readonly sentence: string };

const CLOSED: Lock = { chosen: null, typed: 0, busy: false, sentence: null };

/** Who works at this till: log-in by PIN with and without a network, the lock of an idle page, change and log-out. */
export class CashierDesk {
  private verifiers: Record<string, Verifier> = {};
  private tries: Record<string, Tries> = {};
  private digits = '';
  private touchedAt = 0;
  private notedAt = 0;

  constructor(private readonly tools: DeskTools) {}

  private get people(): PeopleView {
    return this.tools.board.view().people;
  }

  private show(change: Partial<PeopleView>): void {
    this.tools.board.show({ people: { ...this.people, ...change } });
  }

  private showLock(change: Partial<Lock>): void {
    this.show({ lock: { ...(this.people.lock ?? CLOSED), ...change } });
  }

  /** Takes up what this device remembers: who may log in, and who was in a moment ago. Where it knows nobody yet it asks. */
  async start(): Promise<void> {
    const { device, now, board } = this.tools;
    const [cashiers, last, pins, tries, idle] = await Promise.all([
      device.recall('cashiers'), device.recall('cashier'), device.recall('pins'), device.recall('pinTries'), device.recall('idleMinutes'),
    ]);
    this.touchedAt = now();
    this.tries = { ...tries };
    if (pins !== undefined) this.verifiers = await unseal(device.keys, pins).then((text) => JSON.parse(text) as Record<string, Verifier>).catch(() => ({}));
    this.show({ cashiers: cashiers ?? [], ...(idle === undefined ? {} : { idleMinutes: idle }) });
    if (cashiers === undefined) await this.refresh(PATIENCE_MS);
    const mine = this.people.cashiers.find((one) => one.cashierId === last?.cashierId);
    if (mine === undefined || last === undefined || last === null) return;
    const isFresh = Math.abs(now() - last.seenAt) < this.people.idleMinutes * 60_000;
    if (isFresh) board.show({ cashier: { id: mine.cashierId, name: mine.name } });
    else this.lock(mine.cashierId);
  }

  /** Asks who may log in here. Whoever is not on the list any more is known no longer without a network either. */
  async refresh(ms = 8_000): Promise<void> {
    const { device, link } = this.tools;
    try {
      const { items } = await ask<{ items: CashierName[] }>(link, 'GET', '/v1/till/cashiers', null, ms);
      const cashiers = items.map(({ cashierId, name }) => ({ cashierId, name }));
      const ids = new Set(cashiers.map(({ cashierId }) => cashierId));
      this.show({ cashiers });
      await device.remember('cashiers', cashiers);
      if (Object.keys(this.verifiers).some((id) => !ids.has(id))) {
        this.verifiers = Object.fromEntries(Object.entries(this.verifiers).filter(([id]) => ids.has(id)));
        await this.keepVerifiers();
      }
    } catch (error) {
      if (!(error instanceof Away) && !(error instanceof Refused)) throw error;
    }
  }

  private async keepVerifiers(): Promise<void> {
    const { device } = this.tools;
    await device.remember('pins', await seal(device.keys, JSON.stringify(this.verifiers)));
  }

  /** Locks where the page is to be locked: called after each change, and from time to time. */
  settle(): void {
    const { board, now } = this.tools;
    const { phase, role, cashier, people } = board.view();
    if (role === 'mirror' || people.lock !== null) return;
    if (people.cashiers.length === 0) return;
    // Cashiers who were registered in the middle of a shift are asked for at the next one.
    if (cashier === null) return phase === 'opening' ? this.lock(null) : undefined;
    const isGone = !people.cashiers.some((one) => one.cashierId === cashier.id);
    if (this.isInSale()) return;
    if (isGone) return this.lock(null);
    if (now() - this.touchedAt >= people.idleMinutes * 60_000) this.lock(cashier.id);
  }

  /** Whether somebody stands at the counter: then nothing is put before the sale. */
  private isInSale(): boolean {
    const { phase, cart, mode, outcome, people } = this.tools.board.view();
    return phase === 'selling' && (outcome.is === 'busy' || outcome.is === 'wait' || mode.is !== 'sell' || people.panel.is !== 'none' || (cart !== null && !cart.untouched));
  }

  /** Somebody touched the page. */
  touched(): void {
    const { board, device, now } = this.tools;
    const { cashier, people } = board.view();
    if (people.lock !== null) return;
    this.touchedAt = now();
    if (cashier === null || now() - this.notedAt < SEEN_EVERY_MS) return;
    this.notedAt = now();
    void device.remember('cashier', { cashierId: cashier.id, name: cashier.name, seenAt: now() }).catch(() => undefined);
  }

  /** Asks for a PIN before anything else. @param cashierId whose; null lets somebody choose */
  lock(cashierId: string | null): void {
    const { cashiers } = this.people;
    this.digits = '';
    const known = cashierId ?? (cashiers.length === 1 ? (cashiers[0]?.cashierId ?? null) : null);
    const { cashier } = this.tools.board.view();
    // A shift goes on under the lock; who is in does not.
    if (cashier !== null) void this.forget(cashier.id, cashier.name);
    this.tools.board.show({ cashier: null, people: { ...this.people, lock: { ...CLOSED, chosen: known }, stays: null } });
  }

  /** Remembers who was here last, long ago: a page opened anew asks for their PIN. */
  private forget(cashierId: string, name: string): Promise<void> {
    return this.tools.device.remember('cashier', { cashierId, name, seenAt: 0 }).catch(() => undefined);
  }

  /** Hands the till over: the shift and what is unsent stay as they are. */
  change(): void {
    if (!this.isInSale()) this.lock(null);
  }

  /** Logs out; refused while anything is unsent. */
  async logOut(): Promise<void> {
    const view = this.tools.board.view();
    const unsent = unsentOf(view);
    if (unsent > 0) return this.show({ stays: `还有 ${unsent} 笔没有上传，不能退出登录。等网络恢复会自动上传；换人可以用“换人”。` });
    this.lock(null);
    await this.tools.device.remember('cashier', null);
  }

  choose(cashierId: string | null): void {
    this.digits = '';
    const left = cashierId === null ? 0 : waitLeft(this.tries[cashierId] ?? NO_TRIES, this.tools.now());
    this.showLock({ chosen: cashierId, typed: 0, sentence: left > 0 ? waitSentence(left) : null });
  }

  /** A key of the number pad while the page is locked: chooses a cashier, then types the PIN. */
  press(key: string): void {
    const { lock, cashiers } = this.people;
    if (lock === null || lock.busy) return;
    if (lock.chosen === null) return /^[1-9]$/.test(key) ? this.choose(cashiers[Number(key) - 1]?.cashierId ?? null) : undefined;
    if (key === 'Escape' || key === '-') return this.digits === '' ? this.choose(cashiers.length > 1 ? null : lock.chosen) : this.type('');
    if (key === 'Backspace') return this.type(this.digits.slice(0, -1));
    if (!/^\d$/.test(key) || this.digits.length >= PIN_DIGITS) return;
    this.type(this.digits + key);
    if (this.digits.length === PIN_DIGITS) void this.logIn(lock.chosen, this.digits);
  }

  private type(digits: string): void {
    this.digits = digits;
    this.showLock({ typed: digits.length, ...(digits === '' ? {} : { sentence: null }) });
  }

  private async logIn(cashierId: string, pin: string): Promise<void> {
    const { now, device } = this.tools;
    const before = this.tries[cashierId] ?? NO_TRIES;
    const left = waitLeft(before, now());
    if (left > 0) return this.again(waitSentence(left));
    this.showLock({ busy: true, sentence: null });
    // Counted as wrong before it is looked at: a page that is loaded anew in between gives no try back.
    await this.keepTries(cashierId, { wrong: before.wrong + 1, at: now() });
    const looked = await this.look(cashierId, pin).catch((): Looked => ({ is: 'no', sentence: '没有核对成，请再试一次。' }));
    if (looked.is === 'wrong') {
      const wait = waitLeft(this.tries[cashierId] ?? NO_TRIES, now());
      return this.again(wait > 0 ? waitSentence(wait) : 'PIN 不正确，请再试一次。');
    }
    await this.keepTries(cashierId, looked.is === 'right' ? NO_TRIES : before);
    if (looked.is === 'no') return this.again(looked.sentence);
    const { name } = this.people.cashiers.find((one) => one.cashierId === cashierId) ?? { name: '' };
    this.digits = '';
    [this.touchedAt, this.notedAt] = [now(), now()];
    await device.remember('cashier', { cashierId, name, seenAt: now() });
    this.tools.board.show({ cashier: { id: cashierId, name }, people: { ...this.people, lock: null } });
  }

  private again(sentence: string): void {
    this.digits = '';
    this.showLock({ typed: 0, busy: false, sentence });
  }

  private async keepTries(cashierId: string, tries: Tries): Promise<void> {
    this.tries = { ...this.tries, [cashierId]: tries };
    await this.tools.device.remember('pinTries', this.tries);
  }

  /** The service looks first; where it does not answer, the till does by what it was given at the last log-in. */
  private async look(cashierId: string, pin: string): Promise<Looked> {
    try {
      const { salt, iterations, verifier, verifierUntil } = await ask<LoggedIn>(this.tools.link, 'POST', '/v1/till/log-ins', { cashierId, pin }, PATIENCE_MS);
      this.verifiers = { ...this.verifiers, [cashierId]: { salt, iterations, verifier, until: Date.parse(verifierUntil) } };
      await this.keepVerifiers();
      return { is: 'right' };
    } catch (error) {
      if (error instanceof Refused) return error.code === 'pin-wrong' ? { is: 'wrong' } : { is: 'no', sentence: error.sentence };
      if (!(error instanceof Away)) throw error;
      return this.lookHere(cashierId, pin);
    }
  }

  private async lookHere(cashierId: string, pin: string): Promise<Looked> {
    const known = this.verifiers[cashierId];
    if (known === undefined) return { is: 'no', sentence: '连接不上服务器，而您还没有在本机登录过。第一次登录要联网。' };
    if (this.tools.now() >= known.until) return { is: 'no', sentence: '断网登录只管 72 小时，现在要联网登录一次。请联系食堂负责人或先恢复网络。' };
    return (await pinFits(pin, known)) ? { is: 'right' } : { is: 'wrong' };
  }

  async setIdle(minutes: number): Promise<void> {
    this.show({ idleMinutes: minutes });
    await this.tools.device.remember('idleMinutes', minutes);
  }
}

function waitSentence(ms: number): string {
  return `输错次数太多，请在 ${waitWords(ms)}后再试，或请食堂负责人重新登记。`;
}
