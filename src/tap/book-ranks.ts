import { invariant, type Clock } from '../kernel/index.js';
import type { AuditEntry } from '../access/index.js';
import { bookingMonths } from '../ledger/index.js';
import { toTransfers, type Transfer } from '../ledger/domain/index.js';
import type { Tx } from '../platform/index.js';
import type { RankChange } from './rank-offline.js';
import { changeUses } from './rank.store.js';
import { differences, sharePosting } from './restate-meals.js';
import { sealDue, type SiteDayBooked } from './seal-due.store.js';
import { insertAdjustment } from './tap.store.js';

/** Who corrects a rank: nobody's judgement, the order of the meals. */
const SYSTEM = 'system';

/** What a changed rank still needs from its caller, who books and audits once for all. */
export interface BookedRanks {
  readonly transfers: readonly Transfer[];
  readonly audits: readonly AuditEntry[];
}

/**
 * Writes changed ranks down: corrections between sites and funders, each in its meal's month while that is open, else
 * in the earliest open one after it, and the counters with them. The elder's own share stays as it was paid.
 */
export async function bookRanks(tx: Tx, clock: Clock, cityCode: string, changes: readonly RankChange[]): Promise<BookedRanks> {
  if (changes.length === 0) return { transfers: [], audits: [] };
  await changeUses(tx, cityCode, changes.map(({ changeId, row, causeId, rankedAt, uses }) => ({
    changeId, tapId: row.tapId, causeId, changedAt: rankedAt, elderId: row.elderId, stands: row.voidedAt === null, uses,
  })));
  const months = await bookingMonths(tx, clock, cityCode, [...new Set(changes.map(({ row }) => row.mealDate))]);
  const transfers: Transfer[] = [];
  const audits: AuditEntry[] = [];
  const over: SiteDayBooked[] = [];
  for (const { changeId, row: { tapId, siteId, mealDate, ...row }, shares, causeId, rankedAt } of changes) {
    const parts = differences(row.shares, shares);
    if (parts.length === 0) continue;
    const bookedMonth = months.get(mealDate);
    invariant(bookedMonth !== undefined, 'every day has a month');
    const reason = `离线用餐按用餐时间先后重排补贴名次；起因 ${causeId}`;
    await insertAdjustment(tx, cityCode, {
      adjustmentId: changeId, tapId, bookedMonth, originalMonth: row.bookedMonth, siteId, mealDate, cause: 'rank', reason, by: SYSTEM, now: rankedAt, parts,
    });
    const postings = parts.map((part) => sharePosting(siteId, part));
    transfers.push(...toTransfers({ cityCode, bookedMonth, transferId: changeId, kind: 'adjustment', siteId, mealDate, causeId: tapId }, postings));
    if (months.isOver(mealDate, bookedMonth)) over.push({ siteId, mealDate, bookedMonth });
    audits.push({ cityCode, actor: SYSTEM, action: 'meal.adjustment', objectKind: 'tap', objectId: tapId, reason, after: { id: changeId, postings } });
  }
  await sealDue(tx, cityCode, over);
  return { transfers, audits };
}
