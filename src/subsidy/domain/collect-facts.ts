import { basisFen, discountFen, failedCondition, held, type Scene } from './check-condition.js';
import type { FactUsed } from './decision.js';
import type { FactSource, MealFacts } from './facts.js';
import type { CategoryWanted, Condition, Rule } from './pack.js';
import { dayKindOf, isDayGuessed } from './workday.js';

function personFact(fact: string, value: string | number, known: FactSource | undefined, otherwise?: string): FactUsed {
  const source = known?.source ?? otherwise;
  const from = known?.from ?? undefined;
  if (source === undefined) return from === undefined ? { fact, value } : { fact, value, from };
  return from === undefined ? { fact, value, source } : { fact, value, source, from };
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

/** Adds what one part of a condition looked at. */
type Collector = (scene: Scene, into: FactUsed[]) => void;

function personFacts({ ageFrom, ageTo, hukou, residence, anyCategory, allCategories, noCategory }: Condition): Collector[] {
  const parts: Collector[] = [];
  if (ageFrom !== undefined || ageTo !== undefined) parts.push((scene, into) => into.push(personFact('age', scene.age, scene.elder.sources?.born, 'birth-date')));
  if (hukou !== undefined) parts.push((scene, into) => into.push(homeFact('hukou', scene)));
  if (residence !== undefined) parts.push((scene, into) => into.push(homeFact('residence', scene)));
  if (anyCategory !== undefined) parts.push((scene, into) => addCategories(anyCategory, scene, into));
  if (allCategories !== undefined) parts.push((scene, into) => addCategories(allCategories, scene, into));
  for (const { code } of noCategory ?? []) parts.push((_, into) => into.push({ fact: 'no-category', value: code }));
  return parts;
}

function siteFacts({ siteIn, siteSameAs, siteKinds, supplyModes, siteGrades }: Condition): Collector[] {
  const parts: Collector[] = [];
  if (siteIn !== undefined || siteSameAs !== undefined) parts.push(({ site }, into) => into.push({ fact: 'site-division', value: site.division.at(-1) ?? '' }));
  if (siteSameAs !== undefined) parts.push((scene, into) => into.push(homeFact(siteSameAs.of, scene)));
  if (siteKinds !== undefined) parts.push(({ site }, into) => into.push({ fact: 'site-kind', value: site.kind }));
  if (supplyModes !== undefined) parts.push(({ site }, into) => into.push({ fact: 'supply-mode', value: site.supplyMode ?? '' }));
  if (siteGrades !== undefined) parts.push(({ site }, into) => into.push({ fact: 'site-grade', value: site.grade ?? '' }));
  return parts;
}

/** Where it is known from what a day is. */
const PLAIN_WEEK = 'plain-week';

function dayFrom(meal: MealFacts): string {
  return isDayGuessed(meal) ? PLAIN_WEEK : 'calendar';
}

function mealFacts({ periods, workdaysOnly, days, birthday, delivered, discount, bill }: Condition): Collector[] {
  const parts: Collector[] = [];
  if (periods !== undefined) parts.push(({ meal }, into) => into.push({ fact: 'meal-period', value: meal.period }));
  if (workdaysOnly === true) parts.push(({ meal, workday }, into) => into.push({ fact: 'workday', value: workday, source: dayFrom(meal) }));
  if (days !== undefined) parts.push(({ meal }, into) => into.push({ fact: 'day-kind', value: dayKindOf(meal), source: dayFrom(meal) }));
  if (birthday !== undefined) parts.push(({ elder }, into) => into.push(personFact('birthday', elder.born.slice(5), elder.sources?.born, 'birth-date')));
  if (delivered !== undefined) parts.push(({ meal }, into) => into.push({ fact: 'delivered', value: meal.delivered === true }));
  if (discount !== undefined) parts.push(({ meal }, into) => into.push({ fact: 'discount', value: discountFen(meal) }));
  if (bill !== undefined) parts.push(({ meal }, into) => into.push({ fact: 'bill', value: basisFen(bill, meal) }));
  return parts;
}

// As with the checks: what a condition names is found out once.
const partsByCondition = new WeakMap<Condition, readonly Collector[]>();

function partsOf(condition: Condition): readonly Collector[] {
  const known = partsByCondition.get(condition);
  if (known !== undefined) return known;
  const parts = [...personFacts(condition), ...siteFacts(condition), ...mealFacts(condition)];
  const { none, any } = condition;
  for (const exclusion of none ?? []) parts.push((scene, into) => collectFacts(exclusion, scene, into));
  if (any !== undefined) {
    parts.push((scene, into) => {
      const holding = any.find((alternative) => failedCondition(alternative, scene) === null);
      if (holding !== undefined) collectFacts(holding, scene, into);
    });
  }
  partsByCondition.set(condition, parts);
  return parts;
}

/** Adds where the elder belongs, where the pack's scope asks for it and the rule does not ask again. */
export function addScope({ when }: Rule, scene: Scene, into: FactUsed[]): void {
  const of = scene.version.scope?.elder.of ?? 'any';
  if ((of === 'hukou' || of === 'either') && when.hukou === undefined) into.push(homeFact('hukou', scene));
  if ((of === 'residence' || of === 'either') && when.residence === undefined) into.push(homeFact('residence', scene));
}

/** Adds the facts that a condition looked at, each with where it is known from. */
export function collectFacts(condition: Condition, scene: Scene, into: FactUsed[]): void {
  for (const collect of partsOf(condition)) collect(scene, into);
}
