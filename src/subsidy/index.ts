export { PackLibrary, type HomePaths } from './pack-library.js';
export { publishFundEnd } from './fund-end.store.js';
export type { Pack } from './load-packs.js';
export { compileDraft, type DraftTexts } from './draft-texts.js';
export { draftOf, PolicyLibrary } from './policy-library.js';
export { PolicyNews, type PublishedPolicy } from './policy-news.js';
export { policyHeadSql } from './policy.store.js';
export { SubsidyModule } from './subsidy.module.js';
export { PackError } from './yaml-file.js';
