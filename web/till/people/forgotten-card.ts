import { chinaDate } from '../../../src/kernel/civil-date.js';
import { newId } from '../../lib/id.js';
import type { TillRow } from '../../../src/till/domain/roster.js';
import type { Device } from '../device.js';
import { Away, Refused } from '../journal/link.js';
import type { Board } from '../view.js';
import { ask, type Asking } from './ask.js';
import type { Candidate, Panel } from './people-view.js';

const PATIENCE_MS = 8_000;
const TAIL_DIGITS = 4;

/** Somebody who was found: the note stands for the card for ten minutes, the row is what their meal is decided by. */
export interface FoundElder extends Candidate {
  readonly note: string;
  readonly noteUntil: string;
  readonly row: TillRow;
}

type Search = Extract<Panel, { is: 'search' }>;

const EMPTY: Search = { is: 'search', surname: '', tail: '', busy: false, sentence: null, found: null, today: 0 };

/** What a search works with. */
export interface SearchTools {
  readonly board: Board;
  readonly device: Pick<Device, 'recall' | 'remember'>;
  readonly link: Asking;
  readonly now: () => number;
  /** Sells what is on the bill to somebody who was found. */
  readonly sell: (elder: FoundElder) => void;
}

/** The forgotten card: an elder is looked for by surname and the end of the telephone, and the meal is entered for them. */
export class ForgottenCard {
  private found: readonly FoundElder[] = [];
  /** The same question asked again, after an answer that never came, is the same search to the service: it counts once. */
  private asked: { readonly what: string; readonly id: string } | null = null;

  constructor(private readonly tools: SearchTools) {}

  private get panel(): Search | null {
    const { panel } = this.tools.board.view().people;
    return panel.is === 'search' ? panel : null;
  }

  private show(panel: Panel): void {
    const { people } = this.tools.board.view();
    this.tools.board.show({ people: { ...people, panel } });
  }

  private change(change: Partial<Search>): void {
    if (this.panel !== null) this.show({ ...this.panel, ...change });
  }

  /** Opens the search, where nothing else waits for the cashier. */
  async open(): Promise<void> {
    const { phase, outcome, people } = this.tools.board.view();
    if (phase !== 'selling' || outcome.is === 'wait' || people.panel.is !== 'none') return;
    this.show({ ...EMPTY, today: await this.today() });
  }

  close(): void {
    this.found = [];
    if (this.panel !== null) this.show({ is: 'none' });
  }

  private async today(): Promise<number> {
    const kept = await this.tools.device.recall('searches');
    return kept?.date === chinaDate(this.tools.now()) ? kept.times : 0;
  }

  /** Takes what was typed as a surname; digits in it go where digits belong. */
  typeSurname(text: string): void {
    const { panel } = this;
    if (panel === null) return;
    const digits = text.replace(/\D/g, '');
    this.change({ surname: text.replace(/[\d\s]/g, '').slice(0, 20), tail: (panel.tail + digits).slice(0, TAIL_DIGITS), sentence: null });
  }

  /** A key of the number pad. @returns whether it belonged to the search */
  press(key: string): boolean {
    const { panel } = this;
    if (panel === null) return false;
    if (panel.busy) return true;
    if (panel.found !== null && panel.found.length > 0) this.pressFound(key, panel);
    else if (/^\d$/.test(key)) this.change({ tail: (panel.tail + key).slice(0, TAIL_DIGITS), sentence: null });
    else if (key === 'Backspace' || key === '-') this.change({ tail: panel.tail.slice(0, -1), sentence: null });
    else if (key === 'Escape') this.close();
    else if (key === 'Enter') void this.search();
    return true;
  }

  private pressFound(key: string, panel: Search): void {
    if (/^[1-5]$/.test(key)) this.choose(Number(key) - 1);
    else if (['Escape', 'Backspace', '-'].includes(key)) {
      this.found = [];
      this.change({ ...EMPTY, today: panel.today });
    }
  }

  /** Asks the service; nothing of the question is kept here. */
  async search(): Promise<void> {
    const { panel } = this;
    if (panel === null || panel.busy) return;
    const { surname, tail } = panel;
    if (surname === '' || tail.length < TAIL_DIGITS) return this.change({ sentence: surname === '' ? '请先填姓。' : '请填手机号后四位。' });
    this.change({ busy: true, sentence: null });
    const sentence = await this.ask(surname, tail);
    // A second window is told who may be chosen, never what stands for them.
    const found = this.found.map((one): Candidate => ({ surname: one.surname, title: one.title, cardTail: one.cardTail, photo: one.photo }));
    this.change({ busy: false, sentence, found: found.length === 0 ? null : found, today: await this.today() });
  }

  /** @returns what to say about it, or null */
  private async ask(surname: string, phoneTail: string): Promise<string | null> {
    const { device, link, now } = this.tools;
    const what = `${surname}\n${phoneTail}`;
    if (this.asked?.what !== what) this.asked = { what, id: newId(now()) };
    this.found = [];
    try {
      const { candidates, more } = await ask<{ candidates: Omit<FoundElder, 'photo'>[]; more: boolean }>(link, 'POST', '/v1/till/searches', { id: this.asked.id, surname, phoneTail }, PATIENCE_MS);
      const search = this.asked.id;
      this.asked = null;
      await device.remember('searches', { date: chinaDate(now()), times: (await this.today()) + 1 });
      this.found = candidates.map((one, index) => ({ ...one, photo: `${search} ${index}` }));
      if (candidates.length === 0) return '没有找到。请再核对姓和手机号后四位；找不到就按原价收。';
      return more ? '同姓同尾号的人很多，这里只列出五位；不在其中就按原价收。' : null;
    } catch (error) {
      if (error instanceof Refused) return error.sentence;
      if (error instanceof Away) return '连接不上服务器，现在不能查找。可以按原价收，或等网络恢复后再试。';
      throw error;
    }
  }

  /** What stands for somebody who is shown, by the page's name for their photo. */
  noteOf(photo: string): string | undefined {
    return this.found.find((one) => one.photo === photo)?.note;
  }

  /** Sells to the one whom the cashier recognised. */
  choose(index: number): void {
    const elder = this.found[index];
    if (elder === undefined) return;
    if (this.tools.now() >= Date.parse(elder.noteUntil)) {
      this.found = [];
      return this.change({ found: null, sentence: '查找结果只管 10 分钟，请重新查找。' });
    }
    this.close();
    this.tools.sell(elder);
  }
}
