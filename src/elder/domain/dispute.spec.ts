import { DISPUTE_MOVES, DISPUTE_ROLES, DISPUTE_STATES, moveDispute } from './dispute.js';

it.each([
  ['open', 'forward', 'forwarded'], ['open', 'withdraw', 'withdrawn'], ['forwarded', 'uphold', 'upheld'], ['forwarded', 'reject', 'rejected'], ['forwarded', 'withdraw', 'withdrawn'],
] as const)('%s, %s → %s', (state, move, next) => expect(moveDispute(state, move)).toEqual({ ok: true, value: next }));

it('has no other move than these five, and none before the authority was asked', () => {
  expect(DISPUTE_STATES.flatMap((state) => DISPUTE_MOVES.filter((move) => moveDispute(state, move).ok))).toHaveLength(5);
  expect(moveDispute('open', 'uphold')).toEqual({ ok: false, code: 'dispute-move-wrong', detail: { state: 'open', allowed: ['forward', 'withdraw'] } });
});

it('lets no community worker answer for an authority', () => {
  expect(DISPUTE_MOVES.filter((move) => DISPUTE_ROLES[move].includes('communityWorker'))).toEqual(['withdraw']);
});
