import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, lastDay, type CivilMonth, type Clock, type Outcome } from '../kernel/index.js';
import { accountParts } from '../ledger/domain/index.js';
import { balancesOf, closeMonth } from '../ledger/index.js';
import { actorName, CLOCK, derivedId, doDeed, stageJobs, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { divisionsOf } from '../region/index.js';
import { SealDays, sealedSites } from '../seal/index.js';
import { readSitesOn } from '../site/index.js';
import { insertClaims, insertRun, takeNumbers, type NewClaim } from './run.store.js';
import { BUILD_CLAIM } from './settlement.jobs.js';

/** A month that was closed. */
export interface SettledMonth {
  readonly runId: string;
  readonly claimsTotal: number;
}

/**
 * Closes a city's month: the ledger takes nothing more into it, every site with a meal or a correction gets a claim to
 * be built, and a job for each. All in one transaction, so that a meal is in this month's claims or in a later one's.
 * What is not sealed yet is sealed in it too, when nothing can be booked in the month any more.
 */
@Injectable()
export class SettleMonth {
  constructor(private readonly transactor: Transactor, private readonly seals: SealDays, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the ledger's `month-closed`, `month-not-over`, `month-earlier-open`, `month-unknown` */
  async run(actor: StaffActor, id: string, month: CivilMonth): Promise<Outcome<SettledMonth>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'settlement.close', body: { month } }, async (tx) => {
      // Before the month is locked, so that no till waits for a job that seals.
      await this.seals.lock(tx, cityCode);
      const closed = await closeMonth(tx, this.clock, cityCode, month, actorName(actor));
      if (!closed.ok) return closed;
      const run = { runId: id, month, closedBy: actorName(actor), closedAt: this.clock.now(), rootHash: closed.value.rootHash };
      await this.seals.restOfMonth(tx, cityCode, month);
      await insertRun(tx, cityCode, run);
      const claims = await this.numbered(tx, cityCode, month, await sitesToSettle(tx, cityCode, month));
      await insertClaims(tx, cityCode, run, claims);
      await stageJobs(tx, this.clock, claims.map(({ claimId }) => ({ cityCode, job: BUILD_CLAIM, key: claimId, payload: { claimId } })));
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'settlement.close', objectKind: 'month', objectId: month, after: { ...run, claims: claims.length } });
      return done({ runId: id, claimsTotal: claims.length });
    });
  }

  /** Gives each site's claim the next number of its county and year, counties and sites in the order of their codes and ids. */
  private async numbered(tx: Tx, cityCode: string, month: CivilMonth, siteIds: readonly string[]): Promise<NewClaim[]> {
    const sites = [...(await readSitesOn(tx, cityCode, siteIds, lastDay(month))).values()];
    const levels = new Map((await divisionsOf(tx, cityCode, sites.flatMap((site) => site.path))).map((division) => [division.divisionCode, division.level]));
    const byCounty = new Map<string, typeof sites>();
    for (const site of sites) {
      // A city without counties settles as one.
      const countyCode = site.path.find((code) => levels.get(code) === 'county') ?? cityCode;
      byCounty.set(countyCode, [...(byCounty.get(countyCode) ?? []), site]);
    }
    const year = Number(month.slice(0, 4));
    const claims: NewClaim[] = [];
    for (const [countyCode, here] of [...byCounty].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const first = await takeNumbers(tx, cityCode, 'claim', countyCode, year, here.length);
      here.sort((a, b) => (a.siteId < b.siteId ? -1 : 1)).forEach(({ siteId, divisionCode }, index) => {
        const number = first + index;
        const claimNumber = `${countyCode}-${year}-${String(number).padStart(5, '0')}`;
        claims.push({ claimId: derivedId('claim', cityCode, siteId, month, 'mealSubsidy'), siteId, divisionCode, countyCode, number, claimNumber });
      });
    }
    return claims;
  }
}

/** Sites with meals or corrections booked in the month, or with money that a funder owes and no meal explains. */
async function sitesToSettle(tx: Tx, cityCode: string, month: CivilMonth): Promise<string[]> {
  const sites = new Set(await sealedSites(tx, cityCode, month));
  for (const { account } of await balancesOf(tx, cityCode, month)) {
    const { kind, siteId } = accountParts(account);
    if (kind === 'due' && siteId !== null) sites.add(siteId);
  }
  return [...sites].sort();
}
