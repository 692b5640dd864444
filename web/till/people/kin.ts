import { addDays, chinaDate } from '../../../src/kernel/civil-date.js';
import { newId } from '../../lib/id.js';
import { CONSENT_TERMS } from '../../lib/words.js';
import { Away, Refused } from '../journal/link.js';
import type { Board } from '../view.js';
import { ask, type Asking } from './ask.js';
import { KIN_WORDS, type KinCode, type KinView, type Panel, type Relative } from './people-view.js';

const PATIENCE_MS = 8_000;
const KIN = '/v1/till/kin';

const EMPTY: KinView = { is: 'kin', busy: false, sentence: null, self: false, relatives: null, chosen: null, notice: '', giving: null, code: null };

/** What holds where the service does not answer: nothing is given or taken back by the till alone. */
export const AWAY = {
  list: '没有联网，现在看不到，也不能同意和收回。老人以前同意的照旧有效；急着收回，请打电话给社区。',
  give: '连接不上服务器，没有拿到绑定码。没有绑定码谁也绑定不了，什么也没有同意。联网后再按一次“取绑定码”。',
  withdraw: '连接不上服务器，不知道收回了没有。联网后请再按一次“收回”；急着收回，请打电话给社区。',
} as const;

/** What consents at the till work with. */
export interface KinTools {
  readonly board: Board;
  readonly link: Asking;
  readonly now: () => number;
  /** Puts a relative's code onto paper. */
  readonly printCode: (code: KinCode) => void;
}

/**
 * An elder says at the till what relatives may see and do, and takes it back, by laying down the card: who has no telephone
 * of their own needs nobody's help for it. No name is shown; the card's number leaves this desk with the panel.
 */
export class KinDesk {
  private number: string | null = null;
  /** A deed whose answer may have been lost: the same one is asked for with the same id. */
  private unanswered: { readonly body: string; readonly id: string } | null = null;

  constructor(private readonly tools: KinTools) {}

  private get panel(): KinView | null {
    const { panel } = this.tools.board.view().people;
    return panel.is === 'kin' ? panel : null;
  }

  private show(panel: Panel): void {
    const { people } = this.tools.board.view();
    this.tools.board.show({ people: { ...people, panel } });
  }

  private change(change: Partial<KinView>): void {
    if (this.panel !== null) this.show({ ...this.panel, ...change });
  }

  open(): void {
    const { phase, outcome, people, paying, link } = this.tools.board.view();
    if (phase === 'selling' && outcome.is !== 'wait' && paying === null && people.panel.is === 'none') this.show({ ...EMPTY, sentence: link.is === 'online' ? null : AWAY.list });
  }

  close(): void {
    this.number = this.unanswered = null;
    if (this.panel !== null) this.show({ is: 'none' });
  }

  /** @returns whether the card was laid down for this desk, and sells nothing */
  scanned(number: string): boolean {
    if (this.panel === null) return false;
    if (!this.panel.busy) void this.list(number);
    return true;
  }

  /** @returns whether the key belonged to this desk */
  press(key: string): boolean {
    const { panel } = this;
    if (panel === null) return false;
    if (panel.busy) return true;
    const isBack = key === 'Escape' || key === 'Backspace';
    if (panel.code !== null) {
      if (isBack || key === 'Enter') this.close();
    } else if (panel.giving !== null) this.pressGiving(key, isBack);
    else if (isBack) this.close();
    else if (key === '0') this.give();
    else if (panel.chosen !== null && key === 'Enter') void this.withdraw(panel.chosen);
    else if (/^[1-9]$/.test(key)) this.choose(Number(key) - 1);
    return true;
  }

  private pressGiving(key: string, isBack: boolean): void {
    if (isBack) this.change({ giving: null, sentence: null });
    else if (key === 'Enter') void this.makeCode();
    else if (/^\d$/.test(key)) this.turn(Number(key) - 1);
  }

  /** Chooses whose consent is taken back, or the elder's own WeChat after the relatives; it is done once it is confirmed. */
  choose(index: number): void {
    const { panel } = this;
    if (panel === null || panel.relatives === null) return;
    if (index < panel.relatives.length + (panel.self ? 1 : 0)) this.change({ chosen: index, sentence: null });
  }

  /** Begins a consent: nothing is agreed to before the elder has said so. */
  give(): void {
    if (this.number !== null) this.change({ giving: { rights: [], term: 0, until: this.untilOf(0) }, chosen: null, sentence: null });
  }

  /** Turns one thing on or off that the elder consents to, or the length of the consent, which comes after them. */
  turn(index: number): void {
    const giving = this.panel?.giving;
    if (giving === null || giving === undefined) return;
    const right = KIN_WORDS[index]?.[0];
    const term = (giving.term + 1) % CONSENT_TERMS.length;
    if (right === undefined) return index === KIN_WORDS.length ? this.change({ giving: { ...giving, term, until: this.untilOf(term) }, sentence: null }) : undefined;
    const isOn = giving.rights.includes(right);
    const rights = KIN_WORDS.map(([one]) => one).filter((one) => (one === right ? !isOn : giving.rights.includes(one)));
    this.change({ giving: { ...giving, rights }, sentence: null });
  }

  private untilOf(term: number): string {
    return addDays(chinaDate(this.tools.now()), CONSENT_TERMS[term]?.[1] ?? 0);
  }

  /** Gets the code by which a relative is bound, with what the elder agreed to. */
  async makeCode(): Promise<void> {
    const { panel, number } = this;
    if (panel === null || panel.giving === null || panel.busy || number === null || panel.giving.rights.length === 0) return;
    const { rights, until } = panel.giving;
    this.change({ busy: true, sentence: null });
    const sentence = await this.asked('give', async () => {
      const { code, expiresAt } = await this.deed<{ code: string; expiresAt: string }>('code', { number, scopes: rights, until });
      this.change({ code: { code, expiresAt: Date.parse(expiresAt) } });
    });
    this.change({ busy: false, sentence });
  }

  /** Prints the code that is shown. */
  print(): void {
    const code = this.panel?.code ?? null;
    if (code !== null) this.tools.printCode(code);
  }

  private async list(number: string): Promise<void> {
    this.number = null;
    this.show({ ...EMPTY, busy: true });
    const sentence = await this.asked('list', async () => {
      const { self, relatives, notice } = await ask<{ self: boolean; relatives: Relative[]; notice: { text: string } }>(this.tools.link, 'POST', KIN, { number }, PATIENCE_MS);
      this.number = number;
      this.change({ self, relatives: relatives.map(({ contactId, relation, mark, rights }) => ({ contactId, relation, mark: mark ?? null, rights })), notice: notice.text });
    });
    this.change({ busy: false, sentence });
  }

  /** Takes back what was chosen. */
  async withdraw(index: number): Promise<void> {
    const { panel, number } = this;
    if (panel === null || number === null || panel.busy) return;
    const contactId = panel.relatives?.[index]?.contactId ?? null;
    this.change({ busy: true, sentence: null });
    const sentence = await this.asked('withdraw', () => this.deed('withdraw', { number, contactId }));
    if (sentence !== null) return this.change({ busy: false, sentence });
    await this.list(number);
    this.change({ sentence: '已收回，马上生效。' });
  }

  private async deed<T>(path: string, form: object): Promise<T> {
    const body = JSON.stringify([path, form]);
    if (this.unanswered?.body !== body) this.unanswered = { body, id: newId(this.tools.now()) };
    const answer = await ask<T>(this.tools.link, 'POST', `${KIN}/${path}`, { id: this.unanswered.id, ...form }, PATIENCE_MS);
    this.unanswered = null;
    return answer;
  }

  /** @returns what to say about it, or null */
  private async asked(what: keyof typeof AWAY, work: () => Promise<unknown>): Promise<string | null> {
    try {
      await work();
      return null;
    } catch (error) {
      if (error instanceof Refused) {
        this.unanswered = null;
        return error.sentence;
      }
      if (error instanceof Away) return AWAY[what];
      throw error;
    }
  }
}
