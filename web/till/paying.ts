import { newId } from '../lib/id.js';
import { Refused } from './journal/link.js';
import type { Board, Outcome, View } from './view.js';

/** Eighteen digits that begin with 10 to 15: the code of WeChat's own page for paying. */
const PAY_CODE = /^1[0-5]\d{16}$/;
/** How often the service is asked how a payment stands. */
const LOOK_MS = 2_000;
/** So long a payment is waited for after a code was scanned; WeChat's own time is over by then. */
const MOST_MS = 75_000;

export const isPayCode = (text: string): boolean => PAY_CODE.test(text);

/** How the service says that a payment stands. `open`: of its money nothing is known yet. */
export interface PaymentState {
  readonly state: 'paid' | 'open' | 'failed';
  readonly sentence: string;
}

/** The way to the service for payments. @throws Refused, Away */
export interface PaymentDoor {
  readonly charge: (tapId: string, body: { readonly id: string; readonly authCode: string }) => Promise<PaymentState>;
  readonly state: (tapId: string) => Promise<PaymentState>;
}

export const PAY_CODE_FIRST: Outcome = { is: 'wait', sentence: '这是微信付款码，还没有要收的款', next: '没有收款。按“确认”，再按 0 选“微信”，请老人刷卡（散客按“确认”键），然后扫付款码。' };
export const NOT_BY_WECHAT: Outcome = { is: 'wait', sentence: '断网时不能用微信付款码', next: '没有记账，也没有扣款。按“确认”，改收现金，再刷一次卡。' };
export const NOT_PAID: Outcome = { is: 'wait', sentence: '微信没有付成，这一笔已作废', next: '没有扣款；万一已扣，会自动原路退回。按“确认”，改收现金，再刷一次卡。' };

/** Takes an own share by a payment code, after its sale is recorded and before anybody is told that all is well. */
export class PayDesk {
  private scanned: ((code: string | null) => void) | null = null;
  private given = false;

  constructor(private readonly board: Board, private readonly door: PaymentDoor, private readonly rest: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms))) {}

  /** A code was read while a payment is waited for. @returns whether it was one to pay with */
  scan(code: string): boolean {
    if (!isPayCode(code) || this.scanned === null) return false;
    this.scanned(code);
    return true;
  }

  /** The cashier gives the payment up. */
  giveUp(): void {
    this.given = true;
    this.scanned?.(null);
  }

  /** @returns whether the money is there; where it is not, the sale is to be taken back, whatever may still come of the payment */
  async collect(tapId: string, fen: number): Promise<boolean> {
    this.given = false;
    try {
      for (let says: string | null = null; ; ) {
        this.show({ fen, step: 'scan', says });
        const authCode = await new Promise<string | null>((done) => (this.scanned = done));
        this.scanned = null;
        if (authCode === null) return false;
        this.show({ fen, step: 'asking', says: null });
        const { state, sentence } = await this.charged(tapId, authCode, fen);
        if (state !== 'failed') return state === 'paid';
        says = sentence;
      }
    } finally {
      this.scanned = null;
      this.board.show({ paying: null });
    }
  }

  /** One code, until it is known what became of it. An answer that does not come is asked for again, and never charged anew. */
  private async charged(tapId: string, authCode: string, fen: number): Promise<PaymentState> {
    let now = await this.heard(() => this.door.charge(tapId, { id: newId(Date.now()), authCode }));
    for (let waited = 0; now.state === 'open' && waited < MOST_MS && !this.given; waited += LOOK_MS) {
      this.show({ fen, step: 'password', says: now.sentence });
      await this.rest(LOOK_MS);
      now = await this.heard(() => this.door.state(tapId));
    }
    return now;
  }

  private async heard(ask: () => Promise<PaymentState>): Promise<PaymentState> {
    try {
      return await ask();
    } catch (error) {
      return error instanceof Refused ? { state: 'failed', sentence: error.sentence } : { state: 'open', sentence: '正在等微信的答复' };
    }
  }

  private show(paying: NonNullable<View['paying']>): void {
    this.board.show({ paying });
  }
}
