import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { DEFAULT_CHAIN, KNOWN_CHANGES } from './domain/index.js';
import { nationalDivisions } from './national-codes.js';
import { fillClosure, fillFunders, insertCity, insertDivisions, readCity, succeedDivision } from './region.store.js';

/** What was there or came in. */
export interface LoadedCity {
  readonly cityCode: string;
  readonly name: string;
  readonly divisions: number;
}

/**
 * Loads one city from the national codes: its divisions from the province to the villages, those that were merged
 * away with their successors, the closure for scopes, and a purse for each division that funds meals.
 * A city that is there already is left as it is.
 * @returns a refusal `city-unknown` when the national codes have no such city
 */
export async function loadCity(tx: Tx, cityCode: string, clock: Clock): Promise<Outcome<LoadedCity>> {
  const known = await readCity(tx, cityCode);
  if (known) return done({ cityCode, name: known.name, divisions: known.divisions });
  const city = await nationalDivisions(cityCode);
  if (!city) return refuse('city-unknown');
  await insertCity(tx, clock, city, DEFAULT_CHAIN);
  const gone = KNOWN_CHANGES.filter((change) => change.cityCode === cityCode);
  const old = gone.map(({ code, name, level, parentCode }) => ({ divisionCode: code, name, level, parentCode }));
  const all = [...city.divisions, ...old];
  await insertDivisions(tx, cityCode, all);
  for (const change of gone) await succeedDivision(tx, cityCode, change.code, change.successorCode, change.successorFrom);
  await fillClosure(tx, cityCode);
  await fillFunders(tx, cityCode);
  return done({ cityCode, name: city.name, divisions: all.length });
}
