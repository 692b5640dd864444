import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, IdField, ListOf, OneOf, PageQuery, Text, YesNo } from '../platform/index.js';
import { CATEGORY_CODES, DISABILITY_KINDS, RECORDED_CODES, type CategoryCode } from './domain/index.js';
import { REPORTED_EVENTS } from './move-card.js';

const MOST_ROWS = 500;

export class CategoryEntryBody {
  @OneOf(RECORDED_CODES, { name: 'RecordedCategoryCode', doc: '类别；能力评估和助餐资格各有其登记途径，不在此列' })
  code: CategoryCode;

  @Text({ optional: true, nullable: true, max: 20, doc: '等级，如残疾等级 1' })
  grade?: string | null;

  @OneOf(DISABILITY_KINDS, { optional: true, nullable: true, doc: '残疾类别' })
  kind?: string | null;

  @CivilDateField({ doc: '起日，含当日' })
  from: CivilDate;

  @CivilDateField({ optional: true, nullable: true, doc: '止日，含当日；不填为长期' })
  to?: CivilDate | null;

  @Text({ max: 100, doc: '数据来源，如 县民政局低保系统' })
  source: string;

  @Text({ max: 200, doc: '依据，如证件或审批文号；不要写身份证号' })
  evidence: string;
}

export class RegisterElderBody {
  @IdField({ doc: '由客户端生成，同时成为老人的编号' })
  id: string;

  @Text({ max: 60, doc: '姓名' })
  name: string;

  @Text({ max: 40, doc: '身份证号码；全角、空格和小写 x 均可', example: '11010519491231002X' })
  identityNumber: string;

  @CivilDateField({ optional: true, nullable: true, doc: '出生日期；填写时须与身份证号码一致' })
  born?: CivilDate | null;

  @Text({ optional: true, nullable: true, max: 30, doc: '手机或带区号的固定电话' })
  phone?: string | null;

  @DivisionCodeField({ optional: true, nullable: true, doc: '户籍地' })
  hukouCode?: string | null;

  @DivisionCodeField({ optional: true, nullable: true, doc: '常住地' })
  residenceCode?: string | null;

  @Text({ optional: true, nullable: true, max: 40, doc: '同时发放的助餐卡卡号' })
  cardNumber?: string | null;

  @ListOf(() => CategoryEntryBody, { optional: true, max: 20 })
  categories?: CategoryEntryBody[];
}

export class RegisterBatchBody {
  @IdField()
  id: string;

  @ListOf(() => RegisterElderBody, { min: 1, max: MOST_ROWS })
  rows: RegisterElderBody[];
}

export class ListEldersQuery extends PageQuery {
  @DivisionCodeField({ optional: true, doc: '户籍或常住在此区划内' })
  division?: string;

  @OneOf(CATEGORY_CODES, { optional: true, doc: '今日属于此类别' })
  category?: CategoryCode;

  @Text({ optional: true, pattern: /^\d{4}$/, min: 4, max: 4, message: '应为电话末四位', doc: '电话末四位' })
  phoneTail?: string;
}

export class SearchEldersBody {
  @Text({ optional: true, max: 40, doc: '完整的身份证号码' })
  identityNumber?: string;

  @Text({ optional: true, max: 40, doc: '完整的卡号' })
  cardNumber?: string;

  @Text({ optional: true, max: 60, doc: '完整的姓名' })
  name?: string;
}

export class RecordCategoryBody extends CategoryEntryBody {
  @IdField()
  id: string;

  @IdField({ optional: true, nullable: true, doc: '更正哪一条记录' })
  corrects?: string | null;

  @YesNo({ optional: true, doc: '撤销被更正的记录，不以新内容代替' })
  withdrawn?: boolean;
}

export class RecordStayBody {
  @IdField()
  id: string;

  @CivilDateField({ doc: '入住首日' })
  from: CivilDate;

  @CivilDateField({ optional: true, nullable: true, doc: '入住末日；不填为仍在住' })
  to?: CivilDate | null;

  @Text()
  source: string;

  @IdField({ optional: true, nullable: true })
  corrects?: string | null;

  @YesNo({ optional: true })
  withdrawn?: boolean;
}

export class RecordDeathBody {
  @IdField()
  id: string;

  @CivilDateField({ nullable: true, doc: '死亡日期；更正时填 null 为撤销登记' })
  diedOn: CivilDate | null;

  @Text({ doc: '来源，如 死亡证明、殡葬数据' })
  source: string;

  @YesNo({ optional: true, doc: '更正已有的登记' })
  correction?: boolean;
}

export class IssueCardBody {
  @IdField({ doc: '由客户端生成，同时成为卡的编号' })
  id: string;

  @Text({ max: 40 })
  cardNumber: string;

  @IdField({ optional: true, nullable: true, doc: '补办时写原卡编号' })
  replaces?: string | null;

  @Text({ max: 200 })
  reason: string;
}

export class CardEventBody {
  @IdField()
  id: string;

  @OneOf(REPORTED_EVENTS, { name: 'ReportedCardEvent' })
  kind: (typeof REPORTED_EVENTS)[number];

  @Text({ max: 200 })
  reason: string;
}

export class DisclosureBody {
  @IdField()
  id: string;

  @Text({ min: 4, max: 200, doc: '查看完整信息的理由；会记入审计' })
  reason: string;
}
