import { checkLetter, CHECK_LETTERS, lettersOf } from '../../kernel/index.js';

/** What every pick-up code begins with, so that no reader takes one for a card. */
const PICK_UP_HEAD = 'YD';
/** One guess in 23^4 = 279,841 is right, and it would still have to be of a booking that waits. */
const SECRET_LETTERS = 4;

/** What a code says before its letters. */
interface PickUpPlace {
  /** Month and day of the meal, four digits. */
  readonly monthDay: string;
  /** The booking's number of that day at its site, 1 to 9999. */
  readonly number: number;
}

/**
 * The code of a booking as readers type it, such as `YD12040012KTRMX`: day, number, four letters of a keyed digest and
 * one that checks them all.
 * @param digest hexadecimal
 */
export function pickUpCode({ monthDay, number }: PickUpPlace, digest: string): string {
  const signs = `${monthDay}${String(number).padStart(4, '0')}${lettersOf(digest, SECRET_LETTERS)}`;
  return `${PICK_UP_HEAD}${signs}${checkLetter(signs)}`;
}

/** The code as it is printed for people: `YD-1204-0012-KTRMX`. */
export function spacedCode(code: string): string {
  return [code.slice(0, 2), code.slice(2, 6), code.slice(6, 10), code.slice(10)].join('-');
}

const CODE = new RegExp(`^${PICK_UP_HEAD}(\\d{8}[${CHECK_LETTERS}]{${SECRET_LETTERS}})([${CHECK_LETTERS}])$`);

/** A code as people or readers type it, in its one form: any case, with or without hyphens and blanks; null where it cannot be right. */
export function readPickUpCode(text: string): string | null {
  const code = text.normalize('NFKC').replace(/[\s\-‐-―−]/g, '').toUpperCase();
  const [, signs, check] = CODE.exec(code) ?? [];
  return signs !== undefined && checkLetter(signs) === check ? code : null;
}

/** Whether something that was read claims to be a pick-up code. */
export function looksLikePickUp(text: string): boolean {
  return new RegExp(`^${PICK_UP_HEAD}[\\s-]?\\d`, 'i').test(text);
}
