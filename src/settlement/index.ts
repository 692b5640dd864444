export { claimsByState, type ClaimStateTotal } from './claim.store.js';
export { SettlementModule } from './settlement.module.js';
