import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { civilDate, daysBetween } from '../kernel/index.js';
import { Allow, answer, at, CurrentActor, fromCursor, ProblemException, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { CloseDay } from './close-day.js';
import { DayCountDto, DayPage, WholeDayDto } from './day.dto.js';
import { listDays } from './day.store.js';
import type { DayCount } from './domain/index.js';
import { SlipDayBody, SlipDayParams, SlipDaysQuery } from './slip.dto.js';

const PAGE = 50;
const MOST_DAYS = 31;
const READERS = ['communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor'] as const;

function counted({ missing, ...rest }: DayCount): DayCountDto {
  return { ...rest, missing: [...missing] };
}

/** Days on paper: closed with what is missing, listed for those who watch. */
@ApiTags('纸质单')
@ApiBearerAuth()
@Controller('v1/slips')
export class SlipDayController {
  constructor(private readonly transactor: Transactor, private readonly closes: CloseDay) {}

  @Get('days')
  @Allow(...READERS)
  @ApiOperation({ summary: '纸质单各点各日：已印、补录、作废、撤销、缺号' })
  @ApiOkResponse({ type: DayPage })
  async days(@CurrentActor() { cityCode, divisionCode }: StaffActor, @Query() query: SlipDaysQuery): Promise<DayPage> {
    const [from, to] = [civilDate(query.from), civilDate(query.to)];
    if (to < from || daysBetween(from, to) >= MOST_DAYS) throw new ProblemException('fields-wrong', undefined, [{ field: 'to', message: `应不早于 from，至多 ${MOST_DAYS} 天` }]);
    const limit = query.limit ?? PAGE;
    const [mealDate, siteId] = fromCursor(query.cursor, 2) ?? [];
    const after = mealDate === undefined || siteId === undefined ? null : { mealDate: civilDate(String(mealDate)), siteId: String(siteId) };
    const rows = await this.transactor.read((tx) => listDays(tx, { cityCode, divisionCode, siteId: query.siteId ?? null, from, to, after, limit }));
    const page = toPage(rows, limit, (row) => [row.mealDate, row.siteId]);
    return { items: page.items, nextCursor: page.nextCursor };
  }

  @Get('sites/:id/days/:date')
  @Allow(...READERS)
  @ApiOperation({ summary: '一个助餐点一天的纸质单' })
  @ApiOkResponse({ type: WholeDayDto })
  async day(@CurrentActor() actor: StaffActor, @Param() { id, date }: SlipDayParams): Promise<WholeDayDto> {
    const { siteId, mealDate, dueOn, count, sheets, batches, photos, slips, steps } = answer(await this.closes.show(actor, id, civilDate(date)));
    return {
      siteId, mealDate, dueOn, count: counted(count),
      sheets: sheets.map(({ sheetId, version, firstNo, lastNo, reprint, people, printedAt }) => ({ sheetId, version, firstNo, lastNo, reprint, people, printedAt: at(printedAt) })),
      batches: batches.map(({ batchId, batchNo, photoIds, refused, enteredAt }) => ({ batchId, batchNo, photoIds: [...photoIds], refused, enteredAt: at(enteredAt) })),
      photos: photos.map(({ photoId, kind, bytes, sha256 }) => ({ photoId, kind, bytes, sha256 })),
      slips: slips.map(({ number, kind, tapId, takenFen, batchNo }) => ({ number, kind, tapId, takenFen, batchNo })),
      steps: steps.map(({ kind, missing, reason, recordedAt }) => ({ kind, missing: [...missing], reason, recordedAt: at(recordedAt) })),
    };
  }

  @Post('days/close')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer')
  @ApiOperation({ summary: '核销一天的纸质单，指出缺号' })
  @ApiOkResponse({ type: DayCountDto })
  async close(@CurrentActor() actor: StaffActor, @Body() { mealDate, ...body }: SlipDayBody): Promise<DayCountDto> {
    return counted(answer(await this.closes.run(actor, { ...body, mealDate: civilDate(mealDate), kind: 'closed' })));
  }

  @Post('days/reopen')
  @HttpCode(200)
  @Allow('countyOfficer')
  @ApiOperation({ summary: '重新打开已核销的一天' })
  @ApiOkResponse({ type: DayCountDto })
  async reopen(@CurrentActor() actor: StaffActor, @Body() { mealDate, ...body }: SlipDayBody): Promise<DayCountDto> {
    return counted(answer(await this.closes.run(actor, { ...body, mealDate: civilDate(mealDate), kind: 'reopened' })));
  }
}
