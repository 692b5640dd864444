import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { isId, today, type Clock, type Outcome } from '../kernel/index.js';
import { Allow, answer, CLOCK, CurrentActor, fromCursor, ProblemException, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { factsOf, mayReach } from '../elder/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { listApplications, readApplication, stepsOf } from './application.store.js';
import { Apply, standingToday } from './apply.js';
import { DecideApplication } from './decide-application.js';
import { decisionsOf } from './decision.store.js';
import type { ApplicationState } from './domain/index.js';
import { ApplicationAnswer, ApplicationDetail, ApplicationPage, ApplicationStateView, NeedView, SweepView } from './eligibility-view.dto.js';
import { ApplyBody, DecideBody, DecideStopBody, ListApplicationsQuery, ProposeStopBody, ReasonBody, ReviewBody, SupplementBody, SweepBody } from './eligibility.dto.js';
import { StepApplication } from './step-application.js';
import { StopApplication } from './stop-application.js';
import { toDecisionView, toNeedView, toStepView, toView } from './view-applications.js';

const PAGE = 50;

function idOf(text: string): string {
  if (!isId(text)) throw new ProblemException('not-found');
  return text;
}

function stateOf(outcome: Outcome<{ applicationId: string; state: ApplicationState }>): ApplicationStateView {
  const { applicationId, state } = answer(outcome);
  return { applicationId, state };
}

/** Applications for the meal subsidy, where a city's rules ask for them. */
@ApiTags('助餐资格')
@ApiBearerAuth()
@Controller('v1')
export class EligibilityController {
  constructor(
    private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock,
    private readonly apply: Apply, private readonly steps: StepApplication, private readonly decisions: DecideApplication, private readonly stops: StopApplication,
  ) {}

  @Get('elders/:id/application-need')
  @Header('cache-control', 'no-store')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: NeedView })
  async need(@Param('id') id: string, @CurrentActor() actor: StaffActor): Promise<NeedView> {
    return this.transactor.run(async (tx) => {
      const record = (await factsOf(tx, actor.cityCode, [idOf(id)])).get(id);
      if (!record) throw new ProblemException('not-found');
      if (!(await mayReach(tx, actor, record))) throw new ProblemException('outside-scope');
      return toNeedView(await standingToday(tx, this.policies, actor.cityCode, id, today(this.clock)));
    });
  }

  @Post('applications')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer')
  @ApiOkResponse({ type: ApplicationAnswer })
  async submit(@Body() body: ApplyBody, @CurrentActor() actor: StaffActor): Promise<ApplicationAnswer> {
    return answer(await this.apply.run(actor, body));
  }

  /** With `overdue`, those whose step is late: the list that nobody may let grow. */
  @Get('applications')
  @Header('cache-control', 'no-store')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOkResponse({ type: ApplicationPage })
  async list(@Query() query: ListApplicationsQuery, @CurrentActor() actor: StaffActor): Promise<ApplicationPage> {
    const [after = null] = (fromCursor(query.cursor, 1) ?? []) as string[];
    if (after !== null && !isId(after)) throw new ProblemException('cursor-wrong');
    const [limit, on] = [query.limit ?? PAGE, today(this.clock)];
    return this.transactor.run(async (tx) => {
      const packs = await this.policies.of(tx, actor.cityCode);
      const rows = await listApplications(tx, {
        cityCode: actor.cityCode, scopeCode: actor.divisionCode, elderId: query.elderId ?? null, state: query.state ?? null, dueBefore: query.overdue === 'true' ? on : null, after, limit,
      });
      return toPage(rows.map((row) => toView(row, packs, on)), limit, (row) => [row.applicationId]);
    });
  }

  @Get('applications/:id')
  @Header('cache-control', 'no-store')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOkResponse({ type: ApplicationDetail })
  async show(@Param('id') id: string, @CurrentActor() actor: StaffActor): Promise<ApplicationDetail> {
    return this.transactor.run(async (tx) => {
      const row = await readApplication(tx, actor.cityCode, idOf(id));
      const record = row === undefined ? undefined : (await factsOf(tx, actor.cityCode, [row.elderId])).get(row.elderId);
      if (row === undefined || record === undefined) throw new ProblemException('not-found');
      if (!(await mayReach(tx, actor, record))) throw new ProblemException('outside-scope');
      const packs = await this.policies.of(tx, actor.cityCode);
      return {
        ...toView(row, packs, today(this.clock)),
        steps: (await stepsOf(tx, actor.cityCode, id)).map(toStepView),
        decisions: (await decisionsOf(tx, actor.cityCode, id)).map(toDecisionView),
      };
    });
  }

  @Post('applications/:id/review')
  @HttpCode(200)
  @Allow('townshipOfficer')
  @ApiOkResponse({ type: ApplicationStateView })
  async review(@Param('id') id: string, @Body() body: ReviewBody, @CurrentActor() actor: StaffActor): Promise<ApplicationStateView> {
    return stateOf(await this.steps.run(actor, idOf(id), { ...body, move: 'review' }));
  }

  @Post('applications/:id/supplement-requests')
  @HttpCode(200)
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: ApplicationStateView })
  async askSupplement(@Param('id') id: string, @Body() body: SupplementBody, @CurrentActor() actor: StaffActor): Promise<ApplicationStateView> {
    return stateOf(await this.steps.run(actor, idOf(id), { ...body, move: 'askSupplement' }));
  }

  @Post('applications/:id/supplements')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer')
  @ApiOkResponse({ type: ApplicationStateView })
  async supplement(@Param('id') id: string, @Body() body: SupplementBody, @CurrentActor() actor: StaffActor): Promise<ApplicationStateView> {
    return stateOf(await this.steps.run(actor, idOf(id), { ...body, move: 'supplement' }));
  }

  @Post('applications/:id/decision')
  @HttpCode(200)
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: ApplicationStateView })
  async decide(@Param('id') id: string, @Body() { outcome, ...body }: DecideBody, @CurrentActor() actor: StaffActor): Promise<ApplicationStateView> {
    return stateOf(await this.decisions.run(actor, idOf(id), { ...body, move: outcome }));
  }

  @Post('applications/:id/appeal')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer')
  @ApiOkResponse({ type: ApplicationStateView })
  async appeal(@Param('id') id: string, @Body() body: ReasonBody, @CurrentActor() actor: StaffActor): Promise<ApplicationStateView> {
    return stateOf(await this.steps.run(actor, idOf(id), { ...body, move: 'appeal' }));
  }

  @Post('applications/:id/appeal-decision')
  @HttpCode(200)
  @Allow('countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: ApplicationStateView })
  async decideAppeal(@Param('id') id: string, @Body() { outcome, ...body }: DecideBody, @CurrentActor() actor: StaffActor): Promise<ApplicationStateView> {
    return stateOf(await this.decisions.run(actor, idOf(id), { ...body, move: outcome === 'approve' ? 'grantAppeal' : 'rejectAppeal' }));
  }

  @Post('applications/:id/withdrawal')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer')
  @ApiOkResponse({ type: ApplicationStateView })
  async withdraw(@Param('id') id: string, @Body() body: ReasonBody, @CurrentActor() actor: StaffActor): Promise<ApplicationStateView> {
    return stateOf(await this.steps.run(actor, idOf(id), { ...body, move: 'withdraw' }));
  }

  @Post('applications/:id/stop-proposals')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: ApplicationStateView })
  async proposeStop(@Param('id') id: string, @Body() body: ProposeStopBody, @CurrentActor() actor: StaffActor): Promise<ApplicationStateView> {
    return stateOf(await this.stops.run(actor, idOf(id), { ...body, move: 'proposeStop' }));
  }

  @Post('applications/:id/stop-decision')
  @HttpCode(200)
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: ApplicationStateView })
  async decideStop(@Param('id') id: string, @Body() { outcome, ...body }: DecideStopBody, @CurrentActor() actor: StaffActor): Promise<ApplicationStateView> {
    return stateOf(await this.stops.run(actor, idOf(id), { ...body, move: outcome }));
  }

  /** Compares everybody who is approved with the registry now; it also happens every night. */
  @Post('applications/stop-sweeps')
  @HttpCode(200)
  @Allow('cityOfficer')
  @ApiOkResponse({ type: SweepView })
  async sweep(@Body() body: SweepBody, @CurrentActor() actor: StaffActor): Promise<SweepView> {
    return answer(await this.stops.sweep(actor, body));
  }
}
