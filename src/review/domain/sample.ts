/**
 * Which meals of a sealed day a person looks at. Everything that goes in is kept and shown, and nothing else goes in:
 * whoever has the seal's root and the day's meals finds the same sample.
 */

/** Names the rule in every draw; another rule would get another name. */
export const SAMPLE_RULE = 'sample-1';

/**
 * Marks that put a meal into the sample by themselves. Of the others, `clock-skew` and `price-list-old` say nothing
 * about whether somebody ate, and what they ate at whose cost.
 */
export const ALWAYS_LOOKED_AT = ['entered-for', 'proof-missing', 'slip', 'by-file', 'review', 'sent-too-late', 'fund-changed', 'overpaid', 'tender-missing', 'chain-broken', 'booking-taken', 'booking-cancelled', 'booking-short'] as const;

/** Why a meal is looked at that has none of these marks. */
export const DRAWN_BY_LOT = 'random';

/** How many of the meals without a mark are drawn. */
export interface SampleRule {
  /** Of ten thousand; what remains counts as one more meal. */
  readonly rateBasisPoints: number;
  /** At least so many of each sealed day of a site, as far as it has them. */
  readonly least: number;
}

/** Two in a hundred, and one at least. */
export const USUAL_RULE: SampleRule = { rateBasisPoints: 200, least: 1 };

/** A meal that a seal covers. */
export interface SealedMeal {
  readonly tapId: string;
  readonly flags: readonly string[];
}

/** A meal that is looked at, and why: its marks, or `random`. */
export interface SampledMeal {
  readonly tapId: string;
  readonly reasons: readonly string[];
}

/** SHA-256, handed in so that this runs anywhere. */
type Sha256 = (bytes: Uint8Array) => Uint8Array;

const TEN_THOUSAND = 10_000;

/** How many of some meals without a mark are drawn. */
export function drawnOf(meals: number, { rateBasisPoints, least }: SampleRule): number {
  return Math.min(meals, Math.max(least, Math.ceil((meals * rateBasisPoints) / TEN_THOUSAND)));
}

/** The number that a meal draws: SHA-256 of `<seed> <tap id>`, in hexadecimal. The lowest ones win. */
function lotOf(sha256: Sha256, seed: string, tapId: string): string {
  const bytes = sha256(Uint8Array.from(`${seed} ${tapId}`, (letter) => letter.charCodeAt(0)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Draws the sample of one seal. The order in which the meals are given makes no difference.
 * @param seed the Merkle root of the day, in hexadecimal: it is settled only when the day is over and every meal is in it
 * @param meals what the seal covers and no earlier seal of the day did, refused taps left out
 * @returns in the order of their ids
 */
export function drawSample(sha256: Sha256, seed: string, rule: SampleRule, meals: readonly SealedMeal[]): SampledMeal[] {
  const marked: SampledMeal[] = [];
  const unmarked: { tapId: string; lot: string }[] = [];
  for (const { tapId, flags } of meals) {
    const reasons = ALWAYS_LOOKED_AT.filter((mark) => flags.includes(mark));
    if (reasons.length > 0) marked.push({ tapId, reasons });
    else unmarked.push({ tapId, lot: lotOf(sha256, seed, tapId) });
  }
  const drawn = unmarked.sort((a, b) => byText(a.lot, b.lot) || byText(a.tapId, b.tapId)).slice(0, drawnOf(unmarked.length, rule));
  return [...marked, ...drawn.map(({ tapId }) => ({ tapId, reasons: [DRAWN_BY_LOT] }))].sort((a, b) => byText(a.tapId, b.tapId));
}
