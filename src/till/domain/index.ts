export type { TillBooking, TillBookings } from './booked.js';
export * from './distance.js';
export * from './journal-file.js';
export * from './pass.js';
export * from './pin.js';
export * from './receipt-code.js';
export * from './roster.js';
export * from './shift.js';
export * from './stretches.js';
