export { LoadTargets } from './load-targets.js';
export { noteData } from './target.store.js';
export { TargetModule } from './target.module.js';
