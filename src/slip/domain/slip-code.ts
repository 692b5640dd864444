import { checkLetter, CHECK_LETTERS as LETTERS, lettersOf } from '../../kernel/index.js';

/** Letters that nobody can make up: one guess in 23^4 = 279,841 is right. */
const SECRET_LETTERS = 4;

/** What a slip's code says before its letters. */
export interface SlipPlace {
  /** The site's short number in the city, 1 to 9999. */
  readonly siteNo: number;
  /** Month and day of the meal, four digits. */
  readonly monthDay: string;
  /** The slip's number of that day, 1 to 999. */
  readonly number: number;
}

/** A code as it was read: its place, and the letters that only the server can tell to be right. */
export interface ReadSlip extends SlipPlace {
  readonly secret: string;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

/** The letters that follow from a keyed digest of a slip's place. @param digest hexadecimal */
export function secretLetters(digest: string): string {
  return lettersOf(digest, SECRET_LETTERS);
}

/**
 * The code printed on a slip, such as `0007-1204-012-KTRMX`: site, day, number, four letters of a keyed digest and one
 * that checks them all.
 */
export function slipCode({ siteNo, monthDay, number }: SlipPlace, digest: string): string {
  const [site, slip, secret] = [pad(siteNo, 4), pad(number, 3), secretLetters(digest)];
  return `${site}-${monthDay}-${slip}-${secret}${checkLetter(`${site}${monthDay}${slip}${secret}`)}`;
}

const CODE = new RegExp(`^(\\d{4})(\\d{4})(\\d{3})([${LETTERS}]{${SECRET_LETTERS}})([${LETTERS}])$`);

/** Reads a code as people type it: any case, full-width signs, with or without hyphens and blanks; null where it cannot be right. */
export function readSlipCode(text: string): ReadSlip | null {
  const signs = text.normalize('NFKC').replace(/[\s\-‐-―−]/g, '').toUpperCase();
  const [, site, monthDay, slip, secret, check] = CODE.exec(signs) ?? [];
  if (site === undefined || monthDay === undefined || slip === undefined || secret === undefined) return null;
  if (check !== checkLetter(`${site}${monthDay}${slip}${secret}`)) return null;
  return { siteNo: Number(site), monthDay, number: Number(slip), secret };
}
