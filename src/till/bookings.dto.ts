import { BOOKING_WAYS, type BookingWay } from '../booking/domain/index.js';
import { CivilDateField, FenField, IdField, ListOf, OneOf, Text, WholeField } from '../platform/index.js';
import { MEAL_PERIODS, type MealPeriod } from '../subsidy/domain/index.js';

const MOST_MS = 9_000_000_000_000;

export class TillBookedItemDto {
  @Text({ max: 40 }) itemCode: string;
  @WholeField({ min: 1 }) quantity: number;
  @Text() name: string;
}

export class TillBookingDto {
  @IdField() id: string;
  @Text({ doc: '卡在本终端的代号' }) h: string;
  @Text({ doc: '取餐码在本终端的代号' }) c: string;
  @WholeField({ doc: '当日取餐号' }) no: number;
  @CivilDateField() d: string;
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) p: MealPeriod;
  @OneOf(BOOKING_WAYS, { name: 'BookingWay' }) w: BookingWay;
  @OneOf(['open', 'collected', 'noShow'], { name: 'TillBookingState' }) s: 'open' | 'collected' | 'noShow';
  @ListOf(() => TillBookedItemDto) i: TillBookedItemDto[];
  @FenField({ doc: '预订时已付、现在可用的金额' }) f: number;
  @Text({ max: 400, doc: '凭取餐码代替卡号的凭据，只在本终端、当日、这份预订有效' }) n: string;
}

/** Today's and tomorrow's bookings; `x-till-signature` is the server's Ed25519 signature over the bytes. */
export class TillBookingsDto {
  @WholeField() format: number;
  @IdField() siteId: string;
  @IdField() terminalId: string;
  @WholeField({ doc: '代号所属的密钥代数' }) generation: number;
  @WholeField({ max: MOST_MS, doc: '生成时间，1970 年以来的毫秒数' }) asOf: number;
  @ListOf(() => TillBookingDto, { max: 20_000 }) rows: TillBookingDto[];
}
