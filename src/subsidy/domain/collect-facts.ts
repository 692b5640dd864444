import { basisFen, failedCondition, held, type Scene } from './check-condition.js';
import type { FactUsed } from './decision.js';
import type { FactSource } from './facts.js';
import type { CategoryWanted, Condition, Rule } from './pack.js';
import { dayKindOf } from './workday.js';

function personFact(fact: string, value: string | number, known: FactSource | undefined, otherwise?: string): FactUsed {
  const source = known?.source ?? otherwise;
  return { fact, value, ...(source === undefined ? {} : { source }), ...(known?.from == null ? {} : { from: known.from }) };
}

function homeFact(of: 'hukou' | 'residence', { elder }: Scene): FactUsed {
  return personFact(of, elder[of]?.at(-1) ?? '', elder.sources?.[of]);
}

function addCategories(wanted: readonly CategoryWanted[], scene: Scene, into: FactUsed[]): void {
  for (const each of wanted) {
    const category = held(scene, each);
    if (category === undefined) continue;
    const value = category.grade == null ? category.code : `${category.code}:${category.grade}`;
    into.push({ fact: 'category', value, source: category.source, from: category.from });
  }
}

function addPerson(condition: Condition, scene: Scene, into: FactUsed[]): void {
  const { sources } = scene.elder;
  if (condition.ageFrom !== undefined || condition.ageTo !== undefined) into.push(personFact('age', scene.age, sources?.born, 'birth-date'));
  if (condition.hukou !== undefined) into.push(homeFact('hukou', scene));
  if (condition.residence !== undefined) into.push(homeFact('residence', scene));
  if (condition.anyCategory !== undefined) addCategories(condition.anyCategory, scene, into);
  if (condition.allCategories !== undefined) addCategories(condition.allCategories, scene, into);
  if (condition.noCategory !== undefined) for (const { code } of condition.noCategory) into.push({ fact: 'no-category', value: code });
}

function addSite(condition: Condition, scene: Scene, into: FactUsed[]): void {
  const { site } = scene;
  if (condition.siteIn !== undefined || condition.siteSameAs !== undefined) into.push({ fact: 'site-division', value: site.division.at(-1) ?? '' });
  if (condition.siteSameAs !== undefined) into.push(homeFact(condition.siteSameAs.of, scene));
  if (condition.siteKinds !== undefined) into.push({ fact: 'site-kind', value: site.kind });
  if (condition.supplyModes !== undefined) into.push({ fact: 'supply-mode', value: site.supplyMode ?? '' });
  if (condition.siteGrades !== undefined) into.push({ fact: 'site-grade', value: site.grade ?? '' });
}

function addMeal(condition: Condition, scene: Scene, into: FactUsed[]): void {
  const { meal } = scene;
  if (condition.periods !== undefined) into.push({ fact: 'meal-period', value: meal.period });
  if (condition.workdaysOnly === true) into.push({ fact: 'workday', value: scene.workday, source: meal.workday === undefined ? 'plain-week' : 'calendar' });
  if (condition.days !== undefined) into.push({ fact: 'day-kind', value: dayKindOf(meal), source: meal.dayKind === undefined ? 'plain-week' : 'calendar' });
  if (condition.birthday !== undefined) into.push(personFact('birthday', scene.elder.born.slice(5), scene.elder.sources?.born, 'birth-date'));
  if (condition.delivered !== undefined) into.push({ fact: 'delivered', value: meal.delivered === true });
  if (condition.bill !== undefined) into.push({ fact: 'bill', value: basisFen(condition.bill, meal) });
}

/** Adds where the elder belongs, where the pack's scope asks for it and the rule does not ask again. */
export function addScope({ when }: Rule, scene: Scene, into: FactUsed[]): void {
  const of = scene.version.scope?.elder.of ?? 'any';
  if ((of === 'hukou' || of === 'either') && when.hukou === undefined) into.push(homeFact('hukou', scene));
  if ((of === 'residence' || of === 'either') && when.residence === undefined) into.push(homeFact('residence', scene));
}

/** Adds the facts that a condition looked at, each with where it is known from. */
export function collectFacts(condition: Condition, scene: Scene, into: FactUsed[]): void {
  addPerson(condition, scene, into);
  addSite(condition, scene, into);
  addMeal(condition, scene, into);
  for (const exclusion of condition.none ?? []) collectFacts(exclusion, scene, into);
  for (const alternative of condition.any ?? []) {
    if (failedCondition(alternative, scene) !== null) continue;
    collectFacts(alternative, scene, into);
    return;
  }
}
