import type { CivilDate } from '../../kernel/index.js';

/** What one version of the city's rule gives, as the auditor reads it: own words and own arithmetic, nothing of the engine. */
export interface Rates {
  readonly from: CivilDate;
  /** From an age on, fen; the last that fits counts. */
  readonly byAge: readonly (readonly [age: number, fen: number])[];
  /** City and county. */
  readonly weights: readonly [number, number];
}

/** The sample that the product ships for the city. */
export const SAMPLE: Rates = { from: '2023-09-06' as CivilDate, byAge: [[70, 100], [75, 200], [80, 300], [90, 400]], weights: [1, 1] };

/** Age on a day: a birthday counts, one of 29 February comes on 1 March of other years. */
export function ageOn(born: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4));
  return day.slice(5) >= born.slice(5) ? years : years - 1;
}

/** What an elder gets for a meal of a price, before anything was eaten. */
export function rateOf(rates: Rates, born: string, day: string): number {
  const age = ageOn(born, day);
  return rates.byAge.filter(([from]) => age >= from).at(-1)?.[1] ?? 0;
}

/** Splits fen between city and county: whole fen by weight, what is left over by the larger rest, the city first. */
export function splitOf(fen: number, [city, county]: readonly [number, number]): readonly [number, number] {
  const all = city + county;
  const parts: [number, number] = [Math.floor((fen * city) / all), Math.floor((fen * county) / all)];
  if (parts[0] + parts[1] < fen) parts[(fen * county) % all > (fen * city) % all ? 1 : 0] += 1;
  return parts;
}
