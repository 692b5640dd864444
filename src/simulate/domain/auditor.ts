import { addMonths, chinaDate, monthOf, type CivilMonth, type Instant } from '../../kernel/index.js';
import { CITY_CODE, ELDERS, SITES } from './cast.js';
import type { ArrivedSale, AuditedLine, AuditedSale, CardState, Happening, Judged, List, Meal } from './auditor-words.js';
import { rateOf, SAMPLE, splitOf, type Rates } from './rates.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OPENED = '2023-06-01';
const SECOND = 'second-meal-today';

/**
 * Books of its own: decides every sale anew by plain arithmetic, one after the other, and keeps accounts, counters and
 * claims beside the product's. It knows the cast and the rates and none of the product's functions of money.
 */
export class Auditor {
  readonly judged = new Map<string, Judged>();
  /** `month account` to what went in and out. */
  readonly accounts = new Map<string, { debit: number; credit: number }>();
  /** By `month site mealMonth funder`. */
  readonly lines = new Map<string, AuditedLine>();
  /** By `month site`: subsidised meals less those taken back. */
  readonly subsidised = new Map<string, number>();
  readonly closed: CivilMonth[] = [];
  private readonly meals = new Map<string, Meal>();
  private readonly cards = new Map<string, CardState>(ELDERS.map(({ card }, elder) => [card, { elder, lostAt: null, gone: null }]));
  private readonly died = new Map<number, string>();
  private readonly rules: Rates[] = [SAMPLE];
  private readonly lists: List[][];

  constructor(firstPrices: Readonly<Record<string, number>>) {
    this.lists = SITES.map(() => [{ version: 1, from: '2024-01-01', fen: firstPrices }]);
  }

  /** Takes what happened next. */
  take(happening: Happening): void {
    switch (happening.what) {
      case 'taps': return this.batch(happening.taps);
      case 'void': return this.takeBack(happening.tapId, happening.at);
      case 'adjust': return this.adjust(happening.tapId);
      case 'lost': return void ((this.cards.get(happening.card) as CardState).lostAt = happening.at);
      case 'replaced': {
        const old = this.cards.get(happening.card) as CardState;
        old.gone = { state: 'replaced', at: happening.at };
        return void this.cards.set(happening.by, { elder: old.elder, lostAt: null, gone: null });
      }
      case 'death': return void this.died.set(happening.elder, happening.diedOn);
      case 'prices': return void this.lists[happening.site]?.push(happening);
      case 'rule': return void this.rules.push(happening.rates);
      case 'close': return void this.closed.push(happening.month);
      case 'release': return this.settle(happening.month, happening.countyCode, happening.on, 'approved', 'due');
      case 'paid': return this.settle(happening.month, happening.countyCode, happening.on, 'paid', 'approved');
    }
  }

  /** The rates that rule a day, as far as they are known. */
  ratesOn(day: string): Rates | undefined {
    return this.rules.filter((rates) => rates.from <= day).at(-1);
  }

  /** How often an elder was subsidised on a day, as the counters have it: less what was taken back. */
  usesOf(elder: number, day: string): number {
    return this.ofDay(elder, day).filter((meal) => meal.given && meal.until === null).length;
  }

  /** The month in which something of a day is booked. */
  monthFor(day: string): CivilMonth {
    const last = this.closed.at(-1);
    const own = monthOf(chinaDateOf(day));
    return last === undefined || own > last ? own : addMonths(last, 1);
  }

  private ofDay(elder: number, day: string): Meal[] {
    return [...this.meals.values()].filter((meal) => meal.elder === elder && meal.mealDate === day);
  }

  /**
   * Sales of one transaction, in the order of their time. Online ones are decided as they come and for good. Then the
   * offline ones of an elder's day take their turns anew, those that arrived earlier among them.
   */
  private batch(taps: readonly ArrivedSale[]): void {
    const fresh: Meal[] = [];
    for (const arrived of taps) {
      const meal = this.meal(arrived);
      if (meal === null) continue;
      if (meal.rateFen > 0) Object.assign(meal, this.split(arrived.sale, meal, this.usesOf(meal.elder as number, meal.mealDate) === 0));
      this.meals.set(arrived.sale.tapId, meal);
      fresh.push(meal);
    }
    for (const meal of fresh) {
      if (!meal.offline || meal.rateFen === 0 || meal.elder === null) continue;
      for (const [changed, turn] of this.turns(meal.elder, meal.mealDate)) {
        const tapId = this.idOf(changed);
        if (!fresh.includes(changed)) this.rerank(tapId, changed, turn);
        else Object.assign(changed, this.split((taps.find(({ sale }) => sale.tapId === tapId) as ArrivedSale).sale, changed, turn));
      }
    }
    for (const meal of fresh) this.book(this.idOf(meal), meal);
  }

  private idOf(meal: Meal): string {
    return [...this.meals].find(([, one]) => one === meal)?.[0] as string;
  }

  /** What a sale is by itself; refused ones are judged at once, and come back as null. */
  private meal({ sale, receivedAt, offline, terminalId, journalNumber }: ArrivedSale): Meal | null {
    const mealDate = chinaDate(sale.deviceTime);
    const turnDown = (code: string): null => {
      this.judged.set(sale.tapId, { outcome: 'refused', code, priceFen: 0, selfPayFen: 0, subsidyFen: 0, siteBorneFen: 0, shares: {}, elder: null, mealDate, bookedMonth: this.monthFor(chinaDate(receivedAt)) });
      return null;
    };
    if (sale.deviceTime > receivedAt + 5 * MINUTE) return turnDown('time-in-future');
    if (mealDate < OPENED) return turnDown('site-not-open');
    const list = this.lists[sale.site]?.find(({ version }) => version === sale.priceListVersion);
    const next = this.lists[sale.site]?.find(({ version }) => version === sale.priceListVersion + 1);
    const inForce = list !== undefined && list.from <= mealDate && (next === undefined || mealDate < next.from);
    if (list === undefined || (!inForce && !offline)) return turnDown('price-list-not-in-force');
    let priceFen = 0;
    for (const { itemCode, quantity } of sale.items) {
      const each = list.fen[itemCode];
      if (each === undefined) return turnDown('item-unknown');
      priceFen += each * quantity;
    }
    const who = this.whose(sale, receivedAt, offline, mealDate, priceFen);
    const bare: Meal = {
      outcome: 'accepted', code: who.code, priceFen, selfPayFen: 0, subsidyFen: 0, siteBorneFen: 0, shares: {}, elder: who.elder, mealDate, bookedMonth: this.monthFor(mealDate),
      site: sale.site, terminalId, journalNumber, rates: who.rates, rateFen: who.fen, roomFen: offline && sale.shown !== null ? Math.max(0, priceFen - sale.shown.selfPayFen) : priceFen, offline, from: offline ? sale.deviceTime : receivedAt, until: null, byHand: false, given: false, selfNow: 0, borneNow: 0, sharesNow: {},
    };
    const meal = { ...bare, ...this.split(sale, bare, false), code: who.code };
    const self = who.fen > 0 && this.usesOf(who.elder as number, mealDate) === 0 ? this.split(sale, bare, true).selfPayFen : meal.selfPayFen;
    return sale.tender === 'none' && (self as number) > 0 && !offline ? turnDown('tender-missing') : meal;
  }

  /** Who eats, and what the city gives for it at most; a code where it gives nothing. */
  private whose(sale: AuditedSale, receivedAt: Instant, offline: boolean, mealDate: string, priceFen: number): { fen: number; code: string | null; elder: number | null; rates: Rates | undefined } {
    const none = (code: string, elder: number | null = null) => ({ fen: 0, code, elder, rates: undefined });
    if (sale.card === null) return none('guest');
    const card = this.cards.get(sale.card);
    if (card === undefined) return none('card-unknown');
    const moment = offline ? sale.deviceTime : receivedAt;
    if (card.lostAt !== null && moment >= card.lostAt) return none('card-lost');
    if (card.gone !== null && moment >= card.gone.at) return none(`card-${card.gone.state}`);
    if (receivedAt - sale.deviceTime > 72 * HOUR) return none('sent-too-late', card.elder);
    const died = this.died.get(card.elder);
    if (died !== undefined && mealDate > died) return none('deceased');
    const rates = this.ratesOn(mealDate);
    const rate = rates === undefined ? 0 : rateOf(rates, (ELDERS[card.elder] as { born: string }).born, mealDate);
    return rate === 0 ? none('too-young', card.elder) : { fen: Math.min(rate, priceFen), code: null, elder: card.elder, rates };
  }

  /** Who pays what of a meal that has its turn or not. Offline, the eater has paid what the till showed. */
  private split(sale: AuditedSale, meal: Meal, turn: boolean): Partial<Meal> {
    const gives = turn ? meal.rateFen : 0;
    let [self, subsidy, borne] = [meal.priceFen - gives, gives, 0];
    if (meal.offline && sale.shown !== null && (sale.shown.selfPayFen !== self || sale.shown.subsidyFen !== subsidy)) {
      self = Math.min(sale.shown.selfPayFen, meal.priceFen);
      subsidy = Math.min(gives, meal.priceFen - self);
      borne = meal.priceFen - self - subsidy;
    }
    const shares = this.sharesOf(meal, subsidy);
    return { selfPayFen: self, subsidyFen: subsidy, siteBorneFen: borne, shares, given: subsidy > 0, code: meal.rateFen > 0 ? (turn ? null : SECOND) : meal.code, selfNow: self, borneNow: borne, sharesNow: { ...shares } };
  }

  private sharesOf({ site, rates }: Meal, subsidy: number): Record<string, number> {
    if (subsidy === 0 || rates === undefined) return {};
    const [ofCity, ofCounty] = splitOf(subsidy, rates.weights);
    return { ...(ofCity > 0 ? { [`city@${CITY_CODE}`]: ofCity } : {}), ...(ofCounty > 0 ? { [`county@${(SITES[site] as { countyCode: string }).countyCode}`]: ofCounty } : {}) };
  }

  /**
   * Whose turn it is among an elder's offline meals of a day: what was given online or by hand counts whenever it was;
   * then by time, terminal and journal, each has its turn if none that has one stands at any moment while it stands.
   */
  private turns(elder: number, day: string): Map<Meal, boolean> {
    const all = this.ofDay(elder, day);
    const having = all.filter((meal) => meal.given && (!meal.offline || meal.byHand));
    const turns = new Map<Meal, boolean>();
    for (const meal of all.filter((one) => one.offline && one.rateFen > 0 && !one.byHand).sort(inTurn)) {
      const free = !having.some((other) => (other.until === null || other.until > meal.from) && (meal.until === null || other.from < meal.until));
      turns.set(meal, free);
      if (free && meal.roomFen > 0) having.push(meal);
    }
    return turns;
  }

  /** A meal that was booked gets or loses its turn: funders and site settle it, the elder's part stays. */
  private rerank(tapId: string, meal: Meal, turn: boolean): void {
    if (turn === meal.given || (turn && meal.selfNow >= meal.priceFen)) return;
    const subsidy = turn ? Math.min(meal.rateFen, meal.priceFen - meal.selfPayFen) : 0;
    const shares = this.sharesOf(meal, subsidy);
    meal.given = subsidy > 0;
    if (meal.until !== null) return;
    for (const funder of new Set([...Object.keys(meal.sharesNow), ...Object.keys(shares)])) this.move(tapId, funder, (shares[funder] ?? 0) - (meal.sharesNow[funder] ?? 0));
  }

  private book(tapId: string, meal: Meal): void {
    const { outcome, code, priceFen, selfPayFen, subsidyFen, siteBorneFen, shares, elder, mealDate, bookedMonth } = meal;
    this.judged.set(tapId, { outcome, code, priceFen, selfPayFen, subsidyFen, siteBorneFen, shares, elder, mealDate, bookedMonth });
    this.post(meal, bookedMonth, 1);
    for (const [funder, fen] of Object.entries(shares)) this.line(bookedMonth, meal.site, mealDate, funder, 1, fen);
    this.count(bookedMonth, meal.site, subsidyFen > 0 ? 1 : 0);
  }

  private takeBack(tapId: string, at: Instant): void {
    const meal = this.meals.get(tapId) as Meal;
    const month = this.monthFor(meal.mealDate);
    this.post(meal, month, -1);
    for (const funder of new Set([...Object.keys(meal.shares), ...Object.keys(meal.sharesNow)])) this.line(month, meal.site, meal.mealDate, funder, funder in meal.shares ? -1 : 0, -(meal.sharesNow[funder] ?? 0));
    this.count(month, meal.site, meal.subsidyFen > 0 ? -1 : 0);
    [meal.selfNow, meal.borneNow, meal.sharesNow, meal.until] = [0, 0, {}, at];
    if (meal.elder === null || meal.rateFen === 0) return;
    for (const [other, turn] of this.turns(meal.elder, meal.mealDate)) this.rerank(this.idOf(other), other, turn);
  }

  private adjust(tapId: string): void {
    const meal = this.meals.get(tapId) as Meal;
    meal.byHand = true;
    for (const [funder, fen] of Object.entries(meal.sharesNow)) this.move(tapId, funder, -fen);
  }

  /** Moves part of a meal between a funder and the site; the elder's part stays. */
  private move(tapId: string, funder: string, fen: number): void {
    if (fen === 0) return;
    const meal = this.meals.get(tapId) as Meal;
    const month = this.monthFor(meal.mealDate);
    const siteId = siteIdOf(meal.site);
    meal.sharesNow[funder] = (meal.sharesNow[funder] ?? 0) + fen;
    meal.borneNow -= fen;
    this.transfer(month, `due/${siteId}/${funder}`, `borne/${siteId}`, fen);
    this.line(month, meal.site, meal.mealDate, funder, 0, fen);
    this.count(month, meal.site, 0);
  }

  private post(meal: Meal, month: CivilMonth, sign: 1 | -1): void {
    const siteId = siteIdOf(meal.site);
    const parts: [string, number][] = [[`cash/${siteId}`, meal.selfNow], [`borne/${siteId}`, meal.borneNow], ...Object.entries(meal.sharesNow).map(([funder, fen]): [string, number] => [`due/${siteId}/${funder}`, fen])];
    for (const [account, fen] of parts) this.transfer(month, account, `sales/${siteId}`, sign * fen);
  }

  /** Moves money; an amount below zero goes the other way. */
  private transfer(month: CivilMonth, debit: string, credit: string, fen: number): void {
    if (fen === 0) return;
    if (fen < 0) return this.transfer(month, credit, debit, -fen);
    this.side(month, debit).debit += fen;
    this.side(month, credit).credit += fen;
  }

  private side(month: CivilMonth, account: string): { debit: number; credit: number } {
    const key = `${month} ${account}`;
    const known = this.accounts.get(key) ?? { debit: 0, credit: 0 };
    this.accounts.set(key, known);
    return known;
  }

  private line(month: CivilMonth, site: number, mealDate: string, funder: string, meals: number, fen: number): void {
    const key = `${month} ${site} ${mealDate.slice(0, 7)} ${funder}`;
    const known = this.lines.get(key) ?? { meals: 0, fen: 0 };
    this.lines.set(key, { meals: known.meals + meals, fen: known.fen + fen });
  }

  private count(month: CivilMonth, site: number, by: number): void {
    const key = `${month} ${site}`;
    this.subsidised.set(key, (this.subsidised.get(key) ?? 0) + by);
  }

  /** Moves what a month's claims of a county came to from one kind of account to another, in the month of the deed. */
  private settle(month: CivilMonth, countyCode: string, on: Instant, to: 'approved' | 'paid', from: 'due' | 'approved'): void {
    const booked = this.monthFor(chinaDate(on));
    for (const [site, { countyCode: here, siteId }] of SITES.entries()) {
      if (here !== countyCode) continue;
      const sums = new Map<string, number>();
      for (const [key, { fen }] of this.lines) {
        const [lineMonth, lineSite, , funder = ''] = key.split(' ');
        if (lineMonth === month && Number(lineSite) === site) sums.set(funder, (sums.get(funder) ?? 0) + fen);
      }
      for (const [funder, fen] of sums) this.transfer(booked, to === 'paid' ? `paid/${funder}` : `approved/${siteId}/${funder}`, `${from}/${siteId}/${funder}`, fen);
    }
  }
}

/** By the meal's time, then terminal, then journal. */
function inTurn(a: Meal, b: Meal): number {
  return a.from - b.from || (a.terminalId < b.terminalId ? -1 : a.terminalId > b.terminalId ? 1 : a.journalNumber - b.journalNumber);
}

function siteIdOf(site: number): string {
  return (SITES[site] as { siteId: string }).siteId;
}

function chinaDateOf(day: string): ReturnType<typeof chinaDate> {
  return day as ReturnType<typeof chinaDate>;
}
