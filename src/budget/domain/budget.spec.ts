import { addDays, civilDate, civilMonth, daysBetween, fen, weekday, type CivilDate, type Fen } from '../../kernel/index.js';
import type { CompiledVersion } from '../../subsidy/domain/index.js';
import { adjustmentName, basisOf, dueOn, figuresOf, forecast as forecastFrom, netPositions, overrunOf, reached, ruleOfFund, statementText, type ClaimSum, type DayUse } from './index.js';

/** Uses of the days before a Monday: so many fen on each weekday and on each day of the weekend. */
function pace(asOf: string, days: number, weekdayFen: number, weekendFen: number): DayUse[] {
  return Array.from({ length: days }, (_, index) => {
    const date = addDays(civilDate(asOf), index - days);
    return { date, fen: weekday(date) >= 6 ? weekendFen : weekdayFen };
  });
}

/** A forecast out of the days themselves. */
const forecast = (left: Fen, days: readonly DayUse[], asOf: CivilDate, last: CivilDate) => forecastFrom(left, basisOf(days, asOf), asOf, last);

describe('forecast', () => {
  // 2024-12-02 is a Monday. Uses lie in the 40 days before it unless said otherwise.
  test.each([
    ['nothing was ever used', 1000, 0, 0, 0, 'lasts', null, 1000],
    ['already beyond zero', -1, 40, 100, 100, 'beyond', null, -1],
    ['nothing is left, the next meal runs out', 0, 40, 100, 0, 'ends', '2024-12-02', null],
    ['just enough for five weekdays', 500, 40, 100, 0, 'ends', '2024-12-09', null],
    ['a fen less than five weekdays', 499, 40, 100, 0, 'ends', '2024-12-06', null],
    ['weekends count apart', 500, 40, 100, 1, 'ends', '2024-12-07', null],
    ['only weekends use it', 100, 40, 0, 100, 'ends', '2024-12-08', null],
    ['lasts to the year\'s end to the fen', 2200, 40, 100, 0, 'lasts', null, 0],
    ['a fen short of the year\'s end', 2199, 40, 100, 0, 'ends', '2024-12-31', null],
    ['a fund that began three days ago', 300, 3, 90, 50, 'ends', '2024-12-05', null],
  ])('%s', (_, left, days, weekdayFen, weekendFen, kind, endsOn, leftFen) => {
    const made = forecast(fen(left), pace('2024-12-02', days, weekdayFen, weekendFen), civilDate('2024-12-02'), civilDate('2024-12-31'));
    expect(made).toMatchObject({ kind, endsOn, leftFen });
  });

  test('tells what it rests on: 28 days, or fewer where the fund is younger', () => {
    const basis = (days: number) => forecast(fen(1_000_000), pace('2024-12-02', days, 100, 30), civilDate('2024-12-02'), civilDate('2024-12-31')).basis;
    expect(basis(40)).toEqual({ from: '2024-11-04', to: '2024-12-01', weekdays: 20, weekdayFen: 2000, weekendDays: 8, weekendFen: 240 });
    expect(basis(3)).toEqual({ from: '2024-11-29', to: '2024-12-01', weekdays: 1, weekdayFen: 100, weekendDays: 2, weekendFen: 60 });
    expect(basis(0)).toBeNull();
  });

  test('ignores the day that is not over, and does not take corrections for income', () => {
    const asOf = civilDate('2024-12-02');
    expect(forecast(fen(10), [{ date: asOf, fen: 999 }], asOf, civilDate('2024-12-31'))).toMatchObject({ kind: 'lasts', leftFen: 10 });
    expect(forecast(fen(10), [{ date: civilDate('2024-11-29'), fen: -999 }], asOf, civilDate('2024-12-31'))).toMatchObject({ kind: 'lasts', leftFen: 10 });
  });

  test('is not in a hurry over a whole year', () => {
    const asOf = civilDate('2024-01-01');
    const made = forecast(fen(20 * 366), pace('2024-01-01', 40, 20, 20), asOf, civilDate('2024-12-31'));
    expect(made).toMatchObject({ kind: 'lasts', leftFen: 0 });
    expect(daysBetween(asOf, civilDate('2024-12-31'))).toBe(365);
  });
});

describe('figures', () => {
  const row = (mealYear: number, payYear: number, claimedFen: number, cutFen: number, approvedFen: number): ClaimSum => ({ mealYear, payYear, claimedFen, cutFen, approvedFen });

  test('a meal binds its own year until a batch names another', () => {
    const sums = { budgetFen: 1000, committedFen: 700, paidFen: 0 };
    expect(figuresOf({ ...sums, claims: [row(2024, 2024, 300, 0, 0)] }, 2024)).toMatchObject({ usedFen: 700, remainingFen: 300, unclaimedFen: 400, inReviewFen: 300, carriedOutFen: 0 });
    expect(figuresOf({ ...sums, claims: [row(2024, 2025, 300, 50, 250)] }, 2024)).toMatchObject({ usedFen: 400, remainingFen: 600, unclaimedFen: 400, claimedFen: 0, carriedOutFen: 300 });
    expect(figuresOf({ budgetFen: 1000, committedFen: 0, paidFen: 200, claims: [row(2024, 2025, 300, 50, 250)] }, 2025))
      .toEqual({ budgetFen: 1000, committedFen: 0, carriedInFen: 300, carriedOutFen: 0, claimedFen: 300, cutFen: 50, approvedFen: 250, paidFen: 200, unclaimedFen: 0, inReviewFen: 0, unpaidFen: 50, usedFen: 250, remainingFen: 750 });
  });

  test('what is beyond is unfunded payable only where somebody ordered it', () => {
    const over = figuresOf({ budgetFen: 100, committedFen: 130, claims: [], paidFen: 0 }, 2024);
    expect([overrunOf(over, false), overrunOf(over, true)]).toEqual([{ unfundedPayableFen: 0, overrunFen: 30 }, { unfundedPayableFen: 30, overrunFen: 0 }]);
    expect(overrunOf(figuresOf({ budgetFen: 130, committedFen: 130, claims: [], paidFen: 0 }, 2024), true)).toEqual({ unfundedPayableFen: 0, overrunFen: 0 });
  });
});

describe('alarms', () => {
  test.each([
    [0, 0, []], [0, 1000, []], [799, 1000, []], [800, 1000, [80]], [949, 1000, [80]], [950, 1000, [80, 95]], [2000, 1000, [80, 95]], [1, 0, [80, 95]],
  ])('%d of %d has reached %j', (used, budget, thresholds) => {
    expect(reached(used, budget)).toEqual(thresholds);
  });

  test.each([[80, null, '2024-12-31'], [95, null, '2024-12-11'], [95, '2024-12-05', '2024-12-05'], [95, '2024-11-01', '2024-12-01'], [95, '2025-01-05', '2024-12-11']] as const)(
    'at %d %% with money until %s, the adjustment is due on %s', (threshold, runsOut, due) => {
      expect(dueOn(threshold, civilDate('2024-12-01'), runsOut === null ? null : civilDate(runsOut))).toBe(due);
    });

  test('have a number and a name', () => {
    expect(adjustmentName(2024, 'county@371502', '东昌府区财政', 80)).toEqual({ number: 'TZ-2024-county@371502-80', name: '2024年东昌府区财政老年助餐补贴预算用至80%调整事项' });
  });
});

describe('the rule for a fund past zero', () => {
  const version = (pack: string, way: 'end' | 'continue' | null, funders: object[]) => ({
    pack, version: 'v1', funders, whenFundsEnd: way === null ? null : JSON.parse(`{"then":"${way}","noticeDays":15,"clause":"第九条","document":{"number":"聊民发1号"},"notes":[]}`),
  }) as unknown as CompiledVersion;
  const city = { division: '371500', version: version('city', 'end', [{ code: 'city', level: 'city', of: 'pack', division: '371500' }, { code: 'county', level: 'county', of: 'site', division: null }, { code: 'lotteryWelfareFund', level: 'city', of: 'pack', division: '371500' }]) };
  const county = { division: '371502', version: version('county', 'continue', [{ code: 'county', level: 'county', of: 'pack', division: '371502' }]) };

  test.each([
    ['city', '371500', 'city'], ['county', '371502', 'county'], ['county', '371503', 'city'], ['lotteryWelfareFund', '371500', 'city'], ['township', '371502001', null], ['county', '370102', null],
  ])('%s@%s is ruled by %s', (kind, divisionCode, pack) => {
    expect(ruleOfFund([city, county], { kind, divisionCode })?.pack ?? null).toBe(pack);
  });

  test('says nothing where no pack does', () => {
    expect(ruleOfFund([{ ...city, version: version('city', null, [...city.version.funders]) }], { kind: 'city', divisionCode: '371500' })).toBeNull();
    expect(ruleOfFund([county], { kind: 'county', divisionCode: '371502' })).toEqual({ pack: 'county', version: 'v1', way: 'continue', noticeDays: 15, clause: '第九条', documentNumber: '聊民发1号' });
  });
});

describe('the statement between counties', () => {
  const line = (lineNo: number, siteCounty: string, bearingCounty: string, amount: number) => ({ lineNo, siteCounty, bearingCounty, funderCode: `county@${bearingCounty}`, mealMonth: civilMonth('2024-12'), meals: 1, fen: fen(amount) });

  test('leaves all counties together at nothing', () => {
    const net = netPositions([line(1, 'A', 'B', 500), line(2, 'B', 'A', 200), line(3, 'C', 'A', -50)]);
    expect(net).toEqual([{ countyCode: 'A', dueToFen: 500, dueByFen: 150, netFen: 350 }, { countyCode: 'B', dueToFen: 200, dueByFen: 500, netFen: -300 }, { countyCode: 'C', dueToFen: -50, dueByFen: 0, netFen: -50 }]);
    expect(net.reduce((sum, one) => sum + one.netFen, 0)).toBe(0);
  });

  test('is hashed over all that it says', () => {
    expect(statementText([line(1, 'A', 'B', 500)])).toBe('1|A|B|county@B|2024-12|1|500');
  });
});
