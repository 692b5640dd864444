export { LoadTargets } from './load-targets.js';
export { ReportTarget, type CountedTarget } from './report-target.js';
export { ReadCityOverview, type CityOverview } from './city-overview.js';
export { noteData, type DataNote } from './target.store.js';
export { TargetModule } from './target.module.js';
