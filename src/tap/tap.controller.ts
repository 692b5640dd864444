import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { civilDate } from '../kernel/index.js';
import { Allow, answer, AsksSession, CurrentActor, readEpoch, TAP_TRANSACTOR, type Actor, type StaffActor, type TerminalActor, type Transactor } from '../platform/index.js';
import { AdjustMeal, type AdjustAnswer } from './adjust-meal.js';
import type { TapAnswer } from './domain/index.js';
import { ReadTap, type TapView } from './read-tap.js';
import { TakeTaps } from './take-taps.js';
import { MealPageDto, MealsQuery, RecomputationDto, TapDto } from './read-tap.dto.js';
import { RecomputeTap } from './recompute-tap.js';
import { AdjustAnswerDto, AdjustBody, TapAnswerDto, TapBody, TapParams, UploadAnswerDto, UploadBody, VoidAnswerDto, VoidBody } from './tap.dto.js';
import { VoidTap, type VoidAnswer } from './void-tap.js';

@ApiTags('用餐记账')
@Controller('v1')
export class TapController {
  constructor(
    private readonly takes: TakeTaps, private readonly voids: VoidTap, private readonly adjusts: AdjustMeal, private readonly reads: ReadTap, private readonly recomputes: RecomputeTap,
    @Inject(TAP_TRANSACTOR) private readonly transactor: Transactor,
  ) {}

  @Post('taps')
  @HttpCode(200)
  @Allow('terminal')
  @AsksSession()
  @ApiOperation({ summary: '记一笔用餐：按补贴办法分摊后记账，或给出不记账的原因；同号同内容永远同一答复' })
  @ApiOkResponse({ type: TapAnswerDto })
  async take(@CurrentActor() actor: TerminalActor, @Body() body: TapBody): Promise<TapAnswer> {
    return answer(await this.takes.online(actor, body));
  }

  @Post('taps/upload')
  @HttpCode(200)
  @Allow('terminal')
  @ApiOperation({ summary: '上传离线期间的用餐，逐笔答复；重复上传得到相同结果' })
  @ApiOkResponse({ type: UploadAnswerDto })
  async upload(@CurrentActor() actor: TerminalActor, @Body() body: UploadBody): Promise<UploadAnswerDto> {
    const results = (await this.takes.upload(actor, body.taps)) as unknown as UploadAnswerDto['results'];
    return { epoch: await this.transactor.read(readEpoch), results };
  }

  @Post('taps/:id/void')
  @HttpCode(200)
  @Allow('terminal', 'canteenManager', 'countyOfficer')
  @ApiOperation({ summary: '撤销一笔用餐：当天由本点收银机，之后由食堂负责人或区县民政说明原因' })
  @ApiOkResponse({ type: VoidAnswerDto })
  async void(@CurrentActor() actor: Actor, @Param() { id }: TapParams, @Body() body: VoidBody): Promise<VoidAnswer> {
    return answer(await this.voids.void(actor, id, body));
  }

  @Post('taps/:id/adjustments')
  @HttpCode(200)
  @Allow('countyOfficer')
  @ApiOperation({ summary: '迟到的事实（如去世、资格变化）取消一笔补贴：在未结账月份更正，不向老人追收' })
  @ApiOkResponse({ type: AdjustAnswerDto })
  async adjust(@CurrentActor() actor: StaffActor, @Param() { id }: TapParams, @Body() body: AdjustBody): Promise<AdjustAnswer> {
    return answer(await this.adjusts.adjust(actor, id, body));
  }

  @Get('taps/:id')
  @Allow('terminal', 'cashier', 'canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor')
  @ApiOperation({ summary: '查看一笔用餐' })
  @ApiOkResponse({ type: TapDto })
  async one(@CurrentActor() actor: Actor, @Param() { id }: TapParams): Promise<TapView> {
    return answer(await this.reads.one(actor, id));
  }

  @Get('taps/:id/recomputation')
  @Allow('financeReviewer', 'financeApprover', 'auditor')
  @ApiOperation({ summary: '按留存的依据重算一笔用餐，并指明用餐日现在适用的版本' })
  @ApiOkResponse({ type: RecomputationDto })
  async recomputation(@CurrentActor() actor: StaffActor, @Param() { id }: TapParams): Promise<RecomputationDto> {
    const again = answer(await this.recomputes.run(actor, id));
    return { ...again, parts: [...again.parts] };
  }

  @Get('sites/:id/meals')
  @Allow('terminal', 'cashier', 'canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor')
  @ApiOperation({ summary: '一个助餐点一天的用餐流水，不含用餐人信息' })
  @ApiOkResponse({ type: MealPageDto })
  async ofSite(@CurrentActor() actor: Actor, @Param() { id }: TapParams, @Query() query: MealsQuery): Promise<MealPageDto> {
    const page = answer(await this.reads.ofSite(actor, id, civilDate(query.date), query.cursor, query.limit));
    return { items: page.items.map((item) => ({ ...item })), nextCursor: page.nextCursor };
  }
}
