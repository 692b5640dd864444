import { addDays, chinaMinute, invariant, type CivilDate } from '../kernel/index.js';
import type { StaffCaller } from './callers.js';
import { isOpenOn, type DemoDay, type DemoElder, type DemoMeal, type DemoSite } from './domain/index.js';
import type { Wallets } from './play-elders.js';
import { inParallel, type Stage } from './stage.js';
import { Tally, type Eaten } from './tally.js';
import type { TapAnswer, TillLine } from './till.js';

const OPEN_AT = 10 * 60 + 30;
/** The story's clock moves in steps of so many minutes; the sales of a step are made at its end, at all tills at once. */
const SLOT = 35;
const AT_ONCE = 400;
/** An ordinary till asks with the price list in force, version 1; version 2 was never filed. */
const PRICE_LIST = 1;
const UNFILED_PRICE_LIST = 2;

/** Plays the days at the tills. */
export class Canteens {
  readonly tally = new Tally();
  /** The site whose till is without any network today. */
  downSite: number | undefined;
  private readonly tills = new Map<number, TillLine>();
  /** Meals whose answer is still to come, by tap. */
  private readonly waiting = new Map<string, Eaten>();

  constructor(
    private readonly stage: Stage,
    private readonly sites: readonly DemoSite[],
    readonly elders: readonly DemoElder[],
    private readonly wallets: Wallets,
    private readonly supervisorOf: (site: DemoSite) => StaffCaller,
  ) {}

  /** The till of a site, enrolled on first use with a one-time code from its county. */
  async tillOf(site: number): Promise<TillLine> {
    const known = this.tills.get(site);
    if (known) return known;
    const { stage } = this;
    const { id, name } = this.sites[site] as DemoSite;
    const { code } = await this.supervisorOf(this.sites[site] as DemoSite).post<{ code: string }>('/v1/terminals', { id: stage.random.branch(`till ${id}`).id(), siteId: id, label: `${name.slice(0, 20)} 1 号机` });
    const till = await stage.enrolTill(code, `${name.slice(0, 20)} 1 号机`);
    this.tills.set(site, till);
    return till;
  }

  /** Enrols the tills of the sites that are open. */
  async enrolAll(day: CivilDate, most: number): Promise<void> {
    const open = this.sites.flatMap((site, index) => (isOpenOn(site, day) ? [index] : [])).slice(0, most);
    await inParallel(open, 8, (site) => this.tillOf(site), (done) => this.stage.progress('收银机', done, open.length));
  }

  /** Opens the tills in the morning and serves every meal of the day. */
  async playDay({ date, meals }: DemoDay): Promise<void> {
    const { clock } = this.stage;
    clock.setTo(date, OPEN_AT);
    const today = [...new Set(meals.map((meal) => meal.site))];
    await inParallel(today, 32, async (site) => (await this.tillOf(site)).open());
    const begun = performance.now();
    for (const period of ['lunch', 'dinner'] as const) await this.playPeriod(date, meals.filter((meal) => meal.period === period));
    this.tally.tapSeconds += (performance.now() - begun) / 1000;
  }

  /** Serves one meal period, step by step of the story's clock. */
  private async playPeriod(date: CivilDate, meals: readonly DemoMeal[]): Promise<void> {
    for (let from = 0; from < meals.length; ) {
      const slot = Math.floor((meals[from] as DemoMeal).minute / SLOT);
      let to = from;
      while (to < meals.length && Math.floor((meals[to] as DemoMeal).minute / SLOT) === slot) to += 1;
      this.stage.clock.setTo(date, slot * SLOT + SLOT);
      await this.playSlot(date, meals.slice(from, to));
      from = to;
    }
  }

  /** Serves one more meal, outside the story's random ones. */
  async serve(date: CivilDate, meal: DemoMeal, priceListVersion = PRICE_LIST): Promise<TapAnswer | undefined> {
    const till = await this.tillOf(meal.site);
    const minute = chinaMinute(this.stage.clock.now());
    const time = `${date}T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00+08:00`;
    const card = meal.elder === undefined ? undefined : this.wallets.cardOf(meal.elder);
    const answer = await till.sell({ id: meal.id, card, period: meal.period, time, priceListVersion });
    const eaten = { elder: meal.elder, date, minute };
    if (answer === undefined) {
      this.waiting.set(meal.id, eaten);
      return undefined;
    }
    this.tally.add(answer, eaten);
    if (meal.voided && answer.outcome === 'accepted') {
      await till.takeBack(answer.tapId, this.stage.random.branch(`void ${meal.id}`).id());
      this.tally.takeBack(answer, eaten);
    }
    return answer;
  }

  /** The next morning: a till whose network was down sends what it holds. */
  async sendHeld(site: number, date: CivilDate): Promise<void> {
    const till = await this.tillOf(site);
    this.stage.clock.setTo(addDays(date, 1), 8 * 60);
    await till.cut(false);
    this.downSite = undefined;
    await till.open();
    const answers = await till.upload();
    this.tally.lateMeals += this.count(answers);
  }

  private async playSlot(date: CivilDate, meals: readonly DemoMeal[]): Promise<void> {
    const bySite = new Map<number, DemoMeal[]>();
    for (const meal of meals) bySite.set(meal.site, [...(bySite.get(meal.site) ?? []), meal]);
    await inParallel([...bySite], AT_ONCE, async ([site, queue]) => {
      const bundles = !(this.sites[site] as DemoSite).steadyNetwork && site !== this.downSite;
      const till = await this.tillOf(site);
      if (bundles) await till.cut(true);
      // One till serves one elder after another, as in life.
      for (const meal of queue) await this.serve(date, meal, meal.oldPriceList ? UNFILED_PRICE_LIST : PRICE_LIST);
      if (bundles) await this.sendBundle(till);
    });
  }

  private async sendBundle(till: TillLine): Promise<void> {
    await till.cut(false);
    const answers = await till.upload();
    this.tally.bundledTaps += this.count(answers);
  }

  private count(answers: readonly TapAnswer[]): number {
    for (const answer of answers) {
      const eaten = this.waiting.get(answer.tapId);
      invariant(eaten, 'a till uploads what it sold');
      this.waiting.delete(answer.tapId);
      this.tally.add(answer, eaten);
    }
    return answers.length;
  }
}
