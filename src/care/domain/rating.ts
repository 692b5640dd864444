/** What can be said of a meal with one press, good and bad. */
export const RATING_WORDS = ['tasty', 'soft', 'hot', 'kind', 'clean', 'tooSalty', 'tooOily', 'tooHard', 'cold', 'tooLittle', 'slow', 'unkind'] as const;
export type RatingWord = (typeof RATING_WORDS)[number];

const DAY_MS = 86_400_000;
/** A meal is rated within so many days. */
const RATED_WITHIN_MS = 7 * DAY_MS;

/** Why a rating is not taken, or null. A first one has a week, a change one day from the first. */
export function ratingClosed(now: number, eatenAt: number, firstRatedAt: number | null): 'rating-too-late' | 'rating-fixed' | null {
  if (firstRatedAt !== null) return now - firstRatedAt > DAY_MS ? 'rating-fixed' : null;
  return now - eatenAt > RATED_WITHIN_MS ? 'rating-too-late' : null;
}

/** What ratings of a site say together. */
export interface RatingSummary {
  readonly count: number;
  /** The average in tenths of a star; null as long as there are too few to hide who gave them. */
  readonly tenths: number | null;
  readonly words: readonly { readonly word: string; readonly count: number }[];
}

/** @param least how many ratings it takes before an average is shown */
export function summarise(count: number, stars: number, words: RatingSummary['words'], least: number): RatingSummary {
  if (count < least) return { count: 0, tenths: null, words: [] };
  return { count, tenths: Math.round((stars * 10) / count), words };
}
