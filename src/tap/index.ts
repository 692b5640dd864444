export { entryHash, JOURNAL_START } from './journal.js';
export { TapModule } from './tap.module.js';
export { dailyTotals, lastMealDate, mealLines, mealTotals, type DayTotals, type MealShareLine, type SiteTotals } from './totals.store.js';
