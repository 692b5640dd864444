import { NO_FEN, type CivilDate } from '../../kernel/index.js';
import { approvalOf, failedCondition, failedScope, holdsOn, isSameDivision, setScene, type Scene } from './check-condition.js';
import type { ElderFacts, MealFacts, SiteFacts } from './facts.js';
import type { FundingPlan } from './funding-plan.js';
import { memberSince } from './limits.js';
import type { CompiledVersion, Condition, Rule, RuleClass, Scope } from './pack.js';

/** A question of a version about the elder, or about where the elder's home lies to the site. */
type Question = (scene: Scene) => boolean;

/** The question that must be answered with yes for another one to matter; -1 where it always does. */
type Gate = number;

interface Said {
  readonly at: Gate;
  readonly yes: boolean;
}

/**
 * Who answers what a version asks about a person, question after question in one order. A question whose gate is shut
 * changes nothing any more, and is answered with no, so that the answers tell less.
 */
interface Interview {
  holds(question: Question, gate: Gate): Said;
  /** A class whose allowances carry over asks for the month, `YYYY-MM`, since which the elder is in it. */
  since(question: (scene: Scene) => string, gate: Gate): void;
}

/** A class's month, as a category of the person behind the answers. */
export function sinceCode(index: number): string {
  return `since-${index}`;
}

const NEVER: Condition = { anyCategory: [] };
const NOWHERE: Scope = { elder: { of: 'residence', in: [] }, site: [] };

function personPart({ hukou, residence, ageFrom, ageTo, anyCategory, allCategories, noCategory }: Condition): Condition | null {
  const part: Condition = {
    ...(hukou === undefined ? {} : { hukou }), ...(residence === undefined ? {} : { residence }),
    ...(ageFrom === undefined ? {} : { ageFrom }), ...(ageTo === undefined ? {} : { ageTo }),
    ...(anyCategory === undefined ? {} : { anyCategory }), ...(allCategories === undefined ? {} : { allCategories }), ...(noCategory === undefined ? {} : { noCategory }),
  };
  return Object.keys(part).length === 0 ? null : part;
}

/** What is left of a condition once what it asks about the person is answered, and the gate to what depends on it. */
interface Narrowed {
  readonly when: Condition;
  readonly gate: Gate;
}

function narrowCondition(condition: Condition, interview: Interview, gate: Gate, unless: Question | null = null): Narrowed {
  const { hukou: _h, residence: _r, ageFrom: _f, ageTo: _t, anyCategory: _a, allCategories: _l, noCategory: _n, siteSameAs, birthday, any, none, ...rest } = condition;
  const person = personPart(condition);
  const asks = person !== null || unless !== null;
  const own = asks ? interview.holds((scene) => (person === null || failedCondition(person, scene) === null) && unless?.(scene) !== true, gate) : { at: gate, yes: true };
  const holds = (part: Condition): boolean => interview.holds((scene) => failedCondition(part, scene) === null, own.at).yes;
  const near = siteSameAs === undefined || holds({ siteSameAs });
  const onTheDay = birthday === undefined || holds({ birthday });
  const when: Condition = {
    ...rest, ...(own.yes ? {} : NEVER), ...(near ? {} : { siteKinds: [] }), ...(onTheDay ? {} : { dates: [] }),
    ...(any === undefined ? {} : { any: any.map((each) => narrowCondition(each, interview, own.at).when) }),
    ...(none === undefined ? {} : { none: none.map((each) => narrowCondition(each, interview, own.at).when) }),
  };
  return { when, gate: own.at };
}

function narrowPlan(plan: FundingPlan, interview: Interview, gate: Gate): FundingPlan {
  const parts = plan.parts.map((part) => {
    const boundary = part.lostWhenSiteOutside;
    if (boundary === null || 'divisions' in boundary) return part;
    const inside = interview.holds((scene) => isSameDivision(scene, boundary.sameAs.of, boundary.sameAs.level), gate);
    return { ...part, lostWhenSiteOutside: inside.yes ? null : { divisions: [] } };
  });
  return { ...plan, parts };
}

interface Counter {
  sinces: number;
}

function narrowClass(rule: Rule, entry: RuleClass, interview: Interview, ruleGate: Gate, counter: Counter): RuleClass {
  const { when, gate } = narrowCondition(entry.when, interview, ruleGate);
  const carries = (entry.limits ?? rule.limits).some(({ carryOver }) => carryOver !== undefined);
  if (carries) interview.since((scene) => memberSince(rule, entry, scene), gate);
  const held = carries ? { allCategories: [{ code: sinceCode(counter.sinces++) }] } : {};
  return { ...entry, when: { ...when, ...held }, ...(entry.funding === undefined ? {} : { funding: narrowPlan(entry.funding, interview, gate) }) };
}

function inCareHome({ elder, meal }: Scene): boolean {
  return elder.careHomeStays.some((stay) => holdsOn(stay, meal.date));
}

function narrowRule(rule: Rule, interview: Interview, scope: Gate, counter: Counter): Rule {
  const { when, gate } = narrowCondition(rule.when, interview, scope, rule.excludeCareHome ? inCareHome : null);
  const approved = !rule.needsApproval || interview.holds((scene) => approvalOf(rule, scene) !== undefined, gate).yes;
  return {
    ...rule, when, excludeCareHome: false, needsApproval: !approved,
    funding: narrowPlan(rule.funding, interview, gate),
    fundingWhen: rule.fundingWhen.map((each) => ({ when: narrowCondition(each.when, interview, gate).when, plan: narrowPlan(each.plan, interview, gate) })),
    classes: rule.classes.map((entry) => narrowClass(rule, entry, interview, gate, counter)),
  };
}

/** Whether the elder lives, and belongs where the pack's scope asks; where the site lies is not asked here. */
function isCovered(scene: Scene): boolean {
  if (scene.elder.died !== null && scene.meal.date > scene.elder.died) return false;
  const failed = failedScope(scene);
  return failed === null || failed === 'site-not-covered';
}

/**
 * A version with everything that it asks about the person answered, so that the rest of the engine runs on it without
 * the person's facts: what does not hold becomes a condition that never holds, what holds is left out. Money comes out
 * as with the facts; of refusals, those about the person are no longer told apart.
 */
function narrowVersion(version: CompiledVersion, interview: Interview): CompiledVersion {
  const covered = interview.holds(isCovered, -1);
  const open = version.scope === null ? null : { elder: { of: 'any' as const, in: [] }, site: version.scope.site };
  const counter: Counter = { sinces: 0 };
  return {
    ...version, scope: covered.yes ? open : NOWHERE, categoriesCount: 'by-day',
    rules: version.rules.map((rule) => narrowRule(rule, interview, covered.at, counter)),
  };
}

interface Gated<T> {
  readonly question: (scene: Scene) => T;
  readonly gate: Gate;
}

interface Questions {
  readonly holds: readonly Gated<boolean>[];
  readonly since: readonly Gated<string>[];
}

// A roster asks tens of thousands of people the same questions: they are found once.
const questionsByVersion = new WeakMap<CompiledVersion, Questions>();

function questionsOf(version: CompiledVersion): Questions {
  const known = questionsByVersion.get(version);
  if (known !== undefined) return known;
  const holds: Gated<boolean>[] = [];
  const since: Gated<string>[] = [];
  narrowVersion(version, {
    holds: (question, gate) => ({ at: holds.push({ question, gate }) - 1, yes: true }),
    since: (question, gate) => void since.push({ question, gate }),
  });
  const questions = { holds, since };
  questionsByVersion.set(version, questions);
  return questions;
}

/** Answers of one elder on one day to what a version asks about a person: bits in hexadecimal, then months. */
export type PersonAnswers = string;

const NO_MEAL: Omit<MealFacts, 'date'> = { period: 'lunch', priceFen: NO_FEN };

function hexOf(bits: readonly boolean[]): string {
  let text = '';
  for (let index = 0; index < bits.length; index += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit += 1) digit = digit * 2 + (bits[index + bit] === true ? 1 : 0);
    text += digit.toString(16);
  }
  return text;
}

/** Asks a version's questions about an elder at a site on a day. Equal answers are equal texts. */
export function answersOf(version: CompiledVersion, elder: ElderFacts, site: SiteFacts, date: CivilDate): PersonAnswers {
  const scene = setScene(version, elder, site, { ...NO_MEAL, date });
  const { holds, since } = questionsOf(version);
  const bits: boolean[] = [];
  const isOpen = (gate: Gate): boolean => gate < 0 || bits[gate] === true;
  for (const { question, gate } of holds) bits.push(isOpen(gate) && question(scene));
  // A month of another year counts as the year's first month, so it need not be told.
  const months = since.map(({ question, gate }) => (isOpen(gate) ? question(scene) : '')).map((month) => (month.slice(0, 4) === date.slice(0, 4) ? month : ''));
  return [hexOf(bits), ...months].join(',');
}

/** The version that answers make of a version, and the months since which the elder is in its classes; empty for long. */
export interface NarrowedVersion {
  readonly version: CompiledVersion;
  readonly since: readonly string[];
}

/** Narrows a version by answers that were written down; what is missing in a torn text is answered with no. */
export function narrowByAnswers(version: CompiledVersion, answers: PersonAnswers): NarrowedVersion {
  const [digits = '', ...since] = answers.split(',');
  let at = -1;
  const narrowed = narrowVersion(version, {
    holds() {
      at += 1;
      const digit = Number.parseInt(digits[at >> 2] ?? '0', 16);
      return { at, yes: ((digit >> (3 - (at & 3))) & 1) === 1 };
    },
    since: () => undefined,
  });
  return { version: narrowed, since };
}
