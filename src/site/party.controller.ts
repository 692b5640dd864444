import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Allow, answer, CurrentActor, fromCursor, PageQuery, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { listOperators, listPayees } from './party.store.js';
import { RegisterOperator } from './register-operator.js';
import { RegisterPayee } from './register-payee.js';
import { OperatorAnswer, OperatorPage, OperatorRequest, PayeeAnswer, PayeePage, PayeeRequest } from './site.dto.js';

const PAGE = 50;

/** Operators and payees are organisations of the whole city: an officer of any place picks from one list. */
@ApiTags('运营方与收款单位')
@ApiBearerAuth()
@Controller('v1')
export class PartyController {
  constructor(private readonly transactor: Transactor, private readonly registerOperator: RegisterOperator, private readonly registerPayee: RegisterPayee) {}

  @Post('operators')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiCreatedResponse({ type: OperatorAnswer })
  async addOperator(@CurrentActor() actor: StaffActor, @Body() body: OperatorRequest): Promise<OperatorAnswer> {
    return answer(await this.registerOperator.run(actor, { ...body, creditCode: body.creditCode ?? null }));
  }

  @Get('operators')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'marketRegulator', 'auditor')
  @ApiOkResponse({ type: OperatorPage })
  async operators(@CurrentActor() actor: StaffActor, @Query() query: PageQuery): Promise<OperatorPage> {
    const limit = query.limit ?? PAGE;
    const after = fromCursor(query.cursor, 2) as [string, string] | null;
    return toPage(await this.transactor.run((tx) => listOperators(tx, actor.cityCode, after, limit)), limit, (row) => [row.name, row.operatorId]);
  }

  @Post('payees')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiCreatedResponse({ type: PayeeAnswer })
  async addPayee(@CurrentActor() actor: StaffActor, @Body() body: PayeeRequest): Promise<PayeeAnswer> {
    return answer(await this.registerPayee.run(actor, body));
  }

  @Get('payees')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor')
  @ApiOkResponse({ type: PayeePage })
  async payees(@CurrentActor() actor: StaffActor, @Query() query: PageQuery): Promise<PayeePage> {
    const limit = query.limit ?? PAGE;
    const after = fromCursor(query.cursor, 2) as [string, string] | null;
    return toPage(await this.transactor.run((tx) => listPayees(tx, actor.cityCode, after, limit)), limit, (row) => [row.name, row.payeeId]);
  }
}
