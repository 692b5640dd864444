export { account, accountParts, type AccountKind, type AccountParts } from './accounts.js';
export { placeMonth, type BookMonth, type Place } from './place-month.js';
export { mealPostings, reversed, toTransfers, type MealSplit, type Posting, type Transfer, type TransferHead, type TransferKind } from './transfer.js';
