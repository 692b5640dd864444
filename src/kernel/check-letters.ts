/**
 * Letters that are not mistaken for each other or for a digit by hand: no I, O, Q. Their number is a prime above any
 * difference of two signs, which is what makes every single slip of the pen show in the last letter.
 */
export const CHECK_LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const BASE = CHECK_LETTERS.length;
/** Of a digest so many hexadecimal digits are used: 48 bits, exact in a number. */
const DIGEST_DIGITS = 12;

function valueOf(sign: string): number {
  const letter = CHECK_LETTERS.indexOf(sign);
  return letter >= 0 ? letter : Number(sign);
}

/**
 * The letter that checks signs of a code, digits and letters of `CHECK_LETTERS`. Weights 2, 3, 4 … are all different and
 * none is 0, so no changed sign and no two swapped ones leave the sum as it was; for codes of up to 21 signs.
 */
export function checkLetter(signs: string): string {
  const sum = [...signs].reduce((total, sign, index) => total + (index + 2) * valueOf(sign), 0);
  return CHECK_LETTERS[(BASE - (sum % BASE)) % BASE] as string;
}

/** Letters that follow from a keyed digest, which nobody else can make up. @param digest hexadecimal @param count up to 10 */
export function lettersOf(digest: string, count: number): string {
  let rest = Number.parseInt(digest.slice(0, DIGEST_DIGITS), 16);
  let letters = '';
  for (let index = 0; index < count; index += 1) {
    letters += CHECK_LETTERS[rest % BASE] as string;
    rest = Math.floor(rest / BASE);
  }
  return letters;
}
