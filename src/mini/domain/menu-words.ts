import type { Allergen, Eater, MealPeriod, NutritionMark } from '../../menu/domain/index.js';

export const PERIOD_WORDS: Readonly<Record<MealPeriod, string>> = { breakfast: '早餐', lunch: '午餐', dinner: '晚餐' };

/** What an elder looks for in a dish. */
export const MARK_WORDS: Readonly<Record<NutritionMark, string>> = {
  lowOil: '少油', lowSalt: '少盐', lowSugar: '低糖', softDiet: '软烂', smallPortion: '小份', vegetarian: '素食', halal: '清真',
};

const ALLERGEN_WORDS: Readonly<Record<Allergen, string>> = {
  gluten: '麸质谷物', crustaceans: '虾蟹', fish: '鱼', eggs: '蛋', peanuts: '花生', soya: '大豆', milk: '奶', nuts: '坚果',
};

/** What to beware of: 含花生、蛋; null where nothing is written down. */
export function warningWords(allergens: readonly Allergen[]): string | null {
  return allergens.length === 0 ? null : `含${allergens.map((one) => ALLERGEN_WORDS[one]).join('、')}`;
}

/** How far it is, roughly: nobody walks by the metre. */
export function distanceWords(metres: number): string {
  return metres < 1_000 ? `约${Math.max(50, Math.round(metres / 50) * 50)}米` : `约${(metres / 1_000).toFixed(1)}公里`;
}

/** How many portions can still be booked. */
export function leftWords(left: number | null): string | null {
  if (left === null) return null;
  return left === 0 ? '已订满' : `还可订${left}份`;
}

/** A line of what was eaten. */
interface NamedItem {
  readonly name: string;
  readonly quantity: number;
  readonly half?: true;
  readonly for?: Eater;
}

const EATER_WORDS: Readonly<Record<Eater, string>> = { relative: '陪餐亲属', guest: '陪餐' };

/** What was eaten: 套餐、米饭（半份）×2. */
export function itemsWords(items: readonly NamedItem[]): string {
  return items.map(({ name, quantity, half, for: eater }) => {
    const kind = [...(half === true ? ['半份'] : []), ...(eater === undefined ? [] : [EATER_WORDS[eater]])];
    return `${name}${kind.length > 0 ? `（${kind.join('，')}）` : ''}${quantity > 1 ? `×${quantity}` : ''}`;
  }).join('、');
}
