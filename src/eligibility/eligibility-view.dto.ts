import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, IdField, ListOf, MomentField, Nested, OneOf, Text, Texts, WholeField, YesNo } from '../platform/index.js';
import { APPLICATION_STATES, type ApplicationState } from './domain/index.js';
import { APPLICANTS } from './eligibility.dto.js';

export class ApplicationAnswer {
  @IdField()
  applicationId: string;
}

export class ApplicationStateView extends ApplicationAnswer {
  @OneOf(APPLICATION_STATES, { name: 'ApplicationState' })
  state: ApplicationState;
}

export class SweepView {
  @WholeField({ doc: '新提出的停止建议数' })
  proposed: number;
}

export class NeedView {
  @YesNo({ doc: '是否需要申请' })
  needed: boolean;

  @Text({ max: 300 })
  sentence: string;

  @Text({ nullable: true, doc: '适用的政策包' })
  pack: string | null;

  @Text({ nullable: true })
  version: string | null;

  @Text({ nullable: true, max: 300, doc: '需要申请的依据' })
  clause: string | null;

  @WholeField({ optional: true, doc: '初审工作日' })
  streetDays?: number;

  @WholeField({ optional: true, doc: '审批工作日' })
  countyDays?: number;

  @WholeField({ optional: true, doc: '复核期限（自然日）' })
  appealDays?: number;

  @YesNo({ doc: '按档案中的情况今日是否符合条件' })
  entitled: boolean;
}

export class ApplicationView extends ApplicationStateView {
  @IdField()
  elderId: string;

  @Text()
  stateName: string;

  @Text()
  pack: string;

  @OneOf(['township', 'county'])
  level: 'township' | 'county';

  @OneOf(APPLICANTS, { name: 'Applicant' })
  appliedBy: (typeof APPLICANTS)[number];

  @Text({ nullable: true })
  relation: string | null;

  @CivilDateField()
  appliedOn: CivilDate;

  @Texts()
  materials: string[];

  @CivilDateField({ nullable: true, doc: '本步骤的期限；补充材料期间停止计时，为 null' })
  dueOn: CivilDate | null;

  @WholeField({ doc: '超期工作日' })
  lateDays: number;

  @CivilDateField({ nullable: true, doc: '可提出复核的最后一天' })
  appealUntil: CivilDate | null;

  @CivilDateField({ nullable: true })
  approvedFrom: CivilDate | null;

  @CivilDateField({ nullable: true, doc: '停止后享受补贴的最后一天' })
  lastDay: CivilDate | null;
}

export class ApplicationPage {
  @ListOf(() => ApplicationView)
  items: ApplicationView[];

  @Text({ nullable: true })
  nextCursor: string | null;
}

export class StepView {
  @IdField()
  stepId: string;

  @Text()
  move: string;

  @OneOf(APPLICATION_STATES, { name: 'ApplicationState' })
  to: ApplicationState;

  @CivilDateField()
  onDate: CivilDate;

  @OneOf(['approve', 'refuse'], { nullable: true, name: 'ReviewOpinion' })
  opinion: 'approve' | 'refuse' | null;

  @Text({ nullable: true })
  reasonCode: string | null;

  @Text({ max: 300 })
  reason: string;

  @Texts()
  materials: string[];

  @WholeField()
  lateDays: number;

  @MomentField()
  recordedAt: string;
}

export class DocumentView {
  @Text()
  title: string;

  @Text()
  number: string;

  @Text()
  date: string;

  @Text({ nullable: true, doc: '文件的 SHA-256' })
  sha256: string | null;
}

export class RuleView {
  @Text()
  ruleId: string;

  @Text()
  ruleName: string;

  @Text()
  classId: string;

  @Text()
  className: string;

  @Text()
  clause: string;
}

export class FactView {
  @Text()
  fact: string;

  @Text()
  value: string;

  @Text({ nullable: true })
  source: string | null;

  @CivilDateField({ nullable: true })
  from: CivilDate | null;
}

export class DecisionView {
  @IdField()
  decisionId: string;

  @OneOf(['approved', 'refused', 'stopped'])
  outcome: 'approved' | 'refused' | 'stopped';

  @YesNo({ doc: '是否为复核决定' })
  appeal: boolean;

  @Text({ nullable: true })
  reasonCode: string | null;

  @Text({ max: 600, doc: '给老人看的话' })
  sentence: string;

  @Text()
  pack: string;

  @Text()
  version: string;

  @Text()
  versionSha256: string;

  @Text()
  clause: string;

  @Nested(() => DocumentView)
  document: DocumentView;

  @ListOf(() => RuleView)
  rules: RuleView[];

  @Text({ nullable: true, doc: '不符合条件的代码' })
  refusal: string | null;

  @ListOf(() => FactView, { doc: '决定所依据的情况及其来源' })
  facts: FactView[];

  @CivilDateField()
  decidedOn: CivilDate;

  @CivilDateField({ nullable: true })
  appealUntil: CivilDate | null;
}

export class ApplicationDetail extends ApplicationView {
  @ListOf(() => StepView)
  steps: StepView[];

  @ListOf(() => DecisionView)
  decisions: DecisionView[];
}
