import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { inScope } from '../access/index.js';
import { Allow, answer, at, CurrentActor, fromCursor, ProblemException, toPage, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { batchSteps, budgetsOf, legsOfBatch, listBatches, readBatch, type BatchRow } from './batch.store.js';
import { claimWorkbook } from './claim-workbook.js';
import { ImportReceipt } from './import-receipt.js';
import { MakeBatch } from './make-batch.js';
import { readLetter, type LetterFacts } from './read-papers.js';
import { requestLetter } from './request-letter.js';
import { ReturnBatch } from './return-batch.js';
import { XLSX } from './settlement.controller.js';
import {
  BatchDetail, BatchMade, BatchPage, BatchRequestBody, BatchStepAnswerView, BatchView, DeedRequest, IdParams, LegPage, ListBatchesQuery, ReasonRequest, ReceiptRequest, ReceiptView,
} from './settlement.dto.js';
import { StepBatch } from './step-batch.js';

const PAGE = 50;
const READERS = ['countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor'] as const;
/** The letter holds no script and asks for nothing from outside. */
const LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** A county's claims on their way through finance, and the receipts that say what was paid. */
@ApiTags('结算')
@ApiBearerAuth()
@Controller('v1')
export class BatchController {
  constructor(
    private readonly transactor: Transactor,
    private readonly makeBatch: MakeBatch,
    private readonly stepBatch: StepBatch,
    private readonly returnBatch: ReturnBatch,
    private readonly importReceipt: ImportReceipt,
  ) {}

  @Post('batches')
  @HttpCode(200)
  @Allow('countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: BatchMade })
  async make(@Body() body: BatchRequestBody, @CurrentActor() actor: StaffActor): Promise<BatchMade> {
    const budgets = body.budgets.map(({ funderKind, budgetYear, budgetDocument }) => ({ funderKind, budgetYear, budgetDocument }));
    const { batchId, batchNumber, claims, approvedFen } = answer(await this.makeBatch.run(actor, { ...body, budgets }));
    return { batchId, batchNumber, claims, approvedFen };
  }

  @Get('batches')
  @Allow(...READERS)
  @ApiOkResponse({ type: BatchPage })
  async list(@Query() query: ListBatchesQuery, @CurrentActor() actor: StaffActor): Promise<BatchPage> {
    const after = fromCursor(query.cursor, 2) as [string, string] | null;
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run((tx) => listBatches(tx, actor.cityCode, actor.divisionCode, query.month ?? null, after, limit));
    const page = toPage(rows, limit, (row) => [row.month, row.batchNumber]);
    return { items: page.items.map(viewOf), nextCursor: page.nextCursor };
  }

  @Get('batches/:id')
  @Allow(...READERS)
  @ApiOkResponse({ type: BatchDetail })
  async show(@Param() { id }: IdParams, @CurrentActor() actor: StaffActor): Promise<BatchDetail> {
    return this.transactor.run(async (tx) => {
      const batch = await this.seen(tx, actor, id);
      const steps = await batchSteps(tx, actor.cityCode, [id]);
      return {
        ...viewOf(batch), budgets: [...(await budgetsOf(tx, actor.cityCode, id))],
        steps: steps.map(({ stepNo, step, fromState, toState, actor: by, at: when, reason }) => ({ stepNo, step, fromState, toState, actor: by, at: at(when), reason })),
      };
    });
  }

  @Get('batches/:id/legs')
  @Allow(...READERS)
  @ApiOkResponse({ type: LegPage })
  async legs(@Param() { id }: IdParams, @Query() query: ListBatchesQuery, @CurrentActor() actor: StaffActor): Promise<LegPage> {
    const [after = null] = (fromCursor(query.cursor, 1) ?? []) as string[];
    const limit = query.limit ?? PAGE;
    return this.transactor.run(async (tx) => {
      await this.seen(tx, actor, id);
      const page = toPage(await legsOfBatch(tx, actor.cityCode, id, after, limit), limit, (leg) => [leg.legNumber]);
      return { items: page.items.map(({ batchId: _, ...leg }) => leg), nextCursor: page.nextCursor };
    });
  }

  @Get('batches/:id/letter')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', LETTER_POLICY)
  @Header('cache-control', 'no-store')
  @Allow(...READERS)
  @ApiProduces('text/html')
  @ApiOkResponse({ type: String, description: '请款函，打印用' })
  async letter(@Param() { id }: IdParams, @CurrentActor() actor: StaffActor): Promise<string> {
    return requestLetter(await this.letterOf(actor, id));
  }

  @Get('batches/:id/export.xlsx')
  @Header('cache-control', 'no-store')
  @Allow(...READERS)
  @ApiProduces(XLSX)
  async export(@Param() { id }: IdParams, @CurrentActor() actor: StaffActor): Promise<StreamableFile> {
    const { batch, papers } = await this.letterOf(actor, id);
    return new StreamableFile(await claimWorkbook(papers, batch.madeAt), { type: XLSX, disposition: `attachment; filename="${batch.batchNumber}.xlsx"` });
  }

  @Post('batches/:id/review')
  @HttpCode(200)
  @Allow('financeReviewer')
  @ApiOkResponse({ type: BatchStepAnswerView })
  async review(@Param() params: IdParams, @Body() { id }: DeedRequest, @CurrentActor() actor: StaffActor): Promise<BatchStepAnswerView> {
    const { batchId, state, legs } = answer(await this.stepBatch.run(actor, params.id, id, 'financeReview'));
    return { batchId, state, legs };
  }

  @Post('batches/:id/release')
  @HttpCode(200)
  @Allow('financeApprover')
  @ApiOkResponse({ type: BatchStepAnswerView })
  async release(@Param() params: IdParams, @Body() { id }: DeedRequest, @CurrentActor() actor: StaffActor): Promise<BatchStepAnswerView> {
    const { batchId, state, legs } = answer(await this.stepBatch.run(actor, params.id, id, 'release'));
    return { batchId, state, legs };
  }

  @Post('batches/:id/return')
  @HttpCode(200)
  @Allow('financeReviewer', 'financeApprover')
  @ApiOkResponse({ type: BatchStepAnswerView })
  async sendBack(@Param() params: IdParams, @Body() { id, reason }: ReasonRequest, @CurrentActor() actor: StaffActor): Promise<BatchStepAnswerView> {
    const { batchId, state, legs } = answer(await this.returnBatch.run(actor, params.id, id, reason));
    return { batchId, state, legs };
  }

  @Post('receipts')
  @HttpCode(200)
  @Allow('financeReviewer', 'financeApprover')
  @ApiOkResponse({ type: ReceiptView })
  async receipt(@Body() { id, csv }: ReceiptRequest, @CurrentActor() actor: StaffActor): Promise<ReceiptView> {
    const { receiptId, lines, totalFen, repeated } = answer(await this.importReceipt.run(actor, id, csv));
    return { receiptId, lines, totalFen: totalFen as ReceiptView['totalFen'], repeated };
  }

  private async letterOf(actor: StaffActor, batchId: string): Promise<LetterFacts> {
    const facts = await this.transactor.run(async (tx) => readLetter(tx, actor.cityCode, await this.seen(tx, actor, batchId)));
    if (facts === undefined) throw new ProblemException('batch-state', { state: 'returned' });
    return facts;
  }

  private async seen(tx: Tx, actor: StaffActor, batchId: string): Promise<BatchRow> {
    const batch = await readBatch(tx, actor.cityCode, batchId);
    if (batch === undefined) throw new ProblemException('not-found');
    if (!(await inScope(tx, actor, batch.countyCode))) throw new ProblemException('outside-scope');
    return batch;
  }
}

function viewOf(row: BatchRow): BatchView {
  return { ...row, madeAt: at(row.madeAt) };
}
