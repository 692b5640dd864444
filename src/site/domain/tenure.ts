import { addDays, type CivilDate } from '../../kernel/index.js';

/** Somebody has a part in a site from a day on, until the next one's day; null: nobody. */
export interface Since {
  readonly from: CivilDate;
  readonly id: string | null;
}

/** Who ran a site and who was paid for it on a run of days, both ends included. */
export interface Tenure {
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly operatorId: string | null;
  readonly payeeId: string | null;
}

function holderOn(rows: readonly Since[], date: CivilDate): string | null {
  return rows.findLast((row) => row.from <= date)?.id ?? null;
}

/**
 * Cuts a run of days where the operator or the payee changes.
 * @param operators by day, ascending
 * @param payees by day, ascending
 */
export function tenuresBetween(operators: readonly Since[], payees: readonly Since[], from: CivilDate, to: CivilDate): Tenure[] {
  const starts = [...operators, ...payees].map((row) => row.from).filter((day) => day > from && day <= to);
  const cuts = [...new Set([from, ...starts])].sort();
  return cuts.map((start, index) => {
    const next = cuts[index + 1];
    return { from: start, to: next === undefined ? to : addDays(next, -1), operatorId: holderOn(operators, start), payeeId: holderOn(payees, start) };
  });
}
