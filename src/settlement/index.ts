export { claimsByState, type ClaimStateTotal } from './claim.store.js';
export { addSheet, type Cell } from './claim-workbook.js';
export { derivedId } from './derived-id.js';
export { SettlementModule } from './settlement.module.js';
