import type { CivilDate, Fen } from '../kernel/index.js';
import type { AgeReached, AmountBase, CategoryWanted, DayKind, DocumentRef, Funder, GrantCondition, Level, LimitPeriod, MealPeriod, Payee, Rounding, SiteGrant } from './domain/index.js';

/** The shapes of the YAML files as they are written; `packs/schema.json` guards them. */

export interface Assumable {
  readonly assumed?: true;
  readonly note?: string;
}

export interface SourceBasis {
  readonly document: string;
  readonly clause: string;
}

export interface SourceDocument extends Omit<DocumentRef, 'sha256'> {
  readonly file?: string;
  readonly sha256?: string;
  readonly note?: string;
}

export interface SourceTarget {
  readonly id: string;
  readonly name: string;
  readonly number: number;
  readonly deadline: CivilDate;
  readonly baseline?: Assumable & { readonly number: number; readonly on: CivilDate };
  readonly counts: Assumable & { readonly event: 'built' | 'accepted' | 'open'; readonly from: CivilDate; readonly stateOn?: 'open' };
  readonly document: string;
  readonly clause: string;
}

export interface SourcePack {
  readonly pack: string;
  readonly name: string;
  readonly issuer: string;
  readonly division: string;
  readonly scope: {
    readonly elder: { readonly of: 'hukou' | 'residence' | 'either' | 'any'; readonly in?: readonly string[] };
    readonly site: readonly string[];
  };
  readonly funders: readonly (Assumable & Omit<Funder, 'division'>)[];
  readonly documents: readonly SourceDocument[];
  readonly categories?: Readonly<Record<string, string>>;
  readonly targets?: readonly SourceTarget[];
}

export type SourceCategory = string | CategoryWanted;

/** A day, or a stretch of days with both ends included. */
type SourceDays<T> = T | { readonly from: T; readonly to: T };

export interface SourceBill {
  readonly atLeastFen?: Fen;
  readonly atMostFen?: Fen;
  readonly oneOfFen?: readonly Fen[];
  readonly standardMeal?: true;
  readonly basis?: 'paid' | 'list';
}

export interface SourceCondition {
  readonly age?: { readonly from?: number; readonly to?: number };
  readonly hukou?: readonly string[];
  readonly residence?: readonly string[];
  readonly anyCategory?: readonly SourceCategory[];
  readonly allCategories?: readonly SourceCategory[];
  readonly noCategory?: readonly SourceCategory[];
  readonly siteIn?: readonly string[];
  readonly siteSameAs?: { readonly of: 'hukou' | 'residence'; readonly level: Level };
  readonly siteKinds?: readonly string[];
  readonly supplyModes?: readonly string[];
  readonly siteGrades?: readonly string[];
  readonly periods?: readonly MealPeriod[];
  readonly workdaysOnly?: true;
  readonly days?: readonly DayKind[];
  readonly weekdays?: readonly number[];
  readonly dates?: readonly SourceDays<CivilDate>[];
  readonly yearly?: readonly SourceDays<string>[];
  readonly birthday?: boolean;
  readonly delivered?: boolean;
  readonly discount?: { readonly atLeastFen?: Fen; readonly atLeastPercent?: number };
  readonly mealOfDay?: number;
  readonly bill?: SourceBill;
  readonly any?: readonly SourceCondition[];
  readonly none?: readonly SourceCondition[];
}

export interface SourceAmount {
  readonly fen?: Fen;
  readonly percent?: number;
  readonly fraction?: string;
  readonly voucher?: string;
  readonly elderPaysFen?: Fen;
  readonly byBill?: readonly (Omit<SourceAmount, 'byBill' | 'slices' | 'voucher' | 'elderPaysFen'> & { readonly fromFen: Fen })[];
  readonly slices?: readonly { readonly upToFen?: Fen; readonly percent: number }[];
  readonly capFen?: Fen;
  readonly atLeastFen?: Fen;
  readonly of?: AmountBase;
  readonly ofAboveFen?: Fen;
  readonly ofUpToFen?: Fen;
  readonly rounding?: Rounding;
  readonly roundTo?: 'fen' | 'jiao' | 'half-yuan' | 'yuan';
}

export interface SourceAmounts extends SourceAmount {
  readonly byPeriod?: Partial<Record<MealPeriod, SourceAmount>>;
}

export interface SourceLimit {
  readonly per: LimitPeriod;
  readonly count?: number;
  readonly fen?: Fen;
  readonly partly?: boolean;
  readonly carryOver?: 'quarter' | 'year';
}

export interface SourceClass extends Assumable {
  readonly id: string;
  readonly name: string;
  readonly when?: SourceCondition;
  readonly amount: SourceAmounts;
  readonly limits?: readonly SourceLimit[];
  readonly funding?: SourceFunding;
  readonly clause?: string;
}

export interface SourceFundingPart {
  readonly funder: string;
  readonly fen?: Fen;
  readonly percent?: number;
  readonly capFen?: Fen;
  readonly rest?: true;
  readonly weight?: number;
  readonly lostWhenSiteOutside?: readonly string[] | { readonly of: 'hukou' | 'residence'; readonly level: Level };
}

export interface SourceFundingPlan {
  readonly parts?: readonly SourceFundingPart[];
  readonly weights?: readonly SourceFundingPart[];
  readonly cut?: 'proportional' | readonly string[];
}

export interface SourceFunding extends Assumable, SourceFundingPlan {
  readonly cases?: readonly (SourceFundingPlan & { readonly when: SourceCondition })[];
}

export interface SourceRule extends Assumable {
  readonly id: string;
  readonly name: string;
  readonly pays?: Payee;
  readonly group?: string;
  readonly countsAs?: string;
  readonly when?: SourceCondition;
  readonly excludeCareHome?: boolean;
  readonly amount?: SourceAmounts;
  readonly classes?: readonly SourceClass[];
  readonly pick?: 'highest' | 'first';
  readonly limits?: readonly SourceLimit[];
  readonly bill?: SourceBill & { readonly aboveSubsidy?: boolean };
  readonly selfPay?: { readonly atLeastFen?: Fen; readonly atLeastPercent?: number };
  readonly onlyWithSubsidy?: boolean;
  readonly needsApproval?: boolean;
  readonly funding?: SourceFunding;
  readonly document: string;
  readonly clause: string;
}

export interface SourceGrantCondition extends Omit<GrantCondition, 'any'> {
  readonly any?: readonly SourceGrantCondition[];
}

export interface SourceGrantAmount {
  readonly fen?: Fen;
  readonly percent?: number;
  readonly perSquareMetreFen?: Fen;
  readonly perMealFen?: Fen;
  readonly perDinerFen?: Fen;
  readonly perSeatFen?: Fen;
  readonly capFen?: Fen;
}

export interface SourceGrantClass extends Assumable {
  readonly id: string;
  readonly name: string;
  readonly when?: SourceGrantCondition;
  readonly amount?: SourceGrantAmount;
  readonly clause?: string;
}

export interface SourceGrant extends Assumable {
  readonly id: string;
  readonly kind: SiteGrant['kind'];
  readonly name: string;
  readonly per?: SiteGrant['per'];
  readonly when?: SourceGrantCondition;
  readonly amount?: SourceGrantAmount;
  readonly classes?: readonly SourceGrantClass[];
  readonly pick?: 'highest' | 'first';
  readonly from?: CivilDate;
  readonly until?: CivilDate;
  readonly funding?: SourceFundingPlan & Assumable;
  readonly document: string;
  readonly clause: string;
}

export interface SourceVersion {
  readonly version: string;
  readonly from: CivilDate;
  readonly to?: CivilDate;
  readonly sample?: string;
  readonly age?: Assumable & { readonly reachedOn?: AgeReached; readonly leap?: 'february-28' | 'march-1' };
  readonly rules: readonly SourceRule[];
  readonly categories?: Assumable & { readonly count: 'by-day' | 'next-month' };
  readonly standardMeals?: readonly (SourceBasis & { readonly name: string; readonly fen: Fen; readonly mayDifferPercent?: number })[];
  readonly choices?: Assumable & { readonly secondMealByMistake?: string; readonly proofForFreeMeal?: boolean };
  readonly siteGrants?: readonly SourceGrant[];
  readonly backdated?: SourceBasis;
  readonly application?: Assumable & SourceBasis & { readonly level?: 'township' | 'county'; readonly streetDays: number; readonly countyDays: number; readonly appealDays: number };
  readonly whenFundsEnd?: Assumable & SourceBasis & { readonly then: 'end' | 'continue'; readonly noticeDays: number };
}
