import { ageOn, type CivilDate } from '../../kernel/index.js';
import { laterCode, type FactUsed, type RefusalCode } from './decision.js';
import { codeAt, isWithin } from './division.js';
import type { CategoryHeld, ElderFacts, MealFacts, SiteFacts } from './facts.js';
import type { CategoryWanted, CompiledVersion, Condition, Level, Rule } from './pack.js';
import { isWorkday } from './workday.js';

/** The category that an approved application gives; its grade names the pack. */
export const APPROVAL = 'mealApproval';

/** The facts of one meal with what is derived from them once: the age, and whether the day is worked. */
export interface Scene {
  readonly elder: ElderFacts;
  readonly site: SiteFacts;
  readonly meal: MealFacts;
  readonly age: number;
  readonly workday: boolean;
}

/** Derives the scene of a meal under a version. */
export function setScene(version: CompiledVersion, elder: ElderFacts, site: SiteFacts, meal: MealFacts): Scene {
  const age = ageOn(elder.born, meal.date, version.reachedOn, version.leapBirthday);
  return { elder, site, meal, age, workday: meal.workday ?? isWorkday(meal.date, null) };
}

/** Whether a day lies in a stretch whose first and last day are both included. */
export function holdsOn(stretch: { from: CivilDate; to: CivilDate | null }, date: CivilDate): boolean {
  return stretch.from <= date && (stretch.to === null || date <= stretch.to);
}

function held(scene: Scene, wanted: CategoryWanted): CategoryHeld | undefined {
  for (const category of scene.elder.categories) {
    if (category.code !== wanted.code || !holdsOn(category, scene.meal.date)) continue;
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
  if (condition.delivered === true && scene.meal.delivered !== true) return 'not-delivered';
  if (condition.delivered === false && scene.meal.delivered === true) return 'only-dine-in';
  return null;
}

/**
 * The first part of a condition that does not hold, person before site before meal; null when all hold.
 * Of alternatives (`any`) the one that came furthest speaks.
 */
export function failedCondition(condition: Condition, scene: Scene): RefusalCode | null {
  const failed = failedPerson(condition, scene) ?? failedSite(condition, scene) ?? failedMeal(condition, scene);
  if (failed !== null || condition.any === undefined) return failed;
  let furthest: RefusalCode | null = null;
  for (const alternative of condition.any) {
    const code = failedCondition(alternative, scene);
    if (code === null) return null;
    furthest = furthest === null ? code : laterCode(furthest, code);
  }
  return furthest;
}

/** Adds the facts that a condition looked at, each with where it is known from. */
export function collectFacts(condition: Condition, scene: Scene, into: FactUsed[]): void {
  const { elder, site, meal } = scene;
  if (condition.ageFrom !== undefined || condition.ageTo !== undefined) into.push({ fact: 'age', value: scene.age, source: 'birth-date' });
  if (condition.hukou !== undefined) into.push({ fact: 'hukou', value: elder.hukou?.at(-1) ?? '' });
  if (condition.residence !== undefined) into.push({ fact: 'residence', value: elder.residence?.at(-1) ?? '' });
  for (const wanted of [...(condition.anyCategory ?? []), ...(condition.allCategories ?? [])]) {
    const category = held(scene, wanted);
    if (category === undefined) continue;
    const value = category.grade == null ? category.code : `${category.code}:${category.grade}`;
    into.push({ fact: 'category', value, source: category.source, from: category.from });
  }
  if (condition.siteIn !== undefined || condition.siteSameAs !== undefined) into.push({ fact: 'site-division', value: site.division.at(-1) ?? '' });
  if (condition.siteSameAs !== undefined) into.push({ fact: condition.siteSameAs.of, value: elder[condition.siteSameAs.of]?.at(-1) ?? '' });
  if (condition.siteKinds !== undefined) into.push({ fact: 'site-kind', value: site.kind });
  if (condition.supplyModes !== undefined) into.push({ fact: 'supply-mode', value: site.supplyMode ?? '' });
  if (condition.siteGrades !== undefined) into.push({ fact: 'site-grade', value: site.grade ?? '' });
  if (condition.periods !== undefined) into.push({ fact: 'meal-period', value: meal.period });
  if (condition.workdaysOnly === true) into.push({ fact: 'workday', value: scene.workday, source: meal.workday === undefined ? 'plain-week' : 'calendar' });
  if (condition.delivered !== undefined) into.push({ fact: 'delivered', value: meal.delivered === true });
  for (const alternative of condition.any ?? []) {
    if (failedCondition(alternative, scene) !== null) continue;
    collectFacts(alternative, scene, into);
    return;
  }
}
