import { NO_FEN, type CivilDate } from '../../kernel/index.js';
import { failedCondition, holdsOn, setScene, type Scene } from './check-condition.js';
import { collectFacts } from './collect-facts.js';
import { laterCode, type FactUsed, type RefusalCode } from './decision.js';
import type { ElderFacts } from './facts.js';
import type { DocumentRef } from './funding-plan.js';
import type { CompiledVersion, Condition, Rule, RuleClass } from './pack.js';

/** A class of a rule that an elder falls under as a person, wherever and whenever the meal. */
export interface EntitledAs {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly classId: string;
  readonly className: string;
  readonly clause: string;
  readonly document: DocumentRef;
}

/** Whether an elder may draw from a version at all, by which rules, and on which facts that rests. */
export interface Entitlement {
  readonly rules: readonly EntitledAs[];
  /** Why not; null when entitled. */
  readonly refusal: RefusalCode | null;
  readonly facts: readonly FactUsed[];
}

const PERSON_KEYS = ['ageFrom', 'ageTo', 'hukou', 'residence', 'anyCategory', 'allCategories', 'noCategory'] as const;

/** The part of a condition that looks at the person alone. An exclusion that also looks at the meal excludes no person. */
function personPart(condition: Condition): Condition {
  const kept = Object.fromEntries(PERSON_KEYS.filter((key) => condition[key] !== undefined).map((key) => [key, condition[key]])) as Condition;
  const none = condition.none?.filter(isPersonal);
  return {
    ...kept,
    ...(condition.any === undefined ? {} : { any: condition.any.map(personPart) }),
    ...(none === undefined || none.length === 0 ? {} : { none }),
  };
}

function isPersonal(condition: Condition): boolean {
  const { any = [], none = [], ...rest } = condition;
  return [...any, ...none].every(isPersonal) && Object.keys(rest).every((key) => (PERSON_KEYS as readonly string[]).includes(key));
}

function sceneOf(version: CompiledVersion, elder: ElderFacts, date: CivilDate): Scene {
  return setScene(version, elder, { kind: '', supplyMode: null, division: [] }, { date, period: 'lunch', priceFen: NO_FEN });
}

function failedFor(rule: Rule, entry: RuleClass, scene: Scene): RefusalCode | null {
  if (rule.excludeCareHome && scene.elder.careHomeStays.some((stay) => holdsOn(stay, scene.meal.date))) return 'in-care-home';
  return failedCondition(personPart(rule.when), scene) ?? failedCondition(personPart(entry.when), scene);
}

/** What every rule of a version looks at of a person: the facts that a refusal rests on. */
function factsLookedAt(version: CompiledVersion, scene: Scene): FactUsed[] {
  const facts: FactUsed[] = [];
  for (const rule of version.rules) {
    if (rule.pays !== 'elder') continue;
    for (const condition of [rule.when, ...rule.classes.map((entry) => entry.when)]) collectFacts(personPart(condition), scene, facts);
  }
  return distinct(facts);
}

function distinct(facts: readonly FactUsed[]): FactUsed[] {
  const seen = new Map(facts.map((fact) => [JSON.stringify(fact), fact]));
  return [...seen.values()];
}

/**
 * Decides whether an elder is entitled as a person under a version on a day: what an application is decided by. Place,
 * meal, bill and counters are left to the meal.
 */
export function entitlementOf(version: CompiledVersion, elder: ElderFacts, date: CivilDate): Entitlement {
  const scene = sceneOf(version, elder, date);
  if (elder.died !== null && date > elder.died) return { rules: [], refusal: 'deceased', facts: [{ fact: 'died', value: elder.died }] };
  const rules: EntitledAs[] = [];
  const facts: FactUsed[] = [];
  let refusal: RefusalCode | null = null;
  for (const rule of version.rules) {
    if (rule.pays !== 'elder') continue;
    for (const entry of rule.classes) {
      const failed = failedFor(rule, entry, scene);
      if (failed !== null) {
        refusal = refusal === null ? failed : laterCode(refusal, failed);
        continue;
      }
      rules.push({ ruleId: rule.id, ruleName: rule.name, classId: entry.id, className: entry.name, clause: entry.clause ?? rule.clause, document: rule.document });
      collectFacts(personPart(rule.when), scene, facts);
      collectFacts(personPart(entry.when), scene, facts);
    }
  }
  if (rules.length > 0) return { rules, refusal: null, facts: distinct(facts) };
  return { rules, refusal: refusal ?? 'not-in-category', facts: factsLookedAt(version, scene) };
}
