import { civilDate, fen } from '../../kernel/index.js';
import { CITY_ALONE, always, ask, fixed, makeClass, makeRule, makeVersion, yuan, type QuestionParts } from '../../../test/support/make-version.js';
import { addUses, decideMeal, type FundingPlan, type MealDecision, type Rule } from './index.js';

const decide = (rules: Rule | readonly Rule[], parts: QuestionParts = {}): MealDecision => decideMeal(ask(rules, parts));
const paidBy = (decision: MealDecision): number[] => decision.funding.map((part) => part.fen);

/** Decides meal after meal, each with the uses of those before. */
function inTurn(rule: Rule, meals: readonly QuestionParts[]): number[] {
  let uses: MealDecision['uses'] = [];
  return meals.map((meal) => {
    const decision = decide(rule, { ...meal, uses });
    uses = addUses(uses, decision.uses);
    return decision.subsidyFen;
  });
}

const on = (date: string, period: 'breakfast' | 'lunch' | 'dinner' = 'lunch', price = 12): QuestionParts => ({ meal: { date: civilDate(date), period, priceFen: yuan(price) } });

describe('amounts', () => {
  test('fixed per meal', () => {
    expect(decide(makeRule())).toMatchObject({ subsidyFen: 200, selfPayFen: 1000, refusal: null });
  });

  test('by meal period, with halves of a yuan; a period without an amount pays nothing', () => {
    const rule = makeRule({ classes: [makeClass({ amounts: { breakfast: fixed(0.5), lunch: fixed(1), dinner: null } })] });
    expect(decide(rule, on('2024-12-03', 'breakfast')).subsidyFen).toBe(50);
    expect(decide(rule, on('2024-12-03', 'lunch')).subsidyFen).toBe(100);
    expect(decide(rule, on('2024-12-03', 'dinner'))).toMatchObject({ subsidyFen: 0, refusal: 'meal-period-not-covered' });
  });

  test.each([
    ['down', 1003, 250], ['half-up', 1003, 251], ['half-up', 1001, 250], ['up', 1001, 251], ['down', 2000, 300],
  ] as const)('percentage, rounded %s, of %i fen gives %i', (rounding, price, expected) => {
    const amount = { form: 'percentage', basisPoints: 2500, capFen: yuan(3), of: 'paid', rounding } as const;
    expect(decide(makeRule({ classes: [makeClass({ amounts: always(amount) })] }), { meal: { priceFen: fen(price) } }).subsidyFen).toBe(expected);
  });

  test("the operator's discount comes first; a percentage may be of the list price", () => {
    const of = (base: 'paid' | 'list'): Rule => makeRule({ classes: [makeClass({ amounts: always({ form: 'percentage', basisPoints: 5000, capFen: null, of: base, rounding: 'down' }) })] });
    const meal = { priceFen: yuan(10), listPriceFen: yuan(16) };
    expect(decide(of('paid'), { meal }).subsidyFen).toBe(500);
    expect(decide(of('list'), { meal }).subsidyFen).toBe(800);
  });

  test('the bill caps the subsidy and the explanation says so', () => {
    const decision = decide(makeRule({ classes: [makeClass({ amounts: always(fixed(15)) })] }));
    expect(decision).toMatchObject({ subsidyFen: 1200, selfPayFen: 0 });
    expect(decision.reasons[0]?.caps).toEqual([{ cap: 'bill', limitFen: 1200, beforeFen: 1500, afterFen: 1200 }]);
  });

  test('a voucher is used once, the one that expires first, and not after its last day', () => {
    const rule = makeRule({ classes: [makeClass({ amounts: always({ form: 'voucher', kind: 'meal' }) })] });
    const voucher = (id: string, to: string, worth: number) => ({ id, kind: 'meal', fen: yuan(worth), from: civilDate('2024-01-01'), to: civilDate(to) });
    const elder = { vouchers: [voucher('b', '2024-12-31', 5), voucher('a', '2024-12-03', 4), voucher('old', '2024-12-02', 9)] };
    expect(inTurn(rule, [{ elder }, { elder }, { elder }])).toEqual([400, 500, 0]);
    expect(decide(rule).refusal).toBe('no-voucher');
  });
});

describe('the bill', () => {
  test('at least X, on what is paid or on the list price', () => {
    const rule = (basis: 'paid' | 'list'): Rule => makeRule({ bill: { atLeastFen: yuan(8), basis, aboveSubsidy: false } });
    const meal = { priceFen: yuan(7.99), listPriceFen: yuan(8) };
    expect(decide(rule('paid'), { meal })).toMatchObject({ subsidyFen: 0, refusal: 'bill-too-low' });
    expect(decide(rule('list'), { meal }).subsidyFen).toBe(200);
  });

  test('strictly above the subsidy', () => {
    const rule = makeRule({ bill: { atLeastFen: null, basis: 'paid', aboveSubsidy: true } });
    expect(decide(rule, { meal: { priceFen: yuan(2) } }).refusal).toBe('bill-too-low');
    expect(decide(rule, { meal: { priceFen: fen(201) } }).subsidyFen).toBe(200);
  });

  test('a free meal takes nothing and counts nothing', () => {
    expect(decide(makeRule({ limits: [{ per: 'day', count: 1, fen: null, partly: true }] }), { meal: { priceFen: yuan(0) } }))
      .toMatchObject({ subsidyFen: 0, selfPayFen: 0, uses: [], refusal: 'nothing-to-pay' });
  });
});

describe('limits', () => {
  const limited = (per: 'period' | 'day' | 'week' | 'month', count: number): Rule => makeRule({ limits: [{ per, count, fen: null, partly: true }] });

  test('the first qualifying meal of a day', () => {
    expect(inTurn(limited('day', 1), [on('2024-12-03'), on('2024-12-03', 'dinner'), on('2024-12-04')])).toEqual([200, 0, 200]);
  });

  test('n a day; each meal period once', () => {
    expect(inTurn(limited('day', 2), [on('2024-12-03', 'breakfast'), on('2024-12-03'), on('2024-12-03', 'dinner')])).toEqual([200, 200, 0]);
    expect(inTurn(limited('period', 1), [on('2024-12-03'), on('2024-12-03'), on('2024-12-03', 'dinner')])).toEqual([200, 0, 200]);
  });

  test('a natural week from Monday to Sunday, over the turn of the year, without carry-over', () => {
    expect(inTurn(limited('week', 2), [on('2024-12-30'), on('2024-12-31'), on('2025-01-05'), on('2025-01-06')])).toEqual([200, 200, 0, 200]);
  });

  test('a month', () => {
    const decision = decide(limited('month', 1), { uses: [{ ruleId: 'test/meal', periodKey: 'm:2024-12', count: 1, fen: yuan(2) }] });
    expect(decision.refusal).toBe('month-cap-reached');
  });

  test('a day and its Monday do not share a counter', () => {
    const rule = makeRule({ limits: [{ per: 'day', count: 1, fen: null, partly: true }, { per: 'week', count: 5, fen: null, partly: true }] });
    expect(decide(rule, on('2024-12-02')).uses.map((use) => use.periodKey)).toEqual(['d:2024-12-02', 'w:2024-12-02']);
  });

  test('a monthly allowance, usable in part or only whole', () => {
    const allowance = (partly: boolean): Rule => makeRule({ limits: [{ per: 'month', count: null, fen: yuan(3), partly }] });
    expect(inTurn(allowance(true), [on('2024-12-03'), on('2024-12-04'), on('2024-12-05'), on('2025-01-01')])).toEqual([200, 100, 0, 200]);
    expect(inTurn(allowance(false), [on('2024-12-03'), on('2024-12-04')])).toEqual([200, 0]);
    expect(inTurn(allowance(false), [on('2024-12-03'), on('2024-12-04', 'lunch', 1)])).toEqual([200, 100]);
  });

  test('a count and an allowance of one day count a meal once', () => {
    const both = makeRule({ limits: [{ per: 'day', count: 2, fen: null, partly: true }, { per: 'day', count: null, fen: yuan(9), partly: true }] });
    expect(inTurn(both, [on('2024-12-03'), on('2024-12-03', 'dinner'), on('2024-12-03', 'breakfast')])).toEqual([200, 200, 0]);
  });

  test('a voided meal gives its use back', () => {
    const rule = limited('day', 1);
    const first = decide(rule);
    const voided = addUses(addUses([], first.uses), first.uses, -1);
    expect(voided).toEqual([]);
    expect(decide(rule, { uses: voided }).subsidyFen).toBe(200);
  });

  test('rules that count as one share the limit', () => {
    const breakfast = { ...limited('day', 1), id: 'test/breakfast', countsAs: 'test/meal' };
    const used = decide(limited('day', 1)).uses;
    expect(decide(breakfast, { uses: used }).refusal).toBe('second-meal-today');
  });
});

describe('who', () => {
  const who = (when: Rule['when'], parts: QuestionParts = {}): MealDecision => decide(makeRule({ when }), parts);

  test('age bands by full years on the meal date', () => {
    expect(who({ ageFrom: 80 }, { elder: { born: civilDate('1944-12-03') } }).subsidyFen).toBe(200);
    expect(who({ ageFrom: 80 }, { elder: { born: civilDate('1944-12-04') } }).refusal).toBe('too-young');
    expect(who({ ageTo: 79 }).refusal).toBe('too-old');
    const dayAfter = makeVersion([makeRule({ when: { ageFrom: 80 } })], { reachedOn: 'day-after' });
    expect(decideMeal({ ...ask([], { elder: { born: civilDate('1944-12-03') } }), version: dayAfter }).refusal).toBe('too-young');
  });

  test('hukou, residence, or both; an unknown place is no place', () => {
    expect(who({ hukou: ['371500'] }).subsidyFen).toBe(200);
    expect(who({ hukou: ['371500'] }, { elder: { hukou: null } }).refusal).toBe('not-hukou');
    expect(who({ hukou: ['371500'], residence: ['371525'] }).refusal).toBe('not-resident');
    expect(who({ any: [{ hukou: ['371525'] }, { residence: ['371502'] }] }).subsidyFen).toBe(200);
  });

  test('categories with grades and dates', () => {
    const held = [{ code: 'severelyDisabled', grade: '2', from: civilDate('2024-12-03'), to: civilDate('2024-12-03'), source: '残联' }];
    const when = { anyCategory: [{ code: 'severelyDisabled', grades: ['1', '2'] }] };
    expect(who(when, { elder: { categories: held } }).subsidyFen).toBe(200);
    expect(who(when, { elder: { categories: held }, meal: { date: civilDate('2024-12-04') } }).refusal).toBe('not-in-category');
    expect(who({ anyCategory: [{ code: 'severelyDisabled', grades: ['1'] }] }, { elder: { categories: held } }).refusal).toBe('not-in-category');
    expect(who({ noCategory: [{ code: 'severelyDisabled' }] }, { elder: { categories: held } }).refusal).toBe('in-excluded-category');
  });

  test('not while living in a care home: from the first to the last day', () => {
    const rule = makeRule({ excludeCareHome: true });
    const stays = { careHomeStays: [{ from: civilDate('2024-12-03'), to: civilDate('2024-12-05') }] };
    const days = ['2024-12-02', '2024-12-03', '2024-12-05', '2024-12-06'];
    expect(days.map((day) => decide(rule, { ...on(day), elder: stays }).refusal)).toEqual([null, 'in-care-home', 'in-care-home', null]);
  });

  test('the day of death still counts, the next does not', () => {
    const elder = { died: civilDate('2024-12-03') };
    expect(decide(makeRule(), { elder }).subsidyFen).toBe(200);
    expect(decide(makeRule(), { ...on('2024-12-04'), elder })).toMatchObject({ subsidyFen: 0, refusal: 'deceased' });
  });

  test('a guest, no pack and a date out of force are full price', () => {
    const question = ask(makeRule());
    expect(decideMeal({ ...question, elder: null })).toMatchObject({ subsidyFen: 0, selfPayFen: 1200, refusal: 'guest', reasons: [], uses: [] });
    expect(decideMeal({ ...question, version: null })).toMatchObject({ refusal: 'no-pack', funding: [] });
    expect(decide(makeRule(), on('2023-12-31')).refusal).toBe('not-in-force');
  });
});

describe('where and when', () => {
  test('workdays by the calendar given, else Monday to Friday; lunch only', () => {
    const rule = makeRule({ when: { workdaysOnly: true, periods: ['lunch'] } });
    expect(decide(rule).subsidyFen).toBe(200);
    expect(decide(rule, on('2024-12-07')).refusal).toBe('not-workday');
    expect(decide(rule, { meal: { date: civilDate('2024-12-07'), workday: true } }).subsidyFen).toBe(200);
    expect(decide(rule, on('2024-12-03', 'dinner')).refusal).toBe('meal-period-not-covered');
  });

  test('sites by division, by the county of the hukou, by kind, mode and grade', () => {
    expect(decide(makeRule({ when: { siteIn: ['371525'] } })).refusal).toBe('site-not-covered');
    const same = makeRule({ when: { siteSameAs: { of: 'hukou', level: 'county' } } });
    expect(decide(same).subsidyFen).toBe(200);
    expect(decide(same, { site: { division: ['370000', '371500', '371525'] } }).refusal).toBe('site-not-covered');
    expect(decide(makeRule({ when: { siteKinds: ['diningTable'] } })).refusal).toBe('site-not-covered');
    expect(decide(makeRule({ when: { supplyModes: ['hungPlate'] } })).subsidyFen).toBe(200);
    expect(decide(makeRule({ when: { siteGrades: ['1'] } }), { site: { grade: '1' } }).subsidyFen).toBe(200);
  });

  test('delivered only, or never delivered', () => {
    expect(decide(makeRule({ when: { delivered: true } })).refusal).toBe('not-delivered');
    expect(decide(makeRule({ when: { delivered: false } }), { meal: { delivered: true } }).refusal).toBe('only-dine-in');
  });
});

describe('several classes and rules', () => {
  const band = (id: string, ageFrom: number, amount: number) => makeClass({ id, when: { ageFrom }, amounts: always(fixed(amount)) });

  test('the highest class wins; with pick first the first', () => {
    const classes = [band('a', 60, 1), band('b', 80, 3), band('c', 70, 2)];
    expect(decide(makeRule({ classes })).reasons[0]?.classId).toBe('b');
    expect(decide(makeRule({ classes, pick: 'first' })).reasons[0]?.classId).toBe('a');
  });

  test('rules of one group do not stack; groups do, up to the bill', () => {
    const city = makeRule({ id: 'test/city', classes: [makeClass({ amounts: always(fixed(7)) })] });
    const other = makeRule({ id: 'test/other', classes: [makeClass({ amounts: always(fixed(5)) })] });
    expect(decide([other, city]).subsidyFen).toBe(700);
    const decision = decide([city, { ...other, group: 'charity' }], { meal: { priceFen: yuan(10) } });
    expect(decision.reasons.map((reason) => [reason.ruleId, reason.fen])).toEqual([['test/city', 700], ['test/other', 300]]);
    expect(decision.selfPayFen).toBe(0);
    const topUp = { ...other, group: 'charity', onlyWithSubsidy: true };
    expect(decide([makeRule({ when: { ageFrom: 99 } }), topUp])).toMatchObject({ subsidyFen: 0, refusal: 'too-young' });
  });
});

describe('funders', () => {
  const row = (funder: string, over: Partial<FundingPlan['parts'][number]> = {}) => ({ funder, fen: null, weight: null, lostWhenSiteOutside: null, ...over });
  const fixedParts: FundingPlan = {
    by: 'parts', cut: ['township', 'county', 'city'],
    parts: [row('city', { fen: yuan(3) }), row('county', { fen: yuan(3), lostWhenSiteOutside: { divisions: ['371502'] } }), row('township', { lostWhenSiteOutside: { sameAs: { of: 'hukou', level: 'township' } } })],
  };
  const nine = makeRule({ funding: fixedParts, classes: [makeClass({ amounts: always(fixed(9)) })] });

  test('fixed parts and the rest; zero rows are shown', () => {
    expect(paidBy(decide(nine))).toEqual([300, 300, 300]);
    expect(paidBy(decide(makeRule({ funding: fixedParts })))).toEqual([200, 0, 0]);
  });

  test('a part is lost when a boundary is crossed', () => {
    expect(paidBy(decide(nine, { site: { division: ['370000', '371500', '371502', '371502002'] } }))).toEqual([300, 300, 0]);
    expect(paidBy(decide(nine, { site: { division: ['370000', '371500', '371525'] } }))).toEqual([300, 0, 0]);
  });

  test('all parts lost is a refusal of its own', () => {
    const funding: FundingPlan = { by: 'parts', cut: 'proportional', parts: [row('city', { lostWhenSiteOutside: { divisions: ['371525'] } })] };
    expect(decide(makeRule({ funding })).refusal).toBe('funders-withdrawn');
  });

  test('who is cut when the subsidy exceeds the bill: in order, or in proportion', () => {
    expect(paidBy(decide(nine, { meal: { priceFen: yuan(5) } }))).toEqual([300, 200, 0]);
    expect(paidBy(decide({ ...nine, funding: { ...fixedParts, cut: 'proportional' } }, { meal: { priceFen: yuan(5) } }))).toEqual([167, 167, 166]);
  });

  test('weights; the fen left over goes by order', () => {
    const funding: FundingPlan = { by: 'weights', cut: 'proportional', parts: [row('city', { weight: 1 }), row('county', { weight: 1 })] };
    expect(paidBy(decide(makeRule({ funding, classes: [makeClass({ amounts: always(fixed(0.51)) })] })))).toEqual([26, 25, 0]);
  });

  test('the purse is the division of the level that the pack names', () => {
    expect(decide(makeRule()).funding.map((part) => part.division)).toEqual(['371500', '371502', '371502001']);
  });
});

describe('site, deliverer and fee', () => {
  const perMeal = makeRule({ id: 'test/site', pays: 'site', onlyWithSubsidy: true, limits: [{ per: 'day', count: 1, fen: null, partly: true }] });
  const delivery = makeRule({ id: 'test/delivery', pays: 'deliverer', classes: [makeClass({ amounts: always(fixed(3)) })] });
  const fee = makeRule({ id: 'test/fee', pays: 'fee', funding: { ...CITY_ALONE, parts: [{ ...CITY_ALONE.parts[0]!, funder: 'elder' }] } });

  test('the site gets its money beside the bill, once per person and day, only with a subsidised meal', () => {
    const rules = [makeRule(), perMeal];
    expect(decide(rules, { meal: { priceFen: yuan(1) } })).toMatchObject({ subsidyFen: 100, selfPayFen: 0, siteFen: 200 });
    const uses = decide(rules).uses;
    expect(decide(rules, { uses })).toMatchObject({ subsidyFen: 200, siteFen: 0 });
    expect(decide([makeRule({ when: { ageFrom: 99 } }), perMeal]).siteFen).toBe(0);
  });

  test('by the age band of the eater', () => {
    const rule = makeRule({ pays: 'site', classes: [makeClass({ when: { ageFrom: 60, ageTo: 79 }, amounts: always(fixed(1)) }), makeClass({ when: { ageFrom: 80 }, amounts: always(fixed(2)) })] });
    expect(decide(rule).siteFen).toBe(200);
    expect(decide(rule, { elder: { born: civilDate('1950-01-01') } }).siteFen).toBe(100);
  });

  test('deliverer and fee only on delivered meals; the fee stays outside the self-pay', () => {
    expect(decide([makeRule(), delivery, fee])).toMatchObject({ deliveryFen: 0, deliveryFeeFen: 0 });
    expect(decide([makeRule(), delivery, fee], { meal: { delivered: true } })).toMatchObject({ selfPayFen: 1000, deliveryFen: 300, deliveryFeeFen: 200 });
  });

  test('their funding is apart from the funding of the bill', () => {
    const decision = decide([makeRule(), perMeal, delivery], { meal: { delivered: true } });
    expect([decision.funding[0]?.fen, decision.siteFunding[0]?.fen, decision.deliveryFunding[0]?.fen]).toEqual([200, 200, 300]);
  });
});
