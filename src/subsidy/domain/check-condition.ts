import { fen, weekday, type CivilDate, type Fen } from '../../kernel/index.js';
import { ageUnder, endOfMonthBefore, isBirthday } from './age.js';
import { laterCode, type RefusalCode } from './decision.js';
import { codeAt, isWithin } from './division.js';
import type { CategoryHeld, ElderFacts, MealFacts, SiteFacts } from './facts.js';
import type { Level } from './funding-plan.js';
import type { BillRange, CategoryWanted, CompiledVersion, Condition, Rule, YearlyDays } from './pack.js';
import { dayKindOf, isWorkday } from './workday.js';

/** The category that an approved application gives; its grade names the pack. */
export const APPROVAL = 'mealApproval';

/** The facts of one meal with what is derived from them once: the age, and whether the day is worked. */
export interface Scene {
  readonly version: CompiledVersion;
  readonly elder: ElderFacts;
  readonly site: SiteFacts;
  readonly meal: MealFacts;
  readonly age: number;
  readonly workday: boolean;
  /** The day whose categories count. */
  readonly categoriesOn: CivilDate;
}

/** Derives the scene of a meal under a version. */
export function setScene(version: CompiledVersion, elder: ElderFacts, site: SiteFacts, meal: MealFacts): Scene {
  return {
    version, elder, site, meal,
    age: ageUnder(version, elder.born, meal.date),
    workday: meal.workday ?? isWorkday(meal.date, null),
    categoriesOn: version.categoriesCount === 'by-day' ? meal.date : endOfMonthBefore(meal.date),
  };
}

/** Whether a day lies in a stretch whose first and last day are both included. */
export function holdsOn(stretch: { from: CivilDate; to: CivilDate | null }, date: CivilDate): boolean {
  return stretch.from <= date && (stretch.to === null || date <= stretch.to);
}

/** Whole months from one day to another. */
export function wholeMonths(from: CivilDate, to: CivilDate): number {
  const months = (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
  return to.slice(8) < from.slice(8) ? months - 1 : months;
}

/** The category by which an elder holds what is wanted. */
export function held(scene: Scene, wanted: CategoryWanted): CategoryHeld | undefined {
  for (const category of scene.elder.categories) {
    if (category.code !== wanted.code || !holdsOn(category, scene.categoriesOn)) continue;
    if (wanted.heldMonths !== undefined && wholeMonths(category.from, scene.meal.date) < wanted.heldMonths) continue;
    if (wanted.grades === undefined || wanted.grades.includes(category.grade ?? '')) return category;
  }
  return undefined;
}

/** The approval under which an elder may draw from a rule's pack on the meal's date. */
export function approvalOf(rule: Rule, scene: Scene): CategoryHeld | undefined {
  const pack = rule.id.slice(0, rule.id.indexOf('/'));
  return scene.elder.categories.find(({ code, grade, from, to }) => code === APPROVAL && grade === pack && holdsOn({ from, to }, scene.meal.date));
}

/** Whether the site lies in the same division of a level as the elder's hukou or residence. */
export function isSameDivision(scene: Scene, of: 'hukou' | 'residence', level: Level): boolean {
  const home = codeAt(scene.elder[of], level);
  return home !== null && home === codeAt(scene.site.division, level);
}

/** Whether a pack covers the elder and the site at all. */
export function failedScope({ version, elder, site }: Scene): RefusalCode | null {
  const { scope } = version;
  if (scope === null) return null;
  const { of, in: places } = scope.elder;
  if (of === 'hukou' && !isWithin(elder.hukou, places)) return 'not-hukou';
  if (of === 'residence' && !isWithin(elder.residence, places)) return 'not-resident';
  if (of === 'either' && !isWithin(elder.hukou, places) && !isWithin(elder.residence, places)) return 'not-resident';
  return isWithin(site.division, scope.site) ? null : 'site-not-covered';
}

/** One part of a condition: why it does not hold, null when it does. */
export type Check = (scene: Scene) => RefusalCode | null;

function personChecks({ hukou, residence, ageFrom, ageTo, anyCategory, allCategories, noCategory }: Condition): Check[] {
  const checks: Check[] = [];
  if (hukou !== undefined) checks.push(({ elder }) => (isWithin(elder.hukou, hukou) ? null : 'not-hukou'));
  if (residence !== undefined) checks.push(({ elder }) => (isWithin(elder.residence, residence) ? null : 'not-resident'));
  if (ageFrom !== undefined) checks.push(({ age }) => (age < ageFrom ? 'too-young' : null));
  if (ageTo !== undefined) checks.push(({ age }) => (age > ageTo ? 'too-old' : null));
  if (anyCategory !== undefined) checks.push((scene) => (anyCategory.some((wanted) => held(scene, wanted)) ? null : 'not-in-category'));
  if (allCategories !== undefined) checks.push((scene) => (allCategories.every((wanted) => held(scene, wanted)) ? null : 'not-in-category'));
  if (noCategory !== undefined) checks.push((scene) => (noCategory.some((wanted) => held(scene, wanted)) ? 'in-excluded-category' : null));
  return checks;
}

function siteChecks({ siteIn, siteSameAs, siteKinds, supplyModes, siteGrades }: Condition): Check[] {
  const checks: Check[] = [];
  const unless = (holds: (scene: Scene) => boolean): void => void checks.push((scene) => (holds(scene) ? null : 'site-not-covered'));
  if (siteIn !== undefined) unless(({ site }) => isWithin(site.division, siteIn));
  if (siteSameAs !== undefined) unless((scene) => isSameDivision(scene, siteSameAs.of, siteSameAs.level));
  if (siteKinds !== undefined) unless(({ site }) => siteKinds.includes(site.kind));
  if (supplyModes !== undefined) unless(({ site }) => supplyModes.includes(site.supplyMode ?? ''));
  if (siteGrades !== undefined) unless(({ site }) => siteGrades.includes(site.grade ?? ''));
  return checks;
}

function mealChecks(condition: Condition): Check[] {
  const { periods, workdaysOnly, days, weekdays, dates, yearly, birthday, delivered, discount, bill } = condition;
  const checks: Check[] = [];
  if (periods !== undefined) checks.push(({ meal }) => (periods.includes(meal.period) ? null : 'meal-period-not-covered'));
  if (workdaysOnly === true) checks.push(({ workday }) => (workday ? null : 'not-workday'));
  if ([days, weekdays, dates, yearly, birthday].some((each) => each !== undefined)) checks.push((scene) => (onThisDay(condition, scene) ? null : 'not-on-this-day'));
  if (delivered === true) checks.push(({ meal }) => (meal.delivered === true ? null : 'not-delivered'));
  if (delivered === false) checks.push(({ meal }) => (meal.delivered === true ? 'only-dine-in' : null));
  if (discount !== undefined) checks.push(({ meal }) => (givesDiscount(discount, meal) ? null : 'discount-too-low'));
  if (bill !== undefined) checks.push(({ meal }) => failedBill(bill, meal));
  return checks;
}

function furthestOf(alternatives: readonly Condition[], scene: Scene): RefusalCode | null {
  let furthest: RefusalCode | null = null;
  for (const alternative of alternatives) {
    const code = failedCondition(alternative, scene);
    if (code === null) return null;
    furthest = furthest === null ? code : laterCode(furthest, code);
  }
  return furthest;
}

// A condition names few of the many things it may name, and is asked for every meal: which, is found out once.
const checksByCondition = new WeakMap<Condition, readonly Check[]>();

/** The parts of a condition as checks, in the order in which a refusal names them. */
export function checksOf(condition: Condition): readonly Check[] {
  const known = checksByCondition.get(condition);
  if (known !== undefined) return known;
  const checks = [...personChecks(condition), ...siteChecks(condition), ...mealChecks(condition)];
  const { none, any } = condition;
  if (none !== undefined) checks.push((scene) => (none.some((exclusion) => failedCondition(exclusion, scene) === null) ? 'in-excluded-category' : null));
  if (any !== undefined) checks.push((scene) => furthestOf(any, scene));
  checksByCondition.set(condition, checks);
  return checks;
}

function inYear({ from, to }: YearlyDays, monthDay: string): boolean {
  return from <= to ? from <= monthDay && monthDay <= to : monthDay >= from || monthDay <= to;
}

function onThisDay({ days, weekdays, dates, yearly, birthday }: Condition, { version, elder, meal }: Scene): boolean {
  if (days !== undefined && !days.includes(dayKindOf(meal))) return false;
  if (weekdays !== undefined && !weekdays.includes(weekday(meal.date))) return false;
  if (dates !== undefined && !dates.some((stretch) => holdsOn(stretch, meal.date))) return false;
  if (yearly !== undefined && !yearly.some((stretch) => inYear(stretch, meal.date.slice(5)))) return false;
  return birthday === undefined || birthday === isBirthday(version, elder.born, meal.date);
}

/** What the operator takes off the list price. */
export function discountFen({ priceFen, listPriceFen }: MealFacts): Fen {
  return fen(Math.max(0, (listPriceFen ?? priceFen) - priceFen));
}

function givesDiscount({ atLeastFen, atLeastBasisPoints }: NonNullable<Condition['discount']>, meal: MealFacts): boolean {
  const given = discountFen(meal);
  return given >= (atLeastFen ?? 0) && given * 10_000 >= (meal.listPriceFen ?? meal.priceFen) * (atLeastBasisPoints ?? 0);
}

/** The price that a range looks at. */
export function basisFen({ basis }: Pick<BillRange, 'basis'>, meal: MealFacts): MealFacts['priceFen'] {
  return basis === 'list' ? (meal.listPriceFen ?? meal.priceFen) : meal.priceFen;
}

/** Why a bill lies outside a range, null when it lies within. */
export function failedBill(range: BillRange, meal: MealFacts): RefusalCode | null {
  const price = basisFen(range, meal);
  if (range.atLeastFen !== null && price < range.atLeastFen) return 'bill-too-low';
  if (range.atMostFen !== undefined && price > range.atMostFen) return 'bill-too-high';
  if (range.prices !== undefined && !range.prices.some(({ fromFen, toFen }) => fromFen <= price && price <= toFen)) return 'not-a-set-price';
  return null;
}

/**
 * The first part of a condition that does not hold, person before site before meal; null when all hold.
 * Of alternatives (`any`) the one that came furthest speaks.
 */
export function failedCondition(condition: Condition, scene: Scene): RefusalCode | null {
  return firstFailed(checksOf(condition), scene);
}

/** The first check that fails, null when all hold. */
export function firstFailed(checks: readonly Check[], scene: Scene): RefusalCode | null {
  for (const check of checks) {
    const failed = check(scene);
    if (failed !== null) return failed;
  }
  return null;
}
