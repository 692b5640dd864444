import { addDays, civilDate, type CivilDate } from '../../src/kernel/index.js';
import type { ElderRecord, HomeRecord } from '../../src/elder/domain/index.js';
import { answersOf, decideMeal, decideOffline, elderFactsOn, splitOf, tillVersion, type CompiledVersion, type ElderFacts, type MealFacts } from '../../src/subsidy/domain/index.js';
import { decideAtTill, planStretches, type Stretch, type StretchPlan, type TillRow } from '../../src/till/domain/index.js';
import { PackLibrary } from '../../src/subsidy/pack-library.js';
import { Dice, randomElder, randomMeal, randomSite } from '../support/random-packs.js';
import { personalElder, personalVersion, randomUses } from '../support/random-people.js';

const shipped = PackLibrary.load().all().flatMap((pack) => pack.versions);

/** A till's memory: what it keeps went through JSON. */
function kept(version: CompiledVersion): CompiledVersion {
  return JSON.parse(JSON.stringify(tillVersion(version))) as CompiledVersion;
}

function agrees(dice: Dice, version: CompiledVersion, elder: ElderFacts, meal: MealFacts): number {
  const site = randomSite(dice);
  const uses = randomUses(dice, version, meal.date);
  const online = decideMeal({ version, elder, site, meal, uses });
  const right = { version: kept(version), answers: answersOf(version, elder, site, meal.date), ...(elder.vouchers === undefined ? {} : { vouchers: elder.vouchers }) };
  expect(decideOffline(right, site, meal, uses)).toEqual(splitOf(online));
  return online.subsidyFen;
}

test('offline a till splits a meal as the engine does with all facts, for any pack, elder, site, meal and counters', () => {
  let paid = 0;
  for (let seed = 0; seed < 4_000; seed += 1) {
    const dice = new Dice(seed);
    const meal = randomMeal(dice);
    if (agrees(dice, personalVersion(dice), personalElder(dice, meal.date), meal) > 0) paid += 1;
  }
  expect(paid).toBeGreaterThan(250);
});

test('the same holds for the packs that are shipped', () => {
  for (let seed = 0; seed < 1_500; seed += 1) {
    const dice = new Dice(seed);
    agrees(dice, dice.one(shipped), randomElder(dice), randomMeal(dice));
  }
});

test('guests, and meals that no pack covers, cost the full price offline too', () => {
  const dice = new Dice(7);
  const [site, meal, elder] = [randomSite(dice), randomMeal(dice), randomElder(dice)];
  expect(decideOffline(null, site, meal, [])).toEqual(splitOf(decideMeal({ version: null, elder: null, site, meal, uses: [] })));
  expect(decideOffline({ version: null, answers: '' }, site, meal, [])).toEqual(splitOf(decideMeal({ version: null, elder, site, meal, uses: [] })));
});

const FIRST = civilDate('2024-01-20');
const HORIZON = 45;
const HOMES = ['371502001', '371525', '120101', '440118104'];

/** A random elder as the registry keeps one, with moves near the day. */
function randomRecord(dice: Dice, around: CivilDate): ElderRecord {
  const { born, categories, careHomeStays, died } = personalElder(dice, around);
  const moves: HomeRecord[] = dice.chance(3) ? [
    { kind: 'residence', code: dice.one(HOMES), from: null }, { kind: 'residence', code: dice.one(HOMES), from: addDays(around, dice.below(30)) },
  ] : [];
  const leapling = dice.chance(10) ? { born: civilDate('1944-02-29') } : { born };
  return {
    elderId: 'someone', hukouCode: dice.one(HOMES), residenceCode: dice.one(HOMES), homes: moves, careHomeStays, ...leapling,
    categories: categories.map((category) => ({ ...category, grade: category.grade ?? null })), died: dice.chance(8) ? addDays(around, dice.below(20)) : died,
  };
}

interface Scenery {
  readonly plan: StretchPlan;
  readonly versions: Map<string, CompiledVersion>;
}

/** Two versions of which the second follows the first inside the weeks that are looked ahead. */
function scenery(dice: Dice, from: CivilDate): Scenery {
  const change = addDays(from, dice.below(60));
  const [before, after] = [personalVersion(dice), { ...personalVersion(dice), from: change, version: '2' }];
  const known = [{ key: 'a', version: { ...before, to: addDays(change, -1) } }, { key: 'b', version: after }] as const;
  const plan: StretchPlan = {
    site: randomSite(dice), paths: new Map(), from, to: addDays(from, HORIZON), versionDays: [change],
    versionOn: (home, date) => (home.residence?.includes('120101') === true ? null : date < change ? known[0] : known[1]),
  };
  return { plan, versions: new Map(known.map(({ key, version }) => [key, kept(version)])) };
}

function dayByDay(record: ElderRecord, plan: StretchPlan): Stretch[] {
  const stretches: Stretch[] = [];
  for (let date = plan.from; date <= plan.to; date = addDays(date, 1)) {
    const elder = elderFactsOn(record, date, plan.paths);
    const ruling = plan.versionOn(elder, date);
    const [key, answers] = ruling === null ? ['', ''] : [ruling.key, answersOf(ruling.version, elder, plan.site, date)];
    const last = stretches.at(-1);
    if (last?.[1] !== key || last[2] !== answers) stretches.push([last === undefined ? '' : date, key, answers]);
  }
  return stretches;
}

test('stretches change on the very days on which the answers change', () => {
  for (let seed = 0; seed < 800; seed += 1) {
    const dice = new Dice(seed);
    const from = addDays(FIRST, dice.below(400));
    const { plan } = scenery(dice, from);
    const record = randomRecord(dice, addDays(from, dice.below(30)));
    expect(planStretches(record, plan)).toEqual(dayByDay(record, plan));
  }
});

test("a row decides any meal of the coming weeks as the full facts do, and tells no class, grade or birthday's year", () => {
  for (let seed = 0; seed < 800; seed += 1) {
    const dice = new Dice(seed);
    const from = addDays(FIRST, dice.below(400));
    const { plan, versions } = scenery(dice, from);
    const record = randomRecord(dice, addDays(from, dice.below(30)));
    const meal = { ...randomMeal(dice), date: addDays(from, dice.below(HORIZON)) };
    const elder = elderFactsOn(record, meal.date, plan.paths);
    const version = plan.versionOn(elder, meal.date)?.version ?? null;
    const uses = version === null ? [] : randomUses(dice, version, meal.date);
    const row: TillRow = { h: 'h', n: '张', t: 'f', s: planStretches(record, plan), u: uses.map(({ ruleId, periodKey, count, fen }) => [ruleId, periodKey, count, fen] as const) };
    const text = JSON.stringify([row, ...versions.values()]);
    const held = JSON.parse(JSON.stringify(row)) as TillRow;
    expect(decideAtTill({ row: held, versions, site: plan.site, meal, ownUses: [] })).toEqual(splitOf(decideMeal({ version, elder, site: plan.site, meal, uses })));
    for (const word of [...record.categories.map(({ code }) => code), '低保', '失能', '走访', 'moderate', 'ageFrom', record.born]) expect(text).not.toContain(word);
  }
});
