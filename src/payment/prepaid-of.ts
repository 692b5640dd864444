import { NO_FEN, type CivilDate, type Fen } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { readBalances } from './balance.store.js';
import { isOfferedOn } from './domain/index.js';
import { readSettings } from './setting.store.js';

/** What a bank holds for an elder. */
export interface ElderPrepaid {
  readonly bankName: string;
  readonly balanceFen: Fen;
}

/** An elder's balance, where the city has a bank that holds it on that day, or still holds something; null otherwise. */
export async function prepaidOf(tx: Tx, cityCode: string, elderId: string, on: CivilDate): Promise<ElderPrepaid | null> {
  const confirmed = (await readSettings(tx, cityCode)).filter(({ state }) => state === 'confirmed');
  const [last] = confirmed;
  if (last === undefined) return null;
  const balanceFen = (await readBalances(tx, cityCode, [elderId])).get(elderId) ?? NO_FEN;
  return balanceFen > 0 || isOfferedOn(confirmed, on) ? { bankName: last.bankName, balanceFen } : null;
}
