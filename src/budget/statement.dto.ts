import type { CivilMonth, Fen } from '../kernel/index.js';
import { CivilMonthField, DivisionCodeField, FenField, IdField, ListOf, MomentField, PageQuery, Text, WholeField } from '../platform/index.js';

const MOST = 100_000_000_000_000;
/** An amount that may be below zero. */
const signed = (doc: string) => FenField({ min: -MOST, max: MOST, doc });

export class StatementIdParams {
  @IdField() id: string;
}

export class StatementsQuery extends PageQuery {}

export class StatementView {
  @IdField() statementId: string;
  @Text({ doc: '编号' }) statementNumber: string;
  @CivilMonthField({ doc: '记账月份' }) month: CivilMonth;
  @WholeField({ doc: '全单行数' }) lineCount: number;
  @signed('全单合计') totalFen: number;
  @Text({ doc: '全单各行的校验码' }) linesHash: string;
  @MomentField() madeAt: string;
}

export class StatementPage {
  @ListOf(() => StatementView, { max: 500 }) items: StatementView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class StatementLineView {
  @WholeField() lineNo: number;
  @DivisionCodeField({ doc: '食堂所在县' }) siteCounty: string;
  @Text() siteCountyName: string;
  @DivisionCodeField({ doc: '承担县' }) bearingCounty: string;
  @Text() bearingCountyName: string;
  @Text({ doc: '资金方' }) funderCode: string;
  @Text() funderName: string;
  @CivilMonthField({ doc: '就餐月份' }) mealMonth: CivilMonth;
  @WholeField({ min: -1_000_000_000, doc: '补贴人次，撤销已扣除' }) meals: number;
  @signed('金额，以前月份的更正可为负') fen: Fen;
}

export class NetPositionView {
  @DivisionCodeField() countyCode: string;
  @Text() countyName: string;
  @signed('应收他县') dueToFen: Fen;
  @signed('应付他县') dueByFen: Fen;
  @signed('净额') netFen: Fen;
}

export class StatementDetail extends StatementView {
  @signed('可见各行的合计') shownFen: Fen;
  @ListOf(() => StatementLineView, { max: 100_000, doc: '全市可见全部；县（市、区）可见与本县有关的行' }) lines: StatementLineView[];
  @ListOf(() => NetPositionView, { max: 1000 }) positions: NetPositionView[];
}
