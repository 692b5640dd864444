import { fen, sumFen, today, type CivilMonth, type Clock, type Fen } from '../kernel/index.js';
import { accountParts } from '../ledger/domain/index.js';
import { balancesOf } from '../ledger/index.js';
import { sha256, type Tx } from '../platform/index.js';
import { holdingSeals, sealedLines, type SealDays } from '../seal/index.js';
import { readSitesOn } from '../site/index.js';
import { compare, differenceFen, hashedText, type ClaimLine, type Difference } from './domain/index.js';
import { releasedInMonth } from './run.store.js';

/** What a claim holds, made from the seals of a closed month. */
export interface ComputedClaim {
  readonly lines: readonly ClaimLine[];
  /** Subsidised meals less voids. */
  readonly meals: number;
  readonly claimedFen: Fen;
  readonly hasDeduction: boolean;
  readonly differences: readonly Difference[];
  readonly differenceFen: Fen;
  readonly linesHash: string;
  /** The seals that it rests on, by their places in the city's log. */
  readonly logIndexes: readonly number[];
}

/** What making a claim needs besides the transaction. */
export interface ClaimTools {
  readonly clock: Clock;
  readonly seals: SealDays;
}

/**
 * Makes a site's claim from its sealed days, and compares it with the money as booked. The same seals always give the
 * same claim, and it costs by days and not by meals. Meals of a time without a payee go to the payee whom the site has now.
 */
export async function computeClaim(tx: Tx, { clock, seals }: ClaimTools, cityCode: string, siteId: string, month: CivilMonth): Promise<ComputedClaim> {
  await seals.restOfSite(tx, cityCode, month, siteId);
  const lines = await claimLines(tx, clock, cityCode, siteId, month);
  const { logIndexes, subsidisedMeals } = await holdingSeals(tx, cityCode, month, siteId);
  const differences = compare(lines, await bookedByFunder(tx, cityCode, siteId, month));
  return {
    lines, differences, differenceFen: differenceFen(differences), linesHash: sha256(hashedText(lines)),
    logIndexes, meals: subsidisedMeals, claimedFen: sumFen(lines.map((line) => line.claimedFen)), hasDeduction: lines.some((line) => line.claimedFen < 0),
  };
}

async function claimLines(tx: Tx, clock: Clock, cityCode: string, siteId: string, month: CivilMonth): Promise<ClaimLine[]> {
  const recorded = await sealedLines(tx, cityCode, month, siteId);
  const payeeNow = recorded.every((line) => line.payeeId !== null) ? null
    : ((await readSitesOn(tx, cityCode, [siteId], today(clock))).get(siteId)?.payeeId ?? null);
  const sums = new Map<string, Omit<ClaimLine, 'lineNo'>>();
  for (const { operatorId, funderCode, mealMonth, meals, fen: amount, ...line } of recorded) {
    const payeeId = line.payeeId ?? payeeNow;
    const key = [mealMonth, operatorId ?? '', payeeId ?? '', funderCode].join(' ');
    const known = sums.get(key);
    sums.set(key, { operatorId, payeeId, funderCode, mealMonth, meals: (known?.meals ?? 0) + meals, claimedFen: fen((known?.claimedFen ?? 0) + amount) });
  }
  return [...sums.entries()].filter(([, line]) => line.claimedFen !== 0 || line.meals !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line], index) => ({ lineNo: index + 1, ...line }));
}

/** What meals, voids and corrections booked as owed to the site in a month. Releases of earlier claims are put back. */
async function bookedByFunder(tx: Tx, cityCode: string, siteId: string, month: CivilMonth): Promise<Map<string, Fen>> {
  const released = await releasedInMonth(tx, cityCode, month, siteId);
  const booked = new Map<string, Fen>([...released].map(([funderCode, amount]) => [funderCode, fen(amount)]));
  for (const balance of await balancesOf(tx, cityCode, month, [siteId])) {
    const { kind, funderCode } = accountParts(balance.account);
    if (kind === 'due' && funderCode !== null) booked.set(funderCode, fen((booked.get(funderCode) ?? 0) + balance.debitFen - balance.creditFen));
  }
  return booked;
}
