import type { CivilDate, CivilMonth, Fen } from '../kernel/index.js';
import { CivilDateField, CivilMonthField, DivisionCodeField, FenField, IdField, ListOf, MomentField, OneOf, PageQuery, Text, Texts, WholeField, YesNo } from '../platform/index.js';
import { FUNDER_KINDS } from '../region/domain/index.js';
import { BATCH_STATES, type BatchState } from './batch.store.js';
import { CLAIM_MOVES, CLAIM_STATES, type ChainStep, type ClaimMove, type ClaimState } from './domain/index.js';

const MOST = 100_000_000_000_000;
/** An amount that may be below zero: a deduction. */
const signed = (doc: string) => FenField({ min: -MOST, max: MOST, doc });
const CHAIN_STEPS = ['submit', 'township', 'county', 'financeReview', 'release'] as const;

export class IdParams {
  @IdField() id: string;
}

export class PacketQuery {
  @WholeField({ optional: true, min: 1, doc: '已另行保存的检查点的日志大小：核验包将附上与它一致的证明' })
  since?: number;
}

export class MonthParams {
  @CivilMonthField() month: CivilMonth;
}

export class DeedRequest {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
}

export class ReasonRequest {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
  @Text({ max: 300, doc: '原因' }) reason: string;
}

export class CloseAnswer {
  @IdField() runId: string;
  @WholeField({ doc: '要生成的结算单份数' }) claimsTotal: number;
}

export class FailedClaim {
  @IdField() claimId: string;
  @Text({ doc: '失败原因代码' }) failure: string;
}

export class RunView {
  @IdField() runId: string;
  @CivilMonthField() month: CivilMonth;
  @Text() closedBy: string;
  @MomentField() closedAt: string;
  @Text({ doc: '当月账目的校验码，承接上月' }) rootHash: string;
  @WholeField() claimsTotal: number;
  @WholeField({ doc: '已生成的份数' }) claimsDone: number;
  @WholeField({ doc: '就餐记录与账目有差异的份数' }) claimsWithDifference: number;
  @signed('申报合计') claimedFen: Fen;
  @ListOf(() => FailedClaim, { max: 1000, doc: '多次失败、已搁置待处理的' }) failed: FailedClaim[];
}

export class RunList {
  @ListOf(() => RunView) items: RunView[];
}

export class ListClaimsQuery extends PageQuery {
  @CivilMonthField({ optional: true }) month?: CivilMonth;
  @DivisionCodeField({ optional: true, doc: '区县' }) county?: string;
  @OneOf(CLAIM_STATES, { optional: true, name: 'ClaimState' }) state?: ClaimState;
}

export class ClaimView {
  @IdField() claimId: string;
  @Text() claimNumber: string;
  @IdField() siteId: string;
  @Text() siteName: string;
  @CivilMonthField() month: CivilMonth;
  @DivisionCodeField() divisionCode: string;
  @DivisionCodeField() countyCode: string;
  @OneOf(CLAIM_STATES, { name: 'ClaimState' }) state: ClaimState;
  @OneOf(CHAIN_STEPS, { nullable: true, name: 'ChainStep', doc: '正在等待的环节' }) stepDue: ChainStep | null;
  @WholeField({ doc: '版次：退回或重新生成后加一' }) revision: number;
  @WholeField({ doc: '补贴人次' }) meals: number;
  @signed('申报') claimedFen: Fen;
  @signed('核定，民政审批之前为 0') approvedFen: Fen;
  @signed('核减') cutFen: Fen;
  @signed('实拨，只以国库或银行回单为准') paidFen: Fen;
  @FenField({ max: MOST, doc: '就餐记录与账目的差异，0 为一致' }) differenceFen: Fen;
  @YesNo({ doc: '可以与其他结算单一起办理' }) clean: boolean;
  @IdField({ nullable: true }) batchId: string | null;
}

export class ClaimPage {
  @ListOf(() => ClaimView, { max: 500 }) items: ClaimView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class ClaimLineView {
  @WholeField() lineNo: number;
  @IdField({ nullable: true }) operatorId: string | null;
  @IdField({ nullable: true }) payeeId: string | null;
  @Text() funderCode: string;
  @CivilMonthField({ doc: '就餐月份' }) mealMonth: CivilMonth;
  @WholeField({ min: -1_000_000_000 }) meals: number;
  @signed('申报') claimedFen: Fen;
  @signed('核减') cutFen: Fen;
  @signed('核减之后') approvedFen: Fen;
}

export class CutView {
  @IdField() cutId: string;
  @WholeField() lineNo: number;
  @FenField() fen: Fen;
  @Text({ max: 300 }) reason: string;
  @OneOf(CHAIN_STEPS, { name: 'ChainStep' }) atStep: ChainStep;
  @Text() actor: string;
  @MomentField() at: string;
}

export class ClaimStepView {
  @WholeField() stepNo: number;
  @WholeField() revision: number;
  @OneOf(CLAIM_MOVES, { name: 'ClaimMove' }) step: ClaimMove;
  @OneOf(CLAIM_STATES, { name: 'ClaimState' }) fromState: ClaimState;
  @OneOf(CLAIM_STATES, { name: 'ClaimState' }) toState: ClaimState;
  @Text() actor: string;
  @MomentField() at: string;
  @Text({ nullable: true, max: 300 }) reason: string | null;
}

export class DifferenceView {
  @Text() funderCode: string;
  @signed('就餐记录') mealsFen: Fen;
  @signed('账目') bookedFen: Fen;
}

export class LegView {
  @Text({ doc: '支付编号，回单按它对账' }) legNumber: string;
  @IdField() claimId: string;
  @Text() funderCode: string;
  @IdField() payeeId: string;
  @signed('应付；小于 0 为应扣减') fen: Fen;
  @signed('已付') paidFen: Fen;
  @WholeField({ doc: '预算年度' }) budgetYear: number;
  @Text({ doc: '指标文号' }) budgetDocument: string;
  @CivilDateField({ doc: '批准拨付日期' }) releasedOn: CivilDate;
}

export class LegPage {
  @ListOf(() => LegView, { max: 500 }) items: LegView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class ClaimDetail extends ClaimView {
  @Text({ nullable: true, doc: '明细校验码（SHA-256）' }) linesHash: string | null;
  @ListOf(() => ClaimLineView, { max: 10_000 }) lines: ClaimLineView[];
  @ListOf(() => DifferenceView, { max: 1000 }) differences: DifferenceView[];
  @ListOf(() => CutView, { max: 10_000 }) cuts: CutView[];
  @ListOf(() => ClaimStepView, { max: 10_000 }) steps: ClaimStepView[];
  @ListOf(() => LegView, { max: 1000 }) legs: LegView[];
}

export class ApproveRequest {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
  @OneOf(['township', 'county'], { name: 'TogetherStep', doc: '一起办理哪个环节' }) step: 'township' | 'county';
  @Texts({ max: 500, length: 36, doc: '结算单编号，只能是没有差异、核减、退回和应扣减的' }) claimIds: string[];
}

export class StepAnswer {
  @WholeField() claims: number;
  @OneOf(CLAIM_STATES, { name: 'ClaimState' }) state: ClaimState;
}

export class CutRequestBody {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
  @WholeField({ min: 1, doc: '行号' }) lineNo: number;
  @FenField({ min: 1, doc: '核减金额（分）' }) fen: Fen;
  @Text({ max: 300, doc: '核减原因' }) reason: string;
}

export class CutAnswerView {
  @signed('申报') claimedFen: Fen;
  @signed('核减合计') cutFen: Fen;
}

export class BudgetBody {
  @OneOf(FUNDER_KINDS, { name: 'FunderKind', doc: '资金方类别' }) funderKind: string;
  @WholeField({ min: 2000, max: 2100, doc: '预算年度' }) budgetYear: number;
  @Text({ max: 80, doc: '指标文号', example: '聊财社指〔2024〕12号' }) budgetDocument: string;
}

export class BatchRequestBody {
  @IdField({ doc: '客户端生成的编号，即批次编号' }) id: string;
  @CivilMonthField() month: CivilMonth;
  @DivisionCodeField({ doc: '区县' }) countyCode: string;
  @ListOf(() => BudgetBody, { max: 10 }) budgets: BudgetBody[];
}

export class BatchMade {
  @IdField() batchId: string;
  @Text() batchNumber: string;
  @WholeField() claims: number;
  @signed('核定合计') approvedFen: number;
}

export class ListBatchesQuery extends PageQuery {
  @CivilMonthField({ optional: true }) month?: CivilMonth;
}

export class BatchView {
  @IdField() batchId: string;
  @Text() batchNumber: string;
  @CivilMonthField() month: CivilMonth;
  @DivisionCodeField() countyCode: string;
  @OneOf(BATCH_STATES, { name: 'BatchState' }) state: BatchState;
  @MomentField() madeAt: string;
  @WholeField() claims: number;
  @signed('申报') claimedFen: Fen;
  @signed('核减') cutFen: Fen;
  @signed('核定') approvedFen: Fen;
  @signed('实拨') paidFen: Fen;
}

export class BatchPage {
  @ListOf(() => BatchView, { max: 500 }) items: BatchView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class BatchStepView {
  @WholeField() stepNo: number;
  @Text() step: string;
  @OneOf(BATCH_STATES, { nullable: true, name: 'BatchState' }) fromState: BatchState | null;
  @OneOf(BATCH_STATES, { name: 'BatchState' }) toState: BatchState;
  @Text() actor: string;
  @MomentField() at: string;
  @Text({ nullable: true, max: 300 }) reason: string | null;
}

export class BatchDetail extends BatchView {
  @ListOf(() => BudgetBody) budgets: BudgetBody[];
  @ListOf(() => BatchStepView, { max: 1000 }) steps: BatchStepView[];
}

export class BatchStepAnswerView {
  @IdField() batchId: string;
  @OneOf(BATCH_STATES, { name: 'BatchState' }) state: BatchState;
  @WholeField({ doc: '批准拨付时生成的支付条数' }) legs: number;
}

export class ReceiptRequest {
  @IdField({ doc: '客户端生成的编号，即回单编号' }) id: string;
  @Text({ max: 3_000_000, pattern: /^[^\0]*$/u, doc: '国库或银行回单，CSV 文本。表头 legNumber,fen,paidOn,serial：支付编号、实付金额（整数分，应扣减的为负）、支付日期、流水号' }) csv: string;
}

export class ReceiptView {
  @IdField() receiptId: string;
  @WholeField() lines: number;
  @signed('合计') totalFen: Fen;
  @YesNo({ doc: '同一文件此前已导入，本次没有任何变化' }) repeated: boolean;
}
