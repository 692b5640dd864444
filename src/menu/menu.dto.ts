import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, Matches } from 'class-validator';
import type { CivilDate, Fen } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, FenField, IdField, ListOf, OneOf, Text, WholeField, WordsOf, YesNo } from '../platform/index.js';
import { ALLERGENS, ITEM_KINDS, MEAL_PERIODS, NUTRITION_MARKS, type Allergen, type ItemKind, type MealPeriod, type NutritionMark } from './domain/index.js';

const ITEM_CODE = /^[A-Za-z0-9-]{1,32}$/;

function ItemCode(): PropertyDecorator {
  return Text({ max: 32, pattern: ITEM_CODE, message: '应为 1 到 32 位字母、数字或横线', example: 'set-a' });
}

const DEAREST_FEN = 100_000;

/** A price in fen, with one sentence for whatever else somebody wrote. @param min fen */
function PriceFen(min: number, { doc, optional = false }: { readonly doc: string; readonly optional?: boolean }): PropertyDecorator {
  const message = `价格应为 ${min} 到 ${DEAREST_FEN} 的整数分：按元至多两位小数，不能为负`;
  return FenField({ min, max: DEAREST_FEN, doc, example: 1200, message, ...(optional ? { optional, nullable: true } : {}) });
}

export class SiteIdParams {
  @IdField() id: string;
}

export class DishField {
  @ItemCode() itemCode: string;
  @Text({ max: 40 }) name: string;
  @OneOf(ITEM_KINDS, { name: 'ItemKind', doc: 'dish 单品，set 套餐' }) kind: ItemKind;
  @ApiProperty({ type: [String], description: '套餐的组成菜品编码；单品为空' })
  @IsArray({ message: '应为列表' }) @ArrayMaxSize(20, { message: '最多 20 项' }) @Matches(ITEM_CODE, { each: true, message: '应为菜品编码' })
  components: string[];
  @WordsOf(NUTRITION_MARKS, { doc: '营养标识' }) marks: NutritionMark[];
  @WordsOf(ALLERGENS, { doc: '致敏物质（GB 7718 八类）' }) allergens: Allergen[];
}

export class DishesRequest {
  @IdField() id: string;
  @ListOf(() => DishField, { min: 1, max: 200 }) dishes: DishField[];
}

export class DishesAnswer {
  @WholeField() saved: number;
}

export class DishPage {
  @ListOf(() => DishField, { max: 500 }) items: DishField[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class PriceField {
  @ItemCode() itemCode: string;
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) mealPeriod: MealPeriod;
  @PriceFen(1, { doc: '价格，整数分；持卡老人付这个价' }) fen: Fen;
  @YesNo({ doc: '是否老年套餐（须备案，受限价约束）' }) elderSet: boolean;
  @PriceFen(0, { optional: true, doc: '散客价，整数分；空为同价' }) guestFen?: Fen | null;
  @PriceFen(0, { optional: true, doc: '陪餐亲属价，整数分；空为同价' }) relativeFen?: Fen | null;
  @PriceFen(1, { optional: true, doc: '持卡老人的半份价，整数分，不高于整份；空为不卖半份' }) halfFen?: Fen | null;
}

export class PriceListRequest {
  @IdField() id: string;
  @CivilDateField({ doc: '生效日' }) effectiveFrom: CivilDate;
  @Text({ optional: true, nullable: true, max: 60, doc: '备案号' }) filingNumber?: string | null;
  @CivilDateField({ optional: true, nullable: true, doc: '备案日期，不晚于生效日' }) filedOn?: CivilDate | null;
  @ListOf(() => PriceField, { min: 1, max: 500 }) prices: PriceField[];
}

export class PriceListCreated {
  @WholeField() version: number;
}

export class NamedPrice extends PriceField {
  @Text() name: string;
  @FenField({ nullable: true, doc: '散客价，整数分；空为同价' }) override guestFen: Fen | null;
  @FenField({ nullable: true, doc: '陪餐亲属价，整数分；空为同价' }) override relativeFen: Fen | null;
  @FenField({ nullable: true, doc: '半份价，整数分；空为不卖半份' }) override halfFen: Fen | null;
}

export class PriceListAnswer {
  @IdField() siteId: string;
  @WholeField() version: number;
  @CivilDateField() effectiveFrom: CivilDate;
  @CivilDateField({ nullable: true, doc: '最后一天，空为至今' }) effectiveTo: CivilDate | null;
  @Text({ nullable: true }) filingNumber: string | null;
  @ListOf(() => NamedPrice, { max: 500 }) prices: NamedPrice[];
}

export class CapRequest {
  @IdField() id: string;
  @DivisionCodeField() divisionCode: string;
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) mealPeriod: MealPeriod;
  @CivilDateField({ doc: '自哪天起' }) fromDate: CivilDate;
  @FenField({ min: 1, max: 100_000, doc: '老年套餐限价，整数分', example: 1300 }) capFen: Fen;
  @Text({ doc: '限价文件' }) document: string;
}

export class CapAnswer {
  @DivisionCodeField() divisionCode: string;
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) mealPeriod: MealPeriod;
  @CivilDateField() fromDate: CivilDate;
  @FenField() capFen: Fen;
  @Text() document: string;
}

export class MenuEntryField {
  @CivilDateField() mealDate: CivilDate;
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) mealPeriod: MealPeriod;
  @ItemCode() itemCode: string;
  @WholeField({ max: 10_000, doc: '供应份数' }) portions: number;
}

export class WeekRequest {
  @IdField() id: string;
  @CivilDateField({ doc: '这一周的星期一' }) monday: CivilDate;
  @ListOf(() => MenuEntryField, { min: 1, max: 500 }) entries: MenuEntryField[];
}

export class WeekAnswer {
  @CivilDateField() monday: CivilDate;
  @WholeField({ doc: '第几次发布' }) revision: number;
}

export class OnDateQuery {
  @CivilDateField({ optional: true, doc: '哪一天，默认今天' }) date?: CivilDate;
}

export class PublicMenuParams {
  @Text({ min: 6, max: 6, pattern: /^\d{4}00$/, message: '应为六位城市代码' }) cityCode: string;
  @IdField() id: string;
}

export class PublicMenuItem extends DishField {
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) mealPeriod: MealPeriod;
  @WholeField() portions: number;
  @FenField({ nullable: true, doc: '当日价格，整数分；空为未定价' }) fen: Fen | null;
  @YesNo({ doc: '是否老年套餐' }) elderSet: boolean;
}

export class PublicMenu {
  @IdField() siteId: string;
  @CivilDateField() date: CivilDate;
  @ListOf(() => PublicMenuItem, { max: 500 }) items: PublicMenuItem[];
}
