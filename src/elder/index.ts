export { cardHandle, factsOf, lockEldersByCard, type CardHolder } from './card-holder.store.js';
export { factsAsKnown } from './facts-as-known.store.js';
export { derivedId } from './derived-id.js';
export { ElderModule } from './elder.module.js';
export { recordHome } from './record-home.js';
export { insertCategories, insertElders, queueUp, type CategoryRow, type Writing } from './register.store.js';
export { identityIndex, nameIndex, openElder } from './sealed-elder.js';
