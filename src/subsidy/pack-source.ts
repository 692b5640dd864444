import type { CivilDate, Fen } from '../kernel/index.js';
import type { CategoryWanted, DocumentRef, Funder, Level, MealPeriod, Payee, Rounding } from './domain/index.js';

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
  readonly delivered?: boolean;
  readonly any?: readonly SourceCondition[];
}

export interface SourceAmount {
  readonly fen?: Fen;
  readonly percent?: number;
  readonly capFen?: Fen;
  readonly of?: 'paid' | 'list';
  readonly rounding?: Rounding;
  readonly voucher?: string;
}

export interface SourceAmounts extends SourceAmount {
  readonly byPeriod?: Partial<Record<MealPeriod, SourceAmount>>;
}

export interface SourceClass extends Assumable {
  readonly id: string;
  readonly name: string;
  readonly when?: SourceCondition;
  readonly amount: SourceAmounts;
  readonly clause?: string;
}

export interface SourceFundingPart {
  readonly funder: string;
  readonly fen?: Fen;
  readonly rest?: true;
  readonly weight?: number;
  readonly lostWhenSiteOutside?: readonly string[] | { readonly of: 'hukou' | 'residence'; readonly level: Level };
}

export interface SourceFunding extends Assumable {
  readonly parts?: readonly SourceFundingPart[];
  readonly weights?: readonly SourceFundingPart[];
  readonly cut?: 'proportional' | readonly string[];
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
  readonly limits?: readonly { readonly per: 'period' | 'day' | 'week' | 'month'; readonly count?: number; readonly fen?: Fen; readonly partly?: boolean }[];
  readonly bill?: { readonly atLeastFen?: Fen; readonly basis?: 'paid' | 'list'; readonly aboveSubsidy?: boolean };
  readonly onlyWithSubsidy?: boolean;
  readonly needsApproval?: boolean;
  readonly funding?: SourceFunding;
  readonly document: string;
  readonly clause: string;
}

export interface SourceGrant extends Assumable {
  readonly id: string;
  readonly kind: 'construction' | 'award' | 'equipment';
  readonly name: string;
  readonly supplyModes?: readonly string[];
  readonly fen?: Fen;
  readonly perSquareMetreFen?: Fen;
  readonly percent?: number;
  readonly capFen?: Fen;
  readonly afterMonths?: number;
  readonly needsEvaluation?: boolean;
  readonly yearlyDinersOver?: number;
  readonly until?: CivilDate;
  readonly document: string;
  readonly clause: string;
}

export interface SourceVersion {
  readonly version: string;
  readonly from: CivilDate;
  readonly to?: CivilDate;
  readonly sample?: string;
  readonly age?: Assumable & { readonly reachedOn?: 'birthday' | 'day-after'; readonly leap?: 'february-28' | 'march-1' };
  readonly rules: readonly SourceRule[];
  readonly siteGrants?: readonly SourceGrant[];
  readonly backdated?: SourceBasis;
  readonly application?: Assumable & SourceBasis & { readonly level?: 'township' | 'county'; readonly streetDays: number; readonly countyDays: number; readonly appealDays: number };
  readonly whenFundsEnd?: Assumable & SourceBasis & { readonly then: 'end' | 'continue'; readonly noticeDays: number };
}
