export { cardHandle, factsOf, lockEldersByCard, type CardHolder } from './card-holder.store.js';
