import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Allow, answer, CurrentActor, fromCursor, ROLES, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { ReportTarget } from './report-target.js';
import { ReportQuery, TargetListQuery, TargetPage, TargetReportView } from './target.dto.js';
import { listTargets } from './target.store.js';

const PAGE = 50;

/** Targets are published, so every member of staff sees those of the city. */
@ApiTags('年度任务')
@ApiBearerAuth()
@Controller('v1/targets')
export class TargetController {
  constructor(private readonly transactor: Transactor, private readonly reportTarget: ReportTarget) {}

  @Get()
  @Allow(...ROLES)
  @ApiOkResponse({ type: TargetPage })
  async list(@Query() query: TargetListQuery, @CurrentActor() actor: StaffActor): Promise<TargetPage> {
    const [after = ''] = fromCursor(query.cursor, 1) ?? [];
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run((tx) => listTargets(tx, actor.cityCode, String(after), limit + 1));
    return toPage(rows, limit, (row) => [row.code]);
  }

  @Get(':code/report')
  @Allow(...ROLES)
  @ApiOkResponse({ type: TargetReportView })
  async report(@Param('code') code: string, @Query() query: ReportQuery, @CurrentActor() actor: StaffActor): Promise<TargetReportView> {
    return answer(await this.reportTarget.report(actor.cityCode, code, query.asOf));
  }
}
