export { inventElders, type DemoElder } from './elders.js';
export { MealStory, type DemoDay, type DemoMeal } from './meals.js';
export { Random } from './random.js';
export { samplePaper } from './sample-paper.js';
export { FULL, SMALL, type Scale } from './scale.js';
export { inventSites, isOpenOn, OPERATORS, type DemoCommunity, type DemoSite } from './sites.js';
