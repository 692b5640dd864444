import { fen, invariant, sumFen, today, type CivilMonth, type Clock, type Fen } from '../kernel/index.js';
import { accountParts } from '../ledger/domain/index.js';
import { balancesOf } from '../ledger/index.js';
import { sha256, type Tx } from '../platform/index.js';
import { holdingSeals, sealedLines, type SealDays, type SealedLine } from '../seal/index.js';
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
 * Makes the claims of sites from their sealed days, and compares them with the money as booked. The same seals always
 * give the same claims, and they cost by days and not by meals. Meals of a time without a payee go to the payee whom the
 * site has now.
 * @returns by site
 */
export async function computeClaims(tx: Tx, { clock, seals }: ClaimTools, cityCode: string, month: CivilMonth, siteIds: readonly string[]): Promise<Map<string, ComputedClaim>> {
  await seals.closedMonth(tx, cityCode, month);
  const recorded = bySite(await sealedLines(tx, cityCode, month, siteIds));
  const sealed = await holdingSeals(tx, cityCode, month, siteIds);
  const withoutPayee = siteIds.filter((siteId) => recorded.get(siteId)?.some((line) => line.payeeId === null));
  const sites = withoutPayee.length === 0 ? new Map<string, { payeeId: string | null }>() : await readSitesOn(tx, cityCode, withoutPayee, today(clock));
  const booked = await bookedByFunder(tx, cityCode, month, siteIds);
  return new Map(siteIds.map((siteId) => {
    const lines = claimLines(recorded.get(siteId) ?? [], sites.get(siteId)?.payeeId ?? null);
    const differences = compare(lines, booked.get(siteId) ?? new Map<string, Fen>());
    return [siteId, {
      lines, differences, differenceFen: differenceFen(differences), linesHash: sha256(hashedText(lines)), logIndexes: sealed.get(siteId)?.logIndexes ?? [],
      meals: sealed.get(siteId)?.subsidisedMeals ?? 0, claimedFen: sumFen(lines.map((line) => line.claimedFen)), hasDeduction: lines.some((line) => line.claimedFen < 0),
    }];
  }));
}

/** One site's claim: see `computeClaims`. */
export async function computeClaim(tx: Tx, tools: ClaimTools, cityCode: string, siteId: string, month: CivilMonth): Promise<ComputedClaim> {
  const claim = (await computeClaims(tx, tools, cityCode, month, [siteId])).get(siteId);
  invariant(claim, 'every site that is asked for has a claim');
  return claim;
}

function bySite<T extends { readonly siteId: string }>(rows: readonly T[]): Map<string, T[]> {
  const sites = new Map<string, T[]>();
  for (const row of rows) {
    const own = sites.get(row.siteId);
    if (own === undefined) sites.set(row.siteId, [row]);
    else own.push(row);
  }
  return sites;
}

function claimLines(recorded: readonly SealedLine[], payeeNow: string | null): ClaimLine[] {
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

/** What meals, voids and corrections booked as owed to sites in a month, by site. Releases of earlier claims are put back. */
async function bookedByFunder(tx: Tx, cityCode: string, month: CivilMonth, siteIds: readonly string[]): Promise<Map<string, Map<string, Fen>>> {
  const booked = new Map<string, Map<string, Fen>>();
  const add = (siteId: string, funderCode: string, amount: number): void => {
    const own = booked.get(siteId) ?? new Map<string, Fen>();
    booked.set(siteId, own.set(funderCode, fen((own.get(funderCode) ?? 0) + amount)));
  };
  for (const { siteId, funderCode, fen: amount } of await releasedInMonth(tx, cityCode, month, siteIds)) add(siteId, funderCode, amount);
  for (const balance of await balancesOf(tx, cityCode, month, siteIds)) {
    const { kind, siteId, funderCode } = accountParts(balance.account);
    if (kind === 'due' && siteId !== null && funderCode !== null) add(siteId, funderCode, balance.debitFen - balance.creditFen);
  }
  return booked;
}
