import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, IdField, OneOf, PageQuery, Text, Texts } from '../platform/index.js';
import { APPLICATION_STATES, REFUSAL_REASONS, type ApplicationState, type RefusalReason } from './domain/index.js';

/** Who may apply. */
export const APPLICANTS = ['elder', 'relative', 'communityWorker'] as const;
const STOP_CAUSES = ['deceased', 'not-hukou', 'not-resident', 'in-care-home', 'not-in-category', 'in-excluded-category', 'too-old', 'materials-false', 'at-own-wish', 'other'] as const;

export class ApplyBody {
  @IdField({ doc: '由客户端生成，同时成为申请的编号' })
  id: string;

  @IdField()
  elderId: string;

  @OneOf(APPLICANTS, { name: 'Applicant', doc: '谁提出：本人、家人、社区工作人员代办' })
  appliedBy: (typeof APPLICANTS)[number];

  @Text({ optional: true, nullable: true, max: 20, doc: '家人与老人的关系' })
  relation?: string | null;

  @CivilDateField({ doc: '申请日期' })
  appliedOn: CivilDate;

  @Texts({ max: 20, doc: '提交的材料名称；不要写身份证号' })
  materials: string[];
}

export class ReviewBody {
  @IdField()
  id: string;

  @OneOf(['approve', 'refuse'], { name: 'ReviewOpinion', doc: '初审意见' })
  opinion: 'approve' | 'refuse';

  @Text({ min: 2, max: 300 })
  reason: string;
}

export class SupplementBody {
  @IdField()
  id: string;

  @Text({ min: 2, max: 300 })
  reason: string;

  @Texts({ max: 20, doc: '要求补充或补充提交的材料' })
  materials: string[];
}

export class ReasonBody {
  @IdField()
  id: string;

  @Text({ min: 2, max: 300 })
  reason: string;
}

export class DecideBody {
  @IdField()
  id: string;

  @OneOf(['approve', 'refuse'], { name: 'ReviewOpinion' })
  outcome: 'approve' | 'refuse';

  @OneOf(REFUSAL_REASONS, { optional: true, nullable: true, name: 'RefusalReason', doc: '不予批准的原因' })
  reasonCode?: RefusalReason | null;

  @Text({ min: 2, max: 300, doc: '具体情况' })
  reason: string;
}

export class ProposeStopBody {
  @IdField()
  id: string;

  @OneOf(STOP_CAUSES, { name: 'StopCause' })
  cause: (typeof STOP_CAUSES)[number];

  @Text({ min: 2, max: 300 })
  reason: string;
}

export class DecideStopBody {
  @IdField()
  id: string;

  @OneOf(['stop', 'keep'], { name: 'StopOutcome' })
  outcome: 'stop' | 'keep';

  @OneOf(STOP_CAUSES, { optional: true, nullable: true, name: 'StopCause' })
  cause?: (typeof STOP_CAUSES)[number] | null;

  @CivilDateField({ optional: true, nullable: true, doc: '享受补贴的最后一天；不填为今日' })
  lastDay?: CivilDate | null;

  @Text({ min: 2, max: 300 })
  reason: string;
}

export class SweepBody {
  @IdField()
  id: string;
}

export class ListApplicationsQuery extends PageQuery {
  @OneOf(APPLICATION_STATES, { optional: true, name: 'ApplicationState' })
  state?: ApplicationState;

  @OneOf(['true', 'false'], { optional: true, doc: '只看已超期的' })
  overdue?: 'true' | 'false';

  @IdField({ optional: true })
  elderId?: string;
}
