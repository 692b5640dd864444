import type { CivilDate, Fen, Instant } from '../../kernel/index.js';
import type { BillItem, PriceRow } from '../../menu/domain/index.js';
import type { CompiledVersion, DayKind, DivisionPath, ElderFacts, MealPeriod } from '../../subsidy/domain/index.js';

export const TENDERS = ['cash', 'code', 'balance', 'none', 'booked'] as const;
export type Tender = (typeof TENDERS)[number];

/** How the cashier made sure that the elder was there, beyond the card: by the photo, by whoever came along, by the card's number said aloud. */
export const PRESENCES = ['photo', 'companion', 'number'] as const;
export type Presence = (typeof PRESENCES)[number];

/** What a till showed the eater. */
export interface ShownSplit {
  readonly selfPayFen: Fen;
  readonly subsidyFen: Fen;
}

/** One sale at a till, as it arrived: what the deed says, and how it got here. */
export interface Tap {
  readonly tapId: string;
  readonly terminalId: string;
  /** The site that the terminal is enrolled at; a tap cannot name another. */
  readonly siteId: string;
  readonly items: readonly BillItem[];
  readonly priceListVersion: number;
  readonly mealPeriod: MealPeriod;
  /** When the meal was sold, by the till's clock. */
  readonly deviceTime: Instant;
  readonly receivedAt: Instant;
  /** Held back by the till and uploaded later: the eater has long paid and gone. */
  readonly offline: boolean;
  readonly journalNumber: number;
  readonly tender: Tender;
  readonly shown: ShownSplit | null;
  /** null for a guest without a card. */
  readonly handle: string | null;
  /** The cashier found the elder without a card. */
  readonly entered?: true;
  /** Written on a numbered slip of a canteen without a device. Paper comes by hand: `until` is the last moment at which it still counts in full. */
  readonly slip?: { readonly until: Instant };
  /** Brought in by somebody as a file, since the till could not send it any more; its terminal may be revoked by then. */
  readonly byFile?: true;
  /** A second proof of presence, where the cashier gave one. */
  readonly presence?: Presence;
  /** The elder came with a pick-up code, and put no card down. */
  readonly byCode?: true;
  /** What the sale uses up of the elder's code, which stood for the card; see `claimOf`. */
  readonly code?: string;
  /** The booking that the sale hands out. */
  readonly bookingId?: string;
  /** What the till took for paid ahead, where it told the eater by itself what is due in cash; by tender `booked` alone. */
  readonly paidFen?: Fen;
}

/** The till's site on the meal's date. */
export interface SiteFact {
  readonly state: string;
  readonly licenceValid: boolean;
  readonly kind: string;
  readonly supplyMode: string | null;
  readonly path: DivisionPath;
  readonly operatorId: string | null;
  readonly payeeId: string | null;
}

/** The price list that the till names; `effectiveTo` is the last day it is in force. */
export interface PriceFact {
  readonly effectiveFrom: CivilDate;
  readonly effectiveTo: CivilDate | null;
  readonly prices: readonly PriceRow[];
}

/** The card that was used and the elder behind it, as known when the tap arrives. */
export interface HolderFact {
  readonly cardId: string;
  readonly cardState: string;
  readonly stateSince: Instant;
  readonly lostAt: Instant | null;
  readonly elderId: string;
  readonly elder: ElderFacts;
}

/** Everything that a decision looks at besides the tap and the elder's counters. */
export interface TapFacts {
  readonly site: SiteFact | null;
  readonly prices: PriceFact | null;
  readonly holder: HolderFact | null;
  /** The subsidy's version that rules this elder's meal here on its date. */
  readonly version: CompiledVersion | null;
  readonly workday: boolean;
  /** Left out: from `workday` and the day of the week. */
  readonly dayKind?: DayKind;
  /** No calendar of the year is at hand. */
  readonly dayGuessed?: true;
  /** What the elder's prepaid balance holds, 0 without an elder; left out where the city offers none on the meal's date, and where nobody asked for it. */
  readonly balanceFen?: Fen;
  /** Which codes standing sales have used up; left out where the elder showed none. */
  readonly codesUsed?: ReadonlySet<string>;
  /** Codes that are not their holder's any more; known of sales at a till that is online, which alone could be told. */
  readonly codesEnded?: ReadonlySet<string>;
  /** Whether the till's journal fits what is known of the entries before and after. */
  readonly chainHolds: boolean;
}

/** Something about an accepted tap that a person should look at. */
export type Flag = 'clock-skew' | 'review' | 'sent-too-late' | 'fund-changed' | 'overpaid' | 'tender-missing' | 'price-list-old' | 'chain-broken' | 'entered-for' | 'by-file' | 'slip' | 'proof-missing' | 'booking-taken' | 'booking-cancelled' | 'booking-short';
