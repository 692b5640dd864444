import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { civilDate, daysBetween } from '../kernel/index.js';
import { Allow, answer, at, CurrentActor, fromCursor, ProblemException, toPage, Transactor, type StaffActor, type TerminalActor } from '../platform/index.js';
import { ClosedShiftDto, ListedShiftDto, ShiftBody, ShiftCloseBody, ShiftOpenedDto, ShiftPage, ShiftParams, ShiftsQuery, ShiftTotalPage, ShiftTotalsQuery } from './shift.dto.js';
import { listShifts, totalShifts, type ListedShift } from './shift-list.store.js';
import { Shifts } from './shifts.js';

const PAGE = 50;
const MOST_DAYS = 366;

function shown({ openedAt, closedAt, meals, voids, priceFen, selfPayFen, tenders, earlierBackFen, pieces, ...row }: ListedShift): ListedShiftDto {
  const figures = meals === null || voids === null || priceFen === null || selfPayFen === null || tenders === null || earlierBackFen === null ? null
    : { meals, voids, priceFen, selfPayFen, tenders, earlierBackFen };
  return { ...row, openedAt: at(openedAt), closedAt: closedAt === null ? null : at(closedAt), figures, byDenomination: pieces };
}

/** Shifts: begun and ended by tills, looked at by those who answer for the cash. */
@ApiTags('收银机')
@Controller('v1/till/shifts')
export class ShiftController {
  constructor(private readonly shifts: Shifts, private readonly transactor: Transactor) {}

  @Post()
  @HttpCode(200)
  @Allow('terminal')
  @ApiOperation({ summary: '开班；断网时开的班可以后补' })
  @ApiOkResponse({ type: ShiftOpenedDto })
  async open(@CurrentActor() actor: TerminalActor, @Body() body: ShiftBody): Promise<ShiftOpenedDto> {
    return answer(await this.shifts.open(actor, { ...body, openedAt: Date.parse(body.openedAt) }));
  }

  @Post(':id/close')
  @HttpCode(200)
  @Allow('terminal')
  @ApiOperation({ summary: '结班：先报盲点的现金，答复才给出应有的现金与差额' })
  @ApiOkResponse({ type: ClosedShiftDto })
  async close(@CurrentActor() actor: TerminalActor, @Param() { id }: ShiftParams, @Body() { owedCashFen = 0, ...body }: ShiftCloseBody): Promise<ClosedShiftDto> {
    return answer(await this.shifts.close(actor, id, { ...body, owedCashFen, closedAt: Date.parse(body.closedAt) }));
  }

  @Get()
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '班次：按日期、终端、收银员' })
  @ApiOkResponse({ type: ShiftPage })
  async list(@CurrentActor() actor: StaffActor, @Query() query: ShiftsQuery): Promise<ShiftPage> {
    const { cityCode, divisionCode } = actor;
    const [from, to] = [civilDate(query.from), civilDate(query.to)];
    if (to < from || daysBetween(from, to) > MOST_DAYS) throw new ProblemException('fields-wrong', undefined, [{ field: 'to', message: `应不早于起始日期，且相距不超过 ${MOST_DAYS} 天` }]);
    const limit = query.limit ?? PAGE;
    const [openedAt, shiftId] = fromCursor(query.cursor, 2) ?? [];
    const after = openedAt === undefined ? null : { openedAt: Number(openedAt), shiftId: String(shiftId) };
    const rows = await this.transactor.read((tx) => listShifts(tx, {
      cityCode, divisionCode, siteId: actor.siteId ?? query.siteId ?? null, from, to, terminalId: query.terminalId ?? null, cashierId: query.cashierId ?? null, after, limit,
    }));
    const page = toPage(rows, limit, (row) => [row.openedAt, row.shiftId]);
    return { items: page.items.map(shown), nextCursor: page.nextCursor };
  }

  @Get('totals')
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '一天的班次合计：按收银员或按终端' })
  @ApiOkResponse({ type: ShiftTotalPage })
  async totals(@CurrentActor() actor: StaffActor, @Query() query: ShiftTotalsQuery): Promise<ShiftTotalPage> {
    const { cityCode, divisionCode } = actor;
    const limit = query.limit ?? PAGE;
    const [siteId, ofId] = fromCursor(query.cursor, 2) ?? [];
    const after = siteId === undefined ? null : { siteId: String(siteId), ofId: String(ofId) };
    const rows = await this.transactor.read((tx) => totalShifts(tx, {
      cityCode, divisionCode, siteId: actor.siteId ?? query.siteId ?? null, by: query.by, date: civilDate(query.date), after, limit,
    }));
    return toPage(rows, limit, (row) => [row.siteId, row.ofId]);
  }
}
