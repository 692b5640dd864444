import { DEFAULT_CHAIN } from '../../region/domain/index.js';
import { ALLOWED_MOVES, CLAIM_STATES, isMaker, mayMove, stateAfter, stepDue } from './claim-state.js';

describe('the table of moves', () => {
  it('leads from building to paid by the default chain, and every step is an allowed move', () => {
    const waits = CLAIM_STATES.map((state) => [state, stepDue(DEFAULT_CHAIN, state)?.step ?? '-']);
    expect(Object.fromEntries(waits)).toEqual({
      building: '-', draft: 'submit', submitted: 'township', townshipReviewed: 'county', countyApproved: '-', batched: 'financeReview',
      financeReviewed: 'release', released: '-', partPaid: '-', paid: '-', returned: 'submit',
    });
    for (const state of CLAIM_STATES) {
      const due = stepDue(DEFAULT_CHAIN, state);
      if (due === undefined) continue;
      expect(mayMove(due.step, state)).toBe(true);
      expect(ALLOWED_MOVES[due.step].to).toContain(stateAfter(due.step));
    }
  });

  it('lets no released claim go back, and none become paid without a release', () => {
    const backwards = Object.entries(ALLOWED_MOVES).filter(([, { from }]) => from.some((state) => ['released', 'partPaid', 'paid'].includes(state)));
    expect(backwards.map(([move]) => move)).toEqual(['pay']);
    expect(Object.entries(ALLOWED_MOVES).filter(([, { to }]) => to.includes('paid')).map(([move]) => move)).toEqual(['release', 'pay']);
  });

  it('follows a shorter chain', () => {
    const chain = DEFAULT_CHAIN.filter(({ step }) => step !== 'township' && step !== 'financeReview');
    expect(stepDue(chain, 'submitted')?.step).toBe('county');
    expect(stepDue(chain, 'batched')?.step).toBe('release');
  });
});

describe('maker and checker', () => {
  const taken = [{ staffId: 'a', atStep: 'submit' }, { staffId: 'b', atStep: 'township' }, { staffId: 'c', atStep: null }] as const;

  it('keeps one person to one step of a claim, however often they take it', () => {
    expect(isMaker(taken, 'a', 'submit')).toBe(false);
    expect(isMaker(taken, 'a', 'release')).toBe(true);
    expect(isMaker(taken, 'b', 'county')).toBe(true);
    expect(isMaker(taken, 'c', 'county')).toBe(false);
    expect(isMaker(taken, 'd', 'county')).toBe(false);
  });
});
