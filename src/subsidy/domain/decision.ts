import type { CivilDate, Fen } from '../../kernel/index.js';
import type { AmountForm } from './amount-form.js';
import type { ElderFacts, MealFacts, SiteFacts, Use } from './facts.js';
import type { DocumentRef, FundingPlan } from './funding-plan.js';
import type { CompiledVersion, Payee } from './pack.js';

/** Why the elder's side of a meal got no subsidy. The order is that of the checks, from the first to the last. */
export const REFUSAL_CODES = [
  'guest',
  'no-pack',
  'not-in-force',
  'funds-ended',
  'deceased',
  'in-care-home',
  'not-hukou',
  'not-resident',
  'too-young',
  'too-old',
  'not-in-category',
  'in-excluded-category',
  'site-not-covered',
  'meal-period-not-covered',
  'not-workday',
  'not-on-this-day',
  'not-meal-of-day',
  'not-delivered',
  'only-dine-in',
  'no-voucher',
  'not-approved',
  'not-with-meal-subsidy',
  'discount-too-low',
  'bill-too-low',
  'bill-too-high',
  'not-a-set-price',
  'second-meal-this-period',
  'second-meal-today',
  'day-cap-reached',
  'week-cap-reached',
  'month-cap-reached',
  'quarter-cap-reached',
  'year-cap-reached',
  'allowance-used-up',
  'funders-withdrawn',
  'nothing-to-pay',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

const RANK: ReadonlyMap<RefusalCode, number> = new Map(REFUSAL_CODES.map((code, index) => [code, index]));

/** Of two refusals the one whose check comes later: it says what the meal lacked last. */
export function laterCode(a: RefusalCode, b: RefusalCode): RefusalCode {
  return (RANK.get(b) ?? 0) > (RANK.get(a) ?? 0) ? b : a;
}

/** Of two refusals the one whose check comes earlier. */
export function earlierCode(a: RefusalCode, b: RefusalCode): RefusalCode {
  return laterCode(a, b) === a ? b : a;
}

/** One funder's part of an amount; `division` is the public purse that bears it, where the facts tell. */
export interface FundingPart {
  readonly funder: string;
  readonly fen: Fen;
  readonly division: string | null;
}

/** A fact that a rule looked at, with where it is known from and since when. */
export interface FactUsed {
  readonly fact: string;
  readonly value: string | number | boolean;
  readonly source?: string;
  readonly from?: CivilDate;
}

/** A cap that took something away. */
export interface CapApplied {
  readonly cap: 'percentage' | 'allowance' | 'funder-withdrawn' | 'self-pay' | 'bill';
  readonly limitFen: Fen;
  readonly beforeFen: Fen;
  readonly afterFen: Fen;
}

/** All that it takes to compute a reason's fen again, without the pack and without the elder. */
export interface Working {
  readonly amount: AmountForm;
  /** What a percentage, a step or a slice is taken of; the worth of a voucher. */
  readonly ofFen: Fen;
  /** What the monthly or daily allowance still held, null without one. */
  readonly allowanceFen: Fen | null;
  readonly funding: FundingPlan;
  /** Funders whose part is lost for this meal. */
  readonly lost: readonly string[];
  /** What is left of the bill for this rule; null where the bill is no cap (money for site or deliverer). */
  readonly billFen: Fen | null;
  /** What the elder pays in any case, so much less of `billFen` may be subsidised; left out: nothing. */
  readonly selfPayFen?: Fen;
  /** Square metres, meals, diners or seats of an amount per unit. */
  readonly quantity?: number;
}

/** Why one funder pays one amount to one payee. */
export interface Reason {
  readonly pays: Payee;
  readonly funder: string;
  readonly funderName: string;
  /** One word for the elder's receipt, such as 市. */
  readonly funderShort: string;
  readonly division: string | null;
  readonly fen: Fen;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly classId: string;
  readonly version: string;
  /** SHA-256 of the version file, in hex: the very text that decided. */
  readonly versionSha256: string;
  readonly clause: string;
  readonly document: DocumentRef;
  /** Whether any figure behind this amount is not published; `notes` then say which. */
  readonly assumed: boolean;
  readonly notes: readonly string[];
  readonly facts: readonly FactUsed[];
  readonly caps: readonly CapApplied[];
  readonly working: Working;
}

/** What one meal costs whom, and why. All amounts are whole fen of 0 or more. */
export interface MealDecision {
  readonly pack: string | null;
  readonly version: string | null;
  readonly priceFen: Fen;
  /** Public money deducted from the elder's bill (就餐补贴). */
  readonly subsidyFen: Fen;
  /** `priceFen - subsidyFen` */
  readonly selfPayFen: Fen;
  /** Public money for the deliverer (送餐补贴). */
  readonly deliveryFen: Fen;
  /** What the elder pays for delivery, outside `selfPayFen`. */
  readonly deliveryFeeFen: Fen;
  /** Public money for the site (运营补贴 per meal). */
  readonly siteFen: Fen;
  /** Every funder of the pack in the pack's order, zero rows included; adds up to `subsidyFen`. */
  readonly funding: readonly FundingPart[];
  readonly deliveryFunding: readonly FundingPart[];
  readonly siteFunding: readonly FundingPart[];
  readonly reasons: readonly Reason[];
  /** To be added to the elder's counters when the meal stands, and taken back when it is voided. */
  readonly uses: readonly Use[];
  /** The meal costs the elder nothing, and the pack asks for a second proof of presence then. */
  readonly needsProof: boolean;
  /** Set when the elder's side got no subsidy; the meal is then at the full price, never refused. */
  readonly refusal: RefusalCode | null;
}

/** What `decideMeal` looks at, and nothing else. */
export interface MealQuestion {
  /** The version in force on the meal's date; null when no pack covers the meal. */
  readonly version: CompiledVersion | null;
  /** null for a guest. */
  readonly elder: ElderFacts | null;
  readonly site: SiteFacts;
  readonly meal: MealFacts;
  /** The elder's counters that earlier meals left behind; rows of other periods do no harm. */
  readonly uses: readonly Use[];
}
