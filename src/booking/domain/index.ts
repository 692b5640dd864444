export { BOOKING_STATES, BOOKING_WAYS, handOut, type BookedItem, type BookingState, type BookingWay, type HandOut, type HandOutFlag, type WaitingBooking } from './booking.js';
export { closesAt, CUT_OFF_KINDS, givenUpAt, namesSomebody, portionsOf, USUAL_HOURS, type BookingHours, type CutOffKind } from './hours.js';
export { pickUpCode, spacedCode } from './pick-up-code.js';
