import { differencesOf, type Side } from './index.js';

const side = (change: Partial<Side> = {}): Side => ({ pack: 'p', version: 'v', code: null, subsidyFen: 300, shares: [{ funderCode: 'a', fen: 150 }, { funderCode: 'b', fen: 150 }], ...change });

describe('differences of a receipt', () => {
  it('are none between equal sides, whatever the order of shares', () => {
    expect(differencesOf(side(), side({ shares: [...side().shares].reverse() }), false)).toEqual([]);
  });

  it('name each value with both sides', () => {
    expect(differencesOf(side(), side({ version: 'w', subsidyFen: 0, code: 'in-care-home', shares: [] }), false)).toEqual([
      { what: 'version', funderCode: null, recorded: 'v', recomputed: 'w' }, { what: 'code', funderCode: null, recorded: '', recomputed: 'in-care-home' },
      { what: 'subsidy', funderCode: null, recorded: '300', recomputed: '0' },
      { what: 'share', funderCode: 'a', recorded: '150', recomputed: '0' }, { what: 'share', funderCode: 'b', recorded: '150', recomputed: '0' },
    ]);
  });

  it('leave out who bears what where an offline own share was kept as paid', () => {
    expect(differencesOf(side(), side({ shares: [] }), true)).toEqual([]);
  });
});
