import { civilDate, type CivilDate, type Fen } from '../../kernel/index.js';
import { decideMeal } from './decide-meal.js';
import type { MealDecision, RefusalCode } from './decision.js';
import type { ElderFacts, MealFacts, SiteFacts, Use, Voucher } from './facts.js';
import type { DocumentRef } from './funding-plan.js';
import { narrowByAnswers, sinceCode, type NarrowedVersion, type PersonAnswers } from './narrow-version.js';
import type { CompiledVersion, Condition, Rule, RuleClass } from './pack.js';

const NO_DOCUMENT: DocumentRef = { id: '', title: '', number: '', date: '', issuer: '', url: '', sha256: null };

/** A condition in which every question about the person stands, and none of its words. */
function strippedCondition(condition: Condition): Condition {
  const { hukou, residence, ageFrom, ageTo, anyCategory, allCategories, noCategory, any, none, ...rest } = condition;
  const asks = [hukou, residence, ageFrom, ageTo, anyCategory, allCategories, noCategory].some((part) => part !== undefined);
  return {
    ...rest, ...(asks ? { anyCategory: [] } : {}),
    ...(any === undefined ? {} : { any: any.map(strippedCondition) }), ...(none === undefined ? {} : { none: none.map(strippedCondition) }),
  };
}

function strippedClass(entry: RuleClass, index: number): RuleClass {
  return { ...entry, id: `c${index}`, name: '', when: strippedCondition(entry.when), clause: null, notes: [] };
}

function strippedRule(rule: Rule): Rule {
  return {
    ...rule, name: '', when: strippedCondition(rule.when), classes: rule.classes.map(strippedClass), document: NO_DOCUMENT, clause: '', notes: [],
    fundingWhen: rule.fundingWhen.map(({ when, plan }) => ({ when: strippedCondition(when), plan })),
  };
}

/**
 * A version as a till keeps it: amounts, limits, funders and what hangs on the meal or the site, but nothing that names
 * a class of people, an age or a home. Whether such a condition holds for an elder, the roster's answers say.
 */
export function tillVersion(version: CompiledVersion): CompiledVersion {
  return {
    ...version, packName: '', scope: version.scope === null ? null : { elder: { of: 'any', in: [] }, site: version.scope.site },
    ageNotes: [], categoryNotes: [], rules: version.rules.map(strippedRule), documents: [], categories: {}, standardMeals: [],
    choices: { ...version.choices, notes: [] }, siteGrants: [], backdated: null, application: null, whenFundsEnd: null,
  };
}

/** What a person's side lacked; behind a roster's answers these are one. */
const PERSONAL: readonly RefusalCode[] = ['deceased', 'in-care-home', 'not-hukou', 'not-resident', 'too-young', 'too-old', 'not-in-category', 'in-excluded-category'];

/** A refusal as far as a till without the elder's facts can tell it. */
export function discreet(refusal: RefusalCode | null): RefusalCode | null {
  return refusal !== null && PERSONAL.includes(refusal) ? 'not-in-category' : refusal;
}

/** What a till offline decides: the money, and what counts; the reasons are the server's, on upload. */
export interface OfflineSplit extends Pick<MealDecision, 'pack' | 'version' | 'priceFen' | 'subsidyFen' | 'selfPayFen' | 'deliveryFen' | 'deliveryFeeFen' | 'siteFen' | 'uses' | 'needsProof' | 'refusal'> {
  readonly funding: readonly { readonly funder: string; readonly fen: Fen }[];
}

/** Of a decision what a till shows and keeps. */
export function splitOf(decision: MealDecision): OfflineSplit {
  const { pack, version, priceFen, subsidyFen, selfPayFen, deliveryFen, deliveryFeeFen, siteFen, uses, needsProof, refusal, funding } = decision;
  return {
    pack, version, priceFen, subsidyFen, selfPayFen, deliveryFen, deliveryFeeFen, siteFen, uses, needsProof,
    refusal: discreet(refusal), funding: funding.map(({ funder, fen }) => ({ funder, fen })),
  };
}

const LONG_AGO = civilDate('1900-01-01');

/** Nobody in particular: whoever holds the months that the answers tell. */
function personOf(since: readonly string[], vouchers: readonly Voucher[], date: CivilDate): ElderFacts {
  const categories = since.map((month, index) => {
    const first = month.slice(0, 4) === date.slice(0, 4) ? civilDate(`${month}-01`) : LONG_AGO;
    return { code: sinceCode(index), from: first < date ? first : date, to: null, source: '' };
  });
  return { born: LONG_AGO, hukou: null, residence: null, categories, careHomeStays: [], died: null, vouchers };
}

// A canteen's elders fall under few combinations of answers.
const narrowed = new WeakMap<CompiledVersion, Map<PersonAnswers, NarrowedVersion>>();
const MOST_KEPT = 2_000;

function narrow(version: CompiledVersion, answers: PersonAnswers): NarrowedVersion {
  const kept = narrowed.get(version) ?? new Map<PersonAnswers, NarrowedVersion>();
  if (kept.size >= MOST_KEPT) kept.clear();
  narrowed.set(version, kept);
  const known = kept.get(answers) ?? narrowByAnswers(version, answers);
  kept.set(answers, known);
  return known;
}

/** What a till knows of an elder's rights on a day. */
export interface TillRight {
  /** As `tillVersion` gave it; null where no pack covers the meal. */
  readonly version: CompiledVersion | null;
  readonly answers: PersonAnswers;
  readonly vouchers?: readonly Voucher[];
}

/**
 * Decides a meal where the elder's facts are not at hand: the counting and splitting of `decideMeal`, on a version whose
 * questions about the person were answered beforehand for the meal's date. The money is that of `decideMeal` on the full facts.
 * @param right null for a guest
 */
export function decideOffline(right: TillRight | null, site: SiteFacts, meal: MealFacts, uses: readonly Use[]): OfflineSplit {
  if (right === null || right.version === null) {
    const elder = right === null ? null : personOf([], [], meal.date);
    return splitOf(decideMeal({ version: right?.version ?? null, elder, site, meal, uses }));
  }
  const { version, since } = narrow(right.version, right.answers);
  return splitOf(decideMeal({ version, elder: personOf(since, right.vouchers ?? [], meal.date), site, meal, uses }));
}
