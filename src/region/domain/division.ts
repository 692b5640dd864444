import type { CivilDate } from '../../kernel/index.js';

/** Levels of administrative divisions, widest first (GB/T 2260 to the county, statistical codes below). */
export const DIVISION_LEVELS = ['country', 'province', 'city', 'county', 'township', 'community'] as const;
export type DivisionLevel = (typeof DIVISION_LEVELS)[number];

/** A division with its days of validity, both included; null is open. */
export interface Division {
  /** 6 digits down to the county, 9 for a township, 12 for a community or village. */
  readonly divisionCode: string;
  readonly name: string;
  readonly level: DivisionLevel;
  readonly parentCode: string | null;
  /** Null: since before these records begin. */
  readonly validFrom: CivilDate | null;
  readonly validTo: CivilDate | null;
  /** The division that took over when this one was merged or renamed under another code. */
  readonly successorCode: string | null;
}

/** Whether a division existed on a day. */
export function existsOn(division: Pick<Division, 'validFrom' | 'validTo'>, date: CivilDate): boolean {
  return (division.validFrom === null || division.validFrom <= date) && (division.validTo === null || date <= division.validTo);
}

/** A city's divisions as the national codes list them: the province (unless it is a municipality), the city, and all below. */
export interface CityDivisions {
  readonly cityCode: string;
  readonly name: string;
  readonly provinceName: string;
  readonly divisions: readonly Pick<Division, 'divisionCode' | 'name' | 'level' | 'parentCode'>[];
}
