export { bookingMonth, bookingMonths } from './booking-month.js';
export { closeMonth, type ClosedMonth } from './close-month.js';
export { balancesOf, imbalance, readMonths, type Balance } from './ledger.store.js';
import './ledger.problems.js';
export { postTransfers } from './post-transfers.js';
