import type { CivilDate, Fen } from '../../kernel/index.js';
import type { MealPeriod } from './facts.js';

/** A paper that a rule rests on; `not published` where a part of it is not known. */
export interface DocumentRef {
  readonly id: string;
  readonly title: string;
  readonly number: string;
  readonly date: string;
  readonly issuer: string;
  readonly url: string;
  /** SHA-256 in hex of the paper's file, null where no file is at hand. */
  readonly sha256: string | null;
}

/** Whom a rule pays: the elder's bill, the site, the deliverer; `fee` is what the elder owes for delivery. */
export type Payee = 'elder' | 'site' | 'deliverer' | 'fee';

export type Level = 'province' | 'city' | 'county' | 'township' | 'village';

/** Fraction of a fen: cut off, to the nearest (half up), or up. */
export type Rounding = 'down' | 'half-up' | 'up';

/** What a rule pays before caps. */
export type AmountForm =
  | { readonly form: 'fixed'; readonly fen: Fen }
  | {
      readonly form: 'percentage';
      /** Hundredths of a percent, so 25 % is 2500. */
      readonly basisPoints: number;
      readonly capFen: Fen | null;
      readonly of: 'paid' | 'list';
      readonly rounding: Rounding;
    }
  | { readonly form: 'voucher'; readonly kind: string };

/** A class's amount: one for every meal period, or one each (null: this period pays nothing). */
export type PeriodAmounts = Readonly<Record<MealPeriod, AmountForm | null>>;

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
  readonly delivered?: boolean;
  /** At least one of these conditions holds as a whole. */
  readonly any?: readonly Condition[];
}

export interface CategoryWanted {
  readonly code: string;
  /** Any of these grades; left out: any grade. */
  readonly grades?: readonly string[];
}

/** One class of people with its amount. */
export interface RuleClass {
  readonly id: string;
  readonly name: string;
  readonly when: Condition;
  readonly amounts: PeriodAmounts;
  readonly clause: string | null;
  readonly notes: readonly string[];
}

/** How often or for how much in one period. Exactly one of `count` and `fen` is set. */
export interface Limit {
  readonly per: 'period' | 'day' | 'week' | 'month';
  readonly count: number | null;
  readonly fen: Fen | null;
  /** Money only: whether the rest of an allowance may be used in part. */
  readonly partly: boolean;
}

/** Conditions on the bill itself. */
export interface BillRule {
  readonly atLeastFen: Fen | null;
  readonly basis: 'paid' | 'list';
  /** The bill must be strictly above the subsidy. */
  readonly aboveSubsidy: boolean;
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

export interface FundingPlanPart {
  readonly funder: string;
  /** A fixed part, or null for the funder that takes the rest. */
  readonly fen: Fen | null;
  /** Weight of a division by weights; null in a division by parts. */
  readonly weight: number | null;
  readonly lostWhenSiteOutside: LostWhen | null;
}

/** The boundary whose crossing costs the funder's part. */
export type LostWhen =
  | { readonly divisions: readonly string[] }
  | { readonly sameAs: { readonly of: 'hukou' | 'residence'; readonly level: Level } };

export interface FundingPlan {
  readonly by: 'parts' | 'weights';
  readonly parts: readonly FundingPlanPart[];
  /** Who is cut when the subsidy exceeds the bill: all in proportion, or one after the other in this order. */
  readonly cut: 'proportional' | readonly string[];
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
  readonly bill: BillRule | null;
  /** Pays only on a meal whose elder's side is subsidised. */
  readonly onlyWithSubsidy: boolean;
  /** Pays only while the elder holds an approval: category `mealApproval` with the pack's name as its grade. */
  readonly needsApproval: boolean;
  readonly funding: FundingPlan;
  readonly document: DocumentRef;
  readonly clause: string;
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

/** A version of a pack, checked and resolved: plain data that can be sent to a browser as it is. */
export interface CompiledVersion {
  readonly pack: string;
  readonly packName: string;
  readonly version: string;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  /** SHA-256 of the version file, in hex. */
  readonly sha256: string;
  /** Set when the figures are an example (样例), to be shown wherever they are. */
  readonly sample: string | null;
  readonly reachedOn: 'birthday' | 'day-after';
  readonly leapBirthday: 'february-28' | 'march-1';
  /** Notes on the reading of the birthday, which no scheme publishes; they speak on birthdays only. */
  readonly ageNotes: readonly string[];
  readonly funders: readonly Funder[];
  readonly rules: readonly Rule[];
  readonly documents: readonly DocumentRef[];
  readonly categories: Readonly<Record<string, string>>;
  /** Amounts for sites that no meal decides: construction, awards, targets; data with its source. */
  readonly siteGrants: readonly SiteGrant[];
  /** Set where the paper itself says that it holds from an earlier day; else `from` may not be past when published. */
  readonly backdated: Basis | null;
  /** null: who is entitled need not apply. */
  readonly application: Application | null;
  readonly whenFundsEnd: WhenFundsEnd | null;
}

/** Money for a site that is not paid per meal (建设补贴, 运营奖补). */
export interface SiteGrant {
  readonly id: string;
  readonly kind: 'construction' | 'award' | 'equipment';
  readonly name: string;
  readonly supplyModes: readonly string[] | null;
  readonly fen: Fen | null;
  readonly perSquareMetreFen: Fen | null;
  readonly basisPoints: number | null;
  readonly capFen: Fen | null;
  readonly afterMonths: number | null;
  readonly needsEvaluation: boolean;
  readonly yearlyDinersOver: number | null;
  readonly until: CivilDate | null;
  readonly document: DocumentRef;
  readonly clause: string;
  readonly notes: readonly string[];
}
