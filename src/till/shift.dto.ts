import { ApiProperty } from '@nestjs/swagger';
import { CivilDateField, FenField, IdField, ListOf, MomentField, Nested, OneOf, PageQuery, Text, WholeField } from '../platform/index.js';
import { DENOMINATIONS } from './domain/index.js';

const MOST_NUMBER = Number.MAX_SAFE_INTEGER;
const CHECKS = ['clock', 'sound', 'printer', 'storage', 'roster', 'journal', 'prices'] as const;
const STATES = ['good', 'open', 'bad'] as const;
/** A drawer holds less than 1 million yuan; below zero where more was given back than taken. */
const CASH = { min: -100_000_000, max: 100_000_000 };

export class ShiftCheckDto {
  @OneOf(CHECKS, { name: 'ShiftCheckKind', doc: '时钟、声音、打印、存储、名册、流水、价目表' })
  what: string;

  @OneOf(STATES, { name: 'ShiftCheckState', doc: '正常、留意、有问题' })
  is: (typeof STATES)[number];
}

export class ShiftBody {
  @IdField({ doc: '收银机生成的班次编号' })
  id: string;

  @IdField({ nullable: true, doc: '收银员；本终端没有登记收银员时为 null' })
  cashierId: string | null;

  @MomentField({ doc: '开班时间，按收银机时钟；断网时开班的可以后补' })
  openedAt: string;

  @WholeField({ min: 1, max: MOST_NUMBER, doc: '本班第一笔流水的号码' })
  firstNumber: number;

  @ListOf(() => ShiftCheckDto, { max: 12, doc: '开班检查的结果' })
  checks: ShiftCheckDto[];
}

export class ShiftOpenedDto {
  @IdField()
  shiftId: string;

  @WholeField({ max: MOST_NUMBER })
  firstNumber: number;
}

export class PiecesDto {
  @FenField({ min: Math.min(...DENOMINATIONS), max: Math.max(...DENOMINATIONS), doc: `面额（分）：${DENOMINATIONS.join('、')}` })
  fen: number;

  @WholeField({ max: 10_000, doc: '张数或枚数' })
  count: number;
}

export class CountedDto {
  @FenField({ max: CASH.max, doc: '盲点所得现金合计' })
  cashFen: number;

  @ListOf(() => PiecesDto, { max: DENOMINATIONS.length, doc: '按面额；各面额之和应等于合计' })
  byDenomination: PiecesDto[];
}

export class ShiftCloseBody {
  @IdField()
  id: string;

  @MomentField()
  closedAt: string;

  @WholeField({ max: MOST_NUMBER, doc: '本班最后一笔流水的号码；没有流水时为第一笔减 1' })
  lastNumber: number;

  @Nested(() => CountedDto)
  counted: CountedDto;

  @FenField({ optional: true, max: CASH.max, doc: '断网时多收、还没有退给老人的现金，按收银机的清单' })
  owedCashFen?: number;
}

export class ShiftParams {
  @IdField()
  id: string;
}

export class TendersDto {
  @FenField() cash: number;
  @FenField() code: number;
  @FenField() balance: number;
  @FenField() none: number;
  @FenField({ optional: true, doc: '预订时已付；以前的班没有' }) booked?: number;
}

export class ShiftFiguresDto {
  @WholeField({ doc: '笔数，不含已撤销的' }) meals: number;
  @WholeField({ doc: '本班撤销的笔数' }) voids: number;
  @FenField() priceFen: number;
  @FenField({ doc: '个人支付合计' }) selfPayFen: number;
  @Nested(() => TendersDto, { doc: '个人支付，按付款方式' }) tenders: TendersDto;
  @FenField({ doc: '本班退还的、开班以前的现金' }) earlierBackFen: number;
}

export class GapDto {
  @WholeField({ max: MOST_NUMBER }) from: number;
  @WholeField({ max: MOST_NUMBER }) to: number;
}

export class ClosedShiftDto {
  @IdField() shiftId: string;
  @IdField() terminalId: string;
  @Text() label: string;
  @Text({ nullable: true }) cashierName: string | null;
  @WholeField({ max: MOST_NUMBER }) firstNumber: number;
  @WholeField({ max: MOST_NUMBER }) lastNumber: number;
  @Nested(() => ShiftFiguresDto, { doc: '服务器按流水算得' }) figures: ShiftFiguresDto;
  @FenField() countedFen: number;
  @FenField({ ...CASH, doc: '钱箱里应有的现金' }) expectedFen: number;
  @FenField({ ...CASH, doc: '多（正）或少（负）' }) differenceFen: number;
  @ListOf(() => GapDto, { doc: '本班缺的流水号' }) gaps: readonly GapDto[];
  @ApiProperty({ type: [Number], description: '与前一笔不相扣的流水号' }) brokenAt: readonly number[];
  @Text({ max: 2_000 }) sentence: string;
}

export class ShiftsQuery extends PageQuery {
  @IdField({ optional: true })
  siteId?: string;

  @IdField({ optional: true })
  terminalId?: string;

  @IdField({ optional: true })
  cashierId?: string;

  @CivilDateField({ doc: '开班日期，起' })
  from: string;

  @CivilDateField({ doc: '开班日期，止；最多一年' })
  to: string;
}

export class ListedShiftDto {
  @IdField() shiftId: string;
  @IdField() siteId: string;
  @Text() siteName: string;
  @IdField() terminalId: string;
  @Text() label: string;
  @IdField({ nullable: true }) cashierId: string | null;
  @Text({ nullable: true }) cashierName: string | null;
  @CivilDateField() date: string;
  @OneOf(['open', 'closed', 'left'], { name: 'ShiftState', doc: '进行中、已结、没有结就换了班' }) state: string;
  @MomentField() openedAt: string;
  @MomentField({ nullable: true }) closedAt: string | null;
  @WholeField({ max: MOST_NUMBER }) firstNumber: number;
  @WholeField({ nullable: true, max: MOST_NUMBER }) lastNumber: number | null;
  @ListOf(() => ShiftCheckDto) checks: ShiftCheckDto[];
  @Nested(() => ShiftFiguresDto, { nullable: true, doc: '结班时的合计' }) figures: ShiftFiguresDto | null;
  @FenField({ nullable: true }) owedCashFen: number | null;
  @FenField({ nullable: true }) countedFen: number | null;
  @FenField({ nullable: true, ...CASH }) expectedFen: number | null;
  @FenField({ nullable: true, ...CASH }) differenceFen: number | null;
  @ListOf(() => PiecesDto, { nullable: true }) byDenomination: PiecesDto[] | null;
  @ListOf(() => GapDto, { nullable: true }) gaps: readonly GapDto[] | null;
  @ApiProperty({ type: [Number], nullable: true }) brokenAt: readonly number[] | null;
}

export class ShiftPage {
  @ListOf(() => ListedShiftDto, { max: 500 })
  items: ListedShiftDto[];

  @Text({ nullable: true, max: 400 })
  nextCursor: string | null;
}

export class ShiftTotalsQuery extends PageQuery {
  @IdField({ optional: true })
  siteId?: string;

  @OneOf(['cashier', 'terminal'], { name: 'ShiftTotalBy', doc: '按收银员或按终端' })
  by: 'cashier' | 'terminal';

  @CivilDateField()
  date: string;
}

export class ShiftTotalDto {
  @IdField() siteId: string;
  @Text() siteName: string;
  @Text({ min: 0, doc: '收银员或终端的编号；没有登录的为空' }) ofId: string;
  @Text({ nullable: true, doc: '收银员姓名或终端名' }) of: string | null;
  @WholeField() shifts: number;
  @WholeField({ doc: '其中没有结的' }) uncounted: number;
  @WholeField() meals: number;
  @WholeField() voids: number;
  @FenField() priceFen: number;
  @FenField() selfPayFen: number;
  @FenField() cashFen: number;
  @FenField() codeFen: number;
  @FenField() balanceFen: number;
  @FenField({ doc: '预订时已付，不在钱箱里' }) bookedFen: number;
  @FenField({ doc: '没有写明怎样付的' }) noneFen: number;
  @FenField() countedFen: number;
  @FenField(CASH) expectedFen: number;
  @FenField(CASH) differenceFen: number;
}

export class ShiftTotalPage {
  @ListOf(() => ShiftTotalDto, { max: 500 })
  items: ShiftTotalDto[];

  @Text({ nullable: true, max: 400 })
  nextCursor: string | null;
}
