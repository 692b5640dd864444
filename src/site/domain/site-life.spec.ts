import { civilDate, type CivilDate } from '../../kernel/index.js';
import { decideMove, SITE_EVENTS, SITE_MOVES, stateOn, type SiteEvent, type SiteEventKind } from './site-life.js';

const today = civilDate('2024-12-03');
const latest = civilDate('2025-03-03');
const day = (text: string): CivilDate => civilDate(text);
const event = (kind: SiteEventKind, onDate: string): SiteEvent => ({ kind, onDate: day(onDate) });

describe('the life of a site', () => {
  it.each([
    ['none', 'planned'],
    ['planned', 'building accepted closed'],
    ['building', 'accepted closed'],
    ['accepted', 'open closed'],
    ['open', 'suspended closed'],
    ['suspended', 'resumed closed'],
    ['resumed', 'suspended closed'],
    ['closed', ''],
  ] as const)('after %s may come: %s', (last, may) => {
    for (const kind of SITE_EVENTS) {
      const before = last === 'none' ? undefined : event(last, '2024-11-01');
      const decision = decideMove(before, event(kind, '2024-11-01'), today, latest);
      expect([kind, decision.ok]).toEqual([kind, may.split(' ').includes(kind)]);
      if (!decision.ok) expect(decision.code).toBe('site-move-forbidden');
    }
  });

  it('comes to an end whatever happens: every state leads to closed', () => {
    const reach = (from: SiteEventKind | 'none', seen: string[]): boolean =>
      SITE_MOVES[from].some((next) => next === 'closed' || (!seen.includes(next) && reach(next, [...seen, next])));
    for (const kind of ['none', ...SITE_EVENTS] as const) expect(kind === 'closed' || reach(kind, [kind])).toBe(true);
  });

  it('runs forward in time, a day may hold two events', () => {
    expect(decideMove(event('accepted', '2024-11-02'), event('open', '2024-11-01'), today, latest)).toEqual({ ok: false, code: 'event-before-last' });
    expect(decideMove(event('accepted', '2024-11-02'), event('open', '2024-11-02'), today, latest)).toEqual({ ok: true, state: 'open' });
  });

  it('may be announced ahead only where diners must be told', () => {
    expect(decideMove(event('accepted', '2024-11-02'), event('open', '2024-12-03'), today, latest).ok).toBe(true);
    expect(decideMove(event('accepted', '2024-11-02'), event('open', '2024-12-04'), today, latest)).toEqual({ ok: false, code: 'event-in-future' });
    expect(decideMove(event('open', '2024-11-02'), event('closed', '2025-03-03'), today, latest).ok).toBe(true);
    expect(decideMove(event('open', '2024-11-02'), event('suspended', '2025-03-04'), today, latest)).toEqual({ ok: false, code: 'event-in-future' });
  });
});

describe('the state on a day', () => {
  const events = [event('planned', '2024-01-10'), event('accepted', '2024-05-01'), event('open', '2024-05-01'), event('suspended', '2024-08-01'), event('resumed', '2024-08-11'), event('closed', '2024-12-31')];
  it.each([
    ['2023-12-31', 'planned'], ['2024-01-10', 'planned'], ['2024-04-30', 'planned'], ['2024-05-01', 'open'], ['2024-07-31', 'open'],
    ['2024-08-01', 'suspended'], ['2024-08-10', 'suspended'], ['2024-08-11', 'open'], ['2024-12-30', 'open'], ['2024-12-31', 'closed'], ['2030-01-01', 'closed'],
  ] as const)('on %s is %s', (date, state) => expect(stateOn(events, day(date))).toBe(state));
});
