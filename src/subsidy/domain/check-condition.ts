import { weekday, type CivilDate } from '../../kernel/index.js';
import { ageUnder, endOfMonthBefore, isBirthday } from './age.js';
import { laterCode, type RefusalCode } from './decision.js';
import { codeAt, isWithin } from './division.js';
import type { CategoryHeld, ElderFacts, MealFacts, SiteFacts } from './facts.js';
import type { BillRange, CategoryWanted, CompiledVersion, Condition, Level, Rule, YearlyDays } from './pack.js';
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

function failedPerson(condition: Condition, scene: Scene): RefusalCode | null {
  if (condition.hukou !== undefined && !isWithin(scene.elder.hukou, condition.hukou)) return 'not-hukou';
  if (condition.residence !== undefined && !isWithin(scene.elder.residence, condition.residence)) return 'not-resident';
  if (condition.ageFrom !== undefined && scene.age < condition.ageFrom) return 'too-young';
  if (condition.ageTo !== undefined && scene.age > condition.ageTo) return 'too-old';
  if (condition.anyCategory !== undefined && !condition.anyCategory.some((wanted) => held(scene, wanted))) return 'not-in-category';
  if (condition.allCategories !== undefined && !condition.allCategories.every((wanted) => held(scene, wanted))) return 'not-in-category';
  if (condition.noCategory !== undefined && condition.noCategory.some((wanted) => held(scene, wanted))) return 'in-excluded-category';
  return null;
}

function failedSite(condition: Condition, scene: Scene): RefusalCode | null {
  const { site } = scene;
  if (condition.siteIn !== undefined && !isWithin(site.division, condition.siteIn)) return 'site-not-covered';
  if (condition.siteSameAs !== undefined && !isSameDivision(scene, condition.siteSameAs.of, condition.siteSameAs.level)) return 'site-not-covered';
  if (condition.siteKinds !== undefined && !condition.siteKinds.includes(site.kind)) return 'site-not-covered';
  if (condition.supplyModes !== undefined && !condition.supplyModes.includes(site.supplyMode ?? '')) return 'site-not-covered';
  if (condition.siteGrades !== undefined && !condition.siteGrades.includes(site.grade ?? '')) return 'site-not-covered';
  return null;
}

function failedMeal(condition: Condition, scene: Scene): RefusalCode | null {
  if (condition.periods !== undefined && !condition.periods.includes(scene.meal.period)) return 'meal-period-not-covered';
  if (condition.workdaysOnly === true && !scene.workday) return 'not-workday';
  if (!onThisDay(condition, scene)) return 'not-on-this-day';
  if (condition.delivered === true && scene.meal.delivered !== true) return 'not-delivered';
  if (condition.delivered === false && scene.meal.delivered === true) return 'only-dine-in';
  return condition.bill === undefined ? null : failedBill(condition.bill, scene.meal);
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
  const failed = failedPerson(condition, scene) ?? failedSite(condition, scene) ?? failedMeal(condition, scene);
  if (failed === null && condition.none?.some((exclusion) => failedCondition(exclusion, scene) === null) === true) return 'in-excluded-category';
  if (failed !== null || condition.any === undefined) return failed;
  let furthest: RefusalCode | null = null;
  for (const alternative of condition.any) {
    const code = failedCondition(alternative, scene);
    if (code === null) return null;
    furthest = furthest === null ? code : laterCode(furthest, code);
  }
  return furthest;
}
