export { billDays, type BillDays } from './bill-days.js';
export { isOfferedOn, type OfferDays } from './offer.js';
export { CODE_PAY, firstLook, judge, judgeRefusal, leavesNoDoubt, pauseAfter, tookMoney, tookNothing, whyClosed, type OrderState, type PayWay, type Verdict, type WatchedOrder, type Word } from './pay-watch.js';
export { readTradeNumber, tradeNumber } from './trade-number.js';
export { compareBill, DIFFERENCES, type BillLine, type Difference, type DifferenceKind, type OwnOrder, type OwnRefund } from './compare-bill.js';
export { readTradeBill, type TradeLine } from './trade-bill.js';
