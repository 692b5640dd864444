import { addMonths, chinaDate, chinaInstant, firstDay, monthOf, type Instant } from '../../kernel/index.js';

/** What can be said of a meal with one press, good and bad. */
export const RATING_WORDS = ['tasty', 'soft', 'hot', 'kind', 'clean', 'tooSalty', 'tooOily', 'tooHard', 'cold', 'tooLittle', 'slow', 'unkind'] as const;
export type RatingWord = (typeof RATING_WORDS)[number];

const DAY_MS = 86_400_000;
/** A meal is rated within so many days. */
export const RATED_WITHIN_DAYS = 7;

/** Why a rating is not taken, or null. A first one has a week, a change one day from the first. */
export function ratingClosed(now: number, eatenAt: number, firstRatedAt: number | null): 'rating-too-late' | 'rating-fixed' | null {
  if (firstRatedAt !== null) return now - firstRatedAt > DAY_MS ? 'rating-fixed' : null;
  return now - eatenAt > RATED_WITHIN_DAYS * DAY_MS ? 'rating-too-late' : null;
}

/** A rating as averages take it. */
export interface SaidRating {
  readonly tapId: string;
  /** When it was first said: from then on it may be changed for a day. */
  readonly firstAt: Instant;
  readonly stars: number;
  readonly words: readonly RatingWord[];
  /** Who said it. */
  readonly by: string;
}

/** What ratings of a site say together. */
export interface RatingSummary {
  readonly count: number;
  /** The average in tenths of a star, to half a star; null as long as there are too few to hide who gave them. */
  readonly tenths: number | null;
  readonly words: readonly { readonly word: RatingWord; readonly count: number }[];
}

/** So many ratings come into the figures at once, and go out of them at once. */
export const BUNDLE = 10;
/** So many people have said them. */
export const BUNDLE_PEOPLE = 5;
/** A word that fewer said is left out. */
const WORD_LEAST = 3;
const LOOKED_BACK_MS = 90 * DAY_MS;
const QUARTER_MONTHS = 3;

function quarterOf(at: Instant): string {
  const date = chinaDate(at);
  return `${date.slice(0, 4)} ${Math.ceil(Number(date.slice(5, 7)) / QUARTER_MONTHS)}`;
}

/** The moment from which on ratings are needed for the figures of a moment: bundles are counted from the beginning of a quarter, the earliest that still shows. */
export function ratingsNeededFrom(now: Instant): Instant {
  const month = monthOf(chinaDate(now - LOOKED_BACK_MS));
  return chinaInstant(firstDay(addMonths(month, -((Number(month.slice(5)) - 1) % QUARTER_MONTHS))), 0);
}

/**
 * The ratings that a site's figures are made of at a moment: whole bundles, in the order in which they were first said, of
 * ratings that nobody can change any more. Whoever reads the figures every day sees ten or more come or go at once, and
 * never one. Which bundle a rating is of never changes.
 * @param ratings all from `ratingsNeededFrom` on, in any order
 */
export function bundledRatings(ratings: readonly SaidRating[], now: Instant): SaidRating[] {
  const settled = ratings.filter(({ firstAt }) => now - firstAt > DAY_MS).sort((a, b) => a.firstAt - b.firstAt || (a.tapId < b.tapId ? -1 : 1));
  const shown: SaidRating[] = [];
  let [bundle, quarter]: [SaidRating[], string] = [[], ''];
  for (const rating of settled) {
    if (quarterOf(rating.firstAt) !== quarter) [bundle, quarter] = [[], quarterOf(rating.firstAt)];
    bundle.push(rating);
    if (bundle.length < BUNDLE || new Set(bundle.map(({ by }) => by)).size < BUNDLE_PEOPLE) continue;
    if (now - rating.firstAt <= LOOKED_BACK_MS) shown.push(...bundle);
    bundle = [];
  }
  return shown;
}

/** What a site's ratings say together at a moment. @param least how many it takes before anything is shown */
export function summarise(ratings: readonly SaidRating[], now: Instant, least: number): RatingSummary {
  const shown = bundledRatings(ratings, now);
  if (shown.length === 0 || shown.length < least) return { count: 0, tenths: null, words: [] };
  const stars = shown.reduce((sum, one) => sum + one.stars, 0);
  const words = RATING_WORDS.map((word) => ({ word, count: shown.filter((one) => one.words.includes(word)).length }));
  return { count: shown.length, tenths: Math.round((stars * 2) / shown.length) * 5, words: words.filter(({ count }) => count >= WORD_LEAST).sort((a, b) => b.count - a.count) };
}
