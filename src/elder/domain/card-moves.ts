import { done, refuse, type Outcome } from '../../kernel/index.js';

export const CARD_STATES = ['active', 'lost', 'frozen', 'replaced', 'cancelled'] as const;
export type CardState = (typeof CARD_STATES)[number];

export const CARD_EVENTS = ['issued', 'lost', 'found', 'frozen', 'unfrozen', 'replaced', 'cancelled'] as const;
export type CardEvent = (typeof CARD_EVENTS)[number];

/** States in which a card still belongs to its holder's hand; an elder has at most one such card. */
export const LIVE_CARD_STATES: readonly CardState[] = ['active', 'lost', 'frozen'];

/**
 * Every move of a card. A frozen card can be neither lost and found nor replaced, or the freeze could be got round;
 * replaced and cancelled are the end.
 */
export const CARD_MOVES: Readonly<Record<CardState, Partial<Record<CardEvent, CardState>>>> = {
  active: { lost: 'lost', frozen: 'frozen', replaced: 'replaced', cancelled: 'cancelled' },
  lost: { found: 'active', replaced: 'replaced', cancelled: 'cancelled' },
  frozen: { unfrozen: 'active', cancelled: 'cancelled' },
  replaced: {},
  cancelled: {},
};

/** The state after an event, or `card-move-wrong` with the events that the card's state allows. */
export function moveCard(state: CardState, event: CardEvent): Outcome<CardState> {
  const next = CARD_MOVES[state][event];
  return next === undefined ? refuse('card-move-wrong', { state, allowed: Object.keys(CARD_MOVES[state]) }) : done(next);
}

/** A card number as it is compared: half-width, no blanks or hyphens, upper case. Any text gives some text. */
export function normaliseCardNumber(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u200b-\u200d\ufeff-]/gu, '')
    .toUpperCase();
}

/** Whether a normalised number may be a card's: 4 to 32 letters and digits (forms differ by region). */
export function isCardNumber(normalised: string): boolean {
  return /^[0-9A-Z]{4,32}$/.test(normalised);
}
