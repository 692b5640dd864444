import type { CivilDate, Fen } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, FenField, IdField, ListOf, MomentField, Nested, OneOf, PageQuery, Text, WholeField, YesNo } from '../platform/index.js';
import { RESOLUTIONS, type Resolution } from './domain/index.js';
import { END_ACTIONS, type EndAction } from './end.store.js';
import { ENTRY_KINDS, ENTRY_STATES, type EntryKind, type EntryState } from './entry.store.js';

const MOST = 100_000_000_000_000;
/** An amount that may be below zero. */
const signed = (doc: string) => FenField({ min: -MOST, max: MOST, doc });
const FunderField = () => Text({ max: 40, pattern: /^[a-zA-Z]+@\d{6}(\d{3}){0,2}$/, message: '应为资金方代码，如 county@371502', doc: '资金方' });
const YearField = (optional = false) => WholeField({ min: 2000, max: 2100, optional, doc: '预算年度' });
const FORECASTS = ['beyond', 'ends', 'lasts'] as const;
const RULES = ['end', 'continue'] as const;

export class BudgetIdParams {
  @IdField() id: string;
}

export class BudgetFundParams {
  @YearField() year: number;
  @FunderField() funder: string;
}

export class BudgetYearQuery extends PageQuery {
  @YearField(true) year?: number;
}

export class BudgetEntryBody {
  @IdField({ doc: '客户端生成的操作编号，即登记编号' }) id: string;
  @FunderField() funderCode: string;
  @YearField() budgetYear: number;
  @OneOf(ENTRY_KINDS, { name: 'BudgetEntryKind', doc: '年初预算、追加、调减，或资金用完后继续的文件' }) kind: EntryKind;
  @FenField({ max: MOST, doc: '金额，调减也填正数；继续文件为 0' }) fen: number;
  @Text({ max: 60, doc: '指标文号或文件文号' }) documentNumber: string;
  @Text({ max: 120 }) documentTitle: string;
  @CivilDateField() documentDate: CivilDate;
}

export class BudgetConfirmBody {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
}

export class BudgetRejectBody {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
  @Text({ max: 300, doc: '退回原因' }) reason: string;
}

export class BudgetEntryView {
  @IdField() entryId: string;
  @FunderField() funderCode: string;
  @YearField() budgetYear: number;
  @OneOf(ENTRY_KINDS, { name: 'BudgetEntryKind' }) kind: EntryKind;
  @signed('金额，调减为负') fen: number;
  @Text({ max: 60 }) documentNumber: string;
  @Text({ max: 120 }) documentTitle: string;
  @CivilDateField() documentDate: CivilDate;
  @OneOf(ENTRY_STATES, { name: 'BudgetEntryState' }) state: EntryState;
  @IdField({ doc: '登记人' }) recordedBy: string;
  @MomentField() recordedAt: string;
  @IdField({ nullable: true, doc: '确认或退回的人' }) decidedBy: string | null;
  @MomentField({ nullable: true }) decidedAt: string | null;
  @Text({ nullable: true, max: 300, doc: '退回原因' }) reason: string | null;
}

export class BudgetEntryPage {
  @ListOf(() => BudgetEntryView, { max: 500 }) items: BudgetEntryView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class BudgetFigures {
  @signed('预算：已确认的年初预算、追加和调减') budgetFen: Fen;
  @signed('已登记、等待确认的金额') pendingFen: number;
  @signed('占用：该年度就餐由该资金方承担的金额，撤销和调整已扣除') committedFen: Fen;
  @signed('其他年度就餐、由本年度预算支付') carriedInFen: Fen;
  @signed('本年度就餐、由其他年度预算支付') carriedOutFen: Fen;
  @signed('申报') claimedFen: Fen;
  @signed('核减') cutFen: Fen;
  @signed('核定') approvedFen: Fen;
  @signed('实拨，只以国库或银行回单为准') paidFen: Fen;
  @signed('已就餐、未申报') unclaimedFen: Fen;
  @signed('已申报、未核定') inReviewFen: Fen;
  @signed('已核定、未拨付') unpaidFen: Fen;
  @signed('已用合计：未申报、在审、待拨、已拨之和') usedFen: Fen;
  @signed('剩余，超出预算时为负') remainingFen: Fen;
  @signed('无预算应付款：按继续文件发生、超出预算的部分，不是资金') unfundedPayableFen: Fen;
  @signed('超预算：没有继续文件的超出部分') overrunFen: Fen;
}

export class BudgetFundView {
  @FunderField() funderCode: string;
  @Text() name: string;
  @DivisionCodeField() divisionCode: string;
  @YearField() year: number;
  @YesNo({ doc: '是否有已确认的年初预算' }) budgeted: boolean;
  @Text({ nullable: true, max: 60, doc: '资金用完后继续的文件' }) orderNumber: string | null;
  @Nested(() => BudgetFigures) figures: BudgetFigures;
}

export class BudgetFundPage {
  @ListOf(() => BudgetFundView, { max: 500 }) items: BudgetFundView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class ForecastBasisView {
  @CivilDateField() from: CivilDate;
  @CivilDateField() to: CivilDate;
  @WholeField({ doc: '工作日天数（周一至周五）' }) weekdays: number;
  @signed('工作日用量合计') weekdayFen: Fen;
  @WholeField({ doc: '周末天数' }) weekendDays: number;
  @signed('周末用量合计') weekendFen: Fen;
}

export class ForecastView {
  @OneOf(FORECASTS, { name: 'BudgetForecastKind', doc: '已超出、将用完、够用到年底' }) kind: (typeof FORECASTS)[number];
  @CivilDateField({ nullable: true, doc: '预计不够用的第一天' }) endsOn: CivilDate | null;
  @FenField({ min: -MOST, max: MOST, nullable: true, doc: '年底预计剩余；已超出的为现在的剩余' }) leftFen: Fen | null;
  @Nested(() => ForecastBasisView, { nullable: true, doc: '依据：最近 28 天的用量' }) basis: ForecastBasisView | null;
}

export class FundRuleView {
  @Text() pack: string;
  @Text() version: string;
  @OneOf(RULES, { name: 'WhenFundsEnd', doc: '公告停止，或按文号继续' }) way: (typeof RULES)[number];
  @WholeField({ doc: '公告须提前的天数' }) noticeDays: number;
  @Text({ max: 2000 }) clause: string;
  @Text({ max: 200 }) documentNumber: string;
}

export class AdjustmentView {
  @IdField() alarmId: string;
  @Text() number: string;
  @Text() name: string;
  @FunderField() funderCode: string;
  @YearField() budgetYear: number;
  @WholeField({ doc: '达到预算的百分之几' }) threshold: number;
  @signed('报警时的预算') budgetFen: number;
  @signed('报警时的已用') usedFen: number;
  @DivisionCodeField({ doc: '负责的一级' }) divisionCode: string;
  @CivilDateField({ doc: '办结期限' }) dueOn: CivilDate;
  @MomentField() raisedAt: string;
  @OneOf(RESOLUTIONS, { nullable: true, name: 'BudgetResolution' }) resolution: Resolution | null;
  @Text({ nullable: true, max: 60, doc: '办结文件' }) documentNumber: string | null;
  @Text({ nullable: true, max: 300 }) note: string | null;
  @IdField({ nullable: true }) closedBy: string | null;
  @MomentField({ nullable: true }) closedAt: string | null;
}

export class AdjustmentPage {
  @ListOf(() => AdjustmentView, { max: 500 }) items: AdjustmentView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class AdjustmentsQuery extends PageQuery {
  @OneOf(['open', 'all'], { optional: true, doc: '默认只列未办结的' }) show?: 'open' | 'all';
}

export class AdjustmentCloseBody {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
  @OneOf(RESOLUTIONS, { name: 'BudgetResolution', doc: '追加预算、公告停止、按文号继续' }) resolution: Resolution;
  @IdField({ doc: '已确认的登记编号，或已会签的公告编号' }) paperId: string;
  @Text({ optional: true, nullable: true, max: 300 }) note?: string | null;
}

export class FundEndBody {
  @IdField({ doc: '客户端生成的操作编号，即公告编号' }) id: string;
  @FunderField() funderCode: string;
  @OneOf(END_ACTIONS, { name: 'FundEndAction', doc: '停止或恢复' }) action: EndAction;
  @CivilDateField({ doc: '停止的为补贴最后一天，恢复的为恢复的第一天' }) day: CivilDate;
  @Text({ max: 60, doc: '公告文号' }) documentNumber: string;
  @Text({ max: 120 }) documentTitle: string;
}

export class FundEndView {
  @IdField() endId: string;
  @FunderField() funderCode: string;
  @YearField() budgetYear: number;
  @OneOf(END_ACTIONS, { name: 'FundEndAction' }) action: EndAction;
  @CivilDateField({ doc: '停止的为没有补贴的第一天，恢复的为恢复的第一天' }) fromDate: CivilDate;
  @Text({ max: 60 }) documentNumber: string;
  @Text({ max: 120 }) documentTitle: string;
  @Text({ doc: '所依据的政策包' }) pack: string;
  @Text({ doc: '所依据的政策版本' }) packVersion: string;
  @WholeField({ doc: '须提前公告的天数' }) noticeDays: number;
  @IdField({ doc: '民政起草人' }) drafterId: string;
  @MomentField() draftedAt: string;
  @IdField({ nullable: true, doc: '财政会签人' }) countersignerId: string | null;
  @MomentField({ nullable: true, doc: '会签生效的时间' }) publishedAt: string | null;
}

export class FundEndPage {
  @ListOf(() => FundEndView, { max: 500 }) items: FundEndView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class BudgetFundDetail extends BudgetFundView {
  @Nested(() => ForecastView) forecast: ForecastView;
  @Nested(() => FundRuleView, { nullable: true, doc: '资金用完后怎么办；政策没有写明的为空' }) rule: FundRuleView | null;
  @ListOf(() => BudgetEntryView, { max: 1000 }) entries: BudgetEntryView[];
  @ListOf(() => AdjustmentView) adjustments: AdjustmentView[];
  @ListOf(() => FundEndView, { max: 1000 }) ends: FundEndView[];
}
