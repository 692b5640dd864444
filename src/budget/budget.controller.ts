import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { today, type Clock } from '../kernel/index.js';
import { Allow, answer, CLOCK, CurrentActor, fromCursor, ProblemException, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { listAlarms } from './alarm.store.js';
import { AnnounceEnd } from './announce-end.js';
import {
  AdjustmentCloseBody, AdjustmentPage, AdjustmentsQuery, AdjustmentView, BudgetConfirmBody, BudgetEntryBody, BudgetEntryPage, BudgetEntryView, BudgetFundDetail,
  BudgetFundPage, BudgetFundParams, BudgetIdParams, BudgetRejectBody, BudgetYearQuery, FundEndBody, FundEndPage, FundEndView,
} from './budget.dto.js';
import { adjustmentView, endView, entryView, fundDetail, fundView } from './budget-view.js';
import './budget.problems.js';
import { CloseAdjustment } from './close-adjustment.js';
import { DecideEntry } from './decide-entry.js';
import { listEnds } from './end.store.js';
import { listEntries } from './entry.store.js';
import { readFigures } from './read-figures.js';
import { RecordEntry } from './record-entry.js';

const PAGE = 50;
const READERS = ['countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor'] as const;
const CLOSERS = ['countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover'] as const;

/** Budgets of funds by year: what papers give, what meals take, when it runs out, and what is done about it on paper. */
@ApiTags('预算')
@ApiBearerAuth()
@Controller('v1/budgets')
export class BudgetController {
  constructor(
    private readonly transactor: Transactor,
    private readonly policies: PolicyLibrary,
    private readonly recordEntry: RecordEntry,
    private readonly decideEntry: DecideEntry,
    private readonly closeAdjustment: CloseAdjustment,
    private readonly announceEnd: AnnounceEnd,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Allow(...READERS)
  @ApiOkResponse({ type: BudgetFundPage })
  async list(@Query() query: BudgetYearQuery, @CurrentActor() actor: StaffActor): Promise<BudgetFundPage> {
    const [after = ''] = (fromCursor(query.cursor, 1) ?? []) as string[];
    const limit = query.limit ?? PAGE;
    const funds = await this.transactor.run((tx) => readFigures(tx, actor.cityCode, this.year(query), actor.divisionCode));
    const page = toPage(funds.filter(({ funderCode }) => funderCode > after).slice(0, limit + 1), limit, (fund) => [fund.funderCode]);
    return { items: page.items.map(fundView), nextCursor: page.nextCursor };
  }

  @Post('entries')
  @HttpCode(200)
  @Allow('financeReviewer')
  @ApiOkResponse({ type: BudgetEntryView })
  async record(@Body() body: BudgetEntryBody, @CurrentActor() actor: StaffActor): Promise<BudgetEntryView> {
    return entryView(answer(await this.recordEntry.run(actor, body)));
  }

  @Get('entries')
  @Allow(...READERS)
  @ApiOkResponse({ type: BudgetEntryPage })
  async entries(@Query() query: BudgetYearQuery, @CurrentActor() actor: StaffActor): Promise<BudgetEntryPage> {
    const after = fromCursor(query.cursor, 2);
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run((tx) => listEntries(tx, actor.cityCode, this.year(query), actor.divisionCode, after, limit));
    const page = toPage(rows, limit, (row) => [row.recordedAt, row.entryId]);
    return { items: page.items.map(entryView), nextCursor: page.nextCursor };
  }

  @Post('entries/:id/confirm')
  @HttpCode(200)
  @Allow('financeApprover')
  @ApiOkResponse({ type: BudgetEntryView })
  async confirm(@Param() { id: entryId }: BudgetIdParams, @Body() { id }: BudgetConfirmBody, @CurrentActor() actor: StaffActor): Promise<BudgetEntryView> {
    return entryView(answer(await this.decideEntry.run(actor, { id, entryId, outcome: 'confirmed', reason: null })));
  }

  @Post('entries/:id/reject')
  @HttpCode(200)
  @Allow('financeApprover')
  @ApiOkResponse({ type: BudgetEntryView })
  async reject(@Param() { id: entryId }: BudgetIdParams, @Body() { id, reason }: BudgetRejectBody, @CurrentActor() actor: StaffActor): Promise<BudgetEntryView> {
    return entryView(answer(await this.decideEntry.run(actor, { id, entryId, outcome: 'rejected', reason })));
  }

  @Get('adjustments')
  @Allow(...READERS)
  @ApiOkResponse({ type: AdjustmentPage })
  async adjustments(@Query() query: AdjustmentsQuery, @CurrentActor() actor: StaffActor): Promise<AdjustmentPage> {
    const after = fromCursor(query.cursor, 2);
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run((tx) => listAlarms(tx, actor.cityCode, actor.divisionCode, query.show !== 'all', after, limit));
    const page = toPage(rows, limit, (row) => [row.dueOn, row.alarmId]);
    return { items: page.items.map(adjustmentView), nextCursor: page.nextCursor };
  }

  @Post('adjustments/:id/close')
  @HttpCode(200)
  @Allow(...CLOSERS)
  @ApiOkResponse({ type: AdjustmentView })
  async close(@Param() { id: alarmId }: BudgetIdParams, @Body() { id, resolution, paperId, note = null }: AdjustmentCloseBody, @CurrentActor() actor: StaffActor): Promise<AdjustmentView> {
    return adjustmentView(answer(await this.closeAdjustment.run(actor, { id, alarmId, resolution, paperId, note })));
  }

  @Post('ends')
  @HttpCode(200)
  @Allow('countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: FundEndView })
  async draftEnd(@Body() body: FundEndBody, @CurrentActor() actor: StaffActor): Promise<FundEndView> {
    return endView(answer(await this.announceEnd.draft(actor, body)));
  }

  @Get('ends')
  @Allow(...READERS)
  @ApiOkResponse({ type: FundEndPage })
  async ends(@Query() query: BudgetYearQuery, @CurrentActor() actor: StaffActor): Promise<FundEndPage> {
    const after = fromCursor(query.cursor, 2);
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run((tx) => listEnds(tx, actor.cityCode, this.year(query), actor.divisionCode, after, limit));
    const page = toPage(rows, limit, (row) => [row.draftedAt, row.endId]);
    return { items: page.items.map(endView), nextCursor: page.nextCursor };
  }

  @Post('ends/:id/countersign')
  @HttpCode(200)
  @Allow('financeApprover')
  @ApiOkResponse({ type: FundEndView })
  async countersign(@Param() { id: endId }: BudgetIdParams, @Body() { id }: BudgetConfirmBody, @CurrentActor() actor: StaffActor): Promise<FundEndView> {
    return endView(answer(await this.announceEnd.countersign(actor, { id, endId })));
  }

  @Get(':year/:funder')
  @Allow(...READERS)
  @ApiOkResponse({ type: BudgetFundDetail })
  async show(@Param() { year, funder }: BudgetFundParams, @CurrentActor() actor: StaffActor): Promise<BudgetFundDetail> {
    const detail = await this.transactor.run((tx) => fundDetail(tx, this.clock, this.policies, actor, year, funder));
    if (detail === undefined) throw new ProblemException('not-found');
    return detail;
  }

  private year({ year }: BudgetYearQuery): number {
    return year ?? Number(today(this.clock).slice(0, 4));
  }
}
