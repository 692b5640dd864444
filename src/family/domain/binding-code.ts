import { halfWidth } from '../../elder/domain/index.js';

/** Who gave out a code: the elder's own app, a member of staff, or a till with the elder's card laid on it. */
export const CODE_SOURCES = ['elderCode', 'staffCode', 'tillCode'] as const;
export type CodeSource = (typeof CODE_SOURCES)[number];

/** What a code makes of whoever enters it: the elder, or a relative. */
export const CODE_PURPOSES = ['self', 'kin'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];

/** How long a code lives: both are in front of each other, or a worker reads it to an elder on the telephone. */
export const CODE_LIFE_MINUTES: Readonly<Record<CodeSource, number>> = { elderCode: 10, staffCode: 30, tillCode: 10 };

const DIGITS = 8;

/** A code of eight digits, which can be read out and typed, from a keyed digest in hexadecimal. */
export function codeDigits(digest: string): string {
  return String(BigInt(`0x${digest.slice(0, 24)}`) % 10n ** BigInt(DIGITS)).padStart(DIGITS, '0');
}

/** A code as somebody typed it, blanks and full-width digits too; null where it is none. */
export function readCode(text: string): string | null {
  const digits = halfWidth(text).replace(/[\s-]/g, '');
  return /^\d{8}$/.test(digits) ? digits : null;
}
