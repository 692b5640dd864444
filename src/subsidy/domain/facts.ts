import type { CivilDate, Fen } from '../../kernel/index.js';

/** Codes of the divisions that hold a place, from the province down to the village as far as known. */
export type DivisionPath = readonly string[];

/** 早餐 / 午餐 / 晚餐 */
export type MealPeriod = 'breakfast' | 'lunch' | 'dinner';

export const MEAL_PERIODS: readonly MealPeriod[] = ['breakfast', 'lunch', 'dinner'];

/** A class that an elder belongs to, with its first and last day (both included) and where that is known from. */
export interface CategoryHeld {
  readonly code: string;
  readonly grade?: string | null;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  readonly source: string;
}

/** Living full time in a care home; first and last day, both included. */
export interface CareHomeStay {
  readonly from: CivilDate;
  readonly to: CivilDate | null;
}

/** A meal voucher (助餐券) that was given out; usable from the first to the last day, both included. */
export interface Voucher {
  readonly id: string;
  readonly kind: string;
  readonly fen: Fen;
  readonly from: CivilDate;
  readonly to: CivilDate;
}

/** Where a fact is known from, and since when it holds. */
export interface FactSource {
  readonly source: string;
  readonly from?: CivilDate | null;
}

/** What a day is by the State Council's calendar: a day of a statutory holiday, a weekend's day, or worked. */
export type DayKind = 'workday' | 'weekend' | 'holiday';

/** What is known of the elder as of the meal. No name, no number: only what a rule may look at. */
export interface ElderFacts {
  readonly born: CivilDate;
  /** 户籍; null when not known, which no rule takes for a place. */
  readonly hukou: DivisionPath | null;
  /** 常住地 */
  readonly residence: DivisionPath | null;
  readonly categories: readonly CategoryHeld[];
  readonly careHomeStays: readonly CareHomeStay[];
  readonly died: CivilDate | null;
  readonly vouchers?: readonly Voucher[];
  /** Where the person's own facts are known from, as far as it is recorded. */
  readonly sources?: { readonly born?: FactSource; readonly hukou?: FactSource; readonly residence?: FactSource };
}

export interface SiteFacts {
  /** canteen, mealPoint, diningTable, centralKitchen ... */
  readonly kind: string;
  /** hungPlate, newOrConverted, ruralHappinessHome ... */
  readonly supplyMode: string | null;
  readonly division: DivisionPath;
  readonly grade?: string | null;
}

export interface MealFacts {
  readonly date: CivilDate;
  readonly period: MealPeriod;
  /** What the bill comes to after the operator's own discount. */
  readonly priceFen: Fen;
  /** The price before the operator's discount, where there is one. */
  readonly listPriceFen?: Fen;
  readonly delivered?: boolean;
  /** From the State Council's calendar (see `isWorkday`). Left out: Monday to Friday. */
  readonly workday?: boolean;
  /** Left out: from `workday` and the day of the week. */
  readonly dayKind?: DayKind;
  /** No calendar of the year is at hand: `workday` and `dayKind` are those of the plain week. */
  readonly dayGuessed?: true;
}

/**
 * How often, and for how much, a rule has already been used by this elder in one period.
 * `periodKey` is made by `periodKeys`: a day `d:2023-06-05`, a meal period `d:2023-06-05:lunch`,
 * a natural week by its Monday `w:2023-06-05`, a month `m:2023-06`, a quarter `q:2023-2`, a year `y:2023`, a voucher `v:<id>`.
 */
export interface Use {
  readonly ruleId: string;
  readonly periodKey: string;
  readonly count: number;
  readonly fen: Fen;
}
