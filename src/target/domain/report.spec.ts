import { civilDate } from '../../kernel/index.js';
import { countiesNow, evenPaceOn, reportOf } from './report.js';
import type { SiteEventKind } from '../../site/domain/index.js';
import type { SiteLife } from './site-life.js';
import { readTarget, type Target } from './target.js';

const target = (change: Record<string, unknown> = {}, rule: Record<string, unknown> = {}): Target => readTarget({
  code: 'sample', name: '样例', document: { title: '文件', number: null, file: '000.txt', clause: '一', quote: '新增4处' },
  divisionCode: '371500', required: 4, deadline: '2024-12-31', baseline: null, ...change,
  rule: { event: 'open', from: '2024-01-01', to: '2024-12-31', stateOn: 'open', kinds: ['canteen'], ...rule },
});

let made = 0;
/** A site from a line such as `accepted 2024-02-01, open 2024-03-01`. */
function site(line: string, more: Partial<SiteLife> = {}): SiteLife {
  made += 1;
  const events = line.split(', ').filter((part) => part !== '').map((part) => {
    const [kind, day] = part.split(' ') as [SiteEventKind, string];
    return { kind, onDate: civilDate(day) };
  });
  return { siteId: `site-${made}`, kind: 'canteen', supplyMode: 'hungPlate', countyCode: '371502', countyName: '东昌府区', events, ...more };
}

const on = (day: string, lives: SiteLife[], asked = target()) => reportOf(asked, lives, civilDate(day));

describe('what counts', () => {
  it.each([
    ['a site that opened in the window', 'open 2024-03-01', '2024-12-31', 1],
    ['one that opened on the first day', 'open 2024-01-01', '2024-12-31', 1],
    ['one that opened on the last day', 'open 2024-12-31', '2024-12-31', 1],
    ['one that opened the day before the window', 'open 2023-12-31', '2024-12-31', 0],
    ['one that opened the day after', 'open 2025-01-01', '2025-06-30', 0],
    ['one that is built and not open', 'accepted 2024-03-01', '2024-12-31', 0],
    ['one that opens later than the asked day', 'open 2024-07-01', '2024-06-30', 0],
    ['one that has closed', 'open 2024-03-01, closed 2024-05-01', '2024-12-31', 0],
    ['the same one before it closed', 'open 2024-03-01, closed 2024-05-01', '2024-04-30', 1],
    ['one that is suspended', 'open 2024-03-01, suspended 2024-05-01', '2024-12-31', 0],
    ['one that was suspended and resumed', 'open 2024-03-01, suspended 2024-05-01, resumed 2024-06-01', '2024-12-31', 1],
    ['an old one that closed and opened again: it is not new', 'open 2023-03-01, closed 2023-09-01, open 2024-05-01', '2024-12-31', 0],
    ['a site without any event', '', '2024-12-31', 0],
  ])('%s', (_, line, day, counted) => {
    expect(on(day, [site(line)]).counted).toBe(counted);
  });

  it('leaves other kinds and modes out where the rule names some', () => {
    const lives = [site('open 2024-03-01', { kind: 'mealPoint' }), site('open 2024-03-01', { supplyMode: 'newOrConverted' })];
    expect(on('2024-12-31', lives).counted).toBe(1);
    expect(on('2024-12-31', lives, target({}, { kinds: null })).counted).toBe(2);
    expect(on('2024-12-31', lives, target({}, { kinds: null, supplyModes: ['hungPlate'] })).counted).toBe(1);
  });

  it('can count acceptance instead of opening, whatever came of the site', () => {
    const lives = [site('accepted 2024-03-01'), site('accepted 2024-03-01, open 2024-04-01, closed 2024-05-01')];
    expect(on('2024-12-31', lives, target({}, { event: 'accepted', stateOn: 'any' })).counted).toBe(2);
    expect(on('2024-12-31', lives, target({}, { event: 'accepted', stateOn: 'notClosed' })).counted).toBe(1);
  });
});

describe('the report', () => {
  const lives = [
    site('open 2023-05-01'),
    site('planned 2024-01-05, accepted 2024-02-01, open 2024-02-10'),
    site('open 2024-02-20, suspended 2024-08-01', { countyCode: '371503', countyName: '茌平区' }),
    site('open 2024-06-01, closed 2024-09-15'),
    site('accepted 2024-06-01', { countyCode: '371503', countyName: '茌平区' }),
    site('open 2024-09-15'),
  ];

  it('puts built, open, suspended and closed side by side and leaves old sites out of the new', () => {
    const report = on('2024-10-01', lives);
    expect(report).toMatchObject({ counted: 2, remaining: 2, met: false, openBefore: 1, countedAtDeadline: null });
    expect(report.newSites).toEqual({ planned: 0, building: 0, accepted: 1, open: 2, suspended: 1, closed: 1 });
  });

  it('gives each county its own figures, and they add up', () => {
    const report = on('2024-10-01', lives);
    expect(report.byCounty.map(({ name, counted }) => [name, counted])).toEqual([['东昌府区', 2], ['茌平区', 0]]);
    expect(report.byCounty.reduce((sum, row) => sum + row.counted, 0)).toBe(report.counted);
  });

  it('steps up and down by day, two changes on one day being one step', () => {
    expect(on('2024-10-01', lives).steps).toEqual([
      { date: '2024-01-01', counted: 0 }, { date: '2024-02-10', counted: 1 }, { date: '2024-02-20', counted: 2 },
      { date: '2024-06-01', counted: 3 }, { date: '2024-08-01', counted: 2 }, { date: '2024-10-01', counted: 2 },
    ]);
  });

  it('counts months by their ends, the asked month by the asked day', () => {
    const months = on('2024-10-01', lives).byMonth;
    expect(months).toHaveLength(10);
    expect(months[1]).toEqual({ month: '2024-02', added: 2, counted: 2, evenPace: 1 });
    expect(months[8]).toEqual({ month: '2024-09', added: 1, counted: 2, evenPace: 3 });
    expect(months[9]).toMatchObject({ month: '2024-10', counted: 2 });
  });

  it('stops the burn-up at the deadline and keeps the count of that day', () => {
    const late = on('2026-05-01', [...lives, site('open 2024-11-01, closed 2025-02-01')]);
    expect(late.steps.at(-1)).toEqual({ date: '2024-12-31', counted: 3 });
    expect(late).toMatchObject({ counted: 2, countedAtDeadline: 3 });
    expect(late.byMonth.at(-1)?.month).toBe('2024-12');
  });

  it('asked before the window says zero and has no pace yet', () => {
    const early = on('2023-12-01', lives);
    expect(early).toMatchObject({ counted: 0, byMonth: [], pace: { reachedPerMonth: null, evenPace: 0 } });
    expect(early.steps).toEqual([{ date: '2024-01-01', counted: 0 }]);
  });
});

describe('the counties of a city', () => {
  it('are all there, those without a site too, with the states of the asked day', () => {
    const counties = [{ divisionCode: '371502', name: '东昌府区' }, { divisionCode: '371521', name: '阳谷县' }];
    const lives = [site('open 2023-05-01'), site('open 2024-02-20, suspended 2024-08-01'), site('planned 2024-09-01')];
    expect(countiesNow(counties, lives, civilDate('2024-08-15'))).toEqual([
      { divisionCode: '371502', name: '东昌府区', states: { planned: 0, building: 0, accepted: 0, open: 1, suspended: 1, closed: 0 } },
      { divisionCode: '371521', name: '阳谷县', states: { planned: 0, building: 0, accepted: 0, open: 0, suspended: 0, closed: 0 } },
    ]);
  });
});

describe('the pace', () => {
  it('is what was reached a month and what is needed a month from now', () => {
    const { pace } = on('2024-06-30', [site('open 2024-02-01')]);
    expect(pace).toEqual({ remainingDays: 184, reachedPerMonth: 0.2, neededPerMonth: 0.5, evenPace: 2 });
  });

  it('needs nothing more once the target is met, or once its day is past', () => {
    const met = ['2024-02-01', '2024-02-02', '2024-02-03', '2024-02-04'].map((day) => site(`open ${day}`));
    expect(on('2024-06-30', met)).toMatchObject({ met: true, remaining: 0, pace: { neededPerMonth: null } });
    expect(on('2025-01-01', []).pace).toMatchObject({ remainingDays: 0, neededPerMonth: null });
  });

  it('runs evenly from the first day to the deadline', () => {
    const hundred = target({ required: 100 });
    expect(evenPaceOn(hundred, civilDate('2023-12-31'))).toBe(0);
    expect(evenPaceOn(hundred, civilDate('2024-01-01'))).toBe(1);
    expect(evenPaceOn(hundred, civilDate('2024-07-01'))).toBe(50);
    expect(evenPaceOn(hundred, civilDate('2024-12-31'))).toBe(100);
    expect(evenPaceOn(hundred, civilDate('2025-12-31'))).toBe(100);
  });
});
