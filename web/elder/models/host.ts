/** What the service answered: its status and its body. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** Who asks, by access token. */
  readonly bearer?: string;
}

/** What WeChat needs to show its payment sheet, as the service signed it. */
export interface PaymentSheet {
  readonly appId: string;
  readonly timeStamp: string;
  readonly nonceStr: string;
  readonly package: string;
  readonly signType: string;
  readonly paySign: string;
}

export type Kept = 'refresh-token' | 'scale' | 'offline-code';
export type Given = Readonly<Record<string, string>>;

/** A log-in code, a code of the telephone number, or a way back from the payment sheet. */
export type Arrival =
  | { readonly from: 'log-in'; readonly code: string }
  | { readonly from: 'phone'; readonly code: string; readonly given: Given }
  | { readonly from: 'payment'; readonly given: Given };

/**
 * What a page needs of the machine under it: WeChat's `wx` in the mini-program, the browser at /elder, a stub in tests.
 * Nothing here knows of meals.
 */
export interface Host {
  /** @throws anything when no answer came */
  readonly request: (ask: Ask) => Promise<Reply>;
  /** A one-time log-in code; null where the page leaves for it and comes back with an arrival. */
  readonly login: () => Promise<string | null>;
  /** What this opening of the app brought along, once. */
  readonly arrival: () => Arrival | null;
  /** Shows WeChat's payment sheet. `left`: the page goes there, and comes back with `given` as an arrival. */
  readonly requestPayment: (sheet: PaymentSheet, given: Given) => Promise<'paid' | 'cancelled' | 'failed' | 'left'>;
  /** Asks leave for messages of these templates, only right after a touch; those that were allowed. null where there is no WeChat. */
  readonly askLeave: ((templateIds: readonly string[]) => Promise<readonly string[]>) | null;
  /** Leaves for WeChat's page of the telephone number, and comes back with `given` as an arrival; where WeChat has a button for it, that is drawn instead. */
  readonly leaveForPhone: (given: Given) => Promise<void>;
  readonly keep: (what: Kept, value: string | null) => void;
  readonly kept: (what: Kept) => string | null;
  /** Reads aloud with a voice of the machine's own. @returns false where it has none */
  readonly speak: (words: string) => boolean;
  readonly hush: () => void;
  readonly vibrate: () => void;
  readonly callPhone: (number: string) => void;
  /** The type size that the person chose in the machine's own settings, 1 for the usual one. */
  readonly fontScale: () => number;
  /** Where the person stands, asked for only when they want it; null if they would rather not. */
  readonly location: () => Promise<{ readonly latitude: number; readonly longitude: number } | null>;
  readonly go: (page: string, given: Given) => void;
  readonly back: () => void;
  /** To the first page, with nothing behind it. */
  readonly home: () => void;
  readonly now: () => number;
  readonly newId: () => string;
  /** @returns stops it */
  readonly later: (ms: number, run: () => void) => () => void;
}
