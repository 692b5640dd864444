/** What every code of an elder begins with, so that no reader takes one for a card or for a pick-up code. */
export const EATING_HEAD = 'YM';

/** Typed digits are as long as this at least: fewer are a mistake. */
export const SHOWN_DIGITS = 8;
const LOCATOR_DIGITS = 9;
const OTP_DIGITS = 6;
export const PRINTED_DIGITS = 14;

/** What somebody shows in place of their card, as it was read or typed. */
export type EatingCode =
  /** Shown by a phone with a network: the picture's 128 bits, or the digits under it. */
  | { readonly kind: 'shown'; readonly by: 'text' | 'digits'; readonly value: string }
  /** Worked out by a phone without one: whose it is, and six digits of the time. */
  | { readonly kind: 'offline'; readonly locator: number; readonly otp: string }
  | { readonly kind: 'printed'; readonly value: string };

/** The text in the picture of a shown code. @param bits 32 hexadecimal digits, upper case */
export const shownText = (bits: string): string => `${EATING_HEAD}1${bits}`;

/** The text in the picture of a code that was worked out without a network; its digits are what follows the head. */
export const offlineText = (locator: number, otp: string): string => `${EATING_HEAD}2${locator}${otp}`;

/** The text in the picture of a printed code; its digits are what follows the head. */
export const printedText = (value: string): string => `${EATING_HEAD}3${value}`;

/** Digits as people read them out: in fours. */
export function digitsInFours(digits: string): string {
  return digits.replace(/(\d{4})(?=\d)/g, '$1 ');
}

const FORMS: readonly (readonly [RegExp, (text: string) => EatingCode])[] = [
  [/^1[0-9A-F]{32}$/, (text) => ({ kind: 'shown', by: 'text', value: text.slice(1) })],
  [new RegExp(`^1\\d{${SHOWN_DIGITS}}$`), (text) => ({ kind: 'shown', by: 'digits', value: text.slice(1) })],
  [new RegExp(`^2[1-9]\\d{${LOCATOR_DIGITS + OTP_DIGITS - 1}}$`), (text) => ({ kind: 'offline', locator: Number(text.slice(1, 1 + LOCATOR_DIGITS)), otp: text.slice(1 + LOCATOR_DIGITS) })],
  [new RegExp(`^3\\d{${PRINTED_DIGITS}}$`), (text) => ({ kind: 'printed', value: text.slice(1) })],
];

/** A code as a reader typed it, or as somebody typed its digits: any case, blanks or none, with or without the head; null where it cannot be one. */
export function readEatingCode(text: string): EatingCode | null {
  const plain = text.normalize('NFKC').replace(/[\s\-‐-―−]/g, '').toUpperCase();
  const rest = plain.startsWith(EATING_HEAD) ? plain.slice(EATING_HEAD.length) : plain;
  for (const [form, read] of FORMS) if (form.test(rest)) return read(rest);
  return null;
}

/** Whether something that a reader typed claims to be an elder's code. */
export function looksLikeEatingCode(text: string): boolean {
  return /^YM[\s-]?[123]/i.test(text);
}
