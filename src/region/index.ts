export { loadCity, type LoadedCity } from './load-city.js';
export { RegionModule } from './region.module.js';
export { chainOf, countiesOf, divisionsOf, funderOf, fundersOf, isWithin, pathOf, pathsOf, subtreeOf } from './region.store.js';
