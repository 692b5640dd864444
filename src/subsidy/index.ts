export { PackLibrary, type HomePaths } from './pack-library.js';
export type { Pack } from './load-packs.js';
export { SubsidyModule } from './subsidy.module.js';
