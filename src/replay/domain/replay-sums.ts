import { fen, type CivilDate } from '../../kernel/index.js';
import type { MealDecision } from '../../subsidy/domain/index.js';

/** Meals and money of one place, month or the whole: what was paid against what the draft would pay. */
export interface Cell {
  meals: number;
  paidMeals: number;
  draftMeals: number;
  priceFen: number;
  paidFen: number;
  draftFen: number;
}

/** What a funder bore against what it would bear. */
export interface FundCell {
  paidMeals: number;
  draftMeals: number;
  paidFen: number;
  draftFen: number;
}

/** Elders whose best class by the draft is this one. */
export interface ClassCell {
  elders: number;
  meals: number;
  draftFen: number;
  gainElders: number;
  gainFen: number;
  loseElders: number;
  loseFen: number;
}

/** An elder who would get more or less, by the id. */
export interface Mover {
  readonly elderId: string;
  readonly meals: number;
  readonly paidFen: number;
  readonly draftFen: number;
}

/** Everything that a replay adds up; plain data, so that it can be put down between two steps. */
export interface ReplaySums {
  all: Cell;
  funds: Record<string, FundCell>;
  counties: Record<string, Cell>;
  sites: Record<string, Cell>;
  months: Record<string, Cell>;
  classes: Record<string, ClassCell>;
  /** Meals at the full price by their code: as recorded, and by the draft. */
  paidCodes: Record<string, number>;
  draftCodes: Record<string, number>;
  elders: { all: number; gain: number; gainFen: number; lose: number; loseFen: number };
  gainers: Mover[];
  losers: Mover[];
  /** Public money by the draft outside the bill: for the site, and for who delivers. */
  siteFen: number;
  deliveryFen: number;
}

/** A meal with both sides of the comparison. */
export interface ComparedMeal {
  readonly elderId: string;
  readonly siteId: string;
  readonly countyCode: string;
  readonly mealDate: CivilDate;
  readonly priceFen: number;
  readonly paidCode: string | null;
  readonly paid: readonly { readonly funderCode: string; readonly fen: number }[];
  readonly draft: readonly { readonly funderCode: string; readonly fen: number }[];
  readonly decision: MealDecision;
}

/** How many elders of each kind are listed. */
export const MOVERS_LISTED = 50;
/** Stands for elders to whom the draft gives nothing. */
export const NO_CLASS = '-';

const emptyCell = (): Cell => ({ meals: 0, paidMeals: 0, draftMeals: 0, priceFen: 0, paidFen: 0, draftFen: 0 });

export function emptySums(): ReplaySums {
  return {
    all: emptyCell(), funds: {}, counties: {}, sites: {}, months: {}, classes: {}, paidCodes: {}, draftCodes: {},
    elders: { all: 0, gain: 0, gainFen: 0, lose: 0, loseFen: 0 }, gainers: [], losers: [], siteFen: 0, deliveryFen: 0,
  };
}

const total = (parts: readonly { readonly fen: number }[]): number => parts.reduce((sum, part) => sum + part.fen, 0);

function addTo(cell: Cell, meal: ComparedMeal, paidFen: number, draftFen: number): void {
  cell.meals += 1;
  cell.priceFen += meal.priceFen;
  cell.paidFen += paidFen;
  cell.draftFen += draftFen;
  if (paidFen > 0) cell.paidMeals += 1;
  if (draftFen > 0) cell.draftMeals += 1;
}

function addFunds(funds: Record<string, FundCell>, meal: ComparedMeal): void {
  const cell = (code: string): FundCell => (funds[code] ??= { paidMeals: 0, draftMeals: 0, paidFen: 0, draftFen: 0 });
  for (const { funderCode, fen: amount } of meal.paid) {
    const fund = cell(funderCode);
    fund.paidFen += amount;
    if (amount > 0) fund.paidMeals += 1;
  }
  for (const { funderCode, fen: amount } of meal.draft) {
    const fund = cell(funderCode);
    fund.draftFen += amount;
    fund.draftMeals += 1;
  }
}

/** The class that gives an elder most over the period; of equals the first by name. */
function bestClass(meals: readonly ComparedMeal[]): string {
  const byClass = new Map<string, number>();
  for (const { decision } of meals) {
    for (const { pays, ruleId, classId, fen: amount } of decision.reasons) {
      if (pays === 'elder') byClass.set(`${ruleId}/${classId}`, (byClass.get(`${ruleId}/${classId}`) ?? 0) + amount);
    }
  }
  let best = NO_CLASS;
  for (const [name, amount] of byClass) {
    const standing = byClass.get(best) ?? 0;
    if (amount > standing || (amount === standing && amount > 0 && name < best)) best = name;
  }
  return best;
}

/** The list with one more, cut to the largest differences; equal ones by id, so that the order of adding does not show. */
function listed(movers: readonly Mover[], one: Mover): Mover[] {
  const size = (mover: Mover): number => Math.abs(mover.draftFen - mover.paidFen);
  return [...movers, one].sort((a, b) => size(b) - size(a) || (a.elderId < b.elderId ? -1 : 1)).slice(0, MOVERS_LISTED);
}

/** Adds all meals of one elder, in any order. Elders may come in any order, too: the sums are the same. */
export function addElder(sums: ReplaySums, meals: readonly ComparedMeal[]): void {
  const [first] = meals;
  if (first === undefined) return;
  let [paidFen, draftFen] = [0, 0];
  for (const meal of meals) {
    const [paid, draft] = [total(meal.paid), total(meal.draft)];
    paidFen += paid;
    draftFen += draft;
    addTo(sums.all, meal, paid, draft);
    addTo((sums.counties[meal.countyCode] ??= emptyCell()), meal, paid, draft);
    addTo((sums.sites[meal.siteId] ??= emptyCell()), meal, paid, draft);
    addTo((sums.months[meal.mealDate.slice(0, 7)] ??= emptyCell()), meal, paid, draft);
    addFunds(sums.funds, meal);
    if (paid === 0) count(sums.paidCodes, meal.paidCode ?? 'corrected');
    if (draft === 0) count(sums.draftCodes, meal.decision.refusal ?? 'nothing-to-pay');
    sums.siteFen += meal.decision.siteFen;
    sums.deliveryFen += meal.decision.deliveryFen;
  }
  addMover(sums, { elderId: first.elderId, meals: meals.length, paidFen, draftFen }, bestClass(meals));
}

function count(codes: Record<string, number>, code: string): void {
  codes[code] = (codes[code] ?? 0) + 1;
}

function addMover(sums: ReplaySums, mover: Mover, className: string): void {
  const difference = mover.draftFen - mover.paidFen;
  const cell = (sums.classes[className] ??= { elders: 0, meals: 0, draftFen: 0, gainElders: 0, gainFen: 0, loseElders: 0, loseFen: 0 });
  sums.elders.all += 1;
  cell.elders += 1;
  cell.meals += mover.meals;
  cell.draftFen += mover.draftFen;
  if (difference > 0) {
    sums.elders.gain += 1;
    sums.elders.gainFen += difference;
    cell.gainElders += 1;
    cell.gainFen += difference;
    sums.gainers = listed(sums.gainers, mover);
  } else if (difference < 0) {
    sums.elders.lose += 1;
    sums.elders.loseFen -= difference;
    cell.loseElders += 1;
    cell.loseFen -= difference;
    sums.losers = listed(sums.losers, mover);
  }
}

/** An elder's id as a result shows it: enough to tell two apart, too little to look one up. */
export function maskedId(elderId: string): string {
  return `${elderId.slice(0, 4)}****${elderId.slice(-4)}`;
}

type Keyed<T> = ({ readonly key: string } & Readonly<T>)[];

/** What a replay came to, as it is kept, hashed and shown. */
export interface ReplayResult {
  readonly basis: Readonly<Record<string, string>>;
  readonly all: Readonly<Cell>;
  readonly funds: Keyed<FundCell>;
  readonly counties: Keyed<Cell>;
  readonly sites: Keyed<Cell>;
  readonly months: Keyed<Cell>;
  readonly classes: Keyed<ClassCell>;
  readonly paidCodes: Keyed<{ meals: number }>;
  readonly draftCodes: Keyed<{ meals: number }>;
  readonly elders: Readonly<ReplaySums['elders']> & { readonly same: number };
  readonly gainers: readonly Mover[];
  readonly losers: readonly Mover[];
  readonly siteFen: number;
  readonly deliveryFen: number;
}

function byKey<T extends object>(cells: Readonly<Record<string, T>>): Keyed<T> {
  return Object.entries(cells).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, cell]) => ({ key, ...cell }));
}

/** Puts the sums into the order in which they are kept; every amount is a whole number of fen. */
export function resultOf(sums: ReplaySums, basis: Readonly<Record<string, string>>): ReplayResult {
  fen(sums.all.draftFen);
  const { all, gain, lose } = sums.elders;
  const meals = (codes: Record<string, number>) => byKey(Object.fromEntries(Object.entries(codes).map(([code, number]) => [code, { meals: number }])));
  const masked = (movers: readonly Mover[]): Mover[] => movers.map((mover) => ({ ...mover, elderId: maskedId(mover.elderId) }));
  return {
    basis, all: sums.all, funds: byKey(sums.funds), counties: byKey(sums.counties), sites: byKey(sums.sites), months: byKey(sums.months), classes: byKey(sums.classes),
    paidCodes: meals(sums.paidCodes), draftCodes: meals(sums.draftCodes), elders: { ...sums.elders, same: all - gain - lose },
    gainers: masked(sums.gainers), losers: masked(sums.losers), siteFen: sums.siteFen, deliveryFen: sums.deliveryFen,
  };
}
