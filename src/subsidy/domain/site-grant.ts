import type { CivilDate, Fen } from '../../kernel/index.js';
import type { AmountForm } from './amount-form.js';
import type { SiteFacts } from './facts.js';
import type { DocumentRef, FundingPlan } from './funding-plan.js';

/** Conditions of money for a site; all that are set must hold. */
export interface GrantCondition {
  readonly siteIn?: readonly string[];
  readonly siteKinds?: readonly string[];
  readonly supplyModes?: readonly string[];
  readonly siteGrades?: readonly string[];
  readonly areaFrom?: number;
  readonly areaTo?: number;
  readonly seatsFrom?: number;
  readonly seatsTo?: number;
  /** Meals served in the period that the grant is for. */
  readonly mealsFrom?: number;
  readonly mealsTo?: number;
  /** Different persons, or person-times where the paper counts those, of the period. */
  readonly dinersFrom?: number;
  readonly dinersTo?: number;
  /** Whole months since the site opened. */
  readonly monthsOpenFrom?: number;
  readonly monthsOpenTo?: number;
  /** Results of the evaluation that suffice. */
  readonly evaluations?: readonly string[];
  /** The site opened within these days. */
  readonly openedFrom?: CivilDate;
  readonly openedTo?: CivilDate;
  readonly any?: readonly GrantCondition[];
}

export interface GrantClass {
  readonly id: string;
  readonly name: string;
  readonly when: GrantCondition;
  /** null where no paper publishes the amount. */
  readonly amount: AmountForm | null;
  readonly clause: string | null;
  readonly notes: readonly string[];
}

/** Money for a site that no meal decides: 建设补贴, 设备补助, 运营补贴 by period, 运营奖补. */
export interface SiteGrant {
  /** Unique over all packs: `<pack>/<id>`. */
  readonly id: string;
  readonly kind: 'construction' | 'equipment' | 'operating' | 'award';
  readonly name: string;
  /** How often a site may have it. */
  readonly per: 'once' | 'year' | 'month';
  readonly when: GrantCondition;
  readonly classes: readonly GrantClass[];
  readonly pick: 'highest' | 'first';
  readonly from: CivilDate | null;
  readonly until: CivilDate | null;
  /** null where no class has an amount. */
  readonly funding: FundingPlan | null;
  readonly document: DocumentRef;
  readonly clause: string;
  readonly notes: readonly string[];
}

/** What is known of a site when money for it is asked for. What is null no condition takes as met. */
export interface GrantFacts {
  /** The day of the application: it decides the version, the end of a scheme and the months open. */
  readonly on: CivilDate;
  readonly site: SiteFacts;
  readonly openedOn: CivilDate | null;
  readonly squareMetres: number | null;
  readonly seats: number | null;
  /** What was spent, on which a percentage is taken. */
  readonly costFen: Fen | null;
  readonly meals: number | null;
  readonly diners: number | null;
  readonly evaluation: string | null;
  /** What the site has had before. */
  readonly earlier: readonly { readonly grant: string; readonly on: CivilDate }[];
}
