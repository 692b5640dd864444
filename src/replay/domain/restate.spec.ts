import fc from 'fast-check';
import { civilDate, fen, type CivilDate } from '../../kernel/index.js';
import type { MealDecision, Use } from '../../subsidy/domain/index.js';
import { restateElder } from './index.js';
import type { DecidedMeal, StandingMeal } from './restate.js';

const RULE = 'city/meal';
const FUND = 'county@371502';
const NOON = Date.UTC(2024, 11, 3, 4);
const DAY = 86_400_000;

/** A rule as simple as can be: so much once a day. */
function once(amount: number) {
  return (meal: StandingMeal, uses: readonly Use[]): DecidedMeal => {
    const given = uses.length > 0 ? 0 : amount;
    const own: Use[] = given > 0 ? [{ ruleId: RULE, periodKey: `d:${meal.mealDate}`, count: 1, fen: fen(given) }] : [];
    return { decision: { subsidyFen: fen(given), uses: own, refusal: given > 0 ? null : 'second-meal-today' } as unknown as MealDecision, shares: given > 0 ? [{ funderCode: FUND, fen: fen(given) }] : [] };
  };
}

interface Eaten {
  readonly day?: number;
  /** Minutes after noon at which it was sold, and at which it arrived. */
  readonly sold?: number;
  readonly arrived?: number;
  readonly given?: number;
  readonly change?: Partial<StandingMeal>;
}

function meal(tapId: string, { day = 0, sold = 0, arrived = sold, given = 300, change = {} }: Eaten = {}): StandingMeal {
  const mealDate = civilDate(`2024-12-${String(3 + day).padStart(2, '0')}`);
  const uses = given > 0 ? [{ ruleId: RULE, periodKey: `d:${mealDate}`, count: 1, fen: fen(given) }] : [];
  return {
    tapId, siteId: 's', terminalId: 't', offline: arrived > sold, takenBackAt: change.voidedAt ?? null, useChanges: [], mealDate, mealPeriod: 'lunch', priceFen: fen(1500), selfPayFen: fen(1500 - given), subsidyFen: fen(given), flags: [],
    deviceTime: NOON + day * DAY + sold * 60_000, receivedAt: NOON + day * DAY + arrived * 60_000, shares: given > 0 ? [{ funderCode: FUND, fen: fen(given) }] : [],
    byHand: false, voidedAt: null, explanation: { computed: { subsidyFen: given }, uses }, ...change,
  };
}

const FROM = civilDate('2024-12-03');
const names = (meals: readonly StandingMeal[], amount: number, from: CivilDate = FROM) => restateElder(meals, from, once(amount)).map((one) => `${one.meal.tapId} ${one.beforeFen}>${one.afterFen}`);

describe('what comes out otherwise', () => {
  it('is nothing where the rule and the facts are the same', () => {
    expect(names([meal('a'), meal('b', { sold: 9, given: 0 }), meal('c', { day: 1 })], 300)).toEqual([]);
  });

  it('is each meal since the first day, and none before it', () => {
    const meals = [meal('a'), meal('b', { day: 1 }), meal('c', { day: 2 })];
    expect(names(meals, 250, civilDate('2024-12-04'))).toEqual(['b 300>250', 'c 300>250']);
    expect(names(meals, 0)).toEqual(['a 300>0', 'b 300>0', 'c 300>0']);
  });

  it('goes by the order in which meals were decided: an answer that was given online stays', () => {
    // Sold first, sent last: the later meal had got the day’s subsidy by then.
    expect(names([meal('early', { sold: 0, arrived: 60, given: 0 }), meal('late', { sold: 30 })], 300)).toEqual([]);
  });

  it('leaves what a person corrected and what came after 72 hours, and counts what they used', () => {
    expect(names([meal('a', { change: { byHand: true, shares: [] } }), meal('b', { sold: 9, given: 0 })], 250)).toEqual([]);
    expect(names([meal('a', { given: 0, change: { flags: ['sent-too-late'] } })], 300)).toEqual([]);
  });

  it('goes by rank where meals were sold offline, whichever arrived first, and for online ones by what stood at their answer', () => {
    const off = { useChanges: [{ ruleId: RULE, periodKey: 'd:2024-12-03', count: -1, fen: fen(-300) }], shares: [], selfPayFen: fen(1200) };
    const early = meal('early', { sold: 0, arrived: 60 });
    // Had the day's turn until the earlier one arrived.
    const late = meal('late', { sold: 30, arrived: 40, change: off });
    const online = meal('online', { sold: 50, given: 0 });
    expect(names([early, late, online], 300)).toEqual([]);
    expect(names([early, late, online], 250)).toEqual(['early 300>250']);
  });

  it('counts a meal that was taken back for what was decided before that, and not after', () => {
    const voided = meal('a', { change: { voidedAt: NOON + 10 * 60_000, shares: [] } });
    expect(names([voided, meal('b', { sold: 5, given: 0 }), meal('c', { sold: 15 })], 300)).toEqual([]);
  });

  it('keeps an offline own share as paid while the rules give what they gave', () => {
    const kept = meal('a', { given: 300, change: { flags: ['fund-changed'], explanation: { computed: { subsidyFen: 800 }, uses: [] } } });
    expect(names([kept], 800)).toEqual([]);
    expect(names([kept], 700)).toEqual(['a 300>700']);
  });
});

describe('what is due to the elder', () => {
  const refund = (one: StandingMeal, amount: number) => restateElder([one], FROM, once(amount))[0]?.refundFen;

  it.each([
    ['all that funders give where the elder paid the whole price', meal('a', { given: 0 }), 300, 300],
    ['what goes beyond what the elder left open, after the site’s own part', meal('a', { given: 300, change: { selfPayFen: fen(1000) } }), 800, 300],
    ['nothing where funders give less: an elder is never billed', meal('a', { given: 300 }), 100, 0],
    ['nothing where the site had borne it', meal('a', { given: 0, change: { selfPayFen: fen(1200) } }), 300, 0],
  ])('is %s', (_name, one, amount, expected) => {
    expect(refund(one, amount)).toBe(expected);
  });
});

it('for any meals: applied once, nothing is left to restate', () => {
  const eaten = fc.record({ day: fc.nat(3), sold: fc.nat(600), given: fc.constantFrom(0, 300) });
  fc.assert(fc.property(fc.uniqueArray(eaten, { selector: ({ day, sold }) => `${day} ${sold}`, maxLength: 8 }), fc.constantFrom(0, 100, 300, 900), (list, amount) => {
    const meals = list.map((one, index) => meal(String(index), one));
    const restated = restateElder(meals, FROM, once(amount));
    for (const one of restated) expect(one.before).not.toEqual(one.after);
    const after = meals.map((one) => ({ ...one, shares: restated.find(({ meal: { tapId } }) => tapId === one.tapId)?.after ?? one.shares }));
    // What was restated stands; the counters follow the rules and not the records.
    expect(restateElder(after, FROM, once(amount))).toEqual([]);
    expect(restateElder([...meals].reverse(), FROM, once(amount))).toEqual(restated);
  }));
});
