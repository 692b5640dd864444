export { answerOf, inOrder, type TapAnswer } from './answer.js';
export {
  byMealTime, cardProblem, decideTap, decideTaps, FULL_PRICE_AFTER_MS, REVIEW_AFTER_MS, SKEW_MS,
  type AcceptedTap, type RefusedTap, type Share, type SplitChanged, type TapPlan,
} from './decide-tap.js';
export { explain, type Explanation, type KeptReason } from './explanation.js';
export { acceptedSentence, REFUSED, refusedSentence } from './sentences.js';
export { FLAGS, TENDERS, type Flag, type HolderFact, type PriceFact, type ShownSplit, type SiteFact, type Tap, type TapFacts, type Tender } from './tap.js';
