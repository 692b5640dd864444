import { chinaInstant, civilDate } from '../../kernel/index.js';
import { firstLevel, holdsNumber, isLate, madeAt, stepComplaint, type ComplaintStanding } from './complaint.js';
import { stepFollowUp } from './follow-up.js';
import { dueMeals, sayAte, sayBooking } from './notice.js';
import { ratingClosed, summarise, type SaidRating } from './rating.js';
import { isTemplateField, messageData } from './template.js';

const DAY = 86_400_000;
const TIMES = { answerDays: 7, replyDays: 15 };
const made = madeAt('site', 0, TIMES);
const next = (from: ComplaintStanding, kind: Parameters<typeof stepComplaint>[1], now: number): ComplaintStanding => {
  const to = stepComplaint(from, kind, now, TIMES);
  if (typeof to === 'string') throw new Error(to);
  return to;
};

describe('a complaint', () => {
  it('goes past the canteen where it concerns its books or its kitchen', () => {
    expect((['taste', 'attitude', 'hygiene', 'money', 'notEaten'] as const).map(firstLevel)).toEqual(['site', 'site', 'township', 'township', 'township']);
  });

  it('may be objected to once, goes one level up and gets its days anew', () => {
    const answered = next(made, 'answered', DAY);
    const up = next(answered, 'objected', 2 * DAY);
    expect(up).toMatchObject({ state: 'open', level: 'township', objected: true, dueAt: 9 * DAY });
    const second = next(up, 'answered', 3 * DAY);
    expect(stepComplaint(second, 'objected', 4 * DAY, TIMES)).toBe('complaint-objected');
    expect(stepComplaint(answered, 'objected', 17 * DAY, TIMES)).toBe('complaint-reply-late');
    expect(stepComplaint(next(answered, 'settled', 2 * DAY), 'objected', 3 * DAY, TIMES)).toBe('complaint-settled');
  });

  it('goes to the county once it is late, and stays there', () => {
    expect([isLate(made, 7 * DAY), isLate(made, 7 * DAY + 1)]).toEqual([false, true]);
    const late = next(made, 'late', 8 * DAY);
    expect(late).toMatchObject({ level: 'county', late: true, state: 'open', dueAt: 15 * DAY });
    expect(isLate(late, 99 * DAY)).toBe(false);
    expect(stepComplaint(next(made, 'answered', 1), 'late', 9 * DAY, TIMES)).toBe('complaint-answered');
  });

  it('is answered once, and told only then', () => {
    expect(stepComplaint(made, 'told', 1, TIMES)).toBe('complaint-not-answered');
    const answered = next(made, 'answered', 1);
    expect(stepComplaint(answered, 'answered', 2, TIMES)).toBe('complaint-answered');
    expect(next(answered, 'told', 2)).toMatchObject({ told: true, state: 'answered' });
  });

  it('holds no number of anybody, but may say when', () => {
    expect(['电话 138 0000 0000', '３７１５０２１９４００６０１００１X', '0635-8234567'].map(holdsNumber)).toEqual([true, true, true]);
    expect(['2024-12-03 11:42 买的', '2024年12月3日的午饭', '一份 15 元，收了 20 元', '3 号楼 402'].map(holdsNumber)).toEqual([false, false, false, false]);
  });
});

describe('a follow-up', () => {
  it('asks for a visit at the third call that nobody takes', () => {
    let at = { state: 'open', unanswered: 0 } as ReturnType<typeof stepFollowUp>;
    for (const state of ['open', 'open', 'visit', 'visit']) {
      if (typeof at === 'string') throw new Error(at);
      at = stepFollowUp(at, 'noAnswer');
      expect(at).toMatchObject({ state });
    }
  });

  it('is closed by speaking, by being there or by a meal, and by nothing else', () => {
    for (const step of ['reached', 'visited', 'ate'] as const) expect(stepFollowUp({ state: 'visit', unanswered: 1 }, step)).toMatchObject({ state: 'closed' });
    expect(stepFollowUp({ state: 'open', unanswered: 0 }, 'visitNeeded')).toMatchObject({ state: 'visit' });
    expect(stepFollowUp({ state: 'closed', unanswered: 0 }, 'reached')).toBe('follow-up-closed');
  });
});

describe('a rating', () => {
  it('has a week, and a day to be changed', () => {
    expect([ratingClosed(7 * DAY, 0, null), ratingClosed(7 * DAY + 1, 0, null)]).toEqual([null, 'rating-too-late']);
    expect([ratingClosed(3 * DAY, 0, 2 * DAY), ratingClosed(3 * DAY + 1, 0, 2 * DAY)]).toEqual([null, 'rating-fixed']);
  });

  it('shows an average from enough of them only', () => {
    const noon = chinaInstant(civilDate('2024-12-03'), 720);
    const said = (many: number, people = 10) => Array.from({ length: many }, (_, at): SaidRating => ({ tapId: `t-${at}`, firstAt: noon + at, stars: at % 3 === 0 ? 5 : 4, words: at < 2 ? ['tasty', 'hot'] : ['tasty'], by: `b-${at % people}` }));
    const later = noon + DAY + 100;
    expect(summarise(said(9), later, 1)).toEqual({ count: 0, tenths: null, words: [] });
    expect(summarise(said(19), later, 10)).toEqual({ count: 10, tenths: 45, words: [{ word: 'tasty', count: 10 }] });
    expect(summarise(said(19), later, 11)).toMatchObject({ count: 0, tenths: null });
    expect(summarise(said(10), noon + DAY, 10)).toMatchObject({ count: 0 });
    expect(summarise(said(19, 4), later, 10)).toMatchObject({ count: 0 });
    expect(summarise(said(10), noon + 91 * DAY, 10)).toMatchObject({ count: 0 });
  });
});

describe('what is said', () => {
  const at = chinaInstant(civilDate('2024-12-03'), 11 * 60 + 42);

  it('is one sentence', () => {
    expect(sayAte('妈妈', '幸福里食堂', at).text).toBe('妈妈 11:42 在幸福里食堂用餐了');
    expect(sayBooking('notEaten', '妈妈', '幸福里食堂', { mealDate: civilDate('2024-12-03'), mealPeriod: 'lunch' }).text).toBe('妈妈订了12月3日午餐（幸福里食堂），到现在还没有用餐');
  });

  it('misses lunch from 13:00 on', () => {
    expect(dueMeals(chinaInstant(civilDate('2024-12-03'), 779))).toEqual(['breakfast']);
    expect(dueMeals(chinaInstant(civilDate('2024-12-03'), 780))).toEqual(['breakfast', 'lunch']);
  });
});

describe('a message of WeChat', () => {
  it('is cut to what WeChat takes, and leaves no field empty', () => {
    expect(messageData({ thing1: 'site', time2: 'time', phrase3: 'none' }, { site: '一'.repeat(21), time: '11:42' })).toEqual({ thing1: `${'一'.repeat(19)}…`, time2: '11:42', phrase3: '-' });
    expect(messageData({ thing1: 'site' }, { site: '一'.repeat(20) })).toEqual({ thing1: '一'.repeat(20) });
  });

  it('has fields of the kinds that we can fill', () => {
    expect(['thing1', 'character_string12', 'thing', 'secret1', 'amount1'].map(isTemplateField)).toEqual([true, true, false, false, false]);
  });
});
