import type { TillRow } from '../../../src/till/domain/roster.js';

/** Somebody who is not on the roster, as a look-up or a pass told of them. */
export interface Stranger {
  readonly row: TillRow;
  /** Until when the row is to be used. */
  readonly until: number;
  /** The last journal number that its counters may hold. */
  readonly countedTo: number;
}

/** More than a canteen sees of strangers in a day. */
const MOST = 500;

/** Strangers with one more, the newest last; those whose time is over are left out. */
export function withStranger(strangers: readonly Stranger[], one: Stranger, now: number): Stranger[] {
  return [...strangers.filter(({ row, until }) => row.h !== one.row.h && now < until), one].slice(-MOST);
}

export function strangerOf(strangers: readonly Stranger[], handle: string, now: number): Stranger | null {
  return strangers.find(({ row, until }) => row.h === handle && now < until) ?? null;
}
