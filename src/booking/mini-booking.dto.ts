import { CivilDateField, FenField, IdField, ListOf, MomentField, Nested, OneOf, Text, WholeField, WordsOf, YesNo } from '../platform/index.js';
import { MEAL_PERIODS, type MealPeriod } from '../menu/domain/index.js';
import { BookedItemDto, BookingAnswerDto, BookingItemDto, BookingWishBody } from './booking.dto.js';
import { BOOKING_CHANNELS, BOOKING_PAYS, BOOKING_STATES, BOOKING_WAYS, STANDING_DAYS, type BookingChannel, type BookingPay, type BookingState, type BookingWay, type StandingDay } from './domain/index.js';

export class MiniBookingBody extends BookingWishBody {
  @IdField({ doc: '为谁订：本人，或同意由您订餐的父母' })
  elderId: string;

  @IdField()
  siteId: string;

  @CivilDateField()
  mealDate: string;

  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: MealPeriod;

  @OneOf(BOOKING_PAYS, { name: 'BookingPay', doc: 'now：现在付款；atMeal：用餐时付款' })
  pay: BookingPay;
}

/** As `wx.requestPayment` takes it. */
export class RequestPaymentDto {
  @Text() appId: string;
  @Text() timeStamp: string;
  @Text() nonceStr: string;
  @Text({ max: 200 }) package: string;
  @OneOf(['RSA']) signType: 'RSA';
  @Text({ max: 1_000 }) paySign: string;
}

export class MiniBookingAnswerDto extends BookingAnswerDto {
  @FenField({ doc: '预计个人支付；以用餐时计算为准，多退，少了在食堂补' })
  expectedSelfPayFen: number;

  @Nested(() => RequestPaymentDto, { nullable: true, doc: '调起微信支付的参数；不用现在付、或微信一时没有答复为 null（稍后用付款接口再取）' })
  payment: RequestPaymentDto | null;

  @MomentField({ nullable: true, doc: '付款的最后时间，过时预订自动取消；不用现在付为 null' })
  payBy: string | null;
}

export class MiniChangeAnswerDto {
  @IdField() bookingId: string;
  @WholeField() number: number;
  @Text() code: string;
  @WholeField() portions: number;
  @FenField() priceFen: number;
}

export class MiniDeedBody {
  @IdField({ doc: '这次操作的编号；同号同内容永远同一答复' })
  id: string;
}

export class MiniCancelAnswerDto {
  @IdField() bookingId: string;
  @FenField({ doc: '原路退回的金额' }) refundFen: number;
}

export class MiniPayAnswerDto {
  @Nested(() => RequestPaymentDto) payment: RequestPaymentDto;
}

export class MiniElderQuery {
  @IdField()
  elderId: string;
}

export class MiniBookingDto {
  @IdField() bookingId: string;
  @IdField() siteId: string;
  @Text() siteName: string;
  @Text({ nullable: true, doc: '食堂电话' }) sitePhone: string | null;
  @CivilDateField() mealDate: string;
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) mealPeriod: MealPeriod;
  @OneOf(BOOKING_STATES, { name: 'BookingState' }) state: BookingState;
  @OneOf(BOOKING_WAYS, { name: 'BookingWay' }) way: BookingWay;
  @OneOf(BOOKING_CHANNELS, { name: 'BookingChannel', doc: 'telephone：来电由工作人员代订；counter：当面代订；mini：小程序；standing：长期预订；group：集体预订' }) channel: BookingChannel;
  @YesNo({ doc: '是家属在自己的微信里订的' }) byKin: boolean;
  @ListOf(() => BookedItemDto) items: BookedItemDto[];
  @WholeField() portions: number;
  @FenField() priceFen: number;
  @Text({ nullable: true }) note: string | null;
  @WholeField() number: number;
  @Text({ nullable: true, doc: '取餐码；只能看用餐的家人为 null' }) code: string | null;
  @MomentField({ doc: '更改和取消的截止时间' }) closesAt: string;
  @OneOf(BOOKING_PAYS, { name: 'BookingPay' }) pay: BookingPay;
  @FenField({ nullable: true, doc: '要先付的金额；用餐时付款为 0。看不到用餐、也不代付的家属，以下各项金额为 null' }) expectedFen: number | null;
  @MomentField({ nullable: true }) payBy: string | null;
  @FenField({ nullable: true, doc: '先后付了多少' }) paidFen: number | null;
  @FenField({ nullable: true, doc: '抵了餐费多少' }) usedFen: number | null;
  @FenField({ nullable: true, doc: '退回多少（含在途）' }) refundFen: number | null;
  @FenField({ nullable: true, doc: '未取餐按本市规定不退的金额' }) keptFen: number | null;
  @Text({ nullable: true, doc: '取消的原因；unpaid 为超时未付款' }) reason: string | null;
}

export class MiniBookingListDto {
  @ListOf(() => MiniBookingDto)
  items: MiniBookingDto[];
}

export class StandingOrderBody extends BookingWishBody {
  @IdField()
  elderId: string;

  @IdField()
  siteId: string;

  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: MealPeriod;

  @WordsOf(STANDING_DAYS, { min: 1, max: 7, doc: 'workdays：每个工作日（按国务院放假安排，调休上班也算）；或星期几' })
  weekdays: StandingDay[];

  @CivilDateField({ doc: '首日，明天或以后' })
  from: string;

  @CivilDateField({ doc: '末日' })
  until: string;
}

export class StandingAnswerDto {
  @IdField()
  standingId: string;
}

export class StandingDayDto {
  @CivilDateField() date: string;
  @OneOf(['booked', 'dayOff', 'failed'], { name: 'StandingOutcome', doc: 'booked：已订；dayOff：放假不订；failed：没有订上' }) outcome: 'booked' | 'dayOff' | 'failed';
  @IdField({ nullable: true }) bookingId: string | null;
  @Text({ nullable: true, max: 200, doc: '没有订上的原因' }) sentence: string | null;
}

export class StandingOrderDto {
  @IdField() standingId: string;
  @IdField() siteId: string;
  @Text() siteName: string;
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) mealPeriod: MealPeriod;
  @WordsOf(STANDING_DAYS) weekdays: StandingDay[];
  @ListOf(() => BookingItemDto) items: BookingItemDto[];
  @OneOf(BOOKING_WAYS, { name: 'BookingWay' }) way: BookingWay;
  @Text({ nullable: true }) note: string | null;
  @CivilDateField() from: string;
  @CivilDateField() until: string;
  @OneOf(['standing', 'ended'], { name: 'StandingState' }) state: 'standing' | 'ended';
  @ListOf(() => StandingDayDto, { doc: '最近各天，新的在前' }) days: StandingDayDto[];
}

export class StandingListDto {
  @ListOf(() => StandingOrderDto)
  items: StandingOrderDto[];
}
