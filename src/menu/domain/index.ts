export { billOf, EATERS, type BillItem, type Eater, type PriceRow } from './bill.js';
export { checkPriceList, type Caps, type NewPriceList, type Price, type PriceList, type PriceListProblem } from './price-list.js';
export { checkWeek, type MenuEntry, type WeekProblem } from './week.js';
export { ALLERGENS, ITEM_KINDS, MEAL_PERIODS, NUTRITION_MARKS, type Allergen, type ItemKind, type MealPeriod, type NutritionMark } from './words.js';
