import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathOf, decideMeal, type ElderFacts, type MealDecision } from '../../src/subsidy/domain/index.js';
import { casesOf, decideCase } from '../../src/subsidy/cases.js';
import { civilDate, fen } from '../../src/kernel/index.js';
import { lintTexts } from '../../src/subsidy/lint-texts.js';
import type { LintContext, LintExample, LintFinding } from '../../src/subsidy/lint/finding.js';
import { loadCalendars, packFromTexts, type Pack } from '../../src/subsidy/load-packs.js';
import { PackLibrary } from '../../src/subsidy/pack-library.js';
import { productPacks } from '../../src/subsidy/yaml-file.js';

type Shown = (decision: MealDecision, example: LintExample) => boolean;

/** A defect: in which pack and file which text is replaced by which, the finding it must give, and what its example shows. */
interface Planted {
  readonly name: string;
  readonly pack: string;
  /** `pack.yaml`, or how the version file begins. */
  readonly file: string;
  readonly change: readonly (readonly [from: string, to: string])[];
  readonly code: string;
  readonly severity: LintFinding['severity'];
  /** null where no meal can show it. */
  readonly shows: Shown | null;
}

const paysNothing: Shown = ({ subsidyFen }) => subsidyFen === 0;
const pays = (amount: number): Shown => ({ subsidyFen }) => subsidyFen === amount;
const paysSomething: Shown = ({ subsidyFen }) => subsidyFen > 0;
const onBirthday: Shown = (_, { elder, meal }) => elder.born.slice(5) === meal.date.slice(5);
const any: Shown = () => true;

const SECOND_RULE = `
  - id: second
    name: 另一条
    document: gz-2024
    clause: 第二条
    when: {hukou: [pack], residence: [pack], age: {from: 60}, periods: [lunch, dinner]}
    amount: {percent: 25, capFen: CAP}
    limits: [{per: period, count: 1}]
    funding: {weights: [{funder: city, weight: WEIGHT}, {funder: county, weight: 1}]}
`;
const rest = 'note: 不足一分的舍去未公布，取舍去。\n';
const second = (cap: number, weight: number, more = ''): [string, string] => [rest, rest.trimEnd() + SECOND_RULE.replace('CAP', String(cap)).replace('WEIGHT', String(weight)) + more];
const TJ = 'when: {age: {from: 60}, anyCategory: [minLivingRecipient, lowIncome], allCategories: [severeCareNeed]}';

const PLANTED: readonly Planted[] = [
  // Ages and birthdays
  { name: 'a year between two bands', pack: 'liaocheng', file: '2023', change: [['{from: 75, to: 79}', '{from: 75, to: 78}']], code: 'age-gap', severity: 'error', shows: paysNothing },
  { name: 'two bands that hold on one birthday', pack: 'liaocheng', file: '2023', change: [['{from: 70, to: 74}', '{from: 70, to: 75}']], code: 'age-bands-overlap', severity: 'error', shows: onBirthday },
  { name: 'a highest band that ends', pack: 'liaocheng', file: '2023', change: [['age: {from: 90}', 'age: {from: 90, to: 99}']], code: 'ages-end', severity: 'warning', shows: paysNothing },
  { name: 'an older elder who gets less', pack: 'liaocheng', file: '2023', change: [['amount: {fen: 300}', 'amount: {fen: 30}']], code: 'amount-falls-with-age', severity: 'warning', shows: pays(30) },
  { name: 'a class without an age', pack: 'tianjin', file: '2024', change: [[TJ, TJ.replace('age: {from: 60}, ', '')]], code: 'no-age-floor', severity: 'warning', shows: paysSomething },
  { name: 'a birthday that nobody reads', pack: 'guangzhou', file: '2024', change: [['age: {reachedOn: birthday, assumed: true, note: 生日当天是否算满周岁未公布，取生日当天算满。}\n', '']], code: 'birthday-not-said', severity: 'warning', shows: onBirthday },
  { name: 'a 29 February birth that waits two days', pack: 'liaocheng', file: '2023', change: [['reachedOn: birthday', 'reachedOn: day-after']], code: 'leap-day-waits', severity: 'warning', shows: (decision, { elder, meal }) => paysNothing(decision, { elder, meal } as LintExample) && elder.born.endsWith('02-29') && meal.date.endsWith('03-01') },
  // Classes and rules that never apply
  { name: 'a class that contradicts itself', pack: 'tianjin', file: '2024', change: [[TJ, TJ.replace(']}', '], noCategory: [severeCareNeed]}')]], code: 'class-impossible', severity: 'error', shows: null },
  { name: 'a class for a meal period that the rule leaves out', pack: 'tianjin', file: '2022', change: [['when: {age: {from: 80}}', 'when: {age: {from: 80}, periods: [breakfast]}']], code: 'class-unreachable', severity: 'error', shows: paysNothing },
  { name: 'a class that another always beats', pack: 'zhengguo', file: '2020', change: [['amount: {fen: 1100}', 'amount: {fen: 600}']], code: 'class-covered', severity: 'error', shows: paysSomething },
  { name: 'a class behind a wider one', pack: 'jurong', file: '2023', change: [['{from: 60, to: 74}', '{from: 60}'], ['    limits:\n', '    pick: first\n    limits:\n']], code: 'class-covered', severity: 'error', shows: pays(100) },
  { name: 'a first class that pays less than a later one', pack: 'jurong', file: '2023', change: [['    limits:\n', '    pick: first\n    limits:\n']], code: 'first-class-pays-less', severity: 'warning', shows: paysSomething },
  { name: 'a rule for delivered meals that are not delivered', pack: 'shenzhen', file: '2025', change: [['when: {hukou: [pack], delivered: true}', 'when: {hukou: [pack], delivered: false}']], code: 'rule-unreachable', severity: 'error', shows: null },
  { name: 'a rule that another of its group always beats', pack: 'guangzhou', file: '2024', change: [second(200, 1, '    countsAs: meal\n')], code: 'rule-covered', severity: 'error', shows: pays(300) },
  { name: 'two rules of one amount and other funders', pack: 'guangzhou', file: '2024', change: [second(300, 9)], code: 'tie-decides-funder', severity: 'error', shows: pays(300) },
  // Limits
  { name: 'rules of one group that count apart', pack: 'guangzhou', file: '2024', change: [second(400, 1), ['residence: [pack], age: {from: 60}, periods: [lunch, dinner]}\n    amount: {percent: 25, capFen: 400}', 'residence: [pack], age: {from: 70}, periods: [lunch, dinner]}\n    amount: {percent: 25, capFen: 400}']], code: 'limits-not-shared', severity: 'warning', shows: pays(400) },
  { name: 'a counter that nobody shares', pack: 'guangzhou', file: '2024', change: [['name: 就餐补贴', 'name: 就餐补贴\n    countsAs: mael']], code: 'counts-alone', severity: 'warning', shows: any },
  { name: 'a shared counter with two limits', pack: 'guangzhou', file: '2024', change: [second(400, 1, '    countsAs: meal\n'), ['limits: [{per: period, count: 1}]', 'limits: [{per: day, count: 1}]']], code: 'shared-limits-differ', severity: 'error', shows: any },
  { name: 'a week that holds as many meals as its days', pack: 'tianjin', file: '2024', change: [['{per: week, count: 5}', '{per: week, count: 7}']], code: 'limit-never-binds', severity: 'warning', shows: paysSomething },
  { name: 'a day that holds more meals than its week', pack: 'tianjin', file: '2024', change: [['{per: day, count: 1}', '{per: day, count: 6}']], code: 'limits-contradict', severity: 'error', shows: paysSomething },
  { name: 'no limit at all', pack: 'liaocheng', file: '2023', change: [['    limits:\n      - {per: day, count: 1}\n', '']], code: 'no-limit', severity: 'warning', shows: any },
  { name: 'an allowance below one meal', pack: 'zhengguo', file: '2020', change: [['      - {per: period, count: 1}', '      - {per: period, count: 1}\n      - {per: month, fen: 800, partly: false}']], code: 'allowance-below-amount', severity: 'error', shows: (decision) => decision.subsidyFen <= 800 },
  { name: 'an allowance that cannot be used up', pack: 'liaocheng', file: '2023', change: [['      - {per: day, count: 1}', '      - {per: day, count: 1}\n      - {per: month, fen: 20000}']], code: 'limit-never-binds', severity: 'warning', shows: any },
  // Amounts and bills
  { name: 'yuan written for fen', pack: 'liaocheng', file: '2023', change: [['amount: {fen: 100}', 'amount: {fen: 1}']], code: 'amount-unit', severity: 'warning', shows: pays(1) },
  { name: 'two zeros too many', pack: 'liaocheng', file: '2023', change: [['amount: {fen: 400}', 'amount: {fen: 40000}']], code: 'amount-large', severity: 'warning', shows: pays(40_000) },
  { name: 'an amount of nothing', pack: 'liaocheng', file: '2023', change: [['amount: {fen: 100}', 'amount: {fen: 0}']], code: 'amount-zero', severity: 'warning', shows: paysNothing },
  { name: 'a percentage without a cap', pack: 'guangzhou', file: '2024', change: [[', capFen: 300', '']], code: 'percentage-without-cap', severity: 'warning', shows: (decision) => decision.subsidyFen > 1_000 },
  { name: 'a share of one for a percentage', pack: 'guangzhou', file: '2024', change: [['percent: 25', 'percent: 0.25']], code: 'percent-below-one', severity: 'warning', shows: any },
  { name: 'a cap above every price', pack: 'guangzhou', file: '2024', change: [['capFen: 300', 'capFen: 30000']], code: 'cap-never-reached', severity: 'warning', shows: pays(30_000) },
  { name: 'a meal period without its amount', pack: 'jianye', file: '2023', change: [['when: {hukou: [pack]}', 'when: {hukou: [pack], periods: [breakfast, lunch, dinner]}'], ['{breakfast: {fen: 50}, lunch: {fen: 100}', '{lunch: {fen: 100}']], code: 'period-without-amount', severity: 'warning', shows: (_, { meal }) => meal.period === 'breakfast' },
  { name: 'an amount for a meal period that is left out', pack: 'jianye', file: '2023', change: [['when: {hukou: [pack]}', 'when: {hukou: [pack], periods: [lunch, dinner]}']], code: 'amount-without-period', severity: 'warning', shows: (decision, { meal }) => meal.period === 'breakfast' && decision.subsidyFen === 0 },
  { name: 'a bill that the subsidy swallows', pack: 'zhengguo', file: '2020', change: [['    limits:\n', '    bill: {atLeastFen: 800}\n    limits:\n']], code: 'threshold-below-amount', severity: 'warning', shows: ({ selfPayFen }) => selfPayFen === 0 },
  // Funders
  { name: 'parts beyond the amount', pack: 'zhengguo', file: '2020', change: [['{funder: city, fen: 300}', '{funder: city, fen: 3000}']], code: 'parts-exceed-amount', severity: 'error', shows: paysSomething },
  { name: 'a funder of weight nothing', pack: 'guangzhou', file: '2024', change: [['{funder: county, weight: 1}', '{funder: county, weight: 0}']], code: 'funder-pays-nothing', severity: 'warning', shows: ({ funding }) => funding[1]?.fen === 0 },
  { name: 'a funder that no rule names', pack: 'liaocheng', file: 'pack.yaml', change: [['funders:\n', 'funders:\n  - {code: province, name: 省级财政, short: 省, level: province, of: pack}\n']], code: 'funder-unused', severity: 'warning', shows: ({ funding }) => funding[0]?.fen === 0 },
  { name: 'two names of one purse', pack: 'liaocheng', file: 'pack.yaml', change: [['funders:\n', 'funders:\n  - {code: cityToo, name: 市财政局, short: 市, level: city, of: pack}\n']], code: 'funder-twice', severity: 'warning', shows: any },
  { name: 'a county purse of a whole city', pack: 'guangzhou', file: 'pack.yaml', change: [['level: county, of: hukou', 'level: county, of: pack']], code: 'funder-unresolved', severity: 'error', shows: paysSomething },
  { name: 'a purse in another city', pack: 'tianjin', file: 'pack.yaml', change: [['of: hukou\n    assumed', 'of: residence\n    assumed']], code: 'purse-outside', severity: 'error', shows: ({ funding }) => funding.some(({ division }) => division?.startsWith('11') === true) },
  { name: 'a funder that no site keeps', pack: 'zhengguo', file: '2020', change: [["lostWhenSiteOutside: ['440118']", "lostWhenSiteOutside: ['440103']"], ['when: {hukou: [pack], periods', 'when: {hukou: [pack], siteIn: [pack], periods']], code: 'funder-always-withdraws', severity: 'error', shows: ({ funding }) => funding[1]?.fen === 0 },
  { name: 'a boundary that no site crosses', pack: 'zhengguo', file: 'pack.yaml', change: [["site: ['440100']", "site: ['440118']"]], code: 'boundary-never-crossed', severity: 'warning', shows: null },
  { name: 'a boundary that costs the whole', pack: 'zhengguo', file: '2020', change: [['{funder: city, fen: 300}', '{funder: city, fen: 300, lostWhenSiteOutside: [pack]}']], code: 'all-funders-withdraw', severity: 'warning', shows: ({ refusal }) => refusal === 'funders-withdrawn' },
  // Places
  { name: 'residents whom no rule pays', pack: 'tianjin', file: 'pack.yaml', change: [['elder: {of: hukou', 'elder: {of: either']], code: 'scope-wider-than-rules', severity: 'warning', shows: null },
  { name: 'own canteens left out', pack: 'jurong', file: 'pack.yaml', change: [['site: [pack]', "site: ['320105']"]], code: 'own-sites-left-out', severity: 'error', shows: null },
  { name: 'elders of another city', pack: 'jurong', file: 'pack.yaml', change: [['in: [pack]', "in: [pack, '320105']"]], code: 'elders-elsewhere', severity: 'warning', shows: any },
  { name: 'a place outside the scope', pack: 'liaocheng', file: '2023', change: [['{hukou: [pack]}', "{hukou: [pack, '371600']}"]], code: 'place-outside', severity: 'error', shows: (_, { elder }) => elder.hukou === '371600' },
  { name: 'a place inside another of the list', pack: 'liaocheng', file: '2023', change: [['{hukou: [pack]}', "{hukou: [pack, '371502']}"]], code: 'place-twice', severity: 'warning', shows: null },
  { name: 'a kind of site that is none', pack: 'jurong', file: '2023', change: [['when: {hukou: [pack], periods: [lunch]}', 'when: {hukou: [pack], periods: [lunch], siteKinds: [canteen, canten]}']], code: 'site-kind-unknown', severity: 'error', shows: null },
  { name: 'a supply mode that is none', pack: 'jurong', file: '2023', change: [['when: {hukou: [pack], periods: [lunch]}', 'when: {hukou: [pack], periods: [lunch], supplyModes: [hungPlate, newBuilt]}']], code: 'supply-mode-unknown', severity: 'error', shows: null },
  { name: 'a category that nobody asks for', pack: 'jianye', file: 'pack.yaml', change: [['  careDependent: 失能', '  careDependent: 失能\n  lowIncome: 低收入家庭']], code: 'category-unused', severity: 'warning', shows: null },
  // Versions, papers, grants, cases
  { name: 'days between two versions', pack: 'tianjin', file: '2019', change: [['from: 2019-01-01', 'from: 2019-01-01\nto: 2021-11-30']], code: 'version-gap', severity: 'error', shows: (_, { meal }) => meal.date === '2021-12-01' },
  { name: 'a version before its paper', pack: 'tianjin', file: 'pack.yaml', change: [['date: 2024-05-17', 'date: 2024-06-01']], code: 'before-document', severity: 'error', shows: paysSomething },
  { name: 'counters that begin anew', pack: 'tianjin', file: '2024', change: [['- id: meal', '- id: meals']], code: 'counter-restarts', severity: 'warning', shows: paysSomething },
  { name: 'a grant past its end', pack: 'liaocheng', file: '2023', change: [['    kind: construction\n', '    kind: construction\n    until: 2020-12-31\n']], code: 'grant-over', severity: 'error', shows: null },
  { name: 'a grant of nothing', pack: 'liaocheng', file: '2023', change: [[', amount: {fen: 1000000}', '']], code: 'grant-without-amount', severity: 'error', shows: null },
  { name: 'a grant without a cap', pack: 'liaocheng', file: '2023', change: [['amount: {fen: 1000000}', 'amount: {percent: 50}']], code: 'grant-without-cap', severity: 'warning', shows: null },
  { name: 'a year of diners after half a year', pack: 'liaocheng', file: '2023', change: [['monthsOpenFrom: 12, ', 'monthsOpenFrom: 6, dinersFrom: 9001, ']], code: 'grant-year-too-short', severity: 'warning', shows: null },
  { name: 'an end that nobody announces', pack: 'guangzhou', file: '2024', change: [['rules:\n', 'whenFundsEnd: {then: end, noticeDays: 0, document: gz-2024, clause: 资金用完为止}\nrules:\n']], code: 'end-without-notice', severity: 'error', shows: paysSomething },
];

interface Texts {
  readonly packYaml: string;
  readonly versionYamls: readonly { name: string; text: string }[];
}

function textsOf(pack: string): Texts {
  const folder = join(productPacks(), pack);
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return { packYaml: read('pack.yaml'), versionYamls: names.filter((name) => name !== 'pack.yaml').map((name) => ({ name, text: read(name) })) };
}

function changed(text: string, change: Planted['change']): string {
  return change.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, text);
}

function plant({ pack, file, change }: Pick<Planted, 'pack' | 'file' | 'change'>): Texts {
  const texts = textsOf(pack);
  if (file === 'pack.yaml') return { ...texts, packYaml: changed(texts.packYaml, change) };
  return { ...texts, versionYamls: texts.versionYamls.map(({ name, text }) => ({ name, text: name.startsWith(file) ? changed(text, change) : text })) };
}

function lintAll(texts: Texts, decisions?: LintContext['decisions']): { pack: Pack; findings: LintFinding[] } {
  const pack = packFromTexts(texts);
  const findings = pack.versions.flatMap((version) => lintTexts({
    pack, version, packYaml: { name: 'pack.yaml', text: texts.packYaml },
    versionYaml: texts.versionYamls.find(({ name }) => name.startsWith(`${version.from}-`)) ?? { name: '', text: '' },
    ...(decisions === undefined ? {} : { decisions }),
  }));
  return { pack, findings };
}

function decide(pack: Pack, { elder, site, meal }: LintExample): MealDecision {
  const place = (code: string | null): ElderFacts['hukou'] => (code === null ? null : pathOf(code));
  const categories = elder.categories.map((held) => ({ ...(typeof held === 'string' ? { code: held, grade: null } : held), from: civilDate('1900-01-01'), to: null, source: '示例' }));
  return decideMeal({
    version: new PackLibrary([pack], new Map()).versionOn(pack.source.pack, meal.date), uses: [], meal: { ...meal, priceFen: fen(meal.priceFen) },
    elder: { born: civilDate(elder.born), hukou: place(elder.hukou), residence: place(elder.residence), categories, careHomeStays: [], died: null },
    site: { ...site, division: pathOf(site.division) },
  });
}

describe('planted defects', () => {
  test('are many, and of many kinds', () => {
    expect(PLANTED.length).toBeGreaterThanOrEqual(30);
    expect(new Set(PLANTED.map(({ code }) => code)).size).toBeGreaterThanOrEqual(50);
  });

  test.each(PLANTED)('$name: $code', (planted) => {
    const texts = plant(planted);
    const { pack, findings } = lintAll(texts);
    const found = findings.find(({ code }) => code === planted.code);
    expect(findings.map(({ code }) => code)).toContain(planted.code);
    expect(found).toMatchObject({ severity: planted.severity, sentence: expect.stringMatching(/[；：].*(请|则)/) });
    expect([found?.file !== '', (found?.line ?? 0) > 0]).toEqual([true, true]);
    if (planted.shows === null) return;
    const example = found?.example;
    expect(example).not.toBeNull();
    if (example != null) expect([planted.shows(decide(pack, example), example), example]).toEqual([true, example]);
  });

  test('a class without a case is found once cases are known', () => {
    const { findings } = lintAll(textsOf('jurong'), []);
    expect(findings.map(({ code, classId }) => [code, classId])).toEqual(['age60', 'age75', 'age85', 'hardship', 'age95', 'extreme-poverty', 'delivery-fee'].map((id) => ['class-without-case', id]));
  });

  test('a finding stands at the line of what is wrong', () => {
    const texts = plant({ pack: 'liaocheng', file: '2023', change: [['{from: 70, to: 74}', '{from: 70, to: 75}']] });
    const [finding] = lintAll(texts).findings.filter(({ code }) => code === 'age-bands-overlap');
    expect(texts.versionYamls[0]?.text.split('\n')[(finding?.line ?? 0) - 1]).toContain('id: age75');
  });
});

test('the shipped packs are clean, every class with a case', () => {
  const library = PackLibrary.load();
  const found = library.all().flatMap((pack) => {
    const decisions = casesOf(pack).map((each) => decideCase(pack, new PackLibrary([pack], loadCalendars()), each)).filter((decision) => 'subsidyFen' in decision);
    return lintAll(textsOf(pack.source.pack), decisions).findings.map(({ code, sentence }) => `${pack.source.pack} ${code} ${sentence}`);
  });
  expect(found).toEqual([]);
});

test('a version that asks for workdays in a year without a calendar is told, one that goes on for good is not', () => {
  const asking: Planted['change'] = [['periods: [lunch, dinner]', 'periods: [lunch, dinner], workdaysOnly: true']];
  const codes = (change: Planted['change'], lastCalendarYear: number): string[] => {
    const texts = plant({ pack: 'zhengguo', file: '2020', change });
    const pack = packFromTexts(texts);
    const [version, versionYaml] = [pack.versions[0], texts.versionYamls[0]];
    if (version === undefined || versionYaml === undefined) return [];
    return lintTexts({ pack, version, packYaml: { name: 'pack.yaml', text: texts.packYaml }, versionYaml, lastCalendarYear }).map(({ code }) => code);
  };
  const until: Planted['change'] = [...asking, ['from: 2020-01-01', 'from: 2020-01-01\nto: 2027-06-30']];
  expect([codes(until, 2026), codes(until, 2027), codes(asking, 2026), codes(asking, 2019)].map((list) => list.includes('no-calendar'))).toEqual([true, false, false, true]);
});
