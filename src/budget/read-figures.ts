import { addDays, addMonths, civilDate, monthOf, today, type CivilDate, type Clock } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { BASIS_DAYS, basisOf, figuresOf, forecast, overrunOf, type Forecast, type ForecastBasis, type FundFigures, type Overrun } from './domain/index.js';
import { basesAsOf, claimSums, committedOf, dayUses, fundsOf, insertBases, paidOf, type FundRow } from './figures.store.js';

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

/**
 * The pace of a city's funds as of today. The nightly look has summed it up and kept it; before the first one, or after a
 * night that was missed, it is summed up here.
 */
export async function readBases(tx: Tx, clock: Clock, cityCode: string): Promise<ReadonlyMap<string, ForecastBasis>> {
  const kept = await basesAsOf(tx, cityCode, today(clock));
  return kept.size > 0 ? kept : sumBases(tx, clock, cityCode);
}

/** Sums up and keeps the pace of a city's funds as of today. */
export async function keepBases(tx: Tx, clock: Clock, cityCode: string): Promise<void> {
  if ((await basesAsOf(tx, cityCode, today(clock))).size === 0) await insertBases(tx, cityCode, today(clock), await sumBases(tx, clock, cityCode));
}

/** Looks at the meals of the last days, by fund; they may be booked up to today's month. */
async function sumBases(tx: Tx, clock: Clock, cityCode: string): Promise<Map<string, ForecastBasis>> {
  const now = today(clock);
  const from = addDays(now, -BASIS_DAYS - BEFORE_DAYS);
  const months = [];
  for (let month = monthOf(from); month <= monthOf(now); month = addMonths(month, 1)) months.push(month);
  const bases = new Map<string, ForecastBasis>();
  for (const [funderCode, uses] of await dayUses(tx, cityCode, months, from, addDays(now, -1))) {
    const basis = basisOf(uses, now);
    if (basis !== null) bases.set(funderCode, basis);
  }
  return bases;
}

/** Forecasts when a fund's budget of a year runs out; a year that is over, or has not begun, is looked at from its own edge. */
export function forecastOf(fund: FundYear, basis: ForecastBasis | null, asOf: CivilDate): Forecast {
  const [first, last] = [civilDate(`${fund.year}-01-01`), civilDate(`${fund.year}-12-31`)];
  if (asOf > last) return forecast(fund.figures.remainingFen, null, last, last);
  return forecast(fund.figures.remainingFen, basis, asOf < first ? first : asOf, last);
}
