import { CivilDateField, FenField, IdField, ListOf, MomentField, Nested, OneOf, Text, WholeField, YesNo } from '../platform/index.js';
import { MEAL_PERIODS, type MealPeriod } from '../menu/domain/index.js';
import { BookedItemDto, BookingAnswerDto, BookingWishBody } from './booking.dto.js';
import { BOOKING_CHANNELS, BOOKING_PAYS, BOOKING_STATES, BOOKING_WAYS, type BookingChannel, type BookingPay, type BookingState, type BookingWay } from './domain/index.js';

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

export class MiniCancelAnswerDto {
  @IdField() bookingId: string;
  @FenField({ nullable: true, doc: '原路退回的金额；看不到用餐、也不能代付的家人为空' }) refundFen: number | null;
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
