import { compact, roundStep } from './charts.js';
import { askedDate, claimFigures, claimsInOrder, everyDay, monthFigures, standing, type CountedTarget, type DayFigures } from './figures.js';

const day = (date: string, meals: number): DayFigures => ({ date, meals, subsidisedMeals: meals - 1, subsidyFen: meals * 200, selfPayFen: meals * 1_000 });
const claim = (state: string, claims: number) => ({ state, claims, claimedFen: claims * 1_000, approvedFen: claims * 990, cutFen: claims * 10, paidFen: 0 });

describe('the days of a month', () => {
  it('add up', () => {
    expect(monthFigures([day('2024-12-01', 3), day('2024-12-02', 4)])).toEqual({ meals: 7, subsidisedMeals: 5, subsidyFen: 1_400, selfPayFen: 7_000 });
  });

  it('show a day without a meal as zero, not as missing', () => {
    expect(everyDay([day('2024-12-01', 3), day('2024-12-04', 4)]).map((row) => [row.date, row.meals])).toEqual([['2024-12-01', 3], ['2024-12-02', 0], ['2024-12-03', 0], ['2024-12-04', 4]]);
    expect(everyDay([])).toEqual([]);
  });
});

describe('claims', () => {
  it('stand in the order of their way, empty states left out, unknown ones last and named as they are', () => {
    expect(claimsInOrder([claim('paid', 1), claim('somethingNew', 1), claim('draft', 2), claim('returned', 0)]).map((row) => row.word)).toEqual(['待食堂申报', '已拨付', 'somethingNew']);
  });

  it('keep the four figures apart when they are added', () => {
    expect(claimFigures([claim('paid', 1), claim('draft', 2)])).toEqual({ claims: 3, claimedFen: 3_000, approvedFen: 2_970, cutFen: 30, paidFen: 0 });
  });
});

describe('where a target stands', () => {
  const target = (report: object): CountedTarget => ({
    target: { deadline: '2024-12-31' },
    report: { required: 100, counted: 40, remaining: 60, met: false, countedAtDeadline: null, pace: { remainingDays: 184, reachedPerMonth: 6.7, neededPerMonth: 9.9, evenPace: 50 }, ...report },
  }) as unknown as CountedTarget;

  it('says what is missing and what is needed a month', () => {
    expect(standing(target({}))).toEqual({ word: '慢于匀速', mood: 'watch', sentence: '按匀速当日应达 50 处。还差 60 处，距期限 184 天，此后每月需新增 9.9 处（至今每月 6.7 处）。' });
    expect(standing(target({ counted: 55, remaining: 45 })).word).toBe('快于匀速');
  });

  it('asks to keep what was reached before the deadline', () => {
    expect(standing(target({ counted: 100, remaining: 0, met: true }))).toMatchObject({ word: '已完成', mood: 'good' });
  });

  it('judges by the deadline afterwards, and says what has become of it since', () => {
    expect(standing(target({ counted: 97, countedAtDeadline: 104 }))).toEqual({ word: '按期完成', mood: 'good', sentence: '期限日（2024年12月31日）计入 104 处，任务 100 处；其中至今仍计入 97 处。' });
    expect(standing(target({ counted: 90, countedAtDeadline: 90 }))).toEqual({ word: '到期未完成', mood: 'late', sentence: '期限日（2024年12月31日）计入 90 处，任务 100 处，差 10 处。' });
  });
});

describe('small words', () => {
  it('takes the asked day from the address and drops what is none', () => {
    expect(askedDate('?city=371500&asOf=2024-12-31')).toBe('2024-12-31');
    expect(askedDate('?asOf=2024-02-30')).toBeUndefined();
    expect(askedDate('')).toBeUndefined();
  });

  it('finds round steps for an axis and short numbers on it', () => {
    expect([0.4, 21.6, 23, 50, 51, 3_000].map(roundStep)).toEqual([1, 50, 50, 50, 100, 5_000]);
    expect([0, 8_000, 10_000, 12_345].map(compact)).toEqual(['0', '8000', '1万', '1.2万']);
  });
});
