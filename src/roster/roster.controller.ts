import { Body, Controller, Get, Header, HttpCode, Param, Post, Put, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { inScope } from '../access/index.js';
import { Allow, answer, at, CurrentActor, FieldCipher, fromCursor, PageQuery, problemBody, ProblemException, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { AskApply } from './ask-apply.js';
import { AskCheck } from './ask-check.js';
import { KeepFile } from './keep-file.js';
import { reportWorkbook } from './report-workbook.js';
import { ApplyRosterBody, CheckBody, FileParams, FileQuery, FileView, RosterAnswer, RosterPage, RosterView } from './roster.dto.js';
import { listRosters, readRoster, type RosterRow } from './roster.store.js';

const PAGE = 50;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const WRITERS = ['townshipOfficer', 'countyOfficer', 'cityOfficer'] as const;

function toView(roster: RosterRow): RosterView {
  const { rosterId, fileId, sha256, purpose, divisionCode, asOf, source, requestNumber, state, done, total, failure, layout, counts, skipWrong, madeAt, appliedAt } = roster;
  return {
    rosterId, fileId, sha256, purpose, divisionCode, asOf, source, requestNumber, state, done, total,
    failure: failure === null ? null : { code: failure.code, sentence: problemBody(failure.code, failure.detail).title },
    sheet: layout?.sheet ?? null, headerRow: layout?.headerRow ?? null, columns: layout === null ? [] : layout.columns.map(({ index, title, field }) => ({ index, title, field })),
    counts: counts === null ? null : {
      rows: counts.rows, new: counts.new, changed: counts.changed, unchanged: counts.unchanged, wrong: counts.wrong, skipped: counts.skipped,
      notRegistered: counts.notRegistered, matched: counts.matched, proposed: counts.proposed, formulas: counts.formulas, stated: counts.stated,
    },
    skipWrong, madeAt: at(madeAt), appliedAt: appliedAt === null ? null : at(appliedAt),
  };
}

/** Files that offices hand over: taken in as they are, checked without changing anything, and brought in whole. */
@ApiTags('名册导入')
@ApiBearerAuth()
@Controller('v1')
export class RosterController {
  constructor(
    private readonly transactor: Transactor, private readonly cipher: FieldCipher,
    private readonly keepFile: KeepFile, private readonly askCheck: AskCheck, private readonly askApply: AskApply,
  ) {}

  /** Takes a file in as it is, `application/octet-stream`; what it is shows in its bytes, its name is not asked. */
  @Put('roster-files/:id')
  @Allow(...WRITERS)
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ type: FileView })
  async upload(@Param() { id }: FileParams, @Query() { division }: FileQuery, @Req() request: FastifyRequest, @CurrentActor() actor: StaffActor): Promise<FileView> {
    const stream = request.body as AsyncIterable<Buffer> | undefined;
    if (request.headers['content-type'] !== 'application/octet-stream' || stream === undefined) throw new ProblemException('media-type-wrong');
    const { fileId, sha256, bytes, kind, encoding, purgeOn } = answer(await this.keepFile.run(actor, id, division, stream));
    return { fileId, sha256, bytes, kind, encoding, purgeOn };
  }

  @Post('rosters')
  @HttpCode(202)
  @Allow(...WRITERS)
  @ApiOkResponse({ type: RosterAnswer })
  async check(@Body() body: CheckBody, @CurrentActor() actor: StaffActor): Promise<RosterAnswer> {
    const { rosterId } = answer(await this.askCheck.run(actor, body));
    return { rosterId };
  }

  @Get('rosters')
  @Allow(...WRITERS, 'auditor')
  @ApiOkResponse({ type: RosterPage })
  async list(@Query() query: PageQuery, @CurrentActor() actor: StaffActor): Promise<RosterPage> {
    const after = fromCursor(query.cursor, 2);
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run((tx) => listRosters(tx, actor.cityCode, actor.divisionCode, after, limit));
    const page = toPage(rows, limit, (row) => [row.madeAt, row.rosterId]);
    return { items: page.items.map(toView), nextCursor: page.nextCursor };
  }

  @Get('rosters/:id')
  @Allow(...WRITERS, 'auditor')
  @ApiOkResponse({ type: RosterView })
  async show(@Param() { id }: FileParams, @CurrentActor() actor: StaffActor): Promise<RosterView> {
    return toView(await this.seen(id, actor));
  }

  @Get('rosters/:id/report.xlsx')
  @Header('cache-control', 'no-store')
  @Allow(...WRITERS, 'auditor')
  @ApiProduces(XLSX)
  async report(@Param() { id }: FileParams, @CurrentActor() actor: StaffActor): Promise<StreamableFile> {
    const roster = await this.seen(id, actor);
    if (roster.purgedAt !== null) throw new ProblemException('file-purged');
    return new StreamableFile(reportWorkbook({ transactor: this.transactor, cipher: this.cipher }, actor.cityCode, roster), { type: XLSX, disposition: `attachment; filename="report-${id}.xlsx"` });
  }

  @Post('rosters/:id/apply')
  @HttpCode(202)
  @Allow(...WRITERS)
  @ApiOkResponse({ type: RosterAnswer })
  async apply(@Param() { id }: FileParams, @Body() body: ApplyRosterBody, @CurrentActor() actor: StaffActor): Promise<RosterAnswer> {
    const { rosterId } = answer(await this.askApply.run(actor, id, body));
    return { rosterId };
  }

  private async seen(id: string, actor: StaffActor): Promise<RosterRow> {
    return this.transactor.run(async (tx) => {
      const roster = await readRoster(tx, actor.cityCode, id);
      if (!roster) throw new ProblemException('not-found');
      if (!(await inScope(tx, actor, roster.divisionCode))) throw new ProblemException('outside-scope');
      return roster;
    });
  }
}
