import type { CivilDate, CivilMonth } from '../kernel/index.js';
import { ITEM_KINDS, MEAL_PERIODS, type ItemKind, type MealPeriod } from '../menu/domain/index.js';
import { CivilDateField, CivilMonthField, DecimalField, FenField, IdField, ListOf, MomentField, Nested, OneOf, Text, Texts, WholeField, YesNo } from '../platform/index.js';
import { Type } from 'class-transformer';
import { MEAL_STANDINGS, type MealStanding } from './read-meals.js';

const MOST_DAYS = 7;
const LONG = 400;

export class NearSitesQuery {
  @IdField({ optional: true, doc: '老人编号；不发送位置时按老人的住址由近到远' })
  elderId?: string;

  @DecimalField({ min: 3, max: 54, optional: true, doc: '纬度，请四舍五入到三位小数；只用来算距离，不保存、不记录' })
  @Type(() => Number)
  lat?: number;

  @DecimalField({ min: 73, max: 136, optional: true, doc: '经度，请四舍五入到三位小数；与 lat 一起填写' })
  @Type(() => Number)
  lng?: number;

  @WholeField({ optional: true, min: 1, max: 50, doc: '最多几家，默认 20' })
  limit?: number;
}

export class NearHoursDto {
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) mealPeriod: MealPeriod;
  @WholeField({ doc: '开始，自零点起的分钟' }) fromMinute: number;
  @WholeField({ doc: '结束，不含' }) toMinute: number;
  @Text({ doc: '如：午餐 11:00 到 13:30' }) words: string;
}

export class NearSiteDto {
  @IdField() siteId: string;
  @Text() name: string;
  @Text({ max: 120 }) address: string;
  @Text({ nullable: true, doc: '可以拨打的电话' }) phone: string | null;
  @YesNo({ doc: '今天是否营业' }) isOpen: boolean;
  @ListOf(() => NearHoursDto, { max: 3 }) hours: NearHoursDto[];
  @WholeField({ nullable: true, doc: '直线距离，米；没有发送位置时为空' }) distanceMetres: number | null;
  @Text({ nullable: true, doc: '如：约350米' }) distanceWords: string | null;
}

export class NearSitesDto {
  @ListOf(() => NearSiteDto, { max: 50 }) items: NearSiteDto[];
}

export class MiniSiteParams {
  @IdField() id: string;
}

export class MiniMenuQuery {
  @IdField({ optional: true, doc: '老人编号；填写后给出这位老人的价格' }) elderId?: string;
  @CivilDateField({ optional: true, doc: '从哪天起，默认今天' }) date?: CivilDate;
  @WholeField({ optional: true, min: 1, max: MOST_DAYS, doc: '几天，默认 1' }) days?: number;
}

export class SplitPartDto {
  @Text({ doc: '如：市补5元' }) words: string;
  @FenField() fen: number;
}

export class SplitDto {
  @FenField({ doc: '您付' }) selfPayFen: number;
  @FenField({ doc: '补贴合计' }) subsidyFen: number;
  @ListOf(() => SplitPartDto) parts: SplitPartDto[];
  @Text({ max: LONG, doc: '如：原价15元，市补5元，区补3元，您付7元；没有补贴时说明原因' }) words: string;
}

export class MenuItemDto {
  @Text() itemCode: string;
  @Text() name: string;
  @OneOf(ITEM_KINDS, { name: 'ItemKind' }) kind: ItemKind;
  @Texts({ doc: '套餐里的菜' }) dishes: string[];
  @Texts({ doc: '少油、少盐、低糖、软烂、小份、素食、清真' }) marks: string[];
  @Text({ nullable: true, doc: '致敏提醒，如：含花生、蛋' }) warning: string | null;
  @FenField({ nullable: true, doc: '原价；空为当日没有生效的价格' }) priceFen: number | null;
  @Nested(() => SplitDto, { nullable: true, doc: '这位老人的价格，按现在的规则和已用次数；用餐时以刷卡为准' }) split: SplitDto | null;
}

export class MenuMealDto {
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) mealPeriod: MealPeriod;
  @Text() words: string;
  @WholeField() beginsMinute: number;
  @WholeField() endsMinute: number;
  @MomentField({ doc: '预订、更改、取消的截止时间' }) closesAt: string;
  @Text() closesWords: string;
  @YesNo({ doc: '现在能不能订' }) isBookable: boolean;
  @WholeField({ nullable: true, doc: '还可订几份；空为不限' }) portionsLeft: number | null;
  @Text({ nullable: true }) leftWords: string | null;
  @ListOf(() => MenuItemDto, { max: 500 }) items: MenuItemDto[];
}

export class MenuDayDto {
  @CivilDateField() date: CivilDate;
  @Text({ doc: '如：10月18日 星期日 今天' }) words: string;
  @YesNo() isOpen: boolean;
  @YesNo({ doc: '是否公布了菜谱；没有时列出价目表' }) isPublished: boolean;
  @ListOf(() => MenuMealDto, { max: 3 }) meals: MenuMealDto[];
}

export class MiniMenuDto {
  @IdField() siteId: string;
  @Text() name: string;
  @Text({ nullable: true }) phone: string | null;
  @ListOf(() => MenuDayDto, { max: MOST_DAYS }) days: MenuDayDto[];
}

export class MiniElderParams {
  @IdField() id: string;
}

export class MonthQuery {
  @CivilMonthField({ optional: true, doc: '默认本月' }) month?: CivilMonth;
}

export class WeekMenuQuery {
  @CivilDateField({ optional: true, doc: '这一周里的任意一天，默认今天' }) from?: CivilDate;
}

export class CardStatementBody extends MonthQuery {
  @Text({ max: 40, doc: '助餐卡号' }) card: string;
}

export class MealStoryDto {
  @IdField() tapId: string;
  @CivilDateField() mealDate: CivilDate;
  @Text({ doc: '如：10月18日 星期日' }) dayWords: string;
  @Text({ doc: '几点' }) time: string;
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) mealPeriod: MealPeriod;
  @IdField() siteId: string;
  @Text() siteName: string;
  @Text({ max: LONG }) itemsWords: string;
  @OneOf(MEAL_STANDINGS, { name: 'MealStanding', doc: 'standing：照记；corrected：补贴更正过；voided：已撤销' }) standing: MealStanding;
  @FenField() priceFen: number;
  @FenField({ doc: '您付' }) selfPayFen: number;
  @ListOf(() => SplitPartDto, { doc: '现在的数，已撤销的为空' }) parts: SplitPartDto[];
  @FenField({ doc: '更正后应退给老人的' }) creditFen: number;
  @Text({ max: LONG, doc: '如：原价15元，市补5元，区补3元，您付7元' }) words: string;
  @Text({ nullable: true, max: LONG, doc: '撤销或更正的说明' }) note: string | null;
}

export class MealStoriesDto {
  @CivilMonthField() month: CivilMonth;
  @Text({ max: LONG }) words: string;
  @ListOf(() => MealStoryDto, { max: 1_000, doc: '后吃的在前' }) items: MealStoryDto[];
}

export class StatementDto {
  @CivilMonthField() month: CivilMonth;
  @WholeField({ doc: '用餐次数，不含已撤销的' }) meals: number;
  @WholeField({ doc: '已撤销的次数' }) voided: number;
  @FenField() priceFen: number;
  @FenField({ doc: '您付合计' }) selfPayFen: number;
  @FenField({ doc: '补贴合计' }) subsidyFen: number;
  @FenField({ doc: '更正后应退给老人的合计' }) creditFen: number;
  @ListOf(() => SplitPartDto) parts: SplitPartDto[];
  @Text({ max: LONG, doc: '如：12月用餐20次，原价300元，市补100元，您付200元。' }) words: string;
  @Text({ nullable: true, max: LONG, doc: '预付余额有多少、在哪家银行；本市没有开通的、看的人不是老人本人的为 null' }) prepaidWords: string | null;
  @ListOf(() => MealStoryDto, { max: 1_000, doc: '先吃的在前' }) items: MealStoryDto[];
}

export class RecentSiteDto {
  @IdField() siteId: string;
  @Text() name: string;
  @Text({ nullable: true, doc: '可以拨打的电话' }) phone: string | null;
}

export class RecentMealsDto {
  @Nested(() => RecentSiteDto, { nullable: true, doc: '最近一次用餐的食堂；两年内没有用餐的、已经停办的为空' }) lastSite: RecentSiteDto | null;
  @Texts({ doc: '两年内有用餐记录的月份，如 2024-12，近的在前' }) months: string[];
}
