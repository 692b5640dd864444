import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { civilDate, fen } from '../kernel/index.js';
import { Allow, answer, at, CurrentActor, Transactor, type StaffActor } from '../platform/index.js';
import { BookingParams } from './booking.dto.js';
import { readRules, type NoShowRuleRow } from './no-show-rule.store.js';
import { NoShowDecisionBody, NoShowRuleBody, NoShowRuleDto, NoShowRuleList } from './no-show.dto.js';
import { SetNoShowRule } from './set-no-show-rule.js';

function shown({ ruleId, keptPercent, mostFen, documentNumber, documentTitle, firstDay, state, recordedAt }: NoShowRuleRow): NoShowRuleDto {
  return { ruleId, keptPercent, mostFen, documentNumber, documentTitle, firstDay, state, recordedAt: at(recordedAt) };
}

/** What a booked meal costs that nobody fetched: a city's rule, nothing without one. */
@ApiTags('预订')
@ApiBearerAuth()
@Controller('v1/no-show-rules')
export class NoShowController {
  constructor(private readonly sets: SetNoShowRule, private readonly transactor: Transactor) {}

  @Get()
  @Allow('countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '本市未取餐的规定；没有规定时已付的钱全退' })
  @ApiOkResponse({ type: NoShowRuleList })
  async rules(@CurrentActor() actor: StaffActor): Promise<NoShowRuleList> {
    return { items: (await this.transactor.run((tx) => readRules(tx, actor.cityCode))).map(shown) };
  }

  @Post()
  @HttpCode(200)
  @Allow('cityOfficer')
  @ApiOperation({ summary: '登记未取餐的规定；另一人复核后生效' })
  @ApiOkResponse({ type: NoShowRuleDto })
  async record(@CurrentActor() actor: StaffActor, @Body() { mostFen, firstDay, ...body }: NoShowRuleBody): Promise<NoShowRuleDto> {
    return shown(answer(await this.sets.record(actor, { ...body, mostFen: mostFen === null ? null : fen(mostFen), firstDay: civilDate(firstDay) })));
  }

  @Post(':id/decision')
  @HttpCode(200)
  @Allow('cityOfficer')
  @ApiOperation({ summary: '复核未取餐的规定（登记人不得自核）' })
  @ApiOkResponse({ type: NoShowRuleDto })
  async decide(@CurrentActor() actor: StaffActor, @Param() { id }: BookingParams, @Body() body: NoShowDecisionBody): Promise<NoShowRuleDto> {
    return shown(answer(await this.sets.decide(actor, id, body)));
  }
}
