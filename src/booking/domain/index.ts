export {
  BOOKING_CHANNELS, BOOKING_PAYS, BOOKING_STATES, BOOKING_WAYS, handOut, NO_AHEAD,
  type Ahead, type BookedItem, type BookingChannel, type BookingPay, type Collected, type BookingState, type BookingWay, type HandOut, type HandOutFlag, type WaitingBooking,
} from './booking.js';
export { cover, keptOf, type NoShowRule } from './cover.js';
export { closesAt, CUT_OFF_KINDS, givenUpAt, namesSomebody, portionsOf, USUAL_HOURS, type BookingHours, type CutOffKind } from './hours.js';
export { pickUpCode, spacedCode } from './pick-up-code.js';
export { daysOf, HAS_MEAL, STANDING_DAYS, standsOn, weekdaysOf, type StandingDay } from './standing.js';
