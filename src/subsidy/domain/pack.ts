import type { CivilDate, Fen } from '../../kernel/index.js';
import type { PeriodAmounts } from './amount-form.js';
import type { DayKind, MealPeriod } from './facts.js';
import type { DocumentRef, FundingPlan, Level } from './funding-plan.js';
import type { SiteGrant } from './site-grant.js';

/** Whom a rule pays: the elder's bill, the site, the deliverer; `fee` is what the elder owes for delivery. */
export type Payee = 'elder' | 'site' | 'deliverer' | 'fee';

/**
 * When a year of age is full: on the birthday, the day after it, from the first day of the birthday's month or
 * of the month after it, or from 1 January of the birthday's year.
 */
export type AgeReached = 'birthday' | 'day-after' | 'same-month' | 'next-month' | 'same-year';

/** A stretch of days of every year, `MM-DD`, both included; it may run over the new year. */
export interface YearlyDays {
  readonly from: string;
  readonly to: string;
}

/** A range that a bill must lie in; what is not set does not matter. */
export interface BillRange {
  readonly atLeastFen: Fen | null;
  readonly atMostFen?: Fen;
  /** The bill is one of these prices, or within one of these ranges of a standard meal. */
  readonly prices?: readonly { readonly fromFen: Fen; readonly toFen: Fen }[];
  /** On what the bill comes to, or on the price before the operator's discount. */
  readonly basis: 'paid' | 'list';
}

export interface Condition {
  readonly ageFrom?: number;
  readonly ageTo?: number;
  /** Any of these divisions holds the hukou. */
  readonly hukou?: readonly string[];
  readonly residence?: readonly string[];
  /** Holds at least one of these. */
  readonly anyCategory?: readonly CategoryWanted[];
  /** Holds every one of these. */
  readonly allCategories?: readonly CategoryWanted[];
  readonly noCategory?: readonly CategoryWanted[];
  readonly siteIn?: readonly string[];
  readonly siteSameAs?: { readonly of: 'hukou' | 'residence'; readonly level: Level };
  readonly siteKinds?: readonly string[];
  readonly supplyModes?: readonly string[];
  readonly siteGrades?: readonly string[];
  readonly periods?: readonly MealPeriod[];
  readonly workdaysOnly?: boolean;
  readonly days?: readonly DayKind[];
  /** 1 for Monday to 7 for Sunday, whatever the calendar of holidays. */
  readonly weekdays?: readonly number[];
  readonly dates?: readonly { readonly from: CivilDate; readonly to: CivilDate }[];
  readonly yearly?: readonly YearlyDays[];
  /** The meal is on the elder's birthday. */
  readonly birthday?: boolean;
  readonly delivered?: boolean;
  readonly bill?: BillRange;
  /** What the operator takes off the list price at least; both where both are set. */
  readonly discount?: { readonly atLeastFen?: Fen; readonly atLeastBasisPoints?: number };
  /** The how-manieth meal of the day on which the rule pays; only directly in a rule or a class. */
  readonly mealOfDay?: number;
  /** At least one of these conditions holds as a whole. */
  readonly any?: readonly Condition[];
  /** None of these conditions holds as a whole. */
  readonly none?: readonly Condition[];
}

export interface CategoryWanted {
  readonly code: string;
  /** Any of these grades; left out: any grade. */
  readonly grades?: readonly string[];
  /** Held for at least so many whole months on the meal's date. */
  readonly heldMonths?: number;
}

/** One class of people with its amount. */
export interface RuleClass {
  readonly id: string;
  readonly name: string;
  readonly when: Condition;
  readonly amounts: PeriodAmounts;
  /** Instead of the rule's limits. */
  readonly limits?: readonly Limit[];
  /** Instead of the rule's funding. */
  readonly funding?: FundingPlan;
  readonly clause: string | null;
  readonly notes: readonly string[];
}

/** The stretch that a limit counts in, from the shortest to the longest. */
export const LIMIT_PERIODS = ['period', 'day', 'week', 'month', 'quarter', 'year'] as const;

export type LimitPeriod = (typeof LIMIT_PERIODS)[number];

/** How often or for how much in one period. Exactly one of `count` and `fen` is set. */
export interface Limit {
  readonly per: LimitPeriod;
  readonly count: number | null;
  readonly fen: Fen | null;
  /** Money only: whether the rest of an allowance may be used in part. */
  readonly partly: boolean;
  /** Per month only: what is not used in a month may be used later in the same quarter or year. */
  readonly carryOver?: 'quarter' | 'year';
}

/** Conditions on the bill itself. */
export interface BillRule extends BillRange {
  /** The bill must be strictly above the subsidy. */
  readonly aboveSubsidy: boolean;
}

/** What the elder pays in any case: the larger of the two. */
export interface SelfPayFloor {
  readonly atLeastFen: Fen | null;
  /** Of the bill, in hundredths of a percent; a part of a fen is the elder's. */
  readonly atLeastBasisPoints: number | null;
}

/** Where the purse of a funder is looked for: the division of the site, the hukou or the residence at its level. */
export type Bearer = 'site' | 'hukou' | 'residence' | 'pack';

export interface Funder {
  readonly code: string;
  readonly name: string;
  /** One word for the elder's receipt, such as 市. */
  readonly short: string;
  readonly level: Level;
  readonly of: Bearer;
  /** The purse itself where `of` is `pack`: the pack's division at the funder's level. */
  readonly division: string | null;
}

/** Another division of the same amount, for the meals on which its condition holds. */
export interface FundingCase {
  readonly when: Condition;
  readonly plan: FundingPlan;
}

export interface Rule {
  /** Unique over all packs: `<pack>/<id>`. */
  readonly id: string;
  /** Under which id uses are counted; rules that share one share the limits. */
  readonly countsAs: string;
  readonly name: string;
  readonly pays: Payee;
  /** Of the rules in one group only the one that pays most applies; groups add up in the pack's order. */
  readonly group: string;
  readonly when: Condition;
  readonly excludeCareHome: boolean;
  readonly classes: readonly RuleClass[];
  readonly pick: 'highest' | 'first';
  /** Sorted from the shortest period to the longest. */
  readonly limits: readonly Limit[];
  /** Every period that the rule, its classes or a rule that counts as one with it has a limit for. */
  readonly countsPer: readonly LimitPeriod[];
  readonly bill: BillRule | null;
  readonly selfPay: SelfPayFloor | null;
  /** Pays only on a meal whose elder's side is subsidised. */
  readonly onlyWithSubsidy: boolean;
  /** Pays only while the elder holds an approval: category `mealApproval` with the pack's name as its grade. */
  readonly needsApproval: boolean;
  /** Who pays, unless one of `fundingWhen` or the class says otherwise. */
  readonly funding: FundingPlan;
  /** The first whose condition holds divides instead of `funding`. */
  readonly fundingWhen: readonly FundingCase[];
  readonly document: DocumentRef;
  readonly clause: string;
  readonly notes: readonly string[];
}

/** A meal with a set price (标准餐、限价套餐) and how far a district or site may differ from it. */
export interface StandardMeal extends Basis {
  readonly name: string;
  readonly fen: Fen;
  readonly mayDifferBasisPoints: number;
}

/** What no scheme publishes and every pack must choose; the cautious reading unless written. */
export interface Choices {
  /** Who stands behind a second meal subsidised by mistake: nobody, the site, or a funder. Never the elder. */
  readonly secondMealByMistake: string;
  /** Whether a meal that costs the elder nothing needs a second proof of presence. */
  readonly proofForFreeMeal: boolean;
  readonly notes: readonly string[];
}

/** The sentence of a paper that something rests on. */
export interface Basis {
  readonly document: DocumentRef;
  readonly clause: string;
}

/** Who may draw a subsidy only after an approval (申请审批), and how long each step may take. */
export interface Application extends Basis {
  /** The level whose civil affairs bureau decides. */
  readonly level: 'township' | 'county';
  /** Working days for the street's review. */
  readonly streetDays: number;
  /** Working days for the county's decision. */
  readonly countyDays: number;
  /** Calendar days in which a decision may be appealed. */
  readonly appealDays: number;
  readonly notes: readonly string[];
}

/** What happens past a budget's zero, decided on paper beforehand. */
export interface WhenFundsEnd extends Basis {
  /** `end`: the subsidy ends on an announced day; `continue`: it goes on by a numbered order, unfunded payable. */
  readonly then: 'end' | 'continue';
  /** Calendar days between the announcement and the last day. */
  readonly noticeDays: number;
  readonly notes: readonly string[];
}

/** Whom and where a pack covers; outside it no rule applies, whatever the rule says. */
export interface Scope {
  readonly elder: { readonly of: 'hukou' | 'residence' | 'either' | 'any'; readonly in: readonly string[] };
  readonly site: readonly string[];
}

/** A version of a pack, checked and resolved: plain data that can be sent to a browser as it is. */
export interface CompiledVersion {
  readonly pack: string;
  readonly packName: string;
  readonly version: string;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  /** null: everyone and everywhere. */
  readonly scope: Scope | null;
  /** SHA-256 of the version file, in hex. */
  readonly sha256: string;
  /** Set when the figures are an example (样例), to be shown wherever they are. */
  readonly sample: string | null;
  readonly reachedOn: AgeReached;
  readonly leapBirthday: 'february-28' | 'march-1';
  /** Notes on the reading of the birthday, which no scheme publishes; they speak on birthdays only. */
  readonly ageNotes: readonly string[];
  /** Whether a category counts by the day, or only from the month after it begins to the end of the month it ends in. */
  readonly categoriesCount: 'by-day' | 'next-month';
  readonly categoryNotes: readonly string[];
  readonly funders: readonly Funder[];
  readonly rules: readonly Rule[];
  readonly documents: readonly DocumentRef[];
  readonly categories: Readonly<Record<string, string>>;
  readonly standardMeals: readonly StandardMeal[];
  readonly choices: Choices;
  /** Money for sites that no meal decides. */
  readonly siteGrants: readonly SiteGrant[];
  /** Set where the paper itself says that it holds from an earlier day; else `from` may not be past when published. */
  readonly backdated: Basis | null;
  /** null: who is entitled need not apply. */
  readonly application: Application | null;
  readonly whenFundsEnd: WhenFundsEnd | null;
  /** The document of the announcement by which a fund behind a meal has ended; `to` is then the last day with a subsidy. */
  readonly endedBy?: string;
}
