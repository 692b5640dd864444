import { ApiProperty } from '@nestjs/swagger';
import { CivilDateField, FenField, IdField, ListOf, MomentField, Nested, OneOf, Text, Texts, WholeField, YesNo } from '../platform/index.js';
import { SlipPhotoDto } from './entry.dto.js';

const MOST = 999;

export class DayCountDto {
  @WholeField({ doc: '已印' })
  printed: number;

  @WholeField({ doc: '已补录用餐' })
  meals: number;

  @WholeField({ doc: '作废' })
  spoilt: number;

  @WholeField({ doc: '补录后撤销' })
  voided: number;

  @ApiProperty({ type: [Number], description: '缺号' })
  missing: number[];
}

export class DayRowDto {
  @IdField()
  siteId: string;

  @Text()
  siteName: string;

  @CivilDateField()
  mealDate: string;

  @WholeField({ doc: '已印' })
  printed: number;

  @WholeField({ doc: '已补录用餐' })
  meals: number;

  @WholeField({ doc: '作废' })
  spoilt: number;

  @WholeField({ doc: '补录后撤销' })
  voided: number;

  @WholeField({ doc: '缺号张数' })
  missing: number;

  @FenField({ doc: '实收现金' })
  takenFen: number;

  @OneOf(['open', 'closed'], { name: 'SlipDayState' })
  state: 'open' | 'closed';
}

export class DayPage {
  @ListOf(() => DayRowDto, { max: 500 })
  items: DayRowDto[];

  @Text({ nullable: true })
  nextCursor: string | null;
}

export class SheetDto {
  @IdField()
  sheetId: string;

  @WholeField()
  version: number;

  @WholeField()
  firstNo: number;

  @WholeField()
  lastNo: number;

  @YesNo({ doc: '补打' })
  reprint: boolean;

  @WholeField()
  people: number;

  @MomentField()
  printedAt: string;
}

export class SlipBatchDto {
  @IdField()
  batchId: string;

  @WholeField()
  batchNo: number;

  @Texts({ doc: '照片编号' })
  photoIds: string[];

  @WholeField({ doc: '未记账的行数' })
  refused: number;

  @MomentField()
  enteredAt: string;
}

export class EnteredSlipDto {
  @WholeField()
  number: number;

  @OneOf(['meal', 'spoilt', 'refused', 'voided'], { name: 'SlipFate' })
  kind: 'meal' | 'spoilt' | 'refused' | 'voided';

  @IdField({ nullable: true })
  tapId: string | null;

  @FenField()
  takenFen: number;

  @WholeField()
  batchNo: number;
}

export class DayStepDto {
  @OneOf(['closed', 'reopened'], { name: 'SlipDayStep' })
  kind: 'closed' | 'reopened';

  @ApiProperty({ type: [Number], description: '当时的缺号' })
  missing: number[];

  @Text({ max: 200 })
  reason: string;

  @MomentField()
  recordedAt: string;
}

export class WholeDayDto {
  @IdField()
  siteId: string;

  @CivilDateField()
  mealDate: string;

  @CivilDateField()
  dueOn: string;

  @Nested(() => DayCountDto)
  count: DayCountDto;

  @ListOf(() => SheetDto)
  sheets: SheetDto[];

  @ListOf(() => SlipBatchDto)
  batches: SlipBatchDto[];

  @ListOf(() => SlipPhotoDto)
  photos: SlipPhotoDto[];

  @ListOf(() => EnteredSlipDto, { max: MOST })
  slips: EnteredSlipDto[];

  @ListOf(() => DayStepDto)
  steps: DayStepDto[];
}
