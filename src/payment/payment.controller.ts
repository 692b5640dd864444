import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, answer, at, CurrentActor, PageQuery, Transactor, type StaffActor } from '../platform/index.js';
import { closingDifferences } from './closing.store.js';
import { ImportStatement } from './import-statement.js';
import { BankStatementBody, BankStatementDto, PrepaidDecisionBody, PrepaidDifferenceList, PrepaidParams, PrepaidSettingBody, PrepaidSettingDto, PrepaidSettingList, PrepaidStatementDto, RefundBody, RefundDto } from './payment.dto.js';
import { ReadStatement } from './read-statement.js';
import { RefundBalance } from './refund-balance.js';
import { SetPrepayment } from './set-prepayment.js';
import { readSettings, type SettingRow } from './setting.store.js';

function settingView({ settingId, bankName, documentNumber, documentTitle, firstDay, lastDay, state, recordedAt }: SettingRow): PrepaidSettingDto {
  return { settingId, bankName, documentNumber, documentTitle, firstDay, lastDay, state, recordedAt: at(recordedAt) };
}

/** Prepaid balances that a bank holds: the city's choice, the bank's statements, and each elder's own. */
@ApiTags('预付余额')
@ApiBearerAuth()
@Controller('v1')
export class PaymentController {
  constructor(private readonly sets: SetPrepayment, private readonly imports: ImportStatement, private readonly refunds: RefundBalance, private readonly reads: ReadStatement, private readonly transactor: Transactor) {}

  @Get('prepaid/settings')
  @Allow('countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '本市是否开通预付余额，及其变更' })
  @ApiOkResponse({ type: PrepaidSettingList })
  async settings(@CurrentActor() actor: StaffActor): Promise<PrepaidSettingList> {
    return { items: (await this.transactor.run((tx) => readSettings(tx, actor.cityCode))).map(settingView) };
  }

  @Post('prepaid/settings')
  @HttpCode(200)
  @Allow('cityOfficer')
  @ApiOperation({ summary: '登记开通（或以末日结束）预付余额；另一人复核后生效' })
  @ApiOkResponse({ type: PrepaidSettingDto })
  async record(@CurrentActor() actor: StaffActor, @Body() body: PrepaidSettingBody): Promise<PrepaidSettingDto> {
    return settingView(answer(await this.sets.record(actor, body)));
  }

  @Post('prepaid/settings/:id/decision')
  @HttpCode(200)
  @Allow('cityOfficer')
  @ApiOperation({ summary: '复核预付余额的设定（登记人不得自核）' })
  @ApiOkResponse({ type: PrepaidSettingDto })
  async decide(@CurrentActor() actor: StaffActor, @Param() { id }: PrepaidParams, @Body() body: PrepaidDecisionBody): Promise<PrepaidSettingDto> {
    return settingView(answer(await this.sets.decide(actor, id, body)));
  }

  @Post('prepaid/statements')
  @HttpCode(200)
  @Allow('cityOfficer')
  @ApiOperation({ summary: '导入银行对账单：流水按流水号只入一次，逐行说明结果；期末余额逐卡核对' })
  @ApiOkResponse({ type: BankStatementDto })
  async import(@CurrentActor() actor: StaffActor, @Body() { id, lines, closing }: BankStatementBody): Promise<BankStatementDto> {
    return answer(await this.imports.run(actor, id, lines.map(({ kind = 'topUp', ...line }) => ({ ...line, kind })), closing ?? null));
  }

  @Get('prepaid/differences')
  @Allow('cityOfficer', 'auditor')
  @ApiOperation({ summary: '期末余额与银行对不上的，还没有对上的在前' })
  @ApiOkResponse({ type: PrepaidDifferenceList })
  async differences(@CurrentActor() actor: StaffActor): Promise<PrepaidDifferenceList> {
    return { items: await this.transactor.run((tx) => closingDifferences(tx, actor.cityCode)) };
  }

  @Get('elders/:id/prepaid')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '一位老人的预付余额及其变动' })
  @ApiOkResponse({ type: PrepaidStatementDto })
  async statement(@CurrentActor() actor: StaffActor, @Param() { id }: PrepaidParams, @Query() query: PageQuery): Promise<PrepaidStatementDto> {
    const { balanceFen, items, nextCursor } = answer(await this.reads.run(actor, id, query));
    return { balanceFen, nextCursor, items: items.map(({ entryId, kind, fen, tapId, siteId, bookedAt }) => ({ entryId, kind, fen, tapId, siteId, bookedAt: at(bookedAt) })) };
  }

  @Post('elders/:id/prepaid/refunds')
  @HttpCode(200)
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOperation({ summary: '把余额退给老人：任何时候，直到最后一分' })
  @ApiOkResponse({ type: RefundDto })
  async refund(@CurrentActor() actor: StaffActor, @Param() { id }: PrepaidParams, @Body() body: RefundBody): Promise<RefundDto> {
    return answer(await this.refunds.run(actor, id, body));
  }
}
