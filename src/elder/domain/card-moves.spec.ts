import { CARD_EVENTS, CARD_STATES, isCardNumber, moveCard, normaliseCardNumber, type CardState } from './card-moves.js';

describe('moves of a card', () => {
  it.each([
    ['active', 'lost', 'lost'], ['active', 'frozen', 'frozen'], ['active', 'replaced', 'replaced'], ['active', 'cancelled', 'cancelled'],
    ['lost', 'found', 'active'], ['lost', 'replaced', 'replaced'], ['lost', 'cancelled', 'cancelled'],
    ['frozen', 'unfrozen', 'active'], ['frozen', 'cancelled', 'cancelled'],
  ] as const)('%s, %s → %s', (state, event, next) => expect(moveCard(state, event)).toEqual({ ok: true, value: next }));

  it('has no other move than these nine', () => {
    const moves = CARD_STATES.flatMap((state) => CARD_EVENTS.filter((event) => moveCard(state, event).ok));
    expect(moves).toHaveLength(9);
  });

  it('says what would be allowed', () => {
    expect(moveCard('lost', 'frozen')).toEqual({ ok: false, code: 'card-move-wrong', detail: { state: 'lost', allowed: ['found', 'replaced', 'cancelled'] } });
  });

  it('lets nobody get round a freeze: the only way back is the unfreezing', () => {
    const reached = new Set<CardState>(['frozen']);
    for (const state of reached) for (const event of CARD_EVENTS) {
      const next = event === 'unfrozen' ? undefined : moveCard(state, event);
      if (next?.ok) reached.add(next.value);
    }
    expect([...reached].sort()).toEqual(['cancelled', 'frozen']);
  });
});

describe('card numbers', () => {
  it.each([['ａ１2-3 4', 'A1234'], [' 3715 0001 ', '37150001']])('%j is %s', (text, number) => expect(normaliseCardNumber(text)).toBe(number));
  it.each([['A123', true], ['A12', false], ['A12_3', false], ['1'.repeat(33), false], ['卡1234', false]])('%s: %s', (number, ok) => expect(isCardNumber(number)).toBe(ok));
});
