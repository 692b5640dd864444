import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { inScope } from '../access/index.js';
import { isId } from '../kernel/index.js';
import { Allow, answer, at, CurrentActor, fromCursor, PageQuery, ProblemException, toCursor, toPage, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { CompareRegister } from './compare-register.js';
import { listComparisons, listProposals, readComparison, type ComparisonRow } from './comparison.store.js';
import { DecideLines } from './decide-lines.js';
import { DecideProposals } from './decide-proposals.js';
import { listLines } from './line.store.js';
import { ListNeverEaten } from './list-never-eaten.js';
import {
  CompareBody, ComparedView, ComparisonPage, ComparisonView, DecidedView, DecisionBody, IdParams, LineDecisionBody, LinePage, NeverEatenPageView, NeverEatenQuery, ProposalPage,
} from './recovery.dto.js';

const PAGE = 50;
const DECIDERS = ['countyOfficer', 'cityOfficer'] as const;
const READERS = [...DECIDERS, 'financeReviewer', 'financeApprover', 'auditor'] as const;
const FINDERS = ['communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer'] as const;

function toView(row: ComparisonRow): ComparisonView {
  const { comparisonId, rosterId, purpose, divisionCode, source, madeAt, proposals, openProposals, lines, openLines, siteFen, fundFen } = row;
  return { comparisonId, rosterId, purpose, divisionCode, source, madeAt: at(madeAt), proposals, openProposals, lines, openLines, siteFen, fundFen };
}

/** Registers compared with the registry, what a person decides over it, and whom services have not reached yet. */
@ApiTags('核查比对')
@ApiBearerAuth()
@Controller('v1')
export class RecoveryController {
  constructor(
    private readonly transactor: Transactor, private readonly compareRegister: CompareRegister, private readonly decideProposals: DecideProposals,
    private readonly decideLines: DecideLines, private readonly listNeverEaten: ListNeverEaten,
  ) {}

  @Post('comparisons')
  @HttpCode(200)
  @Allow(...DECIDERS)
  @ApiOkResponse({ type: ComparedView })
  async compare(@Body() { id, rosterId }: CompareBody, @CurrentActor() actor: StaffActor): Promise<ComparedView> {
    const { comparisonId, proposals, lines } = answer(await this.compareRegister.run(actor, id, rosterId));
    return { comparisonId, proposals, lines };
  }

  @Get('comparisons')
  @Allow(...READERS)
  @ApiOkResponse({ type: ComparisonPage })
  async list(@Query() query: PageQuery, @CurrentActor() actor: StaffActor): Promise<ComparisonPage> {
    const after = fromCursor(query.cursor, 2);
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run((tx) => listComparisons(tx, actor.cityCode, actor.divisionCode, after, limit));
    const page = toPage(rows, limit, (row) => [row.madeAt, row.comparisonId]);
    return { items: page.items.map(toView), nextCursor: page.nextCursor };
  }

  @Get('comparisons/:id')
  @Allow(...READERS)
  @ApiOkResponse({ type: ComparisonView })
  async show(@Param() { id }: IdParams, @CurrentActor() actor: StaffActor): Promise<ComparisonView> {
    return this.transactor.run(async (tx) => toView(await this.seen(tx, actor, id)));
  }

  @Get('comparisons/:id/proposals')
  @Allow(...READERS)
  @ApiOkResponse({ type: ProposalPage })
  async proposals(@Param() { id }: IdParams, @Query() query: PageQuery, @CurrentActor() actor: StaffActor): Promise<ProposalPage> {
    const [after = 0] = (fromCursor(query.cursor, 1) ?? []) as number[];
    const limit = query.limit ?? PAGE;
    return this.transactor.run(async (tx) => {
      await this.seen(tx, actor, id);
      const page = toPage(await listProposals(tx, actor.cityCode, id, Number(after), limit), limit, (row) => [row.rowNo]);
      return { items: page.items.map(({ comparisonId: _, ...row }) => row), nextCursor: page.nextCursor };
    });
  }

  @Get('comparisons/:id/lines')
  @Allow(...READERS)
  @ApiOkResponse({ type: LinePage })
  async lines(@Param() { id }: IdParams, @Query() query: PageQuery, @CurrentActor() actor: StaffActor): Promise<LinePage> {
    const [after = null] = (fromCursor(query.cursor, 1) ?? []) as string[];
    if (after !== null && !isId(after)) throw new ProblemException('cursor-wrong');
    const limit = query.limit ?? PAGE;
    return this.transactor.run(async (tx) => {
      await this.seen(tx, actor, id);
      const page = toPage(await listLines(tx, actor.cityCode, id, after, limit), limit, (row) => [row.lineId]);
      return {
        items: page.items.map(({ lineId, proposalId, tapId, siteId, siteName, mealDate, budgetYear, fen, bearer, ground, state, suspectedFraud, reason, noticeId }) => (
          { lineId, proposalId, tapId, siteId, siteName, mealDate, budgetYear, fen, bearer, ground, state, suspectedFraud, reason, noticeId })),
        nextCursor: page.nextCursor,
      };
    });
  }

  @Post('comparisons/:id/proposal-decisions')
  @HttpCode(200)
  @Allow(...DECIDERS)
  @ApiOkResponse({ type: DecidedView })
  async decideFacts(@Param() { id }: IdParams, @Body() body: DecisionBody, @CurrentActor() actor: StaffActor): Promise<DecidedView> {
    return { decided: answer(await this.decideProposals.run(actor, id, { ...body, ids: idsOf(body.ids) })).decided };
  }

  @Post('comparisons/:id/line-decisions')
  @HttpCode(200)
  @Allow(...DECIDERS)
  @ApiOkResponse({ type: DecidedView })
  async decideMoney(@Param() { id }: IdParams, @Body() body: LineDecisionBody, @CurrentActor() actor: StaffActor): Promise<DecidedView> {
    return { decided: answer(await this.decideLines.run(actor, id, { ...body, ids: idsOf(body.ids) })).decided };
  }

  @Get('elders-never-eaten')
  @Header('cache-control', 'no-store')
  @Allow(...FINDERS)
  @ApiOkResponse({ type: NeverEatenPageView })
  async neverEaten(@Query() query: NeverEatenQuery, @CurrentActor() actor: StaffActor): Promise<NeverEatenPageView> {
    const [after = null] = (fromCursor(query.cursor, 1) ?? []) as string[];
    if (after !== null && !isId(after)) throw new ProblemException('cursor-wrong');
    const page = answer(await this.listNeverEaten.run(actor, query.division ?? actor.divisionCode, after, query.limit ?? PAGE));
    return { items: page.items, nextCursor: page.after === null ? null : toCursor([page.after]) };
  }

  private async seen(tx: Tx, actor: StaffActor, comparisonId: string): Promise<ComparisonRow> {
    const comparison = await readComparison(tx, actor.cityCode, comparisonId);
    if (!comparison) throw new ProblemException('not-found');
    if (!(await inScope(tx, actor, comparison.divisionCode))) throw new ProblemException('outside-scope');
    return comparison;
  }
}

/** Ids out of a body; a text that is none names nothing. */
function idsOf(ids: readonly string[] | undefined): readonly string[] | undefined {
  if (ids?.some((id) => !isId(id))) throw new ProblemException('not-found');
  return ids;
}
