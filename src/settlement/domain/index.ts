export { capitalAmount } from './capital-amount.js';
export { approvedLines, compare, differenceFen, hashedText, isClean, legsOf, type ClaimLine, type CleanFacts, type Difference, type Leg, type LineCut } from './claim-lines.js';
export { ALLOWED_MOVES, CLAIM_MOVES, CLAIM_STATES, isMaker, mayMove, stateAfter, stepDue, type ChainStep, type ClaimMove, type ClaimState, type StepTaken } from './claim-state.js';
export { checkReceipt, readReceipt, type OpenLeg, type ReceiptRow, type RowFault } from './receipt-file.js';
