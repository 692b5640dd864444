import type { CivilDate, CivilMonth, Fen } from '../kernel/index.js';
import { CivilDateField, CivilMonthField, DecimalField, DivisionCodeField, FenField, ListOf, Nested, OneOf, PageQuery, Text, Texts, WholeField, YesNo } from '../platform/index.js';
import { COUNTED_EVENTS, STATES_REQUIRED, type CountedEvent, type StateRequired } from './domain/index.js';

export class TargetDocument {
  @Text({ doc: '文件名称' }) title: string;
  @Text({ nullable: true, example: '聊政办字〔2024〕11号' }) number: string | null;
  @Text({ doc: '原文所在文件' }) file: string;
  @Text({ doc: '条款', example: '三(三)' }) clause: string;
  @Text({ doc: '原文' }) quote: string;
}

export class TargetBaseline {
  @WholeField({ doc: '原有数量，不计入完成数' }) number: number;
  @CivilDateField() on: CivilDate;
  @YesNo({ doc: '文件未写明、由本系统假定' }) assumed: boolean;
  @Text() note: string;
}

export class TargetRule {
  @OneOf(COUNTED_EVENTS, { name: 'CountedEvent', doc: '以哪个日期计：planned 立项、accepted 建成验收、open 开业' }) event: CountedEvent;
  @CivilDateField() from: CivilDate;
  @CivilDateField() to: CivilDate;
  @OneOf(STATES_REQUIRED, { name: 'StateRequired', doc: '查询日应处的状态：open 营业中、notClosed 未关闭、any 不限' }) stateOn: StateRequired;
  @Texts({ nullable: true, doc: '计入的场所类型，空为不限' }) kinds: readonly string[] | null;
  @Texts({ nullable: true, doc: '计入的供餐方式，空为不限' }) supplyModes: readonly string[] | null;
  @Texts({ doc: '文件未写明、由本系统作出的理解' }) notes: readonly string[];
}

export class TargetView {
  @Text({ example: 'liaocheng-2024-new-canteens' }) code: string;
  @Text() name: string;
  @Nested(() => TargetDocument) document: TargetDocument;
  @DivisionCodeField() divisionCode: string;
  @WholeField({ min: 1, doc: '应完成数' }) required: number;
  @CivilDateField() deadline: CivilDate;
  @Nested(() => TargetBaseline, { nullable: true }) baseline: TargetBaseline | null;
  @Nested(() => TargetRule) rule: TargetRule;
}

export class TargetPage {
  @ListOf(() => TargetView, { max: 500 }) items: TargetView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class StateSplitView {
  @WholeField({ doc: '规划中' }) planned: number;
  @WholeField({ doc: '建设中' }) building: number;
  @WholeField({ doc: '已建成、未开业' }) accepted: number;
  @WholeField({ doc: '营业中' }) open: number;
  @WholeField({ doc: '暂停' }) suspended: number;
  @WholeField({ doc: '已关闭' }) closed: number;
}

export class TargetPace {
  @WholeField({ doc: '距期限天数' }) remainingDays: number;
  @DecimalField({ min: 0, max: 100_000, nullable: true, doc: '至今每月完成数，保留一位小数' }) reachedPerMonth: number | null;
  @DecimalField({ min: 0, max: 100_000, nullable: true, doc: '按期完成每月所需数，保留一位小数；已完成或已到期为空' }) neededPerMonth: number | null;
  @WholeField({ doc: '按匀速推算，查询日应达到的数' }) evenPace: number;
}

export class TargetCounty {
  @DivisionCodeField() divisionCode: string;
  @Text() name: string;
  @WholeField() counted: number;
  @Nested(() => StateSplitView) states: StateSplitView;
}

export class TargetMonth {
  @CivilMonthField() month: CivilMonth;
  @WholeField({ doc: '当月新增' }) added: number;
  @WholeField({ doc: '月末计入数' }) counted: number;
  @WholeField({ doc: '按匀速月末应达到数' }) evenPace: number;
}

export class TargetStep {
  @CivilDateField() date: CivilDate;
  @WholeField() counted: number;
}

export class ReportView {
  @Text() code: string;
  @CivilDateField({ doc: '查询日' }) asOf: CivilDate;
  @WholeField() required: number;
  @WholeField({ doc: '计入数' }) counted: number;
  @WholeField({ doc: '尚差' }) remaining: number;
  @YesNo() met: boolean;
  @WholeField({ nullable: true, doc: '期限当日计入数；未到期为空' }) countedAtDeadline: number | null;
  @Nested(() => TargetPace) pace: TargetPace;
  @Nested(() => StateSplitView, { doc: '新增场所按状态' }) newSites: StateSplitView;
  @WholeField({ doc: '起算日前一天营业中的场所，按本系统记录' }) openBefore: number;
  @ListOf(() => TargetCounty, { max: 500 }) byCounty: readonly TargetCounty[];
  @ListOf(() => TargetMonth, { max: 500 }) byMonth: readonly TargetMonth[];
  @ListOf(() => TargetStep, { max: 5000, doc: '计入数逐次变化，用于进度图' }) steps: readonly TargetStep[];
}

export class TargetReportView {
  @Nested(() => TargetView) target: TargetView;
  @Nested(() => ReportView) report: ReportView;
}

export class TargetListQuery extends PageQuery {}

export class ReportQuery {
  @CivilDateField({ optional: true, doc: '查询日，默认今天' }) asOf?: CivilDate;
}

export class OverviewQuery extends ReportQuery {
  @CivilMonthField({ optional: true, doc: '按日数据和结算单的月份，默认最近一个有就餐记录的月份' }) month?: CivilMonth;
}

export class CityView {
  @DivisionCodeField({ example: '371500' }) cityCode: string;
  @Text() name: string;
  @Text() provinceName: string;
}

export class CityList {
  @ListOf(() => CityView, { max: 500 }) items: CityView[];
}

const NOTE_KINDS = ['demo', 'example', 'assumed'] as const;

export class DataNoteView {
  @Text() code: string;
  @OneOf(NOTE_KINDS, { name: 'DataNoteKind', doc: 'demo 演示数据、example 样例标准、assumed 假定' }) kind: (typeof NOTE_KINDS)[number];
  @Text({ max: 500 }) sentence: string;
}

export class CountyView {
  @DivisionCodeField() divisionCode: string;
  @Text() name: string;
  @Nested(() => StateSplitView) states: StateSplitView;
}

export class DayView {
  @CivilDateField() date: CivilDate;
  @WholeField({ doc: '就餐人次，不含撤销' }) meals: number;
  @WholeField({ doc: '其中享受补贴人次' }) subsidisedMeals: number;
  @FenField() subsidyFen: Fen;
  @FenField() selfPayFen: Fen;
}

export class ClaimStateView {
  @Text({ example: 'paid' }) state: string;
  @WholeField() claims: number;
  @FenField({ doc: '申报' }) claimedFen: Fen;
  @FenField({ doc: '核定' }) approvedFen: Fen;
  @FenField({ doc: '核减' }) cutFen: Fen;
  @FenField({ doc: '实拨' }) paidFen: Fen;
}

export class OverviewView {
  @Nested(() => CityView) city: CityView;
  @CivilDateField() asOf: CivilDate;
  @CivilMonthField({ doc: '按日数据和结算单的月份' }) month: CivilMonth;
  @ListOf(() => DataNoteView, { doc: '数据说明，展示数据时应一并展示' }) notes: readonly DataNoteView[];
  @ListOf(() => TargetReportView) targets: readonly TargetReportView[];
  @ListOf(() => CountyView, { max: 500 }) counties: readonly CountyView[];
  @ListOf(() => DayView) days: readonly DayView[];
  @ListOf(() => ClaimStateView) claims: readonly ClaimStateView[];
}
