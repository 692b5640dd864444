import { APPLICATION_MOVES, APPLICATION_STATES, DUE_STATES, drawMoves, ENDED_STATES, moveApplication, rolesOf, STATE_NAMES, type ApplicationState } from './moves.js';

describe('moves of an application', () => {
  it.each([
    ['submitted', 'review', 'reviewed'], ['submitted', 'askSupplement', 'streetSupplement'], ['submitted', 'withdraw', 'withdrawn'],
    ['streetSupplement', 'supplement', 'submitted'], ['streetSupplement', 'withdraw', 'withdrawn'],
    ['reviewed', 'approve', 'approved'], ['reviewed', 'refuse', 'refused'], ['reviewed', 'askSupplement', 'countySupplement'], ['reviewed', 'withdraw', 'withdrawn'],
    ['countySupplement', 'supplement', 'reviewed'], ['countySupplement', 'withdraw', 'withdrawn'],
    ['approved', 'proposeStop', 'stopProposed'], ['refused', 'appeal', 'appealed'], ['appealed', 'grantAppeal', 'approved'], ['appealed', 'rejectAppeal', 'refusalUpheld'],
    ['stopProposed', 'keep', 'approved'], ['stopProposed', 'stop', 'stopped'], ['stopped', 'appeal', 'appealed'],
  ] as const)('%s, %s → %s', (state, move, next) => expect(moveApplication(state, move)).toEqual({ ok: true, value: next }));

  it('are these eighteen and no other', () => {
    expect(APPLICATION_STATES.flatMap((state) => APPLICATION_MOVES.filter((move) => moveApplication(state, move).ok))).toHaveLength(18);
  });

  it('are said where another was asked for', () => {
    expect(moveApplication('approved', 'refuse')).toEqual({ ok: false, code: 'application-move-wrong', detail: { state: '已批准', allowed: ['proposeStop'] } });
  });

  it('reach every state, and approval only through review and a decision', () => {
    const reach = (closed: string[]): Set<ApplicationState> => {
      const seen = new Set<ApplicationState>(['submitted']);
      for (const state of seen) {
        for (const move of APPLICATION_MOVES) {
          const next = closed.includes(move) ? null : moveApplication(state, move);
          if (next?.ok) seen.add(next.value);
        }
      }
      return seen;
    };
    expect([...reach([])].sort()).toEqual([...APPLICATION_STATES].sort());
    expect(reach(['review']).has('approved')).toBe(false);
    expect(reach(['approve', 'grantAppeal']).has('approved')).toBe(false);
    expect(reach(['proposeStop']).has('stopped')).toBe(false);
  });

  it('are drawn, each as an arrow', () => {
    expect(drawMoves().split('\n')).toHaveLength(20);
    expect(drawMoves()).toContain('  reviewed --> approved: approve');
  });

  it('that decide are no community worker’s, and appeals are above the street', () => {
    for (const level of ['township', 'county'] as const) {
      for (const state of APPLICATION_STATES) {
        const workers = APPLICATION_MOVES.filter((move) => rolesOf(move, state, level).includes('communityWorker'));
        expect(workers).toEqual(['supplement', 'appeal', 'withdraw', 'proposeStop']);
        for (const move of ['grantAppeal', 'rejectAppeal'] as const) expect(rolesOf(move, state, level)).toEqual(['countyOfficer', 'cityOfficer']);
      }
    }
    expect(rolesOf('approve', 'reviewed', 'county')).not.toContain('townshipOfficer');
    expect(rolesOf('approve', 'reviewed', 'township')).toEqual(['townshipOfficer']);
  });

  it('have words for every state; none is both due and ended', () => {
    expect(new Set(Object.values(STATE_NAMES)).size).toBe(APPLICATION_STATES.length);
    expect(DUE_STATES.filter((state) => ENDED_STATES.includes(state))).toEqual([]);
  });
});
