import { IdField, ListOf, MomentField, OneOf, PageQuery, Text, Texts, WholeField } from '../platform/index.js';

const JOB = /^[a-z][a-z0-9.-]*$/;
const KINDS = ['invariant', 'job', 'seal', 'payment'];

export class AlertParams {
  @IdField() id: string;
}

export class AlertsQuery extends PageQuery {
  @OneOf(['open', 'all'], { optional: true, doc: '默认只列未解除的' }) show?: 'open' | 'all';
}

export class AlertView {
  @IdField() alertId: string;
  @OneOf(KINDS, { name: 'AlertKind', doc: 'invariant：有一条必须成立的规则被破坏；job：后台任务屡次失败被搁置；seal：封存的内容对不上；payment：微信付款一天后仍不明，或退款要人工处理' }) kind: string;
  @Text({ max: 80, doc: '规则编号（如 I02）或任务名称' }) subject: string;
  @WholeField({ doc: '首次发现时的处数' }) count: number;
  @MomentField() openedAt: string;
  @IdField({ nullable: true, doc: '确认人' }) acknowledgedBy: string | null;
  @MomentField({ nullable: true }) acknowledgedAt: string | null;
  @MomentField({ nullable: true, doc: '再次核对不再发现的时间' }) resolvedAt: string | null;
}

export class AlertPage {
  @ListOf(() => AlertView, { max: 500 }) items: AlertView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class AlertAcknowledgement {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
}

export class DeadKindView {
  @Text({ max: 80, doc: '任务名称' }) job: string;
  @WholeField({ doc: '搁置的件数' }) jobs: number;
  @Texts({ doc: '原因代码' }) failures: string[];
}

export class DeadKindList {
  @ListOf(() => DeadKindView, { max: 200 }) items: DeadKindView[];
}

export class RevivalBody {
  @IdField({ doc: '客户端生成的操作编号' }) id: string;
  @Text({ max: 80, pattern: JOB, message: '应为任务名称，如 settlement.build-claim' }) job: string;
}

export class RevivalAnswer {
  @Text({ max: 80 }) job: string;
  @WholeField({ doc: '重新开始的件数' }) revived: number;
}
