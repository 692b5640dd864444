import { done, isCivilDate, refuse, type CivilDate, type Outcome } from '../../kernel/index.js';

/** What a resident identity number says about its holder. */
export interface Identity {
  /** 18 characters, half-width, the check digit X in upper case. */
  readonly number: string;
  readonly born: CivilDate;
  readonly sex: 'male' | 'female';
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';
const BLANKS = /[\s\u200b-\u200d\ufeff]/gu;

/** Full-width characters (U+FF01 to U+FF5E) as their half-width forms, and every kind of blank taken out. */
export function halfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replace(BLANKS, '');
}

/** The check digit of the first 17 digits (GB 11643-1999, ISO 7064 MOD 11-2). */
export function checkDigit(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(first17[index]), 0);
  return CHECK_DIGITS.charAt(sum % 11);
}

/**
 * Reads a resident identity number (GB 11643-1999). The area code is never judged: divisions are abolished, numbers
 * stay.
 * @param today births after it are no births
 * @returns `identity-number-old` for 15 digits, `identity-number-wrong` for all else that is none
 */
export function readIdentityNumber(text: string, today: CivilDate): Outcome<Identity> {
  const number = halfWidth(text).toUpperCase();
  if (/^\d{15}$/.test(number)) return refuse('identity-number-old');
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return refuse('identity-number-wrong');
  const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isCivilDate(born) || born > today || checkDigit(number) !== number.charAt(17)) return refuse('identity-number-wrong');
  return done({ number, born, sex: Number(number.charAt(16)) % 2 === 1 ? 'male' : 'female' });
}
