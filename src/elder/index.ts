export { cardHandle, factsOf, lockEldersByCard, type CardHolder } from './card-holder.store.js';
export { factsAsKnown } from './facts-as-known.store.js';
export { ElderModule } from './elder.module.js';
