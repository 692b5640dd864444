export { BookingModule } from './booking.module.js';
export { collectBookings, lockBookings, reopenBooking } from './hand-out.store.js';
export { codeOf, openBooked, sealBooked } from './pick-up-keys.js';
