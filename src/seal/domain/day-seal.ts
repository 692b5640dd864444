import type { CivilDate, CivilMonth } from '../../kernel/index.js';

/** What one funder owes for a sealed day's meals of one operator and payee. */
export interface SealLine {
  readonly operatorId: string | null;
  readonly payeeId: string | null;
  readonly funderCode: string;
  /** Subsidised meals less voids; corrections count none. */
  readonly meals: number;
  /** May be below zero. */
  readonly fen: number;
}

/** A sealed day of a site: what was booked in one month for meals of one date. */
export interface SealedDay {
  readonly siteId: string;
  readonly bookedMonth: CivilMonth;
  readonly mealDate: CivilDate;
  /** 1 for the first seal of the day; a later one takes its place. */
  readonly seq: number;
  readonly leaves: number;
  /** Accepted meals, less voids. */
  readonly meals: number;
  readonly subsidisedMeals: number;
  /** Leaves that are no refused taps. */
  readonly bookings: number;
  /** Of the Merkle tree over the leaves, in hexadecimal. */
  readonly root: string;
  readonly lines: readonly SealLine[];
  /** SHA-256 of every public key that the terminals behind the leaves have or had, by the terminals' ids. */
  readonly terminals: readonly (readonly [terminalId: string, keyHash: string])[];
  /** Hash of the seal that this one takes the place of. */
  readonly before: string | null;
}

/** A seal as it stands in the city's log: an object whose canonical JSON is the leaf. */
export function statementOf(cityCode: string, day: SealedDay, sealedAt: string): object {
  return {
    v: 1, type: 'day', city: cityCode, site: day.siteId, month: day.bookedMonth, date: day.mealDate, seq: day.seq, before: day.before,
    leaves: day.leaves, meals: day.meals, subsidised: day.subsidisedMeals, bookings: day.bookings, root: day.root, at: sealedAt,
    lines: day.lines.map((line) => [line.operatorId, line.payeeId, line.funderCode, line.meals, line.fen]),
    terminals: day.terminals,
  };
}
