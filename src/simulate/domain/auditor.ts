import { addMonths, chinaDate, monthOf, type CivilMonth, type Instant } from '../../kernel/index.js';
import { CITY_CODE, ELDERS, SITES } from './cast.js';
import { rateOf, SAMPLE, splitOf, type Rates } from './rates.js';

/** A sale as its till wrote it into its journal. */
export interface AuditedSale {
  readonly tapId: string;
  readonly site: number;
  readonly card: string | null;
  readonly items: readonly { readonly itemCode: string; readonly quantity: number }[];
  readonly mealPeriod: string;
  readonly priceListVersion: number;
  readonly deviceTime: Instant;
  readonly tender: string;
  readonly shown: { readonly selfPayFen: number; readonly subsidyFen: number } | null;
}

/** Something that the rows say happened, in the order in which it was committed. */
export type Happening =
  | { readonly what: 'tap'; readonly sale: AuditedSale; readonly receivedAt: Instant; readonly offline: boolean }
  | { readonly what: 'void'; readonly tapId: string }
  | { readonly what: 'adjust'; readonly tapId: string }
  | { readonly what: 'rank'; readonly tapId: string; readonly funderCode: string; readonly fen: number }
  | { readonly what: 'lost'; readonly card: string; readonly at: Instant }
  | { readonly what: 'replaced'; readonly card: string; readonly by: string; readonly at: Instant }
  | { readonly what: 'death'; readonly elder: number; readonly diedOn: string }
  | { readonly what: 'prices'; readonly site: number; readonly version: number; readonly from: string; readonly fen: Readonly<Record<string, number>> }
  | { readonly what: 'rule'; readonly rates: Rates }
  | { readonly what: 'close'; readonly month: CivilMonth }
  | { readonly what: 'release'; readonly month: CivilMonth; readonly countyCode: string; readonly on: Instant }
  | { readonly what: 'paid'; readonly month: CivilMonth; readonly countyCode: string; readonly on: Instant };

/** What the books must say of a sale. */
export interface Judged {
  readonly outcome: 'accepted' | 'refused';
  readonly code: string | null;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly subsidyFen: number;
  readonly siteBorneFen: number;
  readonly shares: Readonly<Record<string, number>>;
  readonly elder: number | null;
  readonly mealDate: string;
  readonly bookedMonth: CivilMonth;
}

interface Standing extends Judged {
  readonly site: number;
  readonly used: string | null;
  selfNow: number;
  borneNow: number;
  sharesNow: Record<string, number>;
}

interface CardState {
  readonly elder: number;
  lostAt: Instant | null;
  gone: { readonly state: string; readonly at: Instant } | null;
}

interface List {
  readonly version: number;
  readonly from: string;
  readonly fen: Readonly<Record<string, number>>;
}

/** A line of a claim. */
export interface AuditedLine {
  meals: number;
  fen: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OPENED = '2023-06-01';
const ACCEPTED_FLAG = 'second-meal-today';

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
  private readonly standing = new Map<string, Standing>();
  private readonly cards = new Map<string, CardState>(ELDERS.map(({ card }, elder) => [card, { elder, lostAt: null, gone: null }]));
  private readonly died = new Map<number, string>();
  private readonly uses = new Map<string, number>();
  private readonly rules: Rates[] = [SAMPLE];
  private readonly lists: List[][];

  constructor(firstPrices: Readonly<Record<string, number>>) {
    this.lists = SITES.map(() => [{ version: 1, from: '2024-01-01', fen: firstPrices }]);
  }

  /** Takes what happened next. */
  take(happening: Happening): void {
    switch (happening.what) {
      case 'tap': return this.tap(happening.sale, happening.receivedAt, happening.offline);
      case 'void': return this.takeBack(happening.tapId);
      case 'adjust': return this.adjust(happening.tapId);
      case 'rank': return this.move(happening.tapId, happening.funderCode, happening.fen);
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

  /** How often an elder was subsidised on a day. */
  usesOf(elder: number, day: string): number {
    return this.uses.get(`${elder} ${day}`) ?? 0;
  }

  /** The month in which something of a day is booked. */
  monthFor(day: string): CivilMonth {
    const last = this.closed.at(-1);
    const own = monthOf(chinaDateOf(day));
    return last === undefined || own > last ? own : addMonths(last, 1);
  }

  private tap(sale: AuditedSale, receivedAt: Instant, offline: boolean): void {
    const mealDate = chinaDate(sale.deviceTime);
    const refuse = (code: string): void => void this.judged.set(sale.tapId, {
      outcome: 'refused', code, priceFen: 0, selfPayFen: 0, subsidyFen: 0, siteBorneFen: 0, shares: {}, elder: null, mealDate, bookedMonth: this.monthFor(chinaDate(receivedAt)),
    });
    if (sale.deviceTime > receivedAt + 5 * MINUTE) return refuse('time-in-future');
    if (mealDate < OPENED) return refuse('site-not-open');
    const list = this.lists[sale.site]?.find(({ version }) => version === sale.priceListVersion);
    const next = this.lists[sale.site]?.find(({ version }) => version === sale.priceListVersion + 1);
    const inForce = list !== undefined && list.from <= mealDate && (next === undefined || mealDate < next.from);
    if (list === undefined || (!inForce && !offline)) return refuse('price-list-not-in-force');
    let priceFen = 0;
    for (const { itemCode, quantity } of sale.items) {
      const each = list.fen[itemCode];
      if (each === undefined) return refuse('item-unknown');
      priceFen += each * quantity;
    }
    const given = this.give(sale, receivedAt, offline, mealDate, priceFen);
    let [self, subsidy, borne] = [priceFen - given.fen, given.fen, 0];
    if (offline && sale.shown !== null && (sale.shown.selfPayFen !== self || sale.shown.subsidyFen !== subsidy)) {
      self = Math.min(sale.shown.selfPayFen, priceFen);
      subsidy = Math.min(given.fen, priceFen - self);
      borne = priceFen - self - subsidy;
    }
    if (sale.tender === 'none' && self > 0 && !offline) return refuse('tender-missing');
    this.book(sale, mealDate, given, { priceFen, self, subsidy, borne });
  }

  /** What the city gives for a sale, and why it gives nothing. */
  private give(sale: AuditedSale, receivedAt: Instant, offline: boolean, mealDate: string, priceFen: number): { fen: number; code: string | null; elder: number | null; rates: Rates | undefined } {
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
    if (rate === 0) return none('too-young', card.elder);
    if (this.usesOf(card.elder, mealDate) > 0) return none(ACCEPTED_FLAG, card.elder);
    return { fen: Math.min(rate, priceFen), code: null, elder: card.elder, rates };
  }

  private book(sale: AuditedSale, mealDate: string, given: ReturnType<Auditor['give']>, split: { priceFen: number; self: number; subsidy: number; borne: number }): void {
    const { priceFen, self, subsidy, borne } = split;
    const county = `county@${(SITES[sale.site] as { countyCode: string }).countyCode}`;
    const shares: Record<string, number> = {};
    if (subsidy > 0 && given.rates !== undefined) {
      const [ofCity, ofCounty] = splitOf(subsidy, given.rates.weights);
      if (ofCity > 0) shares[`city@${CITY_CODE}`] = ofCity;
      if (ofCounty > 0) shares[county] = ofCounty;
    }
    const used = subsidy > 0 && given.elder !== null ? `${given.elder} ${mealDate}` : null;
    if (used !== null) this.uses.set(used, (this.uses.get(used) ?? 0) + 1);
    const bookedMonth = this.monthFor(mealDate);
    const judged: Standing = {
      outcome: 'accepted', code: given.code, priceFen, selfPayFen: self, subsidyFen: subsidy, siteBorneFen: borne, shares, elder: given.elder, mealDate, bookedMonth,
      site: sale.site, used, selfNow: self, borneNow: borne, sharesNow: { ...shares },
    };
    this.judged.set(sale.tapId, judged);
    this.standing.set(sale.tapId, judged);
    this.post(judged, bookedMonth, 1);
    for (const [funder, fen] of Object.entries(shares)) this.line(bookedMonth, sale.site, mealDate, funder, 1, fen);
    if (subsidy > 0) this.count(bookedMonth, sale.site, 1);
    else this.count(bookedMonth, sale.site, 0);
  }

  private takeBack(tapId: string): void {
    const meal = this.standing.get(tapId) as Standing;
    const month = this.monthFor(meal.mealDate);
    this.post(meal, month, -1);
    for (const funder of Object.keys(meal.shares)) this.line(month, meal.site, meal.mealDate, funder, -1, -(meal.sharesNow[funder] ?? 0));
    this.count(month, meal.site, meal.subsidyFen > 0 ? -1 : 0);
    if (meal.used !== null) this.uses.set(meal.used, (this.uses.get(meal.used) ?? 0) - 1);
    [meal.selfNow, meal.borneNow, meal.sharesNow] = [0, 0, {}];
  }

  private adjust(tapId: string): void {
    const meal = this.standing.get(tapId) as Standing;
    for (const [funder, fen] of Object.entries(meal.sharesNow)) this.move(tapId, funder, -fen);
  }

  /** Moves part of a meal between a funder and the site; the elder's part stays. */
  private move(tapId: string, funder: string, fen: number): void {
    const meal = this.standing.get(tapId) as Standing;
    const month = this.monthFor(meal.mealDate);
    const siteId = siteIdOf(meal.site);
    meal.sharesNow[funder] = (meal.sharesNow[funder] ?? 0) + fen;
    meal.borneNow -= fen;
    this.transfer(month, `due/${siteId}/${funder}`, `borne/${siteId}`, fen);
    this.line(month, meal.site, meal.mealDate, funder, 0, fen);
    this.count(month, meal.site, 0);
  }

  private post(meal: Standing, month: CivilMonth, sign: 1 | -1): void {
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

function siteIdOf(site: number): string {
  return (SITES[site] as { siteId: string }).siteId;
}

function chinaDateOf(day: string): ReturnType<typeof chinaDate> {
  return day as ReturnType<typeof chinaDate>;
}
