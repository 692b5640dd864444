import { invariant, type Clock } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { accountParts, type Transfer } from './domain/index.js';
import { insertTransfers, nameAccounts } from './ledger.store.js';

/**
 * Books transfers of one city and keeps the balances with them: all or nothing. The caller holds their months by
 * `bookingMonths`.
 * @throws InvariantBroken when a month is not open, or a transfer is of another city or of no fen
 */
export async function postTransfers(tx: Tx, clock: Clock, transfers: readonly Transfer[]): Promise<void> {
  const cityCode = transfers[0]?.cityCode;
  if (cityCode === undefined) return;
  for (const transfer of transfers) {
    invariant(transfer.cityCode === cityCode, 'transfers of two cities are not booked together');
    invariant(transfer.fen > 0 && transfer.debitAccount !== transfer.creditAccount, 'a transfer moves money between two accounts');
  }
  const booked = await insertTransfers(tx, cityCode, transfers, clock.now());
  invariant(booked.transfers === transfers.length, `${transfers.length - booked.transfers} transfers fell into a month that is not open`);
  if (booked.fresh.length > 0) await nameAccounts(tx, cityCode, booked.fresh.map((account) => ({ account, ...accountParts(account) })));
}
