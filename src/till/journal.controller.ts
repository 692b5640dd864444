import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, answer, CurrentActor, type StaffActor } from '../platform/index.js';
import { ImportJournal, type JournalImported } from './import-journal.js';
import { JournalBody, JournalImportedDto } from './journal.dto.js';

/** Journals of tills that could not send them. */
@ApiTags('收银机')
@Controller('v1/till/journals')
export class JournalController {
  constructor(private readonly imports: ImportJournal) {}

  @Post()
  @HttpCode(200)
  @Allow('canteenManager', 'countyOfficer')
  @ApiOperation({ summary: '导入收银机导出的未上传流水：逐笔验签、逐笔答复，重复导入结果相同' })
  @ApiOkResponse({ type: JournalImportedDto })
  async import(@CurrentActor() actor: StaffActor, @Body() body: JournalBody): Promise<JournalImported> {
    return answer(await this.imports.run(actor, body.id, body.file));
  }
}
