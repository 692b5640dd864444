export { giveBackSpent, readBalances, spendBalances } from './balance.store.js';
export { merchantOfSite } from './merchant.store.js';
export { PayHandlers, type PayHandler } from './pay-handlers.js';
export { PayOrders, type OrderForm, type PayView } from './pay-orders.js';
export { PaymentModule } from './payment.module.js';
export { prepaidOf, type ElderPrepaid } from './prepaid-of.js';
export { offeredDays } from './setting.store.js';
export { type PayOrder } from './wechat-order.store.js';
