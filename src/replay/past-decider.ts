import { minusFen, type CivilDate } from '../kernel/index.js';
import type { ElderRecord } from '../elder/domain/index.js';
import type { Tx } from '../platform/index.js';
import { pathsOf } from '../region/index.js';
import { readSitesOn, type SiteOn } from '../site/index.js';
import { decideMeal, divisionsNamed, elderFactsOn, fullPrice, type CompiledVersion, type DivisionPath, type ElderFacts, type MealDecision, type MealQuestion, type Use } from '../subsidy/domain/index.js';
import type { PackLibrary } from '../subsidy/index.js';
import { sharesOf, type Share } from '../tap/domain/index.js';
import type { PastMeal } from '../tap/index.js';

/** A meal of the past as the rules decide it. */
export interface PastDecision {
  readonly version: CompiledVersion | null;
  readonly decision: MealDecision;
  readonly shares: readonly Share[];
}

/** The code of a meal that was sent after 72 hours: at the full price, whatever the rules give. */
const TOO_LATE = 'sent-too-late';

/** Decides meals of the past by a library of rules. Sites and divisions are read once and kept, a page of meals at a time. */
export class PastDecider {
  private readonly sites = new Map<string, SiteOn>();
  private readonly paths = new Map<string, DivisionPath>();
  private readonly days = new Map<CivilDate, ReturnType<PackLibrary['dayOf']>>();
  private readonly settled = new WeakMap<ElderRecord, ElderFacts>();

  constructor(private readonly cityCode: string, private readonly library: PackLibrary) {}

  /** Reads what the decisions about some meals need besides the elders' own facts. */
  async prepare(tx: Tx, meals: readonly PastMeal[], records: Iterable<ElderRecord>): Promise<void> {
    const last = meals.reduce<CivilDate | null>((date, meal) => (date === null || meal.mealDate > date ? meal.mealDate : date), null);
    const siteIds = [...new Set(meals.map((meal) => meal.siteId))].filter((siteId) => !this.sites.has(siteId));
    // Kind, mode of supply and place of a site are the same on every day.
    if (last !== null && siteIds.length > 0) for (const [siteId, site] of await readSitesOn(tx, this.cityCode, siteIds, last)) this.sites.set(siteId, site);
    const codes = [...new Set([...records].flatMap(divisionsNamed))].filter((code) => !this.paths.has(code));
    if (codes.length > 0) for (const [code, path] of await pathsOf(tx, this.cityCode, codes)) this.paths.set(code, path);
  }

  site(meal: Pick<PastMeal, 'siteId'>): SiteOn | undefined {
    return this.sites.get(meal.siteId);
  }

  /**
   * Decides a meal by the version that rules it on its day.
   * @param record what is known of the elder; undefined: nobody is, so it is a guest's
   */
  decide(meal: PastMeal, record: ElderRecord | undefined, uses: readonly Use[]): PastDecision {
    const site = this.sites.get(meal.siteId);
    const path = site?.path ?? [];
    const elder = record === undefined ? null : this.factsFor(record, meal.mealDate);
    const version = elder === null ? null : this.library.packFor(elder, path, meal.mealDate);
    const question: MealQuestion = {
      version, elder, site: { kind: site?.kind ?? '', supplyMode: site?.supplyMode ?? null, division: path },
      meal: { date: meal.mealDate, period: meal.mealPeriod, priceFen: minusFen(meal.priceFen, meal.othersFen), ...this.dayOf(meal.mealDate) }, uses,
    };
    const decision = meal.flags.includes(TOO_LATE) ? fullPrice(question, 'no-pack') : decideMeal(question);
    return { version, decision, shares: sharesOf(decision, version, path, decision.subsidyFen) };
  }

  private dayOf(date: CivilDate): ReturnType<PackLibrary['dayOf']> {
    const known = this.days.get(date) ?? this.library.dayOf(date);
    this.days.set(date, known);
    return known;
  }

  /** An elder who never moved has the same facts on every day. */
  private factsFor(record: ElderRecord, date: CivilDate): ElderFacts {
    if (record.homes.length > 0) return elderFactsOn(record, date, this.paths);
    const known = this.settled.get(record);
    if (known !== undefined) return known;
    const facts = elderFactsOn(record, date, this.paths);
    this.settled.set(record, facts);
    return facts;
  }
}
