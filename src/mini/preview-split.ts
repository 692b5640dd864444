import { Injectable } from '@nestjs/common';
import { fen, NO_FEN, type CivilDate, type Fen } from '../kernel/index.js';
import type { ElderPreview, PreviewedMeal, PreviewedSplit, PricePreview } from '../booking/index.js';
import { factsOf } from '../elder/index.js';
import type { ElderRecord } from '../elder/domain/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import type { Tx } from '../platform/index.js';
import { pathsOf } from '../region/index.js';
import { readSitesOn, type SiteOn } from '../site/index.js';
import { decideMeal, divisionsNamed, elderFactsOn, MEAL_PERIODS, periodKeys, whyFull, type MealDecision, type Paths, type Use } from '../subsidy/domain/index.js';
import { PolicyLibrary, type PackLibrary } from '../subsidy/index.js';
import { sharesOf } from '../tap/domain/index.js';
import { readUses } from '../tap/index.js';
import { partWords, splitWords, type NamedPart } from './domain/index.js';

/** What a meal would cost an elder, and why. */
export interface Split extends PreviewedSplit {
  readonly subsidyFen: Fen;
  readonly parts: readonly { readonly words: string; readonly fen: Fen }[];
  readonly words: string;
}

/** What the prices of one elder's meals are worked out with: everything is read, nothing is asked any more. */
export class ElderPrices implements ElderPreview {
  constructor(private readonly library: PackLibrary, private readonly record: ElderRecord, private readonly homes: Paths, private readonly uses: readonly Use[]) {}

  withoutPrivateFacts(): ElderPrices {
    return new ElderPrices(this.library, { ...this.record, categories: [] }, this.homes, []);
  }

  /** The split of one meal by the engine that the tap decides with; null where the site does not serve that day. */
  of(site: SiteOn | undefined, date: CivilDate, period: MealPeriod, priceFen: Fen): Split | null {
    if (site === undefined || site.state !== 'open' || !site.licenceValid) return null;
    const elder = elderFactsOn(this.record, date, this.homes);
    const version = this.library.packFor(elder, site.path, date);
    const decision = decideMeal({
      version, elder, site: { kind: site.kind, supplyMode: site.supplyMode, division: site.path },
      meal: { date, period, priceFen, ...this.library.dayOf(date) }, uses: this.uses,
    });
    return splitOf(decision, sharesOf(decision, version, site.path, decision.subsidyFen));
  }
}

function splitOf(decision: MealDecision, shares: readonly NamedPart[]): Split {
  const { priceFen, selfPayFen, subsidyFen, refusal } = decision;
  return {
    selfPayFen, subsidyFen, parts: shares.map((part) => ({ words: partWords(part), fen: part.fen })),
    words: splitWords({ priceFen, selfPayFen, parts: shares, othersFen: NO_FEN, openFen: NO_FEN, why: whyFull(refusal) }),
  };
}

/** Tells what meals would cost an elder by the facts, rules and turns used up as of now. It promises nothing: the tap decides. */
@Injectable()
export class PreviewSplit implements PricePreview {
  constructor(private readonly policies: PolicyLibrary) {}

  /** What elders' prices on some days take; elders whom the city does not have are left out. */
  async pricesOf(tx: Tx, cityCode: string, elderIds: readonly string[], dates: readonly CivilDate[]): Promise<Map<string, ElderPrices>> {
    const keys = [...new Set(dates.flatMap((date) => MEAL_PERIODS.flatMap((period) => periodKeys(date, period))))];
    const [library, records, uses] = await Promise.all([this.policies.of(tx, cityCode), factsOf(tx, cityCode, elderIds), readUses(tx, cityCode, elderIds, keys)]);
    const homes = await pathsOf(tx, cityCode, [...records.values()].flatMap(divisionsNamed));
    return new Map([...records].map(([elderId, record]) => [elderId, new ElderPrices(library, record, homes, uses.get(elderId) ?? [])]));
  }

  async of(tx: Tx, { cityCode, elderId, siteId, date, period, priceFen }: PreviewedMeal): Promise<Split | null> {
    const prices = (await this.pricesOf(tx, cityCode, [elderId], [date])).get(elderId);
    const site = (await readSitesOn(tx, cityCode, [siteId], date)).get(siteId);
    return prices?.of(site, date, period, fen(priceFen)) ?? null;
  }
}
