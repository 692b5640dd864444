import { CivilDateField, IdField, ListOf, OneOf, problemBody, Text, WordsOf, YesNo } from '../platform/index.js';
import { MEAL_PERIODS, type MealPeriod } from '../menu/domain/index.js';
import { BookingItemDto, BookingWishBody } from './booking.dto.js';
import { BOOKING_WAYS, daysOf, HAS_MEAL, STANDING_DAYS, type BookingWay, type StandingDay } from './domain/index.js';
import type { StandingView } from './standing.store.js';

/** What a standing order asks for, whoever asks. */
class StandingWishBody extends BookingWishBody {
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

export class StandingOrderBody extends StandingWishBody {
  @IdField()
  elderId: string;
}

export class StandingOnBehalfBody extends StandingWishBody {
  @Text({ optional: true, max: 40, doc: '助餐卡号；与 elderId 填一项' })
  card?: string;

  @IdField({ optional: true, doc: '老人编号；食堂代订只填卡号' })
  elderId?: string;
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
  @YesNo({ doc: '没有订上，老人这一餐也没有别的预订' }) missed: boolean;
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
  @YesNo({ doc: '是工作人员代订的' }) byStaff: boolean;
  @ListOf(() => StandingDayDto, { doc: '最近各天，新的在前' }) days: StandingDayDto[];
}

export class StandingListDto {
  @ListOf(() => StandingOrderDto)
  items: StandingOrderDto[];
}

export class SiteStandingQuery {
  @IdField()
  siteId: string;
}

export class SiteStandingDto extends StandingOrderDto {
  @Text({ nullable: true, doc: '老人姓名，只留姓；食堂和辖区外的为 null' }) name: string | null;
  @Text({ nullable: true, doc: '助餐卡尾号' }) cardTail: string | null;
}

export class SiteStandingListDto {
  @ListOf(() => SiteStandingDto)
  items: SiteStandingDto[];
}

export class StandingContactDto {
  @Text() name: string;
  @Text({ nullable: true }) phone: string | null;
}

/** A standing order as it is answered. */
export function standingDto({ standingId, siteId, siteName, mealPeriod, weekdays, items, way, note, from, until, accountId, endedAt, days }: StandingView): StandingOrderDto {
  return {
    standingId, siteId, siteName, mealPeriod, weekdays: daysOf(weekdays), items: items.map((item) => ({ ...item })), way, note, from, until, state: endedAt === null ? 'standing' : 'ended', byStaff: accountId === null,
    days: days.map(({ date, outcome, bookingId, code, detail }) => ({ date, outcome, bookingId, sentence: code === null ? null : problemBody(code, detail ?? undefined).title, missed: outcome === 'failed' && code !== HAS_MEAL })),
  };
}
