import type { Presence } from '../journal/entry.js';
import type { Board } from '../view.js';

const KEYS: Readonly<Record<string, Presence>> = { 1: 'photo', 2: 'companion', 3: 'number' };

/** What the panel shows of whom it asks about. */
export interface Asked {
  /** The card's last four digits. */
  readonly tail: string;
  readonly photo: string | null;
}

/** Asks the cashier once by what the elder's presence is known, where a meal needs it. */
export class PresenceDesk {
  private answer: ((presence: Presence | null) => void) | null = null;

  constructor(private readonly board: Board) {}

  /** Waits for one key. @returns null where the cashier went on without an answer: the meal is sold all the same */
  ask({ tail, photo }: Asked): Promise<Presence | null> {
    const { people } = this.board.view();
    this.board.show({ people: { ...people, panel: { is: 'proof', tail, photo } } });
    return new Promise((done) => (this.answer = done));
  }

  /** @returns whether the key belonged to the panel */
  press(key: string): boolean {
    if (this.answer === null) return false;
    const presence = KEYS[key];
    if (presence !== undefined) this.give(presence);
    else if (key === '0' || key === 'Escape') this.give(null);
    return true;
  }

  private give(presence: Presence | null): void {
    const { people } = this.board.view();
    this.board.show({ people: { ...people, panel: { is: 'none' } } });
    this.answer?.(presence);
    this.answer = null;
  }
}
