import type { CivilDate } from '../../kernel/index.js';

/** The days of a confirmed setting; without a last one it has no end. */
export interface OfferDays {
  readonly firstDay: CivilDate;
  readonly lastDay: CivilDate | null;
}

/**
 * Whether a city offers prepaid balances on a day. The setting with the latest first day that has come rules, so a
 * later one takes the place of an earlier one from its first day on, and may end it with its last.
 * @param confirmed confirmed settings, the one confirmed last first
 */
export function isOfferedOn(confirmed: readonly OfferDays[], date: CivilDate): boolean {
  let ruling: OfferDays | null = null;
  for (const one of confirmed) if (one.firstDay <= date && (ruling === null || one.firstDay > ruling.firstDay)) ruling = one;
  return ruling !== null && (ruling.lastDay === null || date <= ruling.lastDay);
}
