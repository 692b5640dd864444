/** What the service answers under /v1/mini, as far as the elder's pages read it. */

export interface Tokens {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
}

export interface Kin {
  readonly elderId: string;
  readonly name: string;
  /** The holder's own word for the elder; null for the elder. */
  readonly called: string | null;
  readonly self: boolean;
  /** What the holder is to the elder; null for the elder. */
  readonly relation: string | null;
  readonly rights: readonly ('meals' | 'ordering' | 'paying')[];
}

export interface Me {
  readonly account: { readonly accountId: string; readonly phone: string | null; readonly phoneProven: boolean };
  readonly kin: readonly Kin[];
}

export interface LogInAnswer extends Tokens, Me {}

export interface City {
  readonly cityCode: string;
  readonly name: string;
}

/** What an elder's pages begin with, so that nobody has to search. */
export interface Recent {
  readonly lastSite: { readonly siteId: string; readonly name: string; readonly phone: string | null } | null;
  /** With meals, the latest first. */
  readonly months: readonly string[];
}

export interface Site {
  readonly siteId: string;
  readonly name: string;
  readonly address: string;
  readonly phone: string | null;
  readonly isOpen: boolean;
  readonly hours: readonly { readonly words: string }[];
  readonly distanceWords: string | null;
}

/** Who pays what of a meal, for this elder, and why. */
export interface Split {
  readonly selfPayFen: number;
  readonly words: string;
}

export interface Offer {
  readonly itemCode: string;
  readonly name: string;
  readonly dishes: readonly string[];
  readonly marks: readonly string[];
  readonly warning: string | null;
  readonly priceFen: number | null;
  readonly split: Split | null;
}

export interface Meal {
  readonly mealPeriod: string;
  readonly words: string;
  readonly beginsMinute: number;
  readonly endsMinute: number;
  /** Until when it is booked, changed and cancelled, as a moment. */
  readonly closesAt: string;
  readonly closesWords: string;
  readonly isBookable: boolean;
  readonly portionsLeft: number | null;
  readonly leftWords: string | null;
  readonly items: readonly Offer[];
}

export interface MenuDay {
  readonly date: string;
  readonly words: string;
  readonly isOpen: boolean;
  readonly meals: readonly Meal[];
}

export interface Menu {
  readonly siteId: string;
  readonly name: string;
  readonly phone: string | null;
  readonly days: readonly MenuDay[];
}

export interface Booking {
  readonly bookingId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly sitePhone: string | null;
  readonly mealDate: string;
  readonly mealPeriod: string;
  readonly items: readonly { readonly itemCode: string; readonly name: string; readonly quantity: number }[];
  readonly way: string;
  readonly note: string | null;
  readonly state: string;
  readonly number: number;
  readonly channel: string;
  /** Whether another account booked it: a relative's. */
  readonly byKin: boolean;
  /** null for whoever may only see what was eaten. */
  readonly code: string | null;
  readonly priceFen: number;
  /** Until when it is changed and cancelled, as a moment. */
  readonly closesAt: string;
  readonly pay: 'now' | 'atMeal';
  /** What is to be paid ahead. Amounts are null for whoever neither sees meals nor pays for them. */
  readonly expectedFen: number | null;
  readonly payBy: string | null;
  readonly paidFen: number | null;
  readonly refundFen: number | null;
  readonly keptFen: number | null;
  readonly reason: string | null;
}

export interface EatingCode {
  /** What the scanner reads. */
  readonly text: string;
  /** What is read out where nothing can scan. */
  readonly digits: string;
  readonly expiresAt: string;
  /** Seconds after which the next one is asked for. */
  readonly nextAfter: number;
}

/** What a phone without a network works codes out from. */
export interface OfflineSecret {
  readonly secret: string;
  readonly locator: number;
  readonly stepSeconds: number;
  readonly serverTime: string;
}

export interface MealStory {
  readonly tapId: string;
  readonly dayWords: string;
  readonly time: string;
  readonly mealPeriod: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly itemsWords: string;
  readonly standing: string;
  readonly selfPayFen: number;
  readonly words: string;
  readonly note: string | null;
}

export interface Statement {
  readonly month: string;
  readonly words: string;
  /** What a bank holds for the elder; null where there is none, and for relatives. */
  readonly prepaidWords: string | null;
  readonly items: readonly MealStory[];
}

export interface Rating {
  readonly rating: { readonly stars: number; readonly words: readonly string[] } | null;
  readonly mayRate: boolean;
}

export interface Complaint {
  readonly complaintId: string;
  readonly number: number;
  readonly siteName: string;
  readonly category: string;
  readonly state: string;
  readonly dueAt: string;
}

export interface WholeComplaint {
  readonly complaint: Complaint;
  readonly steps: readonly { readonly kind: string; readonly text: string | null; readonly madeAt: string }[];
}

export interface Notice {
  readonly noticeId: string;
  readonly kind: string;
  readonly elderId: string | null;
  readonly text: string;
  readonly madeAt: string;
  readonly read: boolean;
}

/** A page of the inbox. */
export interface Notices {
  readonly items: readonly Notice[];
  /** Where the older ones begin; null after the last. */
  readonly nextCursor: string | null;
}

/** A relative as the elder sees them. */
export interface Relative {
  readonly contactId: string;
  readonly name: string;
  readonly relation: string | null;
  readonly bound: boolean;
  readonly rights: readonly ('meals' | 'ordering' | 'paying')[];
  readonly until: string | null;
}

/** The same meal on many days. */
export interface StandingOrder {
  readonly standingId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly mealPeriod: string;
  readonly weekdays: readonly string[];
  readonly way: string;
  readonly until: string;
  readonly state: string;
  readonly byStaff: boolean;
  readonly days: readonly { readonly date: string; readonly sentence: string | null }[];
}
