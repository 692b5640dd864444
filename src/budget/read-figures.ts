import { addDays, addMonths, civilDate, fen, monthOf, today, type CivilDate, type Clock } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { BASIS_DAYS, figuresOf, forecast, overrunOf, type DayUse, type Forecast, type FundFigures, type Overrun } from './domain/index.js';
import { claimSums, committedOf, dayUses, fundsOf, paidOf, type FundRow } from './figures.store.js';

/** A fund of one budget year, with its figures. */
export interface FundYear extends FundRow, Overrun {
  readonly year: number;
  readonly figures: FundFigures;
}

/** The funds inside a scope that have a budget of a year or any money in it; figures come from balances, never from meals one by one. */
export async function readFigures(tx: Tx, cityCode: string, year: number, scopeCode: string, funderCode: string | null = null): Promise<FundYear[]> {
  const [funds, committed, claims, paid] = await Promise.all([
    fundsOf(tx, cityCode, year, scopeCode, funderCode), committedOf(tx, cityCode, year), claimSums(tx, cityCode, year), paidOf(tx, cityCode, year),
  ]);
  return funds.flatMap((fund): FundYear[] => {
    const code = fund.funderCode;
    const used = committed.has(code) || claims.has(code) || paid.has(code);
    if (!used && !fund.budgeted && fund.pendingFen === 0 && fund.orderNumber === null && funderCode === null) return [];
    const figures = figuresOf({ budgetFen: fund.budgetFen, committedFen: committed.get(code) ?? 0, claims: claims.get(code) ?? [], paidFen: paid.get(code) ?? 0 }, year);
    return [{ ...fund, year, figures, ...overrunOf(figures, fund.orderNumber !== null) }];
  });
}

/** Days before the basis that are read as well: use there tells a young fund from one that had idle days. */
const BEFORE_DAYS = 7;

/** What meals took from funds of late, by fund and day. Meals may be booked up to today's month. */
export async function readDayUses(tx: Tx, clock: Clock, cityCode: string): Promise<ReadonlyMap<string, DayUse[]>> {
  const now = today(clock);
  const from = addDays(now, -BASIS_DAYS - BEFORE_DAYS);
  const months = [];
  for (let month = monthOf(from); month <= monthOf(now); month = addMonths(month, 1)) months.push(month);
  return dayUses(tx, cityCode, months, from, addDays(now, -1));
}

/**
 * Forecasts when a fund's budget of a year runs out. Days of a year that is over, or has not begun, have no pace: the
 * forecast then begins on the year's own first or last day.
 */
export function forecastOf(fund: FundYear, uses: readonly DayUse[], asOf: CivilDate): Forecast {
  const [first, last] = [civilDate(`${fund.year}-01-01`), civilDate(`${fund.year}-12-31`)];
  if (asOf > last) return { ...forecast(fen(fund.figures.remainingFen), [], last, last) };
  return forecast(fund.figures.remainingFen, uses, asOf < first ? first : asOf, last);
}
