import { ApiProperty } from '@nestjs/swagger';
import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, CivilMonthField, FenField, IdField, ListOf, MomentField, Nested, OneOf, PageQuery, Text, Texts, YesNo } from '../platform/index.js';
import { MEAL_PERIODS } from '../subsidy/domain/index.js';
import { TENDERS } from './domain/index.js';
import { TapAnswerDto, TapItemDto } from './tap.dto.js';

export class ShareDto {
  @Text()
  funderCode: string;

  @FenField()
  fen: number;
}

export class VoidedDto {
  @IdField()
  voidId: string;

  @Text({ max: 200 })
  reason: string;

  @CivilMonthField()
  bookedMonth: string;
}

export class StandingDto {
  @FenField() selfPayFen: number;
  @FenField() subsidyFen: number;
  @FenField({ min: -100_000_000_000, doc: '助餐点暂时承担；负数为应退老人' }) siteBorneFen: number;
}

export class CorrectionDto {
  @IdField() adjustmentId: string;
  @Text({ doc: '原因：迟到的事实、经办人判断，或 rank（离线用餐按时间重排）' }) cause: string;
  @Text({ max: 400 }) reason: string;
  @CivilMonthField() bookedMonth: string;
  @FenField({ min: -100_000_000_000, doc: '各资金方合计增加（负数为减少）的负担' }) subsidyFen: number;
}

export class TapDto {
  @Nested(() => TapAnswerDto, { doc: '当时的答复' })
  answer: TapAnswerDto;

  @ListOf(() => TapItemDto, { doc: '吃了什么，含半份和陪餐' })
  items: readonly TapItemDto[];

  @IdField()
  siteId: string;

  @MomentField()
  deviceTime: string;

  @MomentField()
  receivedAt: string;

  @YesNo()
  offline: boolean;

  @Nested(() => StandingDto, { doc: '现在的分摊，含更正；已撤销为 0' })
  standing: StandingDto;

  @ListOf(() => ShareDto, { doc: '各资金方现在的负担，含更正' })
  shares: ShareDto[];

  @ListOf(() => CorrectionDto, { doc: '历次更正；仅民政、财政和审计可见' })
  corrections: readonly CorrectionDto[];

  @Nested(() => VoidedDto, { nullable: true })
  voided: VoidedDto | null;

  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, description: '补贴的逐条依据；仅民政、财政和审计可见' })
  reasons: readonly object[];
}

export class MealsQuery extends PageQuery {
  @CivilDateField({ doc: '用餐日期' })
  date: string;
}

export class MealLineDto {
  @IdField()
  tapId: string;

  @MomentField()
  deviceTime: string;

  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: string;

  @OneOf(['accepted', 'refused'], { name: 'TapOutcome' })
  outcome: string;

  @Text({ nullable: true })
  code: string | null;

  @FenField()
  priceFen: number;

  @FenField()
  selfPayFen: number;

  @FenField()
  subsidyFen: number;

  @FenField()
  siteBorneFen: number;

  @OneOf(TENDERS, { name: 'Tender' })
  tender: string;

  @YesNo()
  offline: boolean;

  @Texts()
  flags: readonly string[];

  @YesNo()
  voided: boolean;

  @CivilMonthField()
  bookedMonth: string;
}

export class MealPageDto {
  @ListOf(() => MealLineDto, { max: 500 })
  items: MealLineDto[];

  @Text({ nullable: true, max: 400 })
  nextCursor: string | null;
}

export class RecomputedPartDto {
  @Text() ruleId: string;
  @Text() version: string;
  @Text({ max: 500 }) clause: string;
  @Text() documentId: string;
  @Text() funder: string;
  @FenField({ doc: '当时留存的金额' }) keptFen: number;
  @FenField({ doc: '仅凭留存的依据重算的金额' }) recomputedFen: number;
}

export class DecidedByDto {
  @Text() pack: string;
  @Text() version: string;
}

export class RulingVersionDto extends DecidedByDto {
  @Text({ doc: '版本文件的 SHA-256' }) sha256: string;
}

export class RecomputationDto {
  @IdField() tapId: string;
  @CivilDateField() mealDate: CivilDate;
  @Nested(() => DecidedByDto, { nullable: true, doc: '当时适用的版本' }) decidedBy: DecidedByDto | null;
  @Nested(() => RulingVersionDto, { nullable: true, doc: '用餐日现在适用的版本；追溯发布后可能不同' }) ruling: RulingVersionDto | null;
  @YesNo() sameVersion: boolean;
  @ListOf(() => RecomputedPartDto) parts: RecomputedPartDto[];
  @YesNo({ doc: '重算与留存逐分相同' }) holds: boolean;
}
