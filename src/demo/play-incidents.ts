import { addDays, daysBetween, invariant, type CivilDate } from '../kernel/index.js';
import { isOpenOn, OPERATORS, type DemoMeal, type DemoSite, type Scale } from './domain/index.js';
import type { Canteens } from './play-days.js';
import type { Wallets } from './play-elders.js';
import type { Bureaus, Parties } from './play-sites.js';
import type { Stage } from './stage.js';
import type { StaffCaller } from './callers.js';

const EVENING = 20 * 60;

/** The day that lies a part of the way through the story. */
function dayAt(scale: Scale, part: number): CivilDate {
  return addDays(scale.from, Math.floor(daysBetween(scale.from, scale.to) * part));
}

/**
 * What does not go as every day goes: an elder dies, a card is lost and replaced, a till is without network for a day,
 * a canteen changes its operator in mid-month. Each once, on days that the story's length fixes.
 */
export class Incidents {
  private readonly lostOn: CivilDate;
  private readonly deadOn: CivilDate;
  private readonly offlineOn: CivilDate;
  private readonly operatorOn: CivilDate;
  /** Sites that are open all through the story. */
  private readonly offlineSite: number;
  private readonly operatorSite: number;
  private readonly loser: number;
  private readonly dead: number;

  constructor(
    private readonly stage: Stage,
    scale: Scale,
    private readonly bureaus: Bureaus,
    private readonly parties: Parties,
    private readonly sites: readonly DemoSite[],
    private readonly canteens: Canteens,
    private readonly wallets: Wallets,
  ) {
    this.lostOn = dayAt(scale, 0.3);
    this.offlineOn = dayAt(scale, 0.4);
    this.deadOn = dayAt(scale, 0.5);
    this.operatorOn = dayAt(scale, 0.5);
    const lasting = sites.flatMap((site, index) => (isOpenOn(site, scale.from) && isOpenOn(site, scale.to) ? [index] : [])).slice(0, scale.tills);
    const [offlineSite, operatorSite] = [lasting[0], lasting.slice(1).find((site) => (sites[site] as DemoSite).steadyNetwork)];
    invariant(offlineSite !== undefined && operatorSite !== undefined, 'the story needs two canteens that stay open');
    this.offlineSite = offlineSite;
    this.operatorSite = operatorSite;
    const seniors = this.canteens.elders.flatMap((elder, index) => (elder.born < '1950-01-01' ? [index] : []));
    const [loser, dead] = stage.random.branch('incidents').some(seniors, 2);
    invariant(loser !== undefined && dead !== undefined, 'the story needs two elders of 75 and over');
    this.loser = loser;
    this.dead = dead;
  }

  /** Before the tills open. */
  async morning(date: CivilDate): Promise<void> {
    if (date === this.offlineOn) {
      this.canteens.downSite = this.offlineSite;
      await (await this.canteens.tillOf(this.offlineSite)).cut(true);
    }
    if (date === this.lostOn) await this.loseCard();
  }

  /** After the tills have closed. */
  async evening(date: CivilDate): Promise<void> {
    if (date === this.lostOn) {
      // Whoever found the card eats at the full price; the elder gets another card.
      await this.lunch(date, this.loser, 'found card');
      await this.replaceCard();
    }
    if (date === addDays(this.operatorOn, -1)) await this.changeOperator();
    if (date === this.deadOn) await this.recordDeath(date);
    if (date === addDays(this.deadOn, 1)) await this.lunch(date, this.dead, 'card of the dead');
    if (date === this.offlineOn) await this.canteens.sendHeld(this.offlineSite, date);
  }

  private officerOf(site: number): StaffCaller {
    return this.bureaus.counties.get((this.sites[site] as DemoSite).community.countyCode)?.officer as StaffCaller;
  }

  private id(name: string): string {
    return this.stage.random.branch(`incident ${name}`).id();
  }

  private elderId(elder: number): string {
    return (this.canteens.elders[elder] as { id: string }).id;
  }

  private async cardId(elder: number): Promise<string> {
    const { cards } = await this.bureaus.city.get<{ cards: { cardId: string; state: string }[] }>(`/v1/elders/${this.elderId(elder)}`);
    const card = cards.find(({ state }) => state === 'active' || state === 'lost');
    invariant(card, 'an elder of the story has a card');
    return card.cardId;
  }

  private async lunch(date: CivilDate, elder: number, name: string): Promise<void> {
    const meal: DemoMeal = { id: this.id(name), site: this.operatorSite, elder, period: 'lunch', minute: 13 * 60 + 10, voided: false, oldPriceList: false };
    this.stage.clock.setTo(date, meal.minute);
    await this.canteens.serve(date, meal);
  }

  private async loseCard(): Promise<void> {
    await this.bureaus.city.post(`/v1/cards/${await this.cardId(this.loser)}/events`, { id: this.id('lost'), kind: 'lost', reason: '电话挂失' });
  }

  private async replaceCard(): Promise<void> {
    const cardNumber = 'LC99999999';
    const replaces = await this.cardId(this.loser);
    await this.bureaus.city.post(`/v1/elders/${this.elderId(this.loser)}/cards`, { id: this.id('replacement'), cardNumber, replaces, reason: '挂失补办' });
    this.wallets.replace(this.loser, cardNumber);
  }

  private async recordDeath(date: CivilDate): Promise<void> {
    this.stage.clock.setTo(date, EVENING);
    await this.bureaus.city.post(`/v1/elders/${this.elderId(this.dead)}/death`, { id: this.id('death'), diedOn: date, source: '示例：殡葬数据' });
  }

  /** The canteen goes to another operator, who is paid to another account, in the middle of a month. */
  private async changeOperator(): Promise<void> {
    const site = this.sites[this.operatorSite] as DemoSite;
    const next = (site.operator + 1) % OPERATORS;
    const officer = this.officerOf(this.operatorSite);
    const path = `/v1/sites/${site.id}`;
    await officer.post(`${path}/operator`, { id: this.id('operator'), operatorId: this.parties.operators[next], fromDate: this.operatorOn, reason: '合同到期，公开招标' });
    const route = this.id('payee');
    await this.bureaus.city.post(`${path}/payee`, { id: route, payeeId: this.parties.payees[next], fromDate: this.operatorOn, reason: '随运营方变更' });
    await officer.post(`${path}/payee/confirmation`, { id: this.id('payee confirmed'), routeId: route });
  }
}
