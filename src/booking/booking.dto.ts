import { CivilDateField, FenField, IdField, ListOf, Nested, OneOf, Text, WholeField } from '../platform/index.js';
import { MEAL_PERIODS, type MealPeriod } from '../menu/domain/index.js';
import type { Wish } from './price-booking.js';
import { BOOKING_CHANNELS, BOOKING_STATES, BOOKING_WAYS, CUT_OFF_KINDS, type BookingChannel, type BookingState, type BookingWay, type CutOffKind } from './domain/index.js';

const LAST_MINUTE = 1_439;
const MOST_PORTIONS = 9_999;
/** How a member of staff came to book for somebody. */
const STAFF_CHANNELS = ['telephone', 'counter'] as const;
type StaffChannel = (typeof STAFF_CHANNELS)[number];

export class BookingItemDto {
  @Text({ max: 40, doc: '价目表中的编码' })
  itemCode: string;

  @WholeField({ min: 1, max: 99 })
  quantity: number;
}

export class BookingWishBody {
  @IdField({ doc: '这次操作的编号；同号同内容永远同一答复' })
  id: string;

  @ListOf(() => BookingItemDto, { min: 1, max: 10 })
  items: BookingItemDto[];

  @OneOf(BOOKING_WAYS, { name: 'BookingWay', doc: 'dineIn：堂食；collect：自取；deliver：送餐' })
  way: BookingWay;

  @Text({ optional: true, max: 60, doc: '口味或送餐要求，不写个人信息' })
  note?: string;
}

/** What a body wishes for. */
export function wishOf({ items, way, note }: Pick<BookingWishBody, 'items' | 'way' | 'note'>): Wish {
  return { items: items.map(({ itemCode, quantity }) => ({ itemCode, quantity })), way, note: note ?? null };
}

export class BookingBody extends BookingWishBody {
  @Text({ optional: true, max: 40, doc: '助餐卡号；与 elderId 填一项' })
  card?: string;

  @IdField({ optional: true, doc: '老人编号；食堂代订只填卡号' })
  elderId?: string;

  @IdField()
  siteId: string;

  @CivilDateField()
  mealDate: string;

  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: MealPeriod;

  @OneOf(STAFF_CHANNELS, { name: 'BookingBehalf', optional: true, doc: '代订的来路：telephone 来电（不填即为来电），counter 当面' })
  channel?: StaffChannel;
}

export class BookingAnswerDto {
  @IdField()
  bookingId: string;

  @WholeField({ doc: '当日取餐号' })
  number: number;

  @Text({ doc: '取餐码：可念、可印、可扫' })
  code: string;

  @WholeField()
  portions: number;

  @FenField({ doc: '原价；补贴按用餐时计算' })
  priceFen: number;
}

export class GroupRowBody {
  @Text({ optional: true, max: 40, doc: '助餐卡号；与 elderId 填一项' })
  card?: string;

  @IdField({ optional: true })
  elderId?: string;

  @ListOf(() => BookingItemDto, { min: 1, max: 10 })
  items: BookingItemDto[];

  @OneOf(BOOKING_WAYS, { name: 'BookingWay' })
  way: BookingWay;

  @Text({ optional: true, max: 60 })
  note?: string;
}

export class GroupBookingBody {
  @IdField()
  id: string;

  @IdField()
  siteId: string;

  @CivilDateField()
  mealDate: string;

  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: MealPeriod;

  @ListOf(() => GroupRowBody, { min: 1, max: 200, doc: '每位老人一行，逐行答复' })
  rows: GroupRowBody[];
}

export class GroupProblemDto {
  @Text() code: string;
  @Text({ max: 300 }) title: string;
}

export class GroupRowDto {
  @WholeField({ doc: '第几行，自 1 起' }) row: number;
  @Nested(() => BookingAnswerDto, { nullable: true }) booked: BookingAnswerDto | null;
  @Nested(() => GroupProblemDto, { nullable: true, doc: '没有订上的原因' }) problem: GroupProblemDto | null;
}

export class GroupAnswerDto {
  @WholeField({ doc: '订上几行' }) bookedRows: number;
  @ListOf(() => GroupRowDto, { max: 200 }) rows: GroupRowDto[];
}

export class BookingDeedBody {
  @IdField({ doc: '这次操作的编号；同号同内容永远同一答复' })
  id: string;
}

export class BookingCancelBody {
  @IdField()
  id: string;

  @Text({ max: 100, doc: '取消原因' })
  reason: string;
}

export class BookingCancelAnswer {
  @IdField()
  bookingId: string;
}

export class BookingParams {
  @IdField()
  id: string;
}

export class BookingDayParams extends BookingParams {
  @CivilDateField()
  date: string;
}

export class BookingPeriodParams extends BookingParams {
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  period: MealPeriod;
}

export class BookingHoursDto {
  @WholeField({ max: LAST_MINUTE, doc: '开餐，自零点起的分钟数' })
  beginsMinute: number;

  @WholeField({ min: 1, max: LAST_MINUTE + 1, doc: '收餐；再过 60 分钟没有取的视为未取' })
  endsMinute: number;

  @OneOf(CUT_OFF_KINDS, { name: 'BookingCutOff', doc: 'beforeMeal：开餐前若干分钟截止；dayBefore：前一天几点截止' })
  cutOff: CutOffKind;

  @WholeField({ max: LAST_MINUTE, doc: 'beforeMeal：提前的分钟数；dayBefore：前一天自零点起的分钟数' })
  cutOffMinutes: number;

  @WholeField({ nullable: true, max: MOST_PORTIONS, doc: '每天可订的份数；null 为不限' })
  dayPortions: number | null;
}

export class BookingHoursBody extends BookingHoursDto {
  @IdField()
  id: string;
}

export class SiteBookingHoursDto {
  @Nested(() => BookingHoursDto) breakfast: BookingHoursDto;
  @Nested(() => BookingHoursDto) lunch: BookingHoursDto;
  @Nested(() => BookingHoursDto) dinner: BookingHoursDto;
}

export class BookingQuotaBody {
  @IdField()
  id: string;

  @CivilDateField()
  mealDate: string;

  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: MealPeriod;

  @WholeField({ max: MOST_PORTIONS, doc: '这一天这一餐可订的份数' })
  portions: number;
}

export class BookingQuotaAnswer {
  @WholeField()
  portions: number;
}

export class KitchenLineDto {
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: MealPeriod;

  @Text() itemCode: string;
  @Text() name: string;
  @WholeField({ doc: '共几份' }) portions: number;
  @WholeField({ doc: '堂食' }) dineIn: number;
  @WholeField({ doc: '自取' }) collect: number;
  @WholeField({ doc: '送餐' }) deliver: number;
}

export class BookedItemDto extends BookingItemDto {
  @Text()
  name: string;

  @FenField({ doc: '一份的原价' })
  fen: number;
}

export class ListedBookingDto {
  @IdField()
  bookingId: string;

  @WholeField()
  number: number;

  @Text({ doc: '取餐码' })
  code: string;

  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: MealPeriod;

  @OneOf(BOOKING_STATES, { name: 'BookingState', doc: 'open：待取；collected：已取；cancelled：已取消；noShow：未取' })
  state: BookingState;

  @OneOf(BOOKING_WAYS, { name: 'BookingWay' })
  way: BookingWay;

  @ListOf(() => BookedItemDto)
  items: BookedItemDto[];

  @WholeField()
  portions: number;

  @FenField()
  priceFen: number;

  @Text({ nullable: true })
  note: string | null;

  @OneOf(BOOKING_CHANNELS, { name: 'BookingChannel', doc: 'telephone：来电由工作人员代订；counter：当面代订；mini：小程序；standing：长期预订；group：集体预订' })
  channel: BookingChannel;

  @FenField({ doc: '预订里现有的预付款' })
  paidFen: number;

  @Text({ nullable: true, doc: '老人姓名，只留姓：社区和镇街看本辖区待取的，其余为 null' })
  name: string | null;

  @Text({ nullable: true, doc: '助餐卡尾号：可代订的人看待取的，其余为 null' })
  cardTail: string | null;
}

export class BookedDayDto {
  @ListOf(() => KitchenLineDto, { doc: '厨房按餐次和菜品的份数，不含已取消的' })
  kitchen: KitchenLineDto[];

  @ListOf(() => ListedBookingDto, { max: 9_999, doc: '按取餐号' })
  bookings: ListedBookingDto[];
}
