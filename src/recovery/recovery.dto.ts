import { CivilDateField, DivisionCodeField, FenField, IdField, ListOf, OneOf, PageQuery, Text, Texts, WholeField, YesNo } from '../platform/index.js';
import { DECISION_STATES, STOP_KINDS, type DecisionState, type StopKind } from './comparison.store.js';
import { BEARERS, GROUNDS, type Bearer, type Ground } from './domain/index.js';

const REGISTERS = ['deaths', 'careHomes', 'hukouMoves'];

export class IdParams {
  @IdField()
  id: string;
}

export class CompareBody {
  @IdField()
  id: string;

  @IdField({ doc: '检查完成的死亡、入住或迁移名单' })
  rosterId: string;
}

export class ComparedView {
  @IdField()
  comparisonId: string;

  @WholeField()
  proposals: number;

  @WholeField()
  lines: number;
}

export class ComparisonView extends ComparedView {
  @IdField()
  rosterId: string;

  @OneOf(REGISTERS, { name: 'ComparisonPurpose' })
  purpose: string;

  @DivisionCodeField()
  divisionCode: string;

  @Text()
  source: string;

  @Text()
  madeAt: string;

  @WholeField()
  openProposals: number;

  @WholeField()
  openLines: number;

  @FenField({ doc: '由场所承担' })
  siteFen: number;

  @FenField({ doc: '由资金方承担，不向任何人追缴' })
  fundFen: number;
}

export class ComparisonPage {
  @ListOf(() => ComparisonView)
  items: ComparisonView[];

  @Text({ nullable: true })
  nextCursor: string | null;
}

export class ProposalView {
  @IdField()
  proposalId: string;

  @WholeField({ doc: '名单的行号' })
  rowNo: number;

  @IdField()
  elderId: string;

  @OneOf(STOP_KINDS, { name: 'StopKind' })
  kind: StopKind;

  @CivilDateField()
  from: string;

  @CivilDateField({ nullable: true })
  to: string | null;

  @DivisionCodeField({ nullable: true, doc: '户籍迁往；null 为本市之外' })
  placeCode: string | null;

  @OneOf(DECISION_STATES, { name: 'DecisionState' })
  state: DecisionState;

  @Text({ nullable: true })
  reason: string | null;

  @WholeField({ doc: '其后已付的餐次' })
  lines: number;

  @FenField()
  fen: number;
}

export class ProposalPage {
  @ListOf(() => ProposalView)
  items: ProposalView[];

  @Text({ nullable: true })
  nextCursor: string | null;
}

export class LineView {
  @IdField()
  lineId: string;

  @IdField()
  proposalId: string;

  @IdField()
  tapId: string;

  @IdField()
  siteId: string;

  @Text()
  siteName: string;

  @CivilDateField()
  mealDate: string;

  @WholeField()
  budgetYear: number;

  @FenField()
  fen: number;

  @OneOf(BEARERS, { name: 'RecoveryBearer', doc: 'site：场所退还；fund：资金方承担。从不由老人或家人承担' })
  bearer: Bearer;

  @OneOf(GROUNDS, { name: 'RecoveryGround', doc: 'list-reached：停发名单已送达；check-skipped：未按规定核验；not-reached：名单未送达' })
  ground: Ground;

  @OneOf(DECISION_STATES, { name: 'DecisionState' })
  state: DecisionState;

  @YesNo()
  suspectedFraud: boolean;

  @Text({ nullable: true })
  reason: string | null;

  @IdField({ nullable: true })
  noticeId: string | null;
}

export class LinePage {
  @ListOf(() => LineView)
  items: LineView[];

  @Text({ nullable: true })
  nextCursor: string | null;
}

export class DecisionBody {
  @IdField()
  id: string;

  @Texts({ optional: true, max: 5_000, length: 36, doc: '所决定的编号；不填为全部未决定的' })
  ids?: string[];

  @OneOf(['accept', 'reject'], { name: 'Decision' })
  decision: 'accept' | 'reject';

  @Text({ optional: true, nullable: true, max: 200, doc: '不采纳时必填' })
  reason?: string | null;
}

export class LineDecisionBody extends DecisionBody {
  @YesNo({ optional: true, doc: '涉嫌虚报：另案处理，不抵扣；须写理由' })
  suspectedFraud?: boolean;
}

export class DecidedView {
  @WholeField()
  decided: number;
}

export class NeverEatenQuery extends PageQuery {
  @DivisionCodeField({ optional: true, doc: '户籍或常住在此区划内；不填为自己的管辖范围' })
  division?: string;
}

export class NeverEatenView {
  @IdField()
  elderId: string;

  @Text({ doc: '只显示姓' })
  name: string;

  @OneOf(['male', 'female'])
  sex: string;

  @WholeField()
  age: number;

  @DivisionCodeField({ nullable: true })
  hukouCode: string | null;

  @DivisionCodeField({ nullable: true })
  residenceCode: string | null;

  @YesNo()
  hasCard: boolean;

  @YesNo()
  hasPhone: boolean;

  @Text()
  pack: string;

  @Texts({ doc: '可以享受的补贴' })
  rules: string[];
}

export class NeverEatenPageView {
  @ListOf(() => NeverEatenView)
  items: NeverEatenView[];

  @Text({ nullable: true, doc: '不为空时还有后页，即使本页没有人' })
  nextCursor: string | null;
}
