export { cardHandle, factsOf, lockEldersByCard, type CardHolder } from './card-holder.store.js';
export { ElderModule } from './elder.module.js';
