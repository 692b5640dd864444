import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { inScope } from '../access/index.js';
import { Allow, answer, CurrentActor, fromCursor, ProblemException, toPage, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { AskReplay } from './ask-replay.js';
import { ReplayBody, ReplayDetail, ReplayPage, ReplayParams, ReplaysQuery, ReplayView, type ReplayResultView } from './replay.dto.js';
import { listReplays, readReplay, type ReplayRow } from './replay.store.js';
import { replayViews, resultView } from './replay-view.js';
import { replayWorkbook } from './replay-workbook.js';

const PAGE = 50;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const ASKERS = ['countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover'] as const;

/** What a draft would have cost on the meals that were eaten. */
@ApiTags('政策试算')
@ApiBearerAuth()
@Controller('v1/replays')
export class ReplayController {
  constructor(private readonly transactor: Transactor, private readonly askReplay: AskReplay) {}

  @Post()
  @HttpCode(202)
  @Allow(...ASKERS)
  @ApiOperation({ summary: '用一段时间的真实就餐试算草案；后台进行，不改变任何账目' })
  @ApiOkResponse({ type: ReplayView })
  async ask(@Body() body: ReplayBody, @CurrentActor() actor: StaffActor): Promise<ReplayView> {
    const { id, from, to } = body;
    const texts = body.texts ? { packYaml: body.texts.packYaml, versionYaml: { name: body.texts.version.name, text: body.texts.version.text }, caseYamls: [] } : null;
    const replay = answer(await this.askReplay.run(actor, { id, draftId: body.draftId ?? null, texts, from, to, facts: body.facts ?? 'now' }));
    const [view] = await this.transactor.run((tx) => replayViews(tx, actor.cityCode, [replay]));
    return view as ReplayView;
  }

  @Get()
  @Allow(...ASKERS, 'auditor')
  @ApiOkResponse({ type: ReplayPage })
  async list(@Query() query: ReplaysQuery, @CurrentActor() actor: StaffActor): Promise<ReplayPage> {
    const after = fromCursor(query.cursor, 2);
    const limit = query.limit ?? PAGE;
    return this.transactor.run(async (tx) => {
      const page = toPage(await listReplays(tx, actor.cityCode, actor.divisionCode, after, limit), limit, (row) => [row.askedAt, row.replayId]);
      return { items: await replayViews(tx, actor.cityCode, page.items), nextCursor: page.nextCursor };
    });
  }

  @Get(':id')
  @Allow(...ASKERS, 'auditor')
  @ApiOkResponse({ type: ReplayDetail })
  async show(@Param() { id }: ReplayParams, @CurrentActor() actor: StaffActor): Promise<ReplayDetail> {
    return this.transactor.run(async (tx) => this.detail(tx, actor, await this.seen(tx, actor, id)));
  }

  @Get(':id/export.xlsx')
  @Header('cache-control', 'no-store')
  @Allow(...ASKERS, 'auditor')
  @ApiProduces(XLSX)
  async export(@Param() { id }: ReplayParams, @CurrentActor() actor: StaffActor): Promise<StreamableFile> {
    const { result, ...view } = await this.transactor.run(async (tx) => this.detail(tx, actor, await this.seen(tx, actor, id)));
    if (result === null) throw new ProblemException('replay-not-done', { done: view.done, total: view.total });
    return new StreamableFile(await replayWorkbook(view, result), { type: XLSX, disposition: `attachment; filename="${id}.xlsx"` });
  }

  private async detail(tx: Tx, actor: StaffActor, row: ReplayRow): Promise<ReplayDetail> {
    const [view] = await replayViews(tx, actor.cityCode, [row]);
    const result: ReplayResultView | null = row.result === null ? null : await resultView(tx, actor.cityCode, row.result);
    return { ...(view as ReplayView), result };
  }

  private async seen(tx: Tx, actor: StaffActor, replayId: string): Promise<ReplayRow> {
    const row = await readReplay(tx, actor.cityCode, replayId);
    if (row === undefined) throw new ProblemException('not-found');
    if (!(await inScope(tx, actor, row.scopeCode))) throw new ProblemException('outside-scope');
    return row;
  }
}
