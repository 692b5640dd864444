export { isOfferedOn, type OfferDays } from './offer.js';
