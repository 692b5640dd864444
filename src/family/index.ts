export { openidOf } from './account.store.js';
export { FamilyEvents, type FamilyEvent } from './family-events.js';
export { FamilyModule } from './family.module.js';
export { accountsToTell, reachAll, reachKin, reachSelf, type KinReach } from './reach-kin.js';
export { kinOf, type KinView } from './view-kin.js';
