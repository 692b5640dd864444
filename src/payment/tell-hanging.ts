import type { Instant } from '../kernel/index.js';
import { raiseAlerts, resolveAlerts, type Log, type Tx } from '../platform/index.js';
import { billDays } from './domain/index.js';
import { daysWithoutBill } from './reconcile.store.js';
import { countHanging } from './wechat-order.store.js';

/** Opens an alert for payments and bills of a city that do not come to their end by themselves, and ends it when none are left. */
export async function tellHanging(tx: Tx, log: Log, cityCode: string, now: Instant): Promise<void> {
  const { orders, refunds } = await countHanging(tx, cityCode, now);
  const { first, late } = billDays(now);
  const bills = (await daysWithoutBill(tx, cityCode, first, late)).length;
  const found = [{ subject: 'orders-overdue', count: orders }, { subject: 'refunds-stuck', count: refunds }, { subject: 'bills-late', count: bills }].filter(({ count }) => count > 0);
  for (const { subject } of await raiseAlerts(tx, now, found.map((one) => ({ ...one, cityCode, kind: 'payment' as const })))) {
    log.error({ cityCode, subject, alarm: 'payment-hangs' }, 'payments by WeChat need a person');
  }
  await resolveAlerts(tx, now, cityCode, 'payment', found.map(({ subject }) => subject));
}
