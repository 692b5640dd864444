export { adjustMeal } from './adjust-meal.js';
export { entryHash, JOURNAL_START } from './journal.js';
export { countPastMeals, eldersWhoAte, factsAfterMeals, pastMeals, pastMealsById, type FunderPart, type PastMeal } from './past-meal.store.js';
export { lockMeals, restateMeals, type MealRestatement } from './restate-meals.js';
export type { ArrivedTap } from './record-taps.js';
export { TapBatcher } from './tap-batcher.js';
export { sealDue, takeDue, type SiteDayBooked } from './seal-due.store.js';
export { TapModule } from './tap.module.js';
export { dailyTotals, lastMealDate, mealLines, mealTotals, siteDays, type DayTotals, type MealShareLine, type SiteDay, type SiteTotals } from './totals.store.js';
