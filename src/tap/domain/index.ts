export { answerOf, inOrder, type TapAnswer } from './answer.js';
export { claimOf, claimsBeside, PRINTED_HEAD } from './code-use.js';
export {
  byMealTime, decideTap, decideTaps, keepPaid, sharesOf,
  type AcceptedTap, type RefusedTap, type Share, type SplitChanged, type TapPlan,
} from './decide-tap.js';
export { entryText, JOURNAL_START } from './entry.js';
export { explain, wordsOf, type Explanation, type KeptReason } from './explanation.js';
export { mostUsed, rankMeals, type CountedMeal, type RankedMeal } from './rank.js';
export { PRESENCES, TENDERS, type Flag, type HolderFact, type Presence, type PriceFact, type ShownSplit, type SiteFact, type Tap, type TapFacts, type Tender } from './tap.js';
