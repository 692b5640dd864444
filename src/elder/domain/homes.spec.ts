import { civilDate } from '../../kernel/index.js';
import { homeOn, type HomeRecord } from './elder-record.js';
import { decideMove, homesNow } from './homes.js';

const TODAY = civilDate('2024-12-03');
const BORN = civilDate('1940-06-01');
const home = (kind: 'hukou' | 'residence', code: string | null, from: string | null): HomeRecord => ({ kind, code, from: from === null ? null : civilDate(from) });
const FIRST = [home('hukou', '371502', null), home('residence', '371502001', null)];
const move = (more: Partial<HomeRecord> & { withdrawn?: boolean }) => ({ ...home('residence', '371521', '2024-11-01'), withdrawn: false, ...more });

describe('homes of an elder', () => {
  const moved = homesNow([...FIRST, home('residence', '371521', '2024-11-01'), home('residence', '110105', '2024-12-01')], TODAY);

  it.each([['2024-10-31', '371502001'], ['2024-11-01', '371521'], ['2024-11-30', '371521'], ['2024-12-01', '110105'], ['1950-01-01', '371502001']] as const)(
    'on %s the residence was %s', (date, code) => expect(homeOn(moved, 'residence', civilDate(date))).toBe(code));

  it('of a kind that never changed stay as they were', () => {
    expect(homeOn(moved, 'hukou', TODAY)).toBe('371502');
    expect(moved).toMatchObject({ hukouCode: '371502', residenceCode: '110105' });
  });

  it('who never moved has no list', () => expect(homesNow(FIRST, TODAY)).toEqual({ hukouCode: '371502', residenceCode: '371502001', homes: [] }));
});

describe('a move', () => {
  it('takes its place in the history, also before a later one', () => {
    const held = [...FIRST, home('residence', '371522', '2024-11-15')];
    const after = decideMove(move({}), held, null, BORN, TODAY);
    expect(after).toMatchObject({ ok: true, value: { residenceCode: '371522' } });
  });

  it.each([
    ['home-from-wrong', move({ from: civilDate('2024-12-04') }), null],
    ['home-from-wrong', move({ from: BORN }), null],
    ['home-from-wrong', move({ from: null }), null],
    ['home-from-wrong', move({}), FIRST[1]],
    ['home-from-wrong', move({ from: null, withdrawn: true }), FIRST[1]],
    ['home-kind-differs', move({ from: null }), FIRST[0]],
    ['place-missing', move({ code: null }), null],
  ] as const)('is refused with %s', (code, asked, corrected) => {
    const held = (code === 'place-missing' ? [home('hukou', null, null), FIRST[1] as HomeRecord] : FIRST).filter((entry) => entry !== corrected);
    expect(decideMove(asked, held, corrected ?? null, BORN, TODAY)).toMatchObject({ ok: false, code });
  });

  it('on a day that has one already is refused', () => {
    expect(decideMove(move({}), [...FIRST, home('residence', '371522', '2024-11-01')], null, BORN, TODAY)).toMatchObject({ ok: false, code: 'home-known' });
  });

  it('that is withdrawn leaves what was before, and the first home may be corrected in place', () => {
    const entry = home('residence', '371521', '2024-11-01');
    expect(decideMove(move({ withdrawn: true }), FIRST, entry, BORN, TODAY)).toEqual({ ok: true, value: { hukouCode: '371502', residenceCode: '371502001', homes: [] } });
    expect(decideMove(move({ code: '371502002', from: null }), [FIRST[0] as HomeRecord], FIRST[1] as HomeRecord, BORN, TODAY)).toMatchObject({ ok: true, value: { residenceCode: '371502002', homes: [] } });
  });
});
