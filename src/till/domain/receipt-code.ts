/** How much of an entry's hash a receipt shows. */
const HASH_DIGITS = 8;
const TERMINAL_DIGITS = 4;

/** What a receipt's check code says: where to look, and the first digits of the entry's hash, which nobody can guess. */
export interface ReceiptCode {
  readonly terminalHead: string;
  readonly journalNumber: number;
  readonly hashHead: string;
}

/**
 * The short code on a receipt, such as `3F9A-1K7-9E41B07A`: the head of the terminal's id, the number in its journal in
 * base 36, and the first digits of the entry's hash. The first two find the entry without an index over all hashes.
 */
export function receiptCode(terminalId: string, journalNumber: number, entryHash: string): string {
  return [terminalId.slice(0, TERMINAL_DIGITS), journalNumber.toString(36), entryHash.slice(0, HASH_DIGITS)].join('-').toUpperCase();
}

const CODE = /^([0-9a-f]{4})-([0-9a-z]{1,11})-([0-9a-f]{8})$/;

/** Reads a code as people type it: any case, blanks round it; null where it is none. */
export function readReceiptCode(text: string): ReceiptCode | null {
  const match = CODE.exec(text.trim().replace(/\s+/g, '-').toLowerCase());
  const [, terminalHead, number, hashHead] = match ?? [];
  if (terminalHead === undefined || number === undefined || hashHead === undefined) return null;
  const journalNumber = Number.parseInt(number, 36);
  return Number.isSafeInteger(journalNumber) && journalNumber >= 1 ? { terminalHead, journalNumber, hashHead } : null;
}
