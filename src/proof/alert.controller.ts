import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, answer, at, CurrentActor, fromCursor, ProblemException, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { AcknowledgeAlert } from './acknowledge-alert.js';
import { deadKinds, listAlerts, type AlertRow } from './alert.store.js';
import { AlertAcknowledgement, AlertPage, AlertParams, AlertsQuery, AlertView, DeadKindList, RevivalAnswer, RevivalBody } from './proof.dto.js';
import { ReviveJobs } from './revive-jobs.js';

const PAGE = 50;
const READERS = ['auditor', 'systemAdministrator', 'auditAdministrator'] as const;

const moment = (instant: number | null): string | null => (instant === null ? null : at(instant));

function view(row: AlertRow): AlertView {
  return { ...row, openedAt: at(row.openedAt), acknowledgedAt: moment(row.acknowledgedAt), resolvedAt: moment(row.resolvedAt) };
}

/** They cover a whole city, so a county's auditor does not read them. */
function wholeCity({ cityCode, divisionCode }: StaffActor): string {
  if (divisionCode !== cityCode) throw new ProblemException('outside-scope');
  return cityCode;
}

/** What the machinery found wrong, for those who keep it running and those who watch. */
@ApiTags('运行提醒')
@Controller('v1')
export class AlertController {
  constructor(private readonly transactor: Transactor, private readonly acknowledgeAlert: AcknowledgeAlert, private readonly reviveDead: ReviveJobs) {}

  @Get('alerts')
  @Allow(...READERS)
  @ApiOperation({ summary: '运行提醒：被破坏的规则、被搁置的任务；不含个人信息' })
  @ApiOkResponse({ type: AlertPage })
  async list(@CurrentActor() actor: StaffActor, @Query() query: AlertsQuery): Promise<AlertPage> {
    const cityCode = wholeCity(actor);
    const [after, limit] = [fromCursor(query.cursor, 2), query.limit ?? PAGE];
    const rows = await this.transactor.run((tx) => listAlerts(tx, cityCode, query.show !== 'all', after, limit));
    const page = toPage(rows, limit, (row) => [row.openedAt, row.alertId]);
    return { items: page.items.map(view), nextCursor: page.nextCursor };
  }

  @Post('alerts/:id/acknowledgement')
  @HttpCode(200)
  @Allow('systemAdministrator', 'auditAdministrator')
  @ApiOperation({ summary: '确认一条提醒：由谁在处理' })
  @ApiOkResponse({ type: AlertView })
  async acknowledge(@CurrentActor() actor: StaffActor, @Param() { id: alertId }: AlertParams, @Body() { id }: AlertAcknowledgement): Promise<AlertView> {
    wholeCity(actor);
    return view(answer(await this.acknowledgeAlert.run(actor, id, alertId)));
  }

  @Get('jobs/dead')
  @Allow(...READERS)
  @ApiOperation({ summary: '屡次失败而被搁置的后台任务' })
  @ApiOkResponse({ type: DeadKindList })
  async dead(@CurrentActor() actor: StaffActor): Promise<DeadKindList> {
    const cityCode = wholeCity(actor);
    const kinds = await this.transactor.run((tx) => deadKinds(tx, cityCode));
    return { items: kinds.map((kind) => ({ ...kind, failures: [...kind.failures] })) };
  }

  @Post('jobs/revival')
  @HttpCode(200)
  @Allow('systemAdministrator')
  @ApiOperation({ summary: '排除原因后，让一类被搁置的任务重新开始' })
  @ApiOkResponse({ type: RevivalAnswer })
  async revive(@CurrentActor() actor: StaffActor, @Body() { id, job }: RevivalBody): Promise<RevivalAnswer> {
    wholeCity(actor);
    return answer(await this.reviveDead.run(actor, id, job));
  }
}
