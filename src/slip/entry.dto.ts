import { CivilDateField, FenField, IdField, ListOf, Nested, OneOf, Text, WholeField, YesNo } from '../platform/index.js';
import { MEAL_PERIODS, type MealPeriod } from '../subsidy/domain/index.js';
import { TapAnswerDto } from '../tap/index.js';

/** Rows of one batch: some pages of paper, and one short transaction. */
const MOST_ROWS = 60;
const PICTURES = ['image/jpeg', 'image/png', 'image/webp'] as const;

export class SlipPhotoQuery {
  @IdField()
  siteId: string;

  @CivilDateField()
  mealDate: string;
}

export class SlipPhotoDto {
  @IdField()
  photoId: string;

  @OneOf(PICTURES, { name: 'PictureType' })
  kind: (typeof PICTURES)[number];

  @WholeField()
  bytes: number;

  @Text()
  sha256: string;
}

export class SlipItemDto {
  @Text({ max: 40, doc: '价目表中的编码' })
  itemCode: string;

  @WholeField({ min: 1, max: 20 })
  quantity: number;
}

export class WrittenMealDto {
  @Text({ optional: true, max: 20, doc: '名单上的编号' })
  handle?: string;

  @Text({ optional: true, max: 40, doc: '不在名单上的老人：助餐卡号' })
  card?: string;

  @YesNo({ optional: true, doc: '散客' })
  guest?: boolean;

  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: MealPeriod;

  @ListOf(() => SlipItemDto, { min: 1, max: 10 })
  items: SlipItemDto[];

  @FenField({ max: 100_000, doc: '实收现金' })
  takenFen: number;
}

export class SlipRowDto {
  @Text({ max: 60, doc: '单号' })
  code: string;

  @Nested(() => WrittenMealDto, { optional: true, doc: '不填：这张单作废' })
  meal?: WrittenMealDto;
}

export class SlipBatchBody {
  @IdField()
  id: string;

  @IdField()
  siteId: string;

  @CivilDateField()
  mealDate: string;

  @ListOf(() => PhotoRefDto, { min: 1, max: 10, doc: '这些单的照片' })
  photos: PhotoRefDto[];

  @ListOf(() => SlipRowDto, { min: 1, max: MOST_ROWS })
  rows: SlipRowDto[];
}

export class PhotoRefDto {
  @IdField()
  photoId: string;
}

export class RowProblemDto {
  @Text()
  code: string;

  @Text({ max: 300 })
  title: string;
}

export class RowAnswerDto {
  @Text({ max: 60 })
  code: string;

  @WholeField({ nullable: true })
  number: number | null;

  @OneOf(['entered', 'spoilt', 'refused'], { name: 'SlipOutcome' })
  outcome: 'entered' | 'spoilt' | 'refused';

  @Nested(() => RowProblemDto, { nullable: true })
  problem: RowProblemDto | null;

  @Nested(() => TapAnswerDto, { nullable: true })
  meal: TapAnswerDto | null;
}

export class BatchAnswerDto {
  @IdField()
  batchId: string;

  @WholeField({ doc: '当日第几批' })
  batchNo: number;

  @ListOf(() => RowAnswerDto, { max: MOST_ROWS })
  rows: RowAnswerDto[];
}
