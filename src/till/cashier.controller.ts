import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { KEY_LIFE_MS } from '../access/domain/index.js';
import { Allow, answer, at, CLOCK, CurrentActor, fromCursor, toPage, Transactor, type Actor, type StaffActor, type TerminalActor } from '../platform/index.js';
import type { Clock, Instant } from '../kernel/index.js';
import { CashierBody, CashierDto, CashierInDto, CashierParams, CashierRemovedDto, CashiersDto, PinBody, RemoveCashierBody } from './cashier.dto.js';
import { Cashiers } from './cashiers.js';
import { FAR_METRES } from './domain/index.js';
import { readLimits } from './limit.store.js';
import { LogInCashier } from './log-in-cashier.js';
import { watchTerminals, type WatchedTerminal } from './opening.store.js';
import { SetLimits } from './set-limits.js';
import { LimitsBody, TillLimitsDto } from './till.dto.js';
import { WatchedPage, WatchedTerminalDto, WatchQuery } from './watch.dto.js';

const PAGE = 50;

function moment(instant: Instant | null): string | null {
  return instant === null ? null : at(instant);
}

function shown({ seenAt, keySince, revokedAt, openedAt, ...row }: WatchedTerminal, now: Instant): WatchedTerminalDto {
  return {
    ...row, seenAt: moment(seenAt), openedAt: moment(openedAt), revoked: revokedAt !== null, keyDue: keySince !== null && now >= keySince + KEY_LIFE_MS,
    far: row.metresAway !== null && row.metresAway > FAR_METRES,
  };
}

/** Who works at the tills, and how the tills are. */
@ApiTags('收银机')
@Controller('v1/till')
export class CashierController {
  constructor(
    private readonly cashiers: Cashiers, private readonly logsIn: LogInCashier, private readonly sets: SetLimits,
    private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('cashiers')
  @HttpCode(200)
  @Allow('canteenManager')
  @ApiOperation({ summary: '为一台终端登记收银员和 PIN' })
  @ApiOkResponse({ type: CashierDto })
  async add(@CurrentActor() actor: StaffActor, @Body() body: CashierBody): Promise<CashierDto> {
    return answer(await this.cashiers.add(actor, body));
  }

  @Get('cashiers')
  @Allow('terminal', 'canteenManager')
  @ApiOperation({ summary: '终端自己的收银员，或本点各终端的收银员' })
  @ApiOkResponse({ type: CashiersDto })
  async list(@CurrentActor() actor: Actor): Promise<CashiersDto> {
    return { items: await this.cashiers.list(actor) };
  }

  @Post('cashiers/:id/remove')
  @HttpCode(200)
  @Allow('canteenManager')
  @ApiOperation({ summary: '移除收银员' })
  @ApiOkResponse({ type: CashierRemovedDto })
  async remove(@CurrentActor() actor: StaffActor, @Param() { id }: CashierParams, @Body() body: RemoveCashierBody): Promise<CashierRemovedDto> {
    return answer(await this.cashiers.remove(actor, id, body));
  }

  @Post('log-ins')
  @HttpCode(200)
  @Allow('terminal')
  @ApiOperation({ summary: '收银员凭 PIN 登录本终端' })
  @ApiOkResponse({ type: CashierInDto })
  async logIn(@CurrentActor() actor: TerminalActor, @Body() { cashierId, pin }: PinBody): Promise<CashierInDto> {
    const entered = answer(await this.logsIn.run(actor, cashierId, pin));
    return { ...entered, verifierUntil: at(entered.verifierUntil) };
  }

  @Get('limits')
  @Allow('countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '全市离线限额' })
  @ApiOkResponse({ type: TillLimitsDto })
  async limits(@CurrentActor() { cityCode }: StaffActor): Promise<TillLimitsDto> {
    return this.transactor.read((tx) => readLimits(tx, cityCode));
  }

  @Put('limits')
  @Allow('cityOfficer')
  @ApiOperation({ summary: '设定全市离线限额' })
  @ApiOkResponse({ type: TillLimitsDto })
  async setLimits(@CurrentActor() actor: StaffActor, @Body() { id, ...limits }: LimitsBody): Promise<TillLimitsDto> {
    return answer(await this.sets.run(actor, id, limits));
  }

  @Get('terminals')
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'securityAdministrator', 'auditor')
  @ApiOperation({ summary: '终端状况：版本、最近联系、密钥、位置、未传笔数' })
  @ApiOkResponse({ type: WatchedPage })
  async terminals(@CurrentActor() actor: StaffActor, @Query() query: WatchQuery): Promise<WatchedPage> {
    const { cityCode, divisionCode } = actor;
    const limit = query.limit ?? PAGE;
    const [after = null] = fromCursor(query.cursor, 1) ?? [];
    const rows = await this.transactor.read((tx) => watchTerminals(tx, { cityCode, divisionCode, siteId: actor.siteId ?? query.siteId ?? null, after: after === null ? null : String(after), limit }));
    const page = toPage(rows, limit, (row) => [row.terminalId]);
    return { items: page.items.map((row) => shown(row, this.clock.now())), nextCursor: page.nextCursor };
  }
}
