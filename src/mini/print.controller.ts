import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { monthOf, today, type Clock } from '../kernel/index.js';
import { cardHandle } from '../elder/index.js';
import { Allow, answer, CLOCK, CurrentActor, FieldCipher, largePrint, type Paper, type StaffActor } from '../platform/index.js';
import { CardStatementBody, MiniElderParams, MiniSiteParams, MonthQuery, WeekMenuQuery } from './mini.dto.js';
import { PrintPapers } from './print-papers.js';

const PDF = 'application/pdf';

async function printed(paper: Paper, name: string): Promise<StreamableFile> {
  return new StreamableFile(await largePrint(paper), { type: PDF, disposition: `inline; filename="${name}.pdf"` });
}

/** What staff print for those who read paper. */
@ApiTags('大字打印')
@ApiBearerAuth()
@Controller('v1')
export class PrintController {
  constructor(private readonly papers: PrintPapers, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get('sites/:id/week-menu.pdf')
  @Header('cache-control', 'no-store')
  @Allow('canteenManager', 'communityWorker', 'townshipOfficer')
  @ApiOperation({ summary: '一周菜谱，大字，A4' })
  @ApiProduces(PDF)
  async weekMenu(@CurrentActor() actor: StaffActor, @Param() { id }: MiniSiteParams, @Query() { from }: WeekMenuQuery): Promise<StreamableFile> {
    return printed(answer(await this.papers.weekMenu(actor, id, from ?? today(this.clock))), 'week-menu');
  }

  @Get('elders/:id/statement.pdf')
  @Header('cache-control', 'no-store')
  @Allow('communityWorker', 'townshipOfficer')
  @ApiOperation({ summary: '一位老人的月度账单，大字，A4' })
  @ApiProduces(PDF)
  async statement(@CurrentActor() actor: StaffActor, @Param() { id }: MiniElderParams, @Query() { month }: MonthQuery): Promise<StreamableFile> {
    return printed(answer(await this.papers.statement(actor, id, month ?? monthOf(today(this.clock)))), 'statement');
  }

  @Post('sites/:id/card-statement')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow('canteenManager')
  @ApiOperation({ summary: '老人带卡来食堂时打印：只含在本食堂的用餐' })
  @ApiProduces(PDF)
  async cardStatement(@CurrentActor() actor: StaffActor, @Param() { id }: MiniSiteParams, @Body() { card, month }: CardStatementBody): Promise<StreamableFile> {
    return printed(answer(await this.papers.ownStatement(actor, id, cardHandle(this.cipher, card), month ?? monthOf(today(this.clock)))), 'statement');
  }
}
