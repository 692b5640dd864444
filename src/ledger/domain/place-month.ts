import { addMonths, type CivilMonth } from '../../kernel/index.js';

/** A month of a city's books. */
export interface BookMonth {
  readonly month: CivilMonth;
  readonly state: 'open' | 'closed';
}

/** Where something is booked, and whether that month is already there. */
export interface Place {
  readonly month: CivilMonth;
  readonly known: boolean;
}

/**
 * The month that a meal is booked in: its own while that is open or not there yet, else the earliest open month after
 * it. Nothing is booked before a closed month, as months close in order.
 * @param months the city's months from the meal's on, in any order
 */
export function placeMonth(mealMonth: CivilMonth, months: readonly BookMonth[]): Place {
  let lastClosed: CivilMonth | null = null;
  for (const { month, state } of months) if (state === 'closed' && month >= mealMonth && (lastClosed === null || month > lastClosed)) lastClosed = month;
  if (lastClosed === null) return { month: mealMonth, known: months.some(({ month }) => month === mealMonth) };
  let open: CivilMonth | null = null;
  for (const { month, state } of months) if (state === 'open' && month > lastClosed && (open === null || month < open)) open = month;
  return open === null ? { month: addMonths(lastClosed, 1), known: false } : { month: open, known: true };
}
