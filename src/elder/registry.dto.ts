import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, IdField, Nested, OneOf, PageQuery, Text, WholeField, WordsOf, YesNo, MomentField } from '../platform/index.js';
import { RELATIONS, type Relation } from './contact.store.js';
import {
  CONSENT_SCOPES, DISABILITY_KINDS, DISPUTE_MOVES, DISPUTE_STATES, GRANTEES, HOME_KINDS, RECORDED_CODES,
  type CategoryCode, type ConsentScope, type DisputeMove, type DisputeState, type Grantee, type HomeKind,
} from './domain/index.js';

export class RecordHomeBody {
  @IdField()
  id: string;

  @OneOf(HOME_KINDS, { name: 'HomeKind', doc: '户籍或常住地' })
  kind: HomeKind;

  @DivisionCodeField({ nullable: true, doc: '迁入地；null 为已不在且去向不明' })
  divisionCode: string | null;

  @CivilDateField({ nullable: true, doc: '迁入首日；只有更正登记时的首条记录才填 null' })
  from: CivilDate | null;

  @Text()
  source: string;

  @IdField({ optional: true, nullable: true, doc: '更正哪一条记录' })
  corrects?: string | null;

  @YesNo({ optional: true, doc: '撤销被更正的记录' })
  withdrawn?: boolean;
}

export class RecordAssessmentBody {
  @IdField()
  id: string;

  @WholeField({ max: 4, doc: 'GB/T 42195-2022：0 能力完好，1 轻度，2 中度，3 重度，4 完全失能' })
  level: number;

  @Text({ max: 60, doc: '评估员姓名或编号' })
  assessor: string;

  @Text({ doc: '评估机构' })
  institution: string;

  @CivilDateField({ doc: '评估日期' })
  assessedOn: CivilDate;

  @CivilDateField({ doc: '有效期末日' })
  validUntil: CivilDate;

  @Text({ max: 200, doc: '评估报告编号' })
  evidence: string;

  @IdField({ optional: true, nullable: true })
  corrects?: string | null;

  @YesNo({ optional: true })
  withdrawn?: boolean;
}

export class RecordContactBody {
  @IdField({ doc: '由客户端生成；首次登记时同时成为联系人的编号' })
  id: string;

  @Text({ max: 60 })
  name: string;

  @Text({ max: 30 })
  phone: string;

  @OneOf(RELATIONS, { name: 'Relation', doc: '与老人的关系' })
  relation: Relation;

  @YesNo({ doc: '紧急联系人' })
  emergency: boolean;

  @IdField({ optional: true, nullable: true })
  corrects?: string | null;

  @YesNo({ optional: true })
  withdrawn?: boolean;
}

export class RecordConsentBody {
  @IdField()
  id: string;

  @OneOf(GRANTEES, { name: 'Grantee', doc: '授权给谁：家人、食堂、社区' })
  grantee: Grantee;

  @IdField({ optional: true, nullable: true, doc: '授权给家人时写联系人编号' })
  contactId?: string | null;

  @WordsOf(CONSENT_SCOPES, { doc: '允许的事项；空列表为全部撤回' })
  scopes: ConsentScope[];

  @CivilDateField({ doc: '有效期末日' })
  until: CivilDate;

  @CivilDateField({ doc: '授权或撤回之日' })
  givenOn: CivilDate;

  @OneOf(['paper', 'till', 'miniProgram'], { name: 'ConsentHow' })
  givenHow: 'paper' | 'till' | 'miniProgram';

  @Text({ doc: '告知书的名称和版本' })
  notice: string;

  @Text({ optional: true, nullable: true, max: 60, doc: '代为宣读的人' })
  helper?: string | null;
}

export class OpenDisputeBody {
  @IdField()
  id: string;

  @OneOf(RECORDED_CODES, { name: 'RecordedCategoryCode' })
  code: CategoryCode;

  @IdField({ optional: true, nullable: true, doc: '有异议的记录；认为漏登时不填' })
  entryId?: string | null;

  @OneOf(['elder', 'relative', 'communityWorker'], { name: 'DisputeRaiser' })
  raisedBy: 'elder' | 'relative' | 'communityWorker';

  @CivilDateField()
  openedOn: CivilDate;

  @Text({ min: 4, max: 300 })
  reason: string;
}

export class DisputeCorrectionBody {
  @Text({ optional: true, nullable: true, max: 20 })
  grade?: string | null;

  @OneOf(DISABILITY_KINDS, { optional: true, nullable: true })
  kind?: string | null;

  @CivilDateField()
  from: CivilDate;

  @CivilDateField({ optional: true, nullable: true })
  to?: CivilDate | null;

  @Text()
  source: string;

  @Text({ max: 200 })
  evidence: string;

  @YesNo({ optional: true, doc: '原记录应予撤销' })
  withdrawn?: boolean;
}

export class MoveDisputeBody {
  @IdField()
  id: string;

  @OneOf(DISPUTE_MOVES, { name: 'DisputeMove', doc: '转交认定部门、认定部门答复成立、答复不成立、撤回' })
  move: DisputeMove;

  @CivilDateField()
  onDate: CivilDate;

  @Text({ optional: true, nullable: true, max: 200, doc: '转交函或答复文件' })
  document?: string | null;

  @Text({ max: 300 })
  reason: string;

  @Nested(() => DisputeCorrectionBody, { optional: true, nullable: true, doc: '异议成立时更正后的内容' })
  correction?: DisputeCorrectionBody | null;
}

export class ListDisputesQuery extends PageQuery {
  @OneOf(DISPUTE_STATES, { optional: true, name: 'DisputeState' })
  state?: DisputeState;
}

export class ProposeRevisionBody {
  @IdField()
  id: string;

  @Text({ optional: true, nullable: true, max: 60 })
  name?: string | null;

  @Text({ optional: true, nullable: true, max: 40 })
  identityNumber?: string | null;

  @CivilDateField({ optional: true, nullable: true, doc: '以户籍档案为准的出生日期；不填则以身份证号码为准' })
  born?: CivilDate | null;

  @Text({ min: 4, max: 300 })
  reason: string;

  @Text({ max: 200, doc: '依据，如户籍证明的编号；不要写身份证号' })
  evidence: string;
}

export class DecideRevisionBody {
  @IdField()
  id: string;

  @OneOf(['confirmed', 'rejected'], { name: 'RevisionDecision' })
  decision: 'confirmed' | 'rejected';

  @Text({ min: 2, max: 300 })
  reason: string;
}

export class FactsQuery {
  @CivilDateField({ optional: true, doc: '哪一天的情况；不填为今日' })
  on?: CivilDate;

  @MomentField({ optional: true, doc: '当时所知；不填为现在所知' })
  knownAt?: string;
}
