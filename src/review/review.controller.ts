import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, answer, at, CurrentActor, Transactor, type StaffActor } from '../platform/index.js';
import { ALWAYS_LOOKED_AT, USUAL_RULE } from './domain/index.js';
import type { DrawRow } from './draw.store.js';
import { ReadReviews } from './read-reviews.js';
import { RecordFinding } from './record-finding.js';
import {
  DrawPage, DrawParams, DrawProofDto, FindingAnswerDto, FindingBody, FindingHistory, ReviewListQuery, ReviewPage, ReviewParams, ReviewQueryDto, RuleBody, RuleDto, RuleList,
  type DrawDto,
} from './review.dto.js';
import { readRules } from './rule.store.js';
import { SetRule } from './set-rule.js';

const LOT = '无必查标记的各餐，以“种子 + 空格 + 用餐编号”的 SHA-256（十六进制）从小到大排队，取前“餐数 × 比例”（进一）且不少于“至少几餐”的若干餐；有必查标记的全部入选。';

function drawView({ divisionCode: _division, ...draw }: DrawRow): DrawDto {
  return draw;
}

/** The sample of meals that somebody asks after, and what they found. */
@ApiTags('抽查')
@ApiBearerAuth()
@Controller('v1/reviews')
export class ReviewController {
  constructor(private readonly reads: ReadReviews, private readonly records: RecordFinding, private readonly sets: SetRule, private readonly transactor: Transactor) {}

  @Get()
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '抽查名单：必查的与随机抽中的用餐，近日的在前' })
  @ApiOkResponse({ type: ReviewPage })
  async list(@CurrentActor() actor: StaffActor, @Query() query: ReviewQueryDto): Promise<ReviewPage> {
    const { items, nextCursor } = await this.reads.meals(actor, query);
    return { items: items.map((item) => ({ ...item, deviceTime: at(item.deviceTime) })), nextCursor };
  }

  @Get('draws')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '历次抽样：每次封存一次' })
  @ApiOkResponse({ type: DrawPage })
  async draws(@CurrentActor() actor: StaffActor, @Query() query: ReviewListQuery): Promise<DrawPage> {
    const { items, nextCursor } = await this.reads.draws(actor, query);
    return { items: items.map(drawView), nextCursor };
  }

  @Get('draws/:logIndex')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '一次抽样的办法、种子、全部用餐和名单：任何人可据此重新算出同一名单' })
  @ApiOkResponse({ type: DrawProofDto })
  async proof(@CurrentActor() actor: StaffActor, @Param() { logIndex }: DrawParams): Promise<DrawProofDto> {
    const { draw, seal: { bookedMonth, seq, root }, meals, sample } = answer(await this.reads.proof(actor, Number(logIndex)));
    return { draw: drawView(draw), bookedMonth, seq, seed: root, always: [...ALWAYS_LOOKED_AT], lot: LOT, meals: [...meals], sample: [...sample] };
  }

  @Get('rule')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '随机抽查比例及其变更' })
  @ApiOkResponse({ type: RuleList })
  async rules(@CurrentActor() actor: StaffActor): Promise<RuleList> {
    const rules = await this.transactor.run((tx) => readRules(tx, actor.cityCode));
    return { items: [...rules.map(({ fromDate, rateBasisPoints, least }) => ({ fromDate, rateBasisPoints, least })), { fromDate: null, ...USUAL_RULE }] };
  }

  @Put('rule')
  @Allow('cityOfficer')
  @ApiOperation({ summary: '设定以后日子的随机抽查比例' })
  @ApiOkResponse({ type: RuleDto })
  async setRule(@CurrentActor() actor: StaffActor, @Body() body: RuleBody): Promise<RuleDto> {
    return answer(await this.sets.run(actor, body));
  }

  @Get(':tapId/findings')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '一餐的历次核查结果' })
  @ApiOkResponse({ type: FindingHistory })
  async findings(@CurrentActor() actor: StaffActor, @Param() { tapId }: ReviewParams): Promise<FindingHistory> {
    const rows = answer(await this.reads.findings(actor, tapId));
    return { items: rows.map((row) => ({ ...row, foundAt: at(row.foundAt) })) };
  }

  @Post(':tapId/findings')
  @HttpCode(200)
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOperation({ summary: '登记核查结果；后一次替代前一次，前一次留存' })
  @ApiOkResponse({ type: FindingAnswerDto })
  async record(@CurrentActor() actor: StaffActor, @Param() { tapId }: ReviewParams, @Body() body: FindingBody): Promise<FindingAnswerDto> {
    return answer(await this.records.run(actor, tapId, body));
  }
}
