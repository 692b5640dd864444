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
  readonly self: boolean;
  readonly rights: readonly ('meals' | 'ordering' | 'paying')[];
}

export interface Me {
  readonly account: { readonly accountId: string; readonly phone: string | null };
  readonly kin: readonly Kin[];
}

export interface LogInAnswer extends Tokens, Me {}

export interface City {
  readonly cityCode: string;
  readonly name: string;
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
  readonly mealDate: string;
  readonly mealPeriod: string;
  readonly items: readonly { readonly itemCode: string; readonly name: string; readonly quantity: number }[];
  readonly way: string;
  readonly state: string;
  readonly number: number;
  readonly code: string;
  readonly priceFen: number;
  readonly expectedSelfPayFen: number;
  readonly payment: 'none' | 'due' | 'paid' | 'refunded';
  readonly changeableUntil: string;
}
