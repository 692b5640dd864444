import fc from 'fast-check';
import { addDays, civilDate, fen, type Fen } from '../../src/kernel/index.js';
import { addUses, decideMeal, explainInWords, recomputeFen, type AmountForm, type CompiledVersion, type ElderFacts, type FundingPlan, type Limit, type MealDecision, type MealFacts, type Reason, type Rule, type SiteFacts, type Use } from '../../src/subsidy/domain/index.js';
import { PackLibrary } from '../../src/subsidy/pack-library.js';
import { FUNDERS, makeClass, makeRule, makeVersion } from '../support/make-version.js';
import { ownArithmetic } from '../support/own-arithmetic.js';

const library = PackLibrary.load();
const shipped = library.all().flatMap((pack) => pack.versions);
const RUNS = { numRuns: 1_000 };
const PERIODS = ['period', 'day', 'week', 'month'];

const amount = (max = 3_000): fc.Arbitrary<Fen> => fc.integer({ min: 0, max }).map(fen);
const period = fc.constantFrom('breakfast', 'lunch', 'dinner');
const places = [['370000', '371500', '371502', '371502001'], ['370000', '371500', '371525'], ['120000', '120101'], ['440000', '440100', '440118', '440118104'], ['440000', '440100', '440118', '440118105'], ['440000', '440300', '440304'], ['320000', '320100', '320105'], ['320000', '321100', '321181']];
const place = fc.constantFrom(...places);

const form: fc.Arbitrary<AmountForm> = fc.oneof(
  amount().map((value): AmountForm => ({ form: 'fixed', fen: value })),
  fc.record({ form: fc.constant('percentage' as const), basisPoints: fc.integer({ min: 1, max: 10_000 }), capFen: fc.option(amount()), of: fc.constantFrom('paid', 'list'), rounding: fc.constantFrom('down', 'half-up', 'up') }),
);

const lost = fc.option(fc.constantFrom({ divisions: ['371502'] }, { sameAs: { of: 'hukou' as const, level: 'county' as const } }), { freq: 3 });
const codes = FUNDERS.map(({ code }) => code);
const plan: fc.Arbitrary<FundingPlan> = fc.record({
  by: fc.constantFrom('parts', 'weights'), chosen: fc.subarray(codes, { minLength: 1 }), fens: fc.array(amount(500), { minLength: 3, maxLength: 3 }),
  weights: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }), losts: fc.array(lost, { minLength: 3, maxLength: 3 }), proportional: fc.boolean(),
}).map(({ by, chosen, fens, weights, losts, proportional }) => ({
  by, cut: proportional ? 'proportional' : [...chosen].reverse(),
  parts: chosen.map((funder, index) => ({
    funder, lostWhenSiteOutside: losts[index] ?? null,
    fen: by === 'weights' || index === chosen.length - 1 ? null : (fens[index] as Fen),
    weight: by === 'weights' ? (weights[index] as number) : null,
  })),
}));

const limit: fc.Arbitrary<Limit> = fc.oneof(
  fc.record({ per: fc.constantFrom('period', 'day', 'week', 'month'), count: fc.integer({ min: 1, max: 4 }), fen: fc.constant(null), partly: fc.constant(true) }),
  fc.record({ per: fc.constantFrom('day', 'month'), count: fc.constant(null), fen: amount(2_000), partly: fc.boolean() }),
);

const rules: fc.Arbitrary<Rule[]> = fc.array(fc.record({
  pays: fc.constantFrom('elder', 'elder', 'site', 'deliverer'), group: fc.constantFrom('main', 'second'), forms: fc.array(form, { minLength: 3, maxLength: 3 }),
  second: fc.option(form), limits: fc.array(limit, { maxLength: 3 }), funding: plan, above: fc.boolean(), pick: fc.constantFrom('highest', 'first'),
}), { minLength: 1, maxLength: 4 }).map((rows) => rows.map((row, index) => makeRule({
  id: `test/${index}`, pays: row.pays, group: row.group, limits: [...row.limits].sort((a, b) => PERIODS.indexOf(a.per) - PERIODS.indexOf(b.per)), funding: row.funding, pick: row.pick,
  bill: row.above ? { atLeastFen: fen(300), basis: 'paid', aboveSubsidy: true } : null,
  classes: [
    makeClass({ id: 'a', amounts: { breakfast: row.forms[0] ?? null, lunch: row.forms[1] ?? null, dinner: null } }),
    ...(row.second === null ? [] : [makeClass({ id: 'b', when: { ageFrom: 80 }, amounts: { breakfast: row.second, lunch: row.second, dinner: row.second } })]),
  ],
})));

const version: fc.Arbitrary<CompiledVersion> = fc.oneof(rules.map((list) => makeVersion(list)), fc.constantFrom(...shipped));

const categoryCodes = [...new Set(shipped.flatMap(({ categories }) => Object.keys(categories)))];
const elder: fc.Arbitrary<ElderFacts> = fc.record({
  born: fc.integer({ min: 0, max: 29_000 }).map((days) => addDays(civilDate('1915-01-01'), days)),
  hukou: fc.option(place, { freq: 9 }), residence: fc.option(place, { freq: 9 }),
  categories: fc.array(fc.record({ code: fc.constantFrom(...categoryCodes), grade: fc.constantFrom('1', '3', 'moderate', null), from: fc.constant(civilDate('2024-03-01')), to: fc.constantFrom(null, civilDate('2025-06-30')), source: fc.constant('民政') }), { maxLength: 3 }),
  careHomeStays: fc.constantFrom([], [], [], [{ from: civilDate('2024-05-01'), to: null }]),
  died: fc.constantFrom(null, null, null, civilDate('2024-12-03')),
});
const site: fc.Arbitrary<SiteFacts> = fc.record({ kind: fc.constant('canteen'), supplyMode: fc.constant(null), division: place });
const meal: fc.Arbitrary<MealFacts> = fc.record({
  date: fc.integer({ min: 0, max: 900 }).map((days) => addDays(civilDate('2023-09-01'), days)),
  period, priceFen: amount(), listPriceFen: amount(), delivered: fc.boolean(), workday: fc.boolean(),
});
const month: fc.Arbitrary<MealFacts[]> = fc.array(meal, { minLength: 1, maxLength: 12 }).map((meals) =>
  meals.map((each, index) => ({ ...each, date: addDays(civilDate('2025-03-03'), index % 9) })));

const total = (parts: readonly { fen: Fen }[]): number => parts.reduce((sum, part) => sum + part.fen, 0);

function checkParts(decision: MealDecision, price: Fen): void {
  const values = [decision.subsidyFen, decision.selfPayFen, decision.deliveryFen, decision.deliveryFeeFen, decision.siteFen, ...decision.funding.map((part) => part.fen)];
  expect(values.filter((value) => !Number.isSafeInteger(value) || value < 0)).toEqual([]);
  expect(decision.subsidyFen + decision.selfPayFen).toBe(price);
  expect([total(decision.funding), total(decision.siteFunding), total(decision.deliveryFunding)]).toEqual([decision.subsidyFen, decision.siteFen, decision.deliveryFen]);
  expect(decision.refusal === null).toBe(decision.subsidyFen > 0);
}

test('parts are whole, never negative, and add up; a refusal stands exactly where there is no subsidy', () => {
  fc.assert(fc.property(version, fc.option(elder, { freq: 9 }), site, meal, (inForce, who, where, what) => {
    checkParts(decideMeal({ version: inForce, elder: who, site: where, meal: what, uses: [] }), what.priceFen);
  }), RUNS);
});

test('the same facts give the same decision, and nothing of the facts is changed', () => {
  fc.assert(fc.property(version, elder, site, meal, (inForce, who, where, what) => {
    const question = { version: inForce, elder: who, site: where, meal: what, uses: [] };
    const before = JSON.stringify(question);
    expect(decideMeal(question)).toEqual(decideMeal(JSON.parse(before) as typeof question));
    expect(JSON.stringify(question)).toBe(before);
  }), RUNS);
});

test('recomputing from the explanation alone gives the same fen, by the engine and by other arithmetic', () => {
  fc.assert(fc.property(version, elder, site, meal, (inForce, who, where, what) => {
    const { reasons, subsidyFen } = decideMeal({ version: inForce, elder: who, site: where, meal: what, uses: [] });
    const stored = JSON.parse(JSON.stringify(reasons)) as Reason[];
    expect(stored.map(recomputeFen)).toEqual(reasons.map((reason) => reason.fen));
    expect(stored.map(ownArithmetic)).toEqual(reasons.map((reason) => reason.fen));
    expect(total(stored.filter(({ pays }) => pays === 'elder'))).toBe(subsidyFen);
  }), RUNS);
});

test('no cap is exceeded over a run of meals, and voiding all of them frees every use', () => {
  fc.assert(fc.property(version, elder, site, month, (inForce, who, where, meals) => {
    let uses: Use[] = [];
    const made: Use[] = [];
    for (const what of meals) {
      const decision = decideMeal({ version: inForce, elder: who, site: where, meal: what, uses });
      checkParts(decision, what.priceFen);
      made.push(...decision.uses);
      uses = addUses(uses, decision.uses);
    }
    for (const use of uses) {
      for (const { countsAs, limits } of inForce.rules) if (countsAs === use.ruleId) limits.forEach((each) => checkCap(each, use));
    }
    expect(addUses(uses, made, -1)).toEqual([]);
  }), RUNS);
});

function checkCap(each: Limit, use: Use): void {
  const kind = { period: /^d:.{10}:/, day: /^d:.{10}$/, week: /^w:/, month: /^m:/, quarter: /^q:/, year: /^y:/ }[each.per];
  if (!kind.test(use.periodKey)) return;
  if (each.count !== null) expect(use.count).toBeLessThanOrEqual(each.count);
  if (each.fen !== null) expect(use.fen).toBeLessThanOrEqual(each.fen);
}

test("the cashier's words name no category and depend on the amounts alone", () => {
  const names = [...new Set(shipped.flatMap(({ categories, rules: list }) => [...Object.values(categories), ...Object.keys(categories), ...list.filter(({ pays }) => pays === 'elder').flatMap(({ classes }) => classes.map(({ name }) => name))]))];
  fc.assert(fc.property(fc.constantFrom(...shipped), elder, site, meal, (inForce, who, where, what) => {
    const words = explainInWords(decideMeal({ version: inForce, elder: who, site: where, meal: what, uses: [] }), 'cashier');
    expect(names.filter((name) => words.includes(name))).toEqual([]);
  }), RUNS);
});
