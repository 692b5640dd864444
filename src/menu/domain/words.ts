/** A single dish, or a set made of dishes. */
export const ITEM_KINDS = ['dish', 'set'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** What an elder looks for: 低油、低盐、低糖 (三减), 软食, 小份, 素食, 清真. */
export const NUTRITION_MARKS = ['lowOil', 'lowSalt', 'lowSugar', 'softDiet', 'smallPortion', 'vegetarian', 'halal'] as const;
export type NutritionMark = (typeof NUTRITION_MARKS)[number];

/** The eight kinds of allergens of GB 7718: cereals with gluten, crustaceans, fish, eggs, peanuts, soya, milk, nuts. */
export const ALLERGENS = ['gluten', 'crustaceans', 'fish', 'eggs', 'peanuts', 'soya', 'milk', 'nuts'] as const;
export type Allergen = (typeof ALLERGENS)[number];

/** 早餐、午餐、晚餐 */
export { MEAL_PERIODS, type MealPeriod } from '../../site/domain/index.js';
