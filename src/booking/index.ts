export { BookingModule } from './booking.module.js';
export { lockBookings } from './hand-out.store.js';
export { codeOf, openBooked, sealBooked } from './pick-up-keys.js';
export { NoShowNews, type NoShow } from './no-show-news.js';
export { PRICE_PREVIEW, type ElderPreview, type PreviewedMeal, type PreviewedSplit, type PricePreview } from './price-preview.js';
export { collectBookings, reopenBooking } from './settle-money.js';
export { kitchenDays, type KitchenDays } from './kitchen-days.store.js';
export { StandingNews, type FailedDay } from './standing-news.js';
export { UnnamedMeals, type MealFinder } from './unnamed-meals.js';
