import type { Tx } from '../platform/index.js';
import { divisionsOf, pathOf, subtreeOf } from '../region/index.js';
import { PlaceFinder, type Place } from './domain/index.js';

/** The places of a city as a file of one division names them. */
export interface Places {
  /** Looks under the file's division first, then in the whole city. */
  find(text: string): Place;
  /** Whether a division lies in the file's. */
  inside(code: string): boolean;
  /** Whether a division of the city lies in another, or is it. */
  within(code: string, wider: string): boolean;
}

/** Reads the divisions of a city once for a whole file. */
export async function readPlaces(tx: Tx, cityCode: string, divisionCode: string): Promise<Places> {
  const nodes = await subtreeOf(tx, cityCode, cityCode);
  const own = await subtreeOf(tx, cityCode, divisionCode);
  const above = async (code: string) => divisionsOf(tx, cityCode, (await pathOf(tx, cityCode, code)).slice(0, -1));
  const city = new PlaceFinder(cityCode, await above(cityCode), nodes);
  const local = divisionCode === cityCode ? city : new PlaceFinder(divisionCode, await above(divisionCode), own);
  const inside = new Set(own.map((node) => node.divisionCode));
  const parents = new Map(nodes.map((node) => [node.divisionCode, node.successorCode ?? node.parentCode]));
  return {
    find(text) {
      const place = local.find(text);
      return place.kind === 'found' || local === city ? place : city.find(text);
    },
    inside: (code) => inside.has(code),
    within(code, wider) {
      for (let at: string | null | undefined = code; at; at = parents.get(at)) if (at === wider) return true;
      return false;
    },
  };
}
