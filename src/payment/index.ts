export { giveBackSpent, readBalances, spendBalances } from './balance.store.js';
export { PaymentModule } from './payment.module.js';
export { offeredDays } from './setting.store.js';
