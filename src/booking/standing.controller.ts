import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { civilDate } from '../kernel/index.js';
import { Allow, answer, CurrentActor, FieldCipher, type StaffActor } from '../platform/index.js';
import { BookingDeedBody, BookingParams, wishOf } from './booking.dto.js';
import { CallAboutStanding } from './call-about-standing.js';
import { BOOKERS, forWhom, NAMED_TO } from './reach-booking.js';
import { StandingByStaff } from './standing-by-staff.js';
import { SiteStandingListDto, SiteStandingQuery, StandingAnswerDto, StandingContactDto, standingDto, StandingOnBehalfBody } from './standing.dto.js';

/** Standing orders that staff take down for elders who call or come by. */
@ApiTags('预订')
@ApiBearerAuth()
@Controller('v1/bookings/standing')
export class StandingController {
  constructor(private readonly standing: StandingByStaff, private readonly calls: CallAboutStanding, private readonly cipher: FieldCipher) {}

  @Post()
  @HttpCode(200)
  @Allow(...BOOKERS)
  @ApiOperation({ summary: '为老人代订长期预订，如每个工作日午餐；提前三天逐日订好，用餐时付款' })
  @ApiOkResponse({ type: StandingAnswerDto })
  async make(@CurrentActor() actor: StaffActor, @Body() body: StandingOnBehalfBody): Promise<StandingAnswerDto> {
    const { id, siteId, mealPeriod, weekdays, from, until } = body;
    return answer(await this.standing.make(actor, { id, siteId, mealPeriod, days: weekdays, from: civilDate(from), until: civilDate(until), who: answer(forWhom(this.cipher, body)), ...wishOf(body) }));
  }

  @Get()
  @Header('cache-control', 'no-store')
  @Allow(...BOOKERS)
  @ApiOperation({ summary: '一个助餐点现有的长期预订及最近各天的结果' })
  @ApiOkResponse({ type: SiteStandingListDto })
  async list(@CurrentActor() actor: StaffActor, @Query() { siteId }: SiteStandingQuery): Promise<SiteStandingListDto> {
    return { items: answer(await this.standing.list(actor, siteId)).map((order) => ({ ...standingDto(order), ...order.eater })) };
  }

  @Post(':id/end')
  @HttpCode(200)
  @Allow(...BOOKERS)
  @ApiOperation({ summary: '为老人结束长期预订；已订好的各餐另行取消' })
  @ApiOkResponse({ type: StandingAnswerDto })
  async end(@CurrentActor() actor: StaffActor, @Param() { id }: BookingParams, @Body() body: BookingDeedBody): Promise<StandingAnswerDto> {
    return answer(await this.standing.end(actor, id, body.id));
  }

  @Post(':id/contact')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow(...NAMED_TO)
  @ApiOperation({ summary: '长期预订往后有没订上的日子时，查看老人的姓名和电话，留痕' })
  @ApiOkResponse({ type: StandingContactDto })
  async contact(@CurrentActor() actor: StaffActor, @Param() { id }: BookingParams): Promise<StandingContactDto> {
    return answer(await this.calls.run(actor, id));
  }
}
