import type { CivilMonth, Instant } from '../../kernel/index.js';
import type { Rates } from './rates.js';

/** A sale as its till wrote it into its journal. */
export interface AuditedSale {
  readonly tapId: string;
  readonly site: number;
  readonly card: string | null;
  readonly items: readonly { readonly itemCode: string; readonly quantity: number }[];
  readonly mealPeriod: string;
  readonly priceListVersion: number;
  readonly deviceTime: Instant;
  readonly tender: string;
  readonly shown: { readonly selfPayFen: number; readonly subsidyFen: number } | null;
}

/** A sale as it reached the service, by its row. */
export interface ArrivedSale {
  readonly sale: AuditedSale;
  readonly receivedAt: Instant;
  readonly offline: boolean;
  /** What tells sales of one time apart. */
  readonly terminalId: string;
  readonly journalNumber: number;
}

/** Something that the rows say happened, in the order in which it was committed. */
export type Happening =
  | { readonly what: 'taps'; readonly taps: readonly ArrivedSale[] }
  | { readonly what: 'void'; readonly tapId: string; readonly at: Instant }
  | { readonly what: 'adjust'; readonly tapId: string }
  | { readonly what: 'lost'; readonly card: string; readonly at: Instant }
  | { readonly what: 'replaced'; readonly card: string; readonly by: string; readonly at: Instant }
  | { readonly what: 'death'; readonly elder: number; readonly diedOn: string }
  | { readonly what: 'prices'; readonly site: number; readonly version: number; readonly from: string; readonly fen: Readonly<Record<string, number>> }
  | { readonly what: 'rule'; readonly rates: Rates }
  | { readonly what: 'close'; readonly month: CivilMonth }
  | { readonly what: 'release'; readonly month: CivilMonth; readonly countyCode: string; readonly on: Instant }
  | { readonly what: 'paid'; readonly month: CivilMonth; readonly countyCode: string; readonly on: Instant };

/** What the books must say of a sale. */
export interface Judged {
  readonly outcome: 'accepted' | 'refused';
  readonly code: string | null;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly subsidyFen: number;
  readonly siteBorneFen: number;
  readonly shares: Readonly<Record<string, number>>;
  readonly elder: number | null;
  readonly mealDate: string;
  readonly bookedMonth: CivilMonth;
}

/** A meal of an elder who has a rate, or of anybody else: what it would get by itself, and what it has. */
export interface Meal extends Judged {
  readonly terminalId: string;
  readonly journalNumber: number;
  readonly site: number;
  readonly rates: Rates | undefined;
  /** What the city gives where the day's meal was not eaten yet, fen. */
  readonly rateFen: number;
  /** What is left for the city where the eater has paid already: a turn that gives nothing is no turn. */
  readonly roomFen: number;
  readonly offline: boolean;
  /** When it counts from, and until when: a meal taken back counts until then. */
  readonly from: Instant;
  until: Instant | null;
  /** Somebody decided about it by hand: no rank changes it. */
  byHand: boolean;
  given: boolean;
  selfNow: number;
  borneNow: number;
  sharesNow: Record<string, number>;
}

/** What is known of a card. */
export interface CardState {
  readonly elder: number;
  lostAt: Instant | null;
  gone: { readonly state: string; readonly at: Instant } | null;
}

/** A price list of a canteen. */
export interface List {
  readonly version: number;
  readonly from: string;
  readonly fen: Readonly<Record<string, number>>;
}

/** A line of a claim. */
export interface AuditedLine {
  meals: number;
  fen: number;
}
