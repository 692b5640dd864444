export { PackLibrary, type HomePaths } from './pack-library.js';
export { publishFundEnd } from './fund-end.store.js';
export type { Pack } from './load-packs.js';
export { draftOf, PolicyLibrary } from './policy-library.js';
export { policyHeadSql } from './policy.store.js';
export { SubsidyModule } from './subsidy.module.js';
