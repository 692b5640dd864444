import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { inScope } from '../access/index.js';
import { Allow, answer, at, CurrentActor, fromCursor, ProblemException, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { DecideRestatement } from './decide-restatement.js';
import type { Difference } from './domain/index.js';
import { LookForLateFacts } from './look-for-late-facts.js';
import { DecideAnew, type DecidedAnew } from './decide-anew.js';
import {
  LookAnswer, LookBody, DecidedAnewView, RestatementAnswer, RestatementConfirmBody, RestatementDetail, RestatementPage, RestatementParams, RestatementReviewBody, RestatementsQuery, type RestatementView,
} from './restatement.dto.js';
import { linesOf, listRestatements, readRestatement, type RestatementRow } from './restatement.store.js';

const PAGE = 50;
const DECIDERS = ['countyOfficer', 'cityOfficer'] as const;

function toView(row: RestatementRow): RestatementView {
  const { restatementId, elderId, countyCode, meals, beforeFen, afterFen, refundFen, state, decision, reason, reviewedBy, decidedBy } = row;
  return {
    restatementId, elderId, countyCode, meals, beforeFen, afterFen, differenceFen: afterFen - beforeFen, refundFen, state, decision, reason, reviewedBy, decidedBy,
    causes: row.causes.map(({ causeId, kind, firstDay, recordedAt }) => ({ causeId, kind, firstDay, recordedAt: at(recordedAt) })),
    madeAt: at(row.madeAt), decidedAt: row.decidedAt === null ? null : at(row.decidedAt),
  };
}

const WORDS: Readonly<Record<Difference['what'], string>> = { pack: '政策包', version: '版本', code: '未补贴原因', subsidy: '补贴金额', share: '承担方' };

function decidedAnewView(found: DecidedAnew): DecidedAnewView {
  const { wrongParts, recorded, recomputed, differences, ...rest } = found;
  const equal = differences.length === 0 && wrongParts.length === 0;
  const parts = [...(wrongParts.length > 0 ? ['所存理由重算不符'] : []), ...new Set(differences.map(({ what }) => WORDS[what]))];
  const sentence = equal ? '按所存理由、按就餐日版本和当时所知重新计算，结果与所记一致。' : `与所记不一致：${parts.join('、')}；请核对就餐日的政策版本是否在此后追溯发布。`;
  const side = (one: DecidedAnew['recorded']) => ({ ...one, shares: one.shares.map((share) => ({ ...share })) });
  return { ...rest, equal, sentence, wrongParts: [...wrongParts], recorded: side(recorded), recomputed: side(recomputed), differences: [...differences] };
}

/** What late facts and back-dated rules change of meals: proposed by the system, decided by two people. */
@ApiTags('迟到情况的更正')
@ApiBearerAuth()
@Controller('v1')
export class RestatementController {
  constructor(
    private readonly transactor: Transactor, private readonly lookForLateFacts: LookForLateFacts,
    private readonly decide: DecideRestatement, private readonly decideAnew: DecideAnew,
  ) {}

  @Post('restatements/looks')
  @HttpCode(202)
  @Allow(...DECIDERS)
  @ApiOperation({ summary: '立即核对迟到的情况（每夜自动进行）；后台重新核算受影响的老人' })
  @ApiOkResponse({ type: LookAnswer })
  async look(@Body() { id }: LookBody, @CurrentActor() actor: StaffActor): Promise<LookAnswer> {
    const { lookId, facts, elders } = answer(await this.lookForLateFacts.asked(actor, id));
    return { lookId, facts, elders };
  }

  @Get('restatements')
  @Allow(...DECIDERS, 'auditor')
  @ApiOkResponse({ type: RestatementPage })
  async list(@Query() query: RestatementsQuery, @CurrentActor() actor: StaffActor): Promise<RestatementPage> {
    const after = fromCursor(query.cursor, 2);
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run((tx) => listRestatements(tx, actor.cityCode, actor.divisionCode, query.state ?? null, after, limit));
    const page = toPage(rows, limit, (row) => [row.madeAt, row.restatementId]);
    return { items: page.items.map(toView), nextCursor: page.nextCursor };
  }

  @Get('restatements/:id')
  @Allow(...DECIDERS, 'auditor')
  @ApiOkResponse({ type: RestatementDetail })
  async show(@Param() { id }: RestatementParams, @CurrentActor() actor: StaffActor): Promise<RestatementDetail> {
    return this.transactor.run(async (tx) => {
      const row = await readRestatement(tx, actor.cityCode, id);
      if (row === undefined) throw new ProblemException('not-found');
      if (!(await inScope(tx, actor, row.countyCode))) throw new ProblemException('outside-scope');
      const lines = await linesOf(tx, actor.cityCode, id);
      const parts = (shares: (typeof lines)[number]['before']) => shares.map((share) => ({ ...share }));
      return { ...toView(row), lines: lines.map((line) => ({ ...line, before: parts(line.before), after: parts(line.after), mark: line.refundFen > 0 ? '应退老人' : null })) };
    });
  }

  @Post('restatements/:id/review')
  @HttpCode(200)
  @Allow(...DECIDERS)
  @ApiOperation({ summary: '经办：接受或驳回更正，写明理由' })
  @ApiOkResponse({ type: RestatementAnswer })
  async review(@Param() { id }: RestatementParams, @Body() body: RestatementReviewBody, @CurrentActor() actor: StaffActor): Promise<RestatementAnswer> {
    return { ...answer(await this.decide.review(actor, id, body)) };
  }

  @Post('restatements/:id/confirmation')
  @HttpCode(200)
  @Allow(...DECIDERS)
  @ApiOperation({ summary: '复核（另一人）：同意后在未结账月份入账，已结账月份不变' })
  @ApiOkResponse({ type: RestatementAnswer })
  async confirm(@Param() { id }: RestatementParams, @Body() body: RestatementConfirmBody, @CurrentActor() actor: StaffActor): Promise<RestatementAnswer> {
    return { ...answer(await this.decide.confirm(actor, id, body)) };
  }

  @Get('taps/:id/decision-anew')
  @Allow('countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor')
  @ApiOperation({ summary: '重新计算一餐：按所存理由，并按就餐日有效的版本和当时所知' })
  @ApiOkResponse({ type: DecidedAnewView })
  async decisionAnew(@Param() { id }: RestatementParams, @CurrentActor() actor: StaffActor): Promise<DecidedAnewView> {
    return decidedAnewView(answer(await this.decideAnew.run(actor, id)));
  }
}
