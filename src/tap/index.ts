export { entryHash, JOURNAL_START } from './journal.js';
export { TapModule } from './tap.module.js';
export { dailyTotals, lastMealDate, mealLines, mealTotals, siteDays, type DayTotals, type MealShareLine, type SiteDay, type SiteTotals } from './totals.store.js';
