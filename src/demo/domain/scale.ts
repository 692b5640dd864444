import { civilDate, type CivilDate } from '../../kernel/index.js';

/** How large a demo city is. */
export interface Scale {
  /** Canteens that were open before 2024. Liaocheng had 220 on 2024-01-30 (press conference). */
  readonly sitesBefore: number;
  /** Invented openings through 2024; the city published only that it wanted at least 100. */
  readonly openings: number;
  readonly elders: number;
  /** Meals asked for from `from` to `to`. */
  readonly meals: number;
  readonly from: CivilDate;
  readonly to: CivilDate;
  /** Sites with a till, at most. */
  readonly tills: number;
}

/** December 2024 of the whole city at the published rate: 3.18 million less 2.183 million meals in 4.7 months. */
export const FULL: Scale = {
  sitesBefore: 220, openings: 113, elders: 25_000, meals: 212_000,
  from: civilDate('2024-12-01'), to: civilDate('2024-12-31'), tills: 1_000,
};

/** What `npm start` shows: every site of the story, few tills, some days. */
export const SMALL: Scale = {
  sitesBefore: 220, openings: 113, elders: 200, meals: 400,
  from: civilDate('2024-12-28'), to: civilDate('2024-12-31'), tills: 7,
};
