import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Allow, answer, at, CurrentActor, deadJobs, fromCursor, ProblemException, toPage, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { claimsInScope } from './check-step.js';
import { claimDetail, claimViews } from './claim-view.js';
import { ClaimPacket } from './claim-packet.js';
import { claimWorkbook } from './claim-workbook.js';
import { listClaims, readClaim, stepsOf, type ClaimRow } from './claim.store.js';
import { CutClaim } from './cut-claim.js';
import { readPapers } from './read-papers.js';
import { RebuildClaim } from './rebuild-claim.js';
import { ReturnClaim } from './return-claim.js';
import { readRuns, type RunRow } from './run.store.js';
import {
  ApproveRequest, ClaimDetail, ClaimPage, CloseAnswer, CutAnswerView, CutRequestBody, DeedRequest, IdParams, ListClaimsQuery, MonthParams, PacketQuery, ReasonRequest, RunList, RunView, StepAnswer,
} from './settlement.dto.js';
import { BUILD_CLAIM } from './settlement.jobs.js';
import { SettleMonth } from './settle-month.js';
import { TakeStep, type OwnStep } from './take-step.js';

const PAGE = 50;
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const READERS = ['canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor'] as const;
const APPROVERS = ['townshipOfficer', 'countyOfficer', 'cityOfficer'] as const;

/** A month that closes, and its claims up to the county's approval. Which role takes which step is data of the city. */
@ApiTags('结算')
@ApiBearerAuth()
@Controller('v1')
export class SettlementController {
  constructor(
    private readonly transactor: Transactor,
    private readonly settleMonth: SettleMonth,
    private readonly takeStep: TakeStep,
    private readonly returnClaim: ReturnClaim,
    private readonly cutClaim: CutClaim,
    private readonly rebuildClaim: RebuildClaim,
    private readonly claimPacket: ClaimPacket,
  ) {}

  @Post('settlement/months/:month/close')
  @HttpCode(202)
  @Allow('cityOfficer')
  @ApiOkResponse({ type: CloseAnswer })
  async close(@Param() { month }: MonthParams, @Body() body: DeedRequest, @CurrentActor() actor: StaffActor): Promise<CloseAnswer> {
    const { runId, claimsTotal } = answer(await this.settleMonth.run(actor, body.id, month));
    return { runId, claimsTotal };
  }

  @Get('settlement/runs')
  @Allow(...READERS)
  @ApiOkResponse({ type: RunList })
  async runs(@CurrentActor() actor: StaffActor): Promise<RunList> {
    return this.transactor.run(async (tx) => ({ items: await this.runViews(tx, actor, await readRuns(tx, actor.cityCode, null)) }));
  }

  @Get('settlement/runs/:id')
  @Allow(...READERS)
  @ApiOkResponse({ type: RunView })
  async run(@Param() { id }: IdParams, @CurrentActor() actor: StaffActor): Promise<RunView> {
    const [view] = await this.transactor.run(async (tx) => this.runViews(tx, actor, await readRuns(tx, actor.cityCode, id)));
    if (view === undefined) throw new ProblemException('not-found');
    return view;
  }

  @Get('claims')
  @Allow(...READERS)
  @ApiOkResponse({ type: ClaimPage })
  async list(@Query() query: ListClaimsQuery, @CurrentActor() actor: StaffActor): Promise<ClaimPage> {
    const after = fromCursor(query.cursor, 3) as [string, string, number] | null;
    const limit = query.limit ?? PAGE;
    const { cityCode, siteId, divisionCode: scopeCode } = actor;
    return this.transactor.run(async (tx) => {
      const rows = await listClaims(tx, { cityCode, scopeCode, siteId, month: query.month ?? null, countyCode: query.county ?? null, state: query.state ?? null }, after, limit);
      const page = toPage(rows, limit, (row) => [row.month, row.countyCode, row.number]);
      return { items: await claimViews(tx, actor, page.items), nextCursor: page.nextCursor };
    });
  }

  @Post('claims/approvals')
  @HttpCode(200)
  @Allow(...APPROVERS)
  @ApiOkResponse({ type: StepAnswer })
  async approveMany(@Body() { id, step, claimIds }: ApproveRequest, @CurrentActor() actor: StaffActor): Promise<StepAnswer> {
    return this.step(actor, id, step, claimIds, true);
  }

  @Get('claims/:id')
  @Allow(...READERS)
  @ApiOkResponse({ type: ClaimDetail })
  async show(@Param() { id }: IdParams, @CurrentActor() actor: StaffActor): Promise<ClaimDetail> {
    return this.transactor.run(async (tx) => claimDetail(tx, actor, await this.seen(tx, actor, id)));
  }

  @Get('claims/:id/export.xlsx')
  @Header('cache-control', 'no-store')
  @Allow(...READERS)
  @ApiProduces(XLSX)
  async export(@Param() { id }: IdParams, @CurrentActor() actor: StaffActor): Promise<StreamableFile> {
    const { claim, papers, builtAt } = await this.transactor.run(async (tx) => {
      const claim = await this.seen(tx, actor, id);
      const [built] = await stepsOf(tx, actor.cityCode, id);
      return { claim, papers: await readPapers(tx, actor.cityCode, claim.claimNumber, [claim]), builtAt: built?.at ?? 0 };
    });
    return new StreamableFile(await claimWorkbook(papers, builtAt), { type: XLSX, disposition: `attachment; filename="${claim.claimNumber}.xlsx"` });
  }

  @Get('claims/:id/packet')
  @Header('cache-control', 'no-store')
  @Allow(...APPROVERS, 'financeReviewer', 'financeApprover', 'auditor')
  @ApiProduces('application/json')
  async packet(@Param() { id }: IdParams, @Query() { since }: PacketQuery, @CurrentActor() actor: StaffActor): Promise<StreamableFile> {
    const { fileName, text } = answer(await this.claimPacket.run(actor, id, since ?? null));
    return new StreamableFile(Buffer.from(text), { type: 'application/json', disposition: `attachment; filename="${fileName}"` });
  }

  @Post('claims/:id/submit')
  @HttpCode(200)
  @Allow('canteenManager', ...APPROVERS)
  @ApiOkResponse({ type: StepAnswer })
  async submit(@Param() params: IdParams, @Body() { id }: DeedRequest, @CurrentActor() actor: StaffActor): Promise<StepAnswer> {
    return this.step(actor, id, 'submit', [params.id], false);
  }

  @Post('claims/:id/review')
  @HttpCode(200)
  @Allow(...APPROVERS)
  @ApiOkResponse({ type: StepAnswer })
  async review(@Param() params: IdParams, @Body() { id }: DeedRequest, @CurrentActor() actor: StaffActor): Promise<StepAnswer> {
    return this.step(actor, id, 'township', [params.id], false);
  }

  @Post('claims/:id/approve')
  @HttpCode(200)
  @Allow(...APPROVERS)
  @ApiOkResponse({ type: StepAnswer })
  async approve(@Param() params: IdParams, @Body() { id }: DeedRequest, @CurrentActor() actor: StaffActor): Promise<StepAnswer> {
    return this.step(actor, id, 'county', [params.id], false);
  }

  @Post('claims/:id/return')
  @HttpCode(200)
  @Allow(...APPROVERS)
  @ApiOkResponse({ type: StepAnswer })
  async sendBack(@Param() params: IdParams, @Body() { id, reason }: ReasonRequest, @CurrentActor() actor: StaffActor): Promise<StepAnswer> {
    const { claims, state } = answer(await this.returnClaim.run(actor, params.id, id, reason));
    return { claims, state };
  }

  @Post('claims/:id/rebuild')
  @HttpCode(200)
  @Allow('canteenManager', ...APPROVERS)
  @ApiOkResponse({ type: StepAnswer })
  async rebuild(@Param() params: IdParams, @Body() { id }: DeedRequest, @CurrentActor() actor: StaffActor): Promise<StepAnswer> {
    const { claims, state } = answer(await this.rebuildClaim.run(actor, params.id, id));
    return { claims, state };
  }

  @Post('claims/:id/cuts')
  @HttpCode(200)
  @Allow(...APPROVERS, 'financeReviewer', 'financeApprover')
  @ApiOkResponse({ type: CutAnswerView })
  async cut(@Param() params: IdParams, @Body() body: CutRequestBody, @CurrentActor() actor: StaffActor): Promise<CutAnswerView> {
    const { claimedFen, cutFen } = answer(await this.cutClaim.run(actor, params.id, body));
    return { claimedFen, cutFen };
  }

  private async step(actor: StaffActor, id: string, step: OwnStep, claimIds: readonly string[], together: boolean): Promise<StepAnswer> {
    const { claims, state } = answer(await this.takeStep.run(actor, { id, step, claimIds, together }));
    return { claims, state };
  }

  private async seen(tx: Tx, actor: StaffActor, claimId: string): Promise<ClaimRow> {
    const claim = await readClaim(tx, actor.cityCode, claimId);
    if (claim === undefined) throw new ProblemException('not-found');
    if (!(await claimsInScope(tx, actor, [claim]))) throw new ProblemException('outside-scope');
    return claim;
  }

  private async runViews(tx: Tx, actor: StaffActor, rows: readonly RunRow[]): Promise<RunView[]> {
    const failed = rows.some((row) => row.claimsDone < row.claimsTotal) ? await deadJobs(tx, actor.cityCode, BUILD_CLAIM) : [];
    return rows.map((row) => ({
      ...row, closedAt: at(row.closedAt), failed: row.claimsDone < row.claimsTotal ? failed.map(({ key, failure }) => ({ claimId: key, failure })) : [],
    }));
  }
}
