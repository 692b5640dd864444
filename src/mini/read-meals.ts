import { Inject, Injectable } from '@nestjs/common';
import { chinaMinute, clockWords, dayWords, fen, firstDay, lastDay, NO_FEN, sumFen, type CivilDate, type CivilMonth, type Clock, type Fen } from '../kernel/index.js';
import { readPrices } from '../menu/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import { CLOCK, type Tx } from '../platform/index.js';
import { siteNames } from '../site/index.js';
import { whyFull } from '../subsidy/domain/index.js';
import { pastMeals, type FunderPart, type PastMeal } from '../tap/index.js';
import { itemsWords, monthWords, partWords, PERIOD_WORDS, sequelWords, splitWords, type NamedPart } from './domain/index.js';
import { correctedAmong, itemsEaten, type EatenItems } from './mini.store.js';

export const MEAL_STANDINGS = ['standing', 'corrected', 'voided'] as const;
export type MealStanding = (typeof MEAL_STANDINGS)[number];

/** One meal as its elder reads it. Amounts are those that stand now; of a meal that was taken back they are those it was sold at. */
export interface MealStory {
  readonly tapId: string;
  readonly mealDate: CivilDate;
  readonly dayWords: string;
  /** When it was sold, as a clock shows it. */
  readonly time: string;
  readonly mealPeriod: MealPeriod;
  readonly siteId: string;
  readonly siteName: string;
  readonly itemsWords: string;
  readonly standing: MealStanding;
  readonly priceFen: Fen;
  readonly selfPayFen: Fen;
  readonly parts: readonly { readonly words: string; readonly fen: Fen }[];
  /** What funders bear above what was left of the price. */
  readonly creditFen: Fen;
  readonly words: string;
  /** What became of it since; null where nothing did. */
  readonly note: string | null;
}

/** A month of an elder's meals. */
export interface MonthStory {
  readonly month: CivilMonth;
  /** That stand. */
  readonly meals: number;
  readonly voided: number;
  readonly priceFen: Fen;
  readonly selfPayFen: Fen;
  readonly subsidyFen: Fen;
  readonly creditFen: Fen;
  readonly parts: readonly { readonly words: string; readonly fen: Fen }[];
  readonly words: string;
  /** In the order of the meals. */
  readonly lines: readonly MealStory[];
}

/** What purses are called where a meal does not say it: one that came in by a correction. */
const PURSES: Readonly<Record<string, string>> = { city: '市', county: '区', township: '街道', village: '村', lotteryWelfareFund: '福彩', charity: '慈善' };

interface Told extends Omit<MealStory, 'words' | 'note' | 'parts'> {
  readonly parts: readonly NamedPart[];
  readonly openFen: Fen;
  readonly othersFen: Fen;
  readonly why: string;
}

/** Tells an elder's meals of a month in plain words. What somebody is never stands in them, nor why a fact was put right. */
@Injectable()
export class ReadMeals {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** @param siteId only what was eaten there; null for all */
  async ofMonth(tx: Tx, cityCode: string, elderId: string, month: CivilMonth, siteId: string | null = null): Promise<MonthStory> {
    const found = await pastMeals(tx, { cityCode, elderIds: [elderId], from: firstDay(month), to: lastDay(month), knownAt: this.clock.now(), explained: false });
    const meals = siteId === null ? found : found.filter((meal) => meal.siteId === siteId);
    const ids = meals.map(({ tapId }) => tapId);
    const [eaten, corrected, names] = await Promise.all([itemsEaten(tx, cityCode, meals), correctedAmong(tx, cityCode, ids), siteNames(tx, cityCode, meals.map((meal) => meal.siteId))]);
    const dishes = await this.dishNames(tx, cityCode, [...eaten.values()]);
    const told = meals.map((meal) => tell(meal, { eaten: eaten.get(meal.tapId), isCorrected: corrected.has(meal.tapId), siteName: names.get(meal.siteId) ?? '', dishes }));
    return { ...sumsOf(month, told), lines: told.map(storyOf) };
  }

  /** Names of items, by the list that the meal was sold by. */
  private async dishNames(tx: Tx, cityCode: string, eaten: readonly EatenItems[]): Promise<ReadonlyMap<string, string>> {
    const wanted = new Map(eaten.map(({ siteId, priceListVersion: version }) => [`${siteId} ${version}`, { siteId, version }]));
    const lists = await readPrices(tx, cityCode, [...wanted.values()]);
    return new Map(lists.flatMap(({ siteId, version, prices }) => prices.map(({ itemCode, name }) => [`${siteId} ${version} ${itemCode}`, name] as const)));
  }
}

interface Around {
  readonly eaten: EatenItems | undefined;
  readonly isCorrected: boolean;
  readonly siteName: string;
  readonly dishes: ReadonlyMap<string, string>;
}

function tell(meal: PastMeal, { eaten, isCorrected, siteName, dishes }: Around): Told {
  const { tapId, mealDate, mealPeriod, siteId, priceFen, selfPayFen, othersFen, code } = meal;
  const voided = meal.voidedAt !== null;
  const parts = namedParts(meal.shares, eaten);
  const rest = priceFen - selfPayFen - sumFen(parts.map((part) => part.fen));
  return {
    tapId, mealDate, dayWords: dayWords(mealDate), time: clockWords(chinaMinute(meal.deviceTime)), mealPeriod, siteId, siteName, priceFen, selfPayFen, othersFen, parts,
    itemsWords: eaten === undefined ? PERIOD_WORDS[mealPeriod] : itemsWords(eaten.items.map((item) => ({ ...item, name: dishes.get(`${siteId} ${eaten.priceListVersion} ${item.itemCode}`) ?? '' }))),
    standing: voided ? 'voided' : isCorrected ? 'corrected' : 'standing',
    openFen: voided ? NO_FEN : fen(Math.max(0, rest)), creditFen: voided ? NO_FEN : fen(Math.max(0, -rest)), why: whyFull(code),
  };
}

/** Purses of one name together, as the meal named them when it was sold. */
function namedParts(shares: readonly FunderPart[], eaten: EatenItems | undefined): NamedPart[] {
  const known = new Map((eaten?.funding ?? []).map(({ funderCode, name }) => [funderCode, name]));
  const sums = new Map<string, Fen>();
  for (const { funderCode, fen: amount } of shares) {
    const name = known.get(funderCode) ?? PURSES[funderCode.split('@')[0] ?? ''] ?? '财政';
    sums.set(name, sumFen([sums.get(name) ?? NO_FEN, amount]));
  }
  return [...sums].map(([name, amount]) => ({ name, fen: amount }));
}

function shown(parts: readonly NamedPart[]): { words: string; fen: Fen }[] {
  return parts.map((part) => ({ words: partWords(part), fen: part.fen }));
}

function storyOf({ openFen, othersFen, why, parts, ...meal }: Told): MealStory {
  const { priceFen, selfPayFen, creditFen, standing } = meal;
  const voided = standing === 'voided';
  return {
    ...meal, parts: shown(parts),
    words: voided ? '已撤销' : splitWords({ priceFen, selfPayFen, parts, othersFen, openFen, why }),
    note: sequelWords({ voided, corrected: standing === 'corrected', creditFen, paidFen: selfPayFen }),
  };
}

function sumsOf(month: CivilMonth, told: readonly Told[]): Omit<MonthStory, 'lines'> {
  const standing = told.filter((meal) => meal.standing !== 'voided');
  const voided = told.length - standing.length;
  const total = (pick: (meal: Told) => Fen): Fen => sumFen(standing.map(pick));
  const sums = new Map<string, Fen>();
  for (const { name, fen: amount } of standing.flatMap(({ parts }) => parts)) sums.set(name, sumFen([sums.get(name) ?? NO_FEN, amount]));
  const parts = [...sums].map(([name, amount]) => ({ name, fen: amount }));
  const [priceFen, selfPayFen, openFen, creditFen] = [total((meal) => meal.priceFen), total((meal) => meal.selfPayFen), total((meal) => meal.openFen), total((meal) => meal.creditFen)];
  return {
    month, meals: standing.length, voided, priceFen, selfPayFen, subsidyFen: sumFen(parts.map((part) => part.fen)), creditFen, parts: shown(parts),
    words: monthWords({ monthOfYear: Number(month.slice(5)), meals: standing.length, voided, priceFen, selfPayFen, parts, openFen, creditFen }),
  };
}
