import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { civilDate } from '../kernel/index.js';
import { Allow, answer, at, CurrentActor, type MiniActor } from '../platform/index.js';
import { BookForKin } from './book-for-kin.js';
import { BookingDeedBody, BookingParams, BookingWishBody, wishOf } from './booking.dto.js';
import { ChangeForKin } from './change-for-kin.js';
import { ListForKin } from './list-for-kin.js';
import { MiniBookingAnswerDto, MiniBookingBody, MiniBookingListDto, MiniCancelAnswerDto, MiniChangeAnswerDto, MiniElderQuery, MiniPayAnswerDto } from './mini-booking.dto.js';
import { PayAhead } from './pay-ahead.js';
import { StandingOrders } from './standing-orders.js';
import { StandingAnswerDto, standingDto, StandingListDto, StandingOrderBody } from './standing.dto.js';

/** Meals that elders and their children book, change, cancel and pay by themselves. */
@ApiTags('小程序')
@ApiBearerAuth()
@Controller('v1/mini')
export class MiniBookingController {
  constructor(private readonly books: BookForKin, private readonly changes: ChangeForKin, private readonly lists: ListForKin, private readonly pays: PayAhead, private readonly standing: StandingOrders) {}

  @Post('bookings')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '为本人或父母订一餐，现在付或用餐时付' })
  @ApiOkResponse({ type: MiniBookingAnswerDto })
  async book(@CurrentActor() actor: MiniActor, @Body() body: MiniBookingBody): Promise<MiniBookingAnswerDto> {
    const { id, elderId, siteId, mealDate, mealPeriod, pay } = body;
    const { bookingId, number, code, portions, priceFen, expectedSelfPayFen, payBy } = answer(await this.books.run(actor, { id, elderId, siteId, mealDate: civilDate(mealDate), mealPeriod, pay, ...wishOf(body) }));
    // The meal is booked whatever WeChat says now: the sheet may be asked for again until `payBy`.
    const sheet = payBy === null ? null : await this.pays.sheet(actor, bookingId);
    return { bookingId, number, code, portions, priceFen, expectedSelfPayFen, payment: sheet?.ok === true ? sheet.value : null, payBy: payBy === null ? null : at(payBy) };
  }

  @Get('bookings')
  @Allow('mini')
  @ApiOperation({ summary: '本人或父母的预订，最近一个月起，新的在前' })
  @ApiOkResponse({ type: MiniBookingListDto })
  async list(@CurrentActor() actor: MiniActor, @Query() { elderId }: MiniElderQuery): Promise<MiniBookingListDto> {
    const rows = answer(await this.lists.run(actor, elderId));
    return { items: rows.map(({ bookingId, siteId, siteName, sitePhone, mealDate, mealPeriod, state, way, channel, byKin, items, portions, priceFen, note, number, code, closes, pay, expectedFen, payBy, paidFen, usedFen, refundFen, keptFen, reason }) => ({
      bookingId, siteId, siteName, sitePhone, mealDate, mealPeriod, state, way, channel, byKin, items: items.map((item) => ({ ...item })), portions, priceFen, note, number, code, closesAt: at(closes), pay, expectedFen,
      payBy: payBy === null ? null : at(payBy), paidFen, usedFen, refundFen, keptFen, reason: state === 'cancelled' ? reason : null,
    })) };
  }

  @Post('bookings/:id/change')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '截止前更改；已付的钱留着，用餐时多退少补' })
  @ApiOkResponse({ type: MiniChangeAnswerDto })
  async change(@CurrentActor() actor: MiniActor, @Param() { id }: BookingParams, @Body() body: BookingWishBody): Promise<MiniChangeAnswerDto> {
    return answer(await this.changes.change(actor, id, body.id, wishOf(body)));
  }

  @Post('bookings/:id/cancel')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '截止前取消，已付的全额原路退回' })
  @ApiOkResponse({ type: MiniCancelAnswerDto })
  async cancel(@CurrentActor() actor: MiniActor, @Param() { id }: BookingParams, @Body() body: BookingDeedBody): Promise<MiniCancelAnswerDto> {
    return answer(await this.changes.cancel(actor, id, body.id));
  }

  @Post('bookings/:id/pay')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '取得付款参数：本人或可代付的家人；到付款时限为止' })
  @ApiOkResponse({ type: MiniPayAnswerDto })
  async pay(@CurrentActor() actor: MiniActor, @Param() { id }: BookingParams): Promise<MiniPayAnswerDto> {
    return { payment: answer(await this.pays.pay(actor, id)) };
  }

  @Post('standing-orders')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '长期预订，如每个工作日午餐；提前三天逐日订好，用餐时付款' })
  @ApiOkResponse({ type: StandingAnswerDto })
  async stand(@CurrentActor() actor: MiniActor, @Body() body: StandingOrderBody): Promise<StandingAnswerDto> {
    const { id, elderId, siteId, mealPeriod, weekdays, from, until } = body;
    return answer(await this.standing.make(actor, { id, elderId, siteId, mealPeriod, days: weekdays, from: civilDate(from), until: civilDate(until), ...wishOf(body) }));
  }

  @Get('standing-orders')
  @Allow('mini')
  @ApiOperation({ summary: '长期预订及各天的结果' })
  @ApiOkResponse({ type: StandingListDto })
  async standingOrders(@CurrentActor() actor: MiniActor, @Query() { elderId }: MiniElderQuery): Promise<StandingListDto> {
    return { items: answer(await this.standing.list(actor, elderId)).map(standingDto) };
  }

  @Post('standing-orders/:id/end')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '结束长期预订；已订好的各餐另行取消' })
  @ApiOkResponse({ type: StandingAnswerDto })
  async end(@CurrentActor() actor: MiniActor, @Param() { id }: BookingParams, @Body() body: BookingDeedBody): Promise<StandingAnswerDto> {
    return answer(await this.standing.end(actor, id, body.id));
  }
}
