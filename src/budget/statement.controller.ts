import { Controller, Get, Header, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Allow, at, CurrentActor, fromCursor, ProblemException, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { StatementDetail, StatementIdParams, StatementPage, StatementsQuery, type StatementView } from './statement.dto.js';
import { listStatements, readStatement, type StatementRow } from './statement.store.js';
import { showStatement, type ShownStatement } from './statement-view.js';
import { statementWorkbook } from './statement-workbook.js';

const PAGE = 50;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const READERS = ['countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor'] as const;

/** What counties owe each other for elders who eat elsewhere, month by month. */
@ApiTags('区县间结算')
@ApiBearerAuth()
@Controller('v1/statements')
export class StatementController {
  constructor(private readonly transactor: Transactor) {}

  @Get()
  @Allow(...READERS)
  @ApiOkResponse({ type: StatementPage })
  async list(@Query() query: StatementsQuery, @CurrentActor() actor: StaffActor): Promise<StatementPage> {
    const [after = null] = (fromCursor(query.cursor, 1) ?? []) as string[];
    const limit = query.limit ?? PAGE;
    const page = toPage(await this.transactor.run((tx) => listStatements(tx, actor.cityCode, after, limit)), limit, (row) => [row.month]);
    return { items: page.items.map(viewOf), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOkResponse({ type: StatementDetail })
  async show(@Param() { id }: StatementIdParams, @CurrentActor() actor: StaffActor): Promise<StatementDetail> {
    const { statement, lines, positions, shownFen } = await this.shown(actor, id);
    return { ...viewOf(statement), shownFen, lines: [...lines], positions: [...positions] };
  }

  @Get(':id/export.xlsx')
  @Header('cache-control', 'no-store')
  @Allow(...READERS)
  @ApiProduces(XLSX)
  async export(@Param() { id }: StatementIdParams, @CurrentActor() actor: StaffActor): Promise<StreamableFile> {
    const shown = await this.shown(actor, id);
    return new StreamableFile(await statementWorkbook(shown), { type: XLSX, disposition: `attachment; filename="${shown.statement.statementNumber}.xlsx"` });
  }

  private async shown(actor: StaffActor, statementId: string): Promise<ShownStatement> {
    return this.transactor.run(async (tx) => {
      const statement = await readStatement(tx, actor.cityCode, { statementId });
      if (statement === undefined) throw new ProblemException('not-found');
      return showStatement(tx, actor, statement);
    });
  }
}

function viewOf({ runId: _, ...row }: StatementRow): StatementView {
  return { ...row, madeAt: at(row.madeAt) };
}
