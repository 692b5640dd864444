import { newId } from '../../lib/id.js';
import { Away, Refused } from '../journal/link.js';
import type { Board } from '../view.js';
import { ask, type Asking } from './ask.js';
import type { Panel, Relative } from './people-view.js';

const PATIENCE_MS = 8_000;

type Kin = Extract<Panel, { is: 'kin' }>;

const EMPTY: Kin = { is: 'kin', busy: false, sentence: null, self: false, relatives: null, chosen: null };

/** What taking consents back works with. */
export interface KinTools {
  readonly board: Board;
  readonly link: Asking;
  readonly now: () => number;
}

/**
 * An elder takes back at the till what relatives may see and do, by laying down the card: who has no telephone of their own
 * needs nobody's help for it. No name is shown; the card's number leaves this desk with the panel.
 */
export class KinDesk {
  private number: string | null = null;

  constructor(private readonly tools: KinTools) {}

  private get panel(): Kin | null {
    const { panel } = this.tools.board.view().people;
    return panel.is === 'kin' ? panel : null;
  }

  private show(panel: Panel): void {
    const { people } = this.tools.board.view();
    this.tools.board.show({ people: { ...people, panel } });
  }

  private change(change: Partial<Kin>): void {
    if (this.panel !== null) this.show({ ...this.panel, ...change });
  }

  open(): void {
    const { phase, outcome, people, paying } = this.tools.board.view();
    if (phase === 'selling' && outcome.is !== 'wait' && paying === null && people.panel.is === 'none') this.show(EMPTY);
  }

  close(): void {
    this.number = null;
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
    if (key === 'Escape' || key === 'Backspace') this.close();
    else if (panel.chosen !== null && key === 'Enter') void this.withdraw(panel.chosen);
    else if (/^[1-9]$/.test(key)) this.choose(Number(key) - 1);
    return true;
  }

  /** Chooses whose consent is taken back, or the elder's own WeChat after the relatives; it is done once it is confirmed. */
  choose(index: number): void {
    const { panel } = this;
    if (panel === null || panel.relatives === null) return;
    if (index < panel.relatives.length + (panel.self ? 1 : 0)) this.change({ chosen: index, sentence: null });
  }

  private async list(number: string): Promise<void> {
    this.change({ busy: true, sentence: null, chosen: null });
    const sentence = await this.asked(async () => {
      const { self, relatives } = await ask<{ self: boolean; relatives: Relative[] }>(this.tools.link, 'POST', '/v1/till/kin', { number }, PATIENCE_MS);
      this.number = number;
      this.change({ self, relatives: relatives.map(({ contactId, relation, rights }) => ({ contactId, relation, rights })) });
    });
    this.change({ busy: false, sentence });
  }

  /** Takes back what was chosen. */
  async withdraw(index: number): Promise<void> {
    const { panel, number } = this;
    if (panel === null || number === null || panel.busy) return;
    const contactId = panel.relatives?.[index]?.contactId ?? null;
    this.change({ busy: true, sentence: null });
    const id = newId(this.tools.now());
    const sentence = await this.asked(() => ask(this.tools.link, 'POST', '/v1/till/kin/withdraw', { id, number, contactId }, PATIENCE_MS));
    if (sentence !== null) return this.change({ busy: false, sentence });
    await this.list(number);
    this.change({ sentence: '已收回，马上生效。' });
  }

  /** @returns what to say about it, or null */
  private async asked(work: () => Promise<unknown>): Promise<string | null> {
    try {
      await work();
      return null;
    } catch (error) {
      if (error instanceof Refused) return error.sentence;
      if (error instanceof Away) return '连接不上服务器，没有收回。请稍后再试，或请老人到社区办理。';
      throw error;
    }
  }
}
