import { Body, Controller, Get, Header, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { civilDate } from '../kernel/index.js';
import { SitePlaces } from '../access/index.js';
import { Allow, answer, CurrentActor, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import {
  BookedDayDto, BookingAnswerDto, BookingBody, BookingCancelAnswer, BookingCancelBody, BookingDayParams, BookingHoursBody, BookingHoursDto, BookingParams, BookingPeriodParams,
  BookingQuotaAnswer, BookingQuotaBody, BookingWishBody, GroupAnswerDto, GroupBookingBody, SiteBookingHoursDto, wishOf,
} from './booking.dto.js';
import { BookGroup } from './book-group.js';
import { CancelBooking } from './cancel-booking.js';
import { ChangeBooking } from './change-booking.js';
import { readHours } from './hours.store.js';
import { MakeBooking } from './make-booking.js';
import { BOOKERS, forWhom } from './reach-booking.js';
import { SetBookingHours } from './set-hours.js';
import { ViewBookings } from './view-bookings.js';

/** Meals that staff book for elders who call or come by. */
@ApiTags('预订')
@ApiBearerAuth()
@Controller('v1/bookings')
export class BookingController {
  constructor(
    private readonly makes: MakeBooking, private readonly groups: BookGroup, private readonly changes: ChangeBooking, private readonly cancels: CancelBooking, private readonly views: ViewBookings,
    private readonly sets: SetBookingHours, private readonly places: SitePlaces, private readonly transactor: Transactor, private readonly cipher: FieldCipher,
  ) {}

  @Post()
  @HttpCode(200)
  @Allow(...BOOKERS)
  @ApiOperation({ summary: '为老人代订一餐，取得取餐码；用餐时付款' })
  @ApiOkResponse({ type: BookingAnswerDto })
  async make(@CurrentActor() actor: StaffActor, @Body() body: BookingBody): Promise<BookingAnswerDto> {
    const { id, siteId, mealDate, mealPeriod } = body;
    return answer(await this.makes.run(actor, { id, siteId, mealDate: civilDate(mealDate), mealPeriod, who: answer(forWhom(this.cipher, body)), channel: body.channel ?? 'telephone', ...wishOf(body) }));
  }

  @Post('group')
  @HttpCode(200)
  @Allow(...BOOKERS)
  @ApiOperation({ summary: '为一个小区的多位老人代订同一餐，逐行答复' })
  @ApiOkResponse({ type: GroupAnswerDto })
  async group(@CurrentActor() actor: StaffActor, @Body() { id, siteId, mealDate, mealPeriod, rows }: GroupBookingBody): Promise<GroupAnswerDto> {
    return answer(await this.groups.run(actor, { id, siteId, mealDate: civilDate(mealDate), mealPeriod, rows: rows.map((row) => ({ who: answer(forWhom(this.cipher, row)), ...wishOf(row) })) }));
  }

  @Post(':id/change')
  @HttpCode(200)
  @Allow(...BOOKERS)
  @ApiOperation({ summary: '截止前更改一份预订' })
  @ApiOkResponse({ type: BookingAnswerDto })
  async change(@CurrentActor() actor: StaffActor, @Param() { id }: BookingParams, @Body() body: BookingWishBody): Promise<BookingAnswerDto> {
    return answer(await this.changes.run(actor, id, body.id, wishOf(body)));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Allow(...BOOKERS)
  @ApiOperation({ summary: '截止前取消一份预订' })
  @ApiOkResponse({ type: BookingCancelAnswer })
  async cancel(@CurrentActor() actor: StaffActor, @Param() { id }: BookingParams, @Body() body: BookingCancelBody): Promise<BookingCancelAnswer> {
    return answer(await this.cancels.run(actor, id, body.id, body.reason));
  }

  @Get('sites/:id/days/:date')
  @Header('cache-control', 'no-store')
  @Allow(...BOOKERS, 'cashier', 'countyOfficer')
  @ApiOperation({ summary: '一个助餐点一天的预订：厨房清单和取餐号' })
  @ApiOkResponse({ type: BookedDayDto })
  async day(@CurrentActor() actor: StaffActor, @Param() { id, date }: BookingDayParams): Promise<BookedDayDto> {
    const { kitchen, bookings } = answer(await this.views.ofDay(actor, id, civilDate(date)));
    return { kitchen: [...kitchen], bookings: bookings.map((one) => ({ ...one, items: one.items.map((item) => ({ ...item })) })) };
  }

  @Get('sites/:id/hours')
  @Allow(...BOOKERS, 'countyOfficer')
  @ApiOperation({ summary: '一个助餐点各餐的截止时间与份数' })
  @ApiOkResponse({ type: SiteBookingHoursDto })
  async hours(@CurrentActor() actor: StaffActor, @Param() { id }: BookingParams): Promise<SiteBookingHoursDto> {
    return this.transactor.run(async (tx) => {
      answer(await this.places.openTo(tx, actor, id));
      return readHours(tx, actor.cityCode, id);
    });
  }

  @Put('sites/:id/hours/:period')
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer')
  @ApiOperation({ summary: '设定一餐的截止时间与每天份数' })
  @ApiOkResponse({ type: BookingHoursDto })
  async setHours(@CurrentActor() actor: StaffActor, @Param() { id, period }: BookingPeriodParams, @Body() { id: deed, ...hours }: BookingHoursBody): Promise<BookingHoursDto> {
    return answer(await this.sets.run(actor, id, deed, period, hours));
  }

  @Put('sites/:id/quotas')
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer')
  @ApiOperation({ summary: '设定某一天一餐的份数' })
  @ApiOkResponse({ type: BookingQuotaAnswer })
  async setQuota(@CurrentActor() actor: StaffActor, @Param() { id }: BookingParams, @Body() body: BookingQuotaBody): Promise<BookingQuotaAnswer> {
    return answer(await this.sets.quota(actor, id, body.id, civilDate(body.mealDate), body.mealPeriod, body.portions));
  }
}
