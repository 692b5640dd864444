import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, FenField, IdField, ListOf, MomentField, Nested, OneOf, PageQuery, Text, WholeField, YesNo } from '../platform/index.js';
import type { Difference } from './domain/index.js';
import { RESTATEMENT_STATES, type Cause, type RestatementState } from './restatement.store.js';

const CAUSE_KINDS: readonly Cause['kind'][] = ['category', 'careHome', 'death', 'home', 'revision', 'rule'];
const SUM = { max: 100_000_000_000_000 };
const signed = (doc: string) => FenField({ min: -SUM.max, ...SUM, doc });

export class RestatementParams {
  @IdField() id: string;
}

export class RestatementsQuery extends PageQuery {
  @OneOf(RESTATEMENT_STATES, { optional: true, name: 'RestatementState' }) state?: RestatementState;
}

export class LookBody {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
}

export class LookAnswer {
  @IdField() lookId: string;
  @WholeField({ doc: '上次核对之后新记的、涉及过去的情况' }) facts: number;
  @WholeField({ doc: '要重新核算的老人' }) elders: number;
}

export class RestatementReviewBody {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
  @OneOf(['accept', 'reject'], { name: 'RestatementDecision' }) decision: 'accept' | 'reject';
  @Text({ max: 300, doc: '理由，不要写个人信息' }) reason: string;
}

export class RestatementConfirmBody {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
  @YesNo({ doc: '是否同意经办意见；不同意则按最新情况重新提出' }) agree: boolean;
}

export class RestatementAnswer {
  @IdField() restatementId: string;
  @OneOf(RESTATEMENT_STATES, { name: 'RestatementState' }) state: RestatementState;
  @WholeField({ doc: '已入账的餐数' }) booked: number;
}

export class RestatementCauseView {
  @Text({ doc: '登记编号，或 政策包/版本' }) causeId: string;
  @OneOf(CAUSE_KINDS, { name: 'RestatementCauseKind' }) kind: Cause['kind'];
  @CivilDateField({ doc: '自哪天起' }) firstDay: CivilDate;
  @MomentField() recordedAt: string;
}

export class RestatementView {
  @IdField() restatementId: string;
  @IdField() elderId: string;
  @DivisionCodeField() countyCode: string;
  @ListOf(() => RestatementCauseView, { max: 1000 }) causes: RestatementCauseView[];
  @WholeField() meals: number;
  @FenField({ ...SUM, doc: '原补贴合计' }) beforeFen: number;
  @FenField({ ...SUM, doc: '更正后合计' }) afterFen: number;
  @signed('差额：正数为资金方应补给场所，负数为场所应退资金方') differenceFen: number;
  @FenField({ ...SUM, doc: '应退老人：场所收到后退给老人；老人永不补缴' }) refundFen: number;
  @MomentField() madeAt: string;
  @OneOf(RESTATEMENT_STATES, { name: 'RestatementState' }) state: RestatementState;
  @OneOf(['accept', 'reject'], { nullable: true, name: 'RestatementDecision' }) decision: 'accept' | 'reject' | null;
  @Text({ nullable: true, max: 300 }) reason: string | null;
  @IdField({ nullable: true, doc: '经办人' }) reviewedBy: string | null;
  @IdField({ nullable: true, doc: '复核人' }) decidedBy: string | null;
  @MomentField({ nullable: true }) decidedAt: string | null;
}

export class FunderShare {
  @Text() funderCode: string;
  @FenField(SUM) fen: number;
}

export class RestatementLineView {
  @IdField() tapId: string;
  @IdField() siteId: string;
  @CivilDateField() mealDate: CivilDate;
  @Text({ nullable: true }) pack: string | null;
  @Text({ nullable: true }) version: string | null;
  @Text({ nullable: true, doc: '更正后没有补贴的原因' }) code: string | null;
  @ListOf(() => FunderShare, { doc: '原由谁承担' }) before: FunderShare[];
  @ListOf(() => FunderShare, { doc: '应由谁承担' }) after: FunderShare[];
  @FenField(SUM) beforeFen: number;
  @FenField(SUM) afterFen: number;
  @FenField({ ...SUM, doc: '应退老人' }) refundFen: number;
  @Text({ nullable: true, doc: '有应退老人的钱时为“应退老人”' }) mark: string | null;
}

export class RestatementDetail extends RestatementView {
  @ListOf(() => RestatementLineView, { max: 10_000 }) lines: RestatementLineView[];
}

export class RestatementPage {
  @ListOf(() => RestatementView) items: RestatementView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class RecomputedSide {
  @Text({ nullable: true }) pack: string | null;
  @Text({ nullable: true }) version: string | null;
  @Text({ nullable: true }) code: string | null;
  @FenField(SUM) subsidyFen: number;
  @ListOf(() => FunderShare) shares: FunderShare[];
}

export class RecomputedPart {
  @Text() ruleId: string;
  @Text() funder: string;
  @FenField(SUM) keptFen: number;
  @FenField(SUM) recomputedFen: number;
}

const WHAT: readonly Difference['what'][] = ['pack', 'version', 'code', 'subsidy', 'share'];

export class RecomputedDifference {
  @OneOf(WHAT, { name: 'RecomputedWhat' }) what: Difference['what'];
  @Text({ nullable: true }) funderCode: string | null;
  @Text({ min: 0 }) recorded: string;
  @Text({ min: 0 }) recomputed: string;
}

export class DecidedAnewView {
  @IdField() tapId: string;
  @CivilDateField() mealDate: string;
  @YesNo({ doc: '与当时所记完全一致' }) equal: boolean;
  @Text({ max: 300, doc: '一句话结论' }) sentence: string;
  @ListOf(() => RecomputedPart, { doc: '按所存理由重算后不符的金额' }) wrongParts: RecomputedPart[];
  @Nested(() => RecomputedSide) recorded: RecomputedSide;
  @Nested(() => RecomputedSide, { doc: '按就餐日有效的版本和当时所知重新决定' }) recomputed: RecomputedSide;
  @Text({ nullable: true, doc: '该版本文本的 SHA-256' }) versionSha256: string | null;
  @YesNo({ doc: '离线时按收银机显示收取，自付以当时为准' }) keptAsPaid: boolean;
  @ListOf(() => RecomputedDifference) differences: RecomputedDifference[];
}
