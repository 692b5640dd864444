import { addDays, daysBetween, fen, weekday, type CivilDate, type Fen } from '../../kernel/index.js';

/** How many days back a forecast looks. */
export const BASIS_DAYS = 28;

/** What meals of one day took from a fund, corrections counted in. */
export interface DayUse {
  readonly date: CivilDate;
  readonly fen: number;
}

/** What a forecast rests on: the sums and the numbers of days of both kinds, so that anybody can work it out again. */
export interface ForecastBasis {
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly weekdays: number;
  readonly weekdayFen: Fen;
  readonly weekendDays: number;
  readonly weekendFen: Fen;
}

/** The day the money runs out: `ends` on the first day whose meals it no longer covers, `lasts` to the year's end, `beyond` zero already. */
export type Forecast =
  | { readonly kind: 'beyond'; readonly endsOn: null; readonly leftFen: Fen; readonly basis: ForecastBasis | null }
  | { readonly kind: 'ends'; readonly endsOn: CivilDate; readonly leftFen: null; readonly basis: ForecastBasis }
  | { readonly kind: 'lasts'; readonly endsOn: null; readonly leftFen: Fen; readonly basis: ForecastBasis | null };

/** Sums up the days of use that a forecast rests on: the last days before `asOf`, which itself is not over. */
export function basisOf(days: readonly DayUse[], asOf: CivilDate): ForecastBasis | null {
  const [to, earliest] = [addDays(asOf, -1), addDays(asOf, -BASIS_DAYS)];
  const known = days.filter(({ date, fen: amount }) => date >= earliest && date <= to && amount !== 0).map(({ date }) => date).sort();
  // A fund that began within these days has no days of nothing before its first meal.
  const first = known[0];
  if (first === undefined) return null;
  const from = days.some(({ date, fen: amount }) => date < earliest && amount !== 0) ? earliest : first;
  const basis = { from, to, weekdays: 0, weekdayFen: 0, weekendDays: 0, weekendFen: 0 };
  const byDate = new Map<CivilDate, number>();
  for (const { date, fen: amount } of days) byDate.set(date, (byDate.get(date) ?? 0) + amount);
  for (let date = from; date <= to; date = addDays(date, 1)) {
    const amount = byDate.get(date) ?? 0;
    if (isWeekend(date)) [basis.weekendDays, basis.weekendFen] = [basis.weekendDays + 1, basis.weekendFen + amount];
    else [basis.weekdays, basis.weekdayFen] = [basis.weekdays + 1, basis.weekdayFen + amount];
  }
  return { ...basis, weekdayFen: fen(basis.weekdayFen), weekendFen: fen(basis.weekendFen) };
}

function isWeekend(date: CivilDate): boolean {
  return weekday(date) >= 6;
}

/**
 * Forecasts when a budget runs out, at the pace of recent days, weekdays and weekends apart. Counted in whole fen
 * without rounding: use after so many days is compared as a fraction.
 * @param remainingFen what is left of the budget after all meals before `asOf`, and those of the day so far
 * @param basis null where nothing was used of late
 * @param asOf the first day to come, counted whole
 * @param yearEnd last day of the budget year; money that outlasts it is left over
 */
export function forecast(remainingFen: Fen, basis: ForecastBasis | null, asOf: CivilDate, yearEnd: CivilDate): Forecast {
  if (remainingFen < 0) return { kind: 'beyond', endsOn: null, leftFen: remainingFen, basis };
  if (basis === null) return { kind: 'lasts', endsOn: null, leftFen: remainingFen, basis };
  // A use below zero, of corrections alone, does not bring money back.
  const [weekdayFen, weekendFen] = [Math.max(0, basis.weekdayFen), Math.max(0, basis.weekendFen)];
  const [perWeekday, perWeekend] = [Math.max(1, basis.weekdays), Math.max(1, basis.weekendDays)];
  const scale = perWeekday * perWeekend;
  let used = 0;
  for (let ahead = 0; ahead <= daysBetween(asOf, yearEnd); ahead += 1) {
    const date = addDays(asOf, ahead);
    used += isWeekend(date) ? weekendFen * perWeekday : weekdayFen * perWeekend;
    if (used > remainingFen * scale) return { kind: 'ends', endsOn: date, leftFen: null, basis };
  }
  return { kind: 'lasts', endsOn: null, leftFen: fen(remainingFen - Math.ceil(used / scale)), basis };
}
