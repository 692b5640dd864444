import { ApiProperty } from '@nestjs/swagger';
import { CivilDateField, FenField, IdField, ListOf, MomentField, OneOf, PageQuery, Text, WholeField, YesNo } from '../platform/index.js';
import { MEAL_PERIODS, type MealPeriod } from '../subsidy/domain/index.js';

const MOST_SLIPS = 999;

export class SlipLimitsDto {
  @WholeField({ max: 31, doc: '用餐日之后几天内补录的照常享受补贴' })
  entryDays: number;

  @WholeField({ min: 1, max: MOST_SLIPS, doc: '每点每日纸质单上限' })
  siteDayMeals: number;

  @WholeField({ min: 1, max: MOST_SLIPS, doc: '一张名单的人数上限' })
  sheetPeople: number;
}

export class SlipLimitsBody extends SlipLimitsDto {
  @IdField()
  id: string;
}

export class SlipParams {
  @IdField()
  id: string;
}

export class SlipDayParams extends SlipParams {
  @CivilDateField()
  date: string;
}

export class SlipStepBody {
  @IdField()
  id: string;

  @OneOf(['begun', 'ended'], { name: 'SlipStep', doc: 'begun：改用纸质登记；ended：停用' })
  kind: 'begun' | 'ended';

  @CivilDateField({ doc: '从这一天起' })
  onDate: string;

  @Text({ max: 200 })
  reason: string;
}

export class SlipSiteAnswer {
  @IdField()
  siteId: string;

  @WholeField({ doc: '印在单号上的点号' })
  siteNo: number;
}

export class SlipSiteDto extends SlipSiteAnswer {
  @Text()
  siteName: string;

  @Text()
  divisionCode: string;

  @OneOf(['begun', 'ended'], { name: 'SlipStep', nullable: true, doc: '今天的登记方式；null：尚未开始' })
  state: 'begun' | 'ended' | null;
}

export class SlipSitePage {
  @ListOf(() => SlipSiteDto, { max: 500 })
  items: SlipSiteDto[];

  @Text({ nullable: true })
  nextCursor: string | null;
}

export class SlipPrintBody {
  @IdField({ doc: '这次打印的编号' })
  id: string;

  @IdField()
  siteId: string;

  @CivilDateField({ doc: '今天或明天' })
  mealDate: string;

  @WholeField({ optional: true, min: 1, max: MOST_SLIPS, doc: '加印多少张；不填为打印，已打印过的为补打' })
  more?: number;
}

export class SlipPrintAnswer {
  @IdField()
  sheetId: string;
}

export class SheetItemDto {
  @Text({ max: 40 })
  itemCode: string;

  @Text()
  name: string;

  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: MealPeriod;

  @FenField({ doc: '原价' })
  fen: number;

  @FenField({ doc: '散客价' })
  guestFen: number;
}

export class SheetLineDto {
  @Text({ doc: '编号，末位为校验' })
  handle: string;

  @Text()
  surname: string;

  @OneOf(['f', 'm'], { doc: 'f：女士，m：先生' })
  title: 'f' | 'm';

  @Text({ doc: '卡号后四位' })
  cardTail: string;

  @YesNo({ doc: '常来' })
  regular: boolean;

  @ApiProperty({ type: [Number], description: '各菜品的个人支付（分），依 items 的次序' })
  ownFen: number[];
}

export class SlipDto {
  @WholeField()
  number: number;

  @Text({ doc: '单号' })
  code: string;
}

export class PrintedSheetDto {
  @IdField()
  sheetId: string;

  @IdField()
  siteId: string;

  @Text()
  siteName: string;

  @WholeField()
  siteNo: number;

  @CivilDateField()
  mealDate: string;

  @WholeField()
  version: number;

  @Text({ nullable: true, doc: '补打时为“补打”' })
  mark: string | null;

  @WholeField()
  firstNo: number;

  @WholeField()
  lastNo: number;

  @CivilDateField({ doc: '照常享受补贴的补录截止日' })
  dueOn: string;

  @Text({ max: 200 })
  notice: string;

  @MomentField()
  printedAt: string;

  @ListOf(() => SheetItemDto)
  items: SheetItemDto[];

  @ListOf(() => SheetLineDto, { max: MOST_SLIPS })
  lines: SheetLineDto[];

  @ListOf(() => SlipDto, { max: MOST_SLIPS })
  slips: SlipDto[];
}

export class SlipDayBody {
  @IdField()
  id: string;

  @IdField()
  siteId: string;

  @CivilDateField()
  mealDate: string;

  @Text({ max: 200, doc: '说明' })
  reason: string;
}

export class SlipDaysQuery extends PageQuery {
  @CivilDateField()
  from: string;

  @CivilDateField({ doc: '至多 31 天' })
  to: string;

  @IdField({ optional: true })
  siteId?: string;
}
