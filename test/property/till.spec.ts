import { decideMeal, decideOffline, splitOf, tillVersion, answersOf, type CompiledVersion, type ElderFacts, type MealFacts } from '../../src/subsidy/domain/index.js';
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
  for (let seed = 0; seed < 8_000; seed += 1) {
    const dice = new Dice(seed);
    const meal = randomMeal(dice);
    if (agrees(dice, personalVersion(dice), personalElder(dice, meal.date), meal) > 0) paid += 1;
  }
  expect(paid).toBeGreaterThan(500);
});

test('the same holds for the packs that are shipped', () => {
  for (let seed = 0; seed < 3_000; seed += 1) {
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
