export { bookingMonth, bookingMonths, type BookingMonths } from './booking-month.js';
export { closeMonth, type ClosedMonth } from './close-month.js';
export { balancesOf, endDays, imbalance, readMonths, type Balance } from './ledger.store.js';
export { LedgerModule } from './ledger.module.js';
import './ledger.problems.js';
export { partitionsCommand } from './partitions.cli.js';
export { postTransfers } from './post-transfers.js';
