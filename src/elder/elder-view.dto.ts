import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, IdField, ListOf, MomentField, OneOf, Text, WholeField, WordsOf, YesNo } from '../platform/index.js';
import {
  AUTHORITIES, CARD_EVENTS, CARD_STATES, CATEGORY_CODES, COMPUTED_CODES, HOME_KINDS, type Authority, type CardEvent, type CardState, type HomeKind,
} from './domain/index.js';

export class RegisteredView {
  @IdField()
  elderId: string;

  @IdField({ nullable: true, doc: '同时发放的卡；未发卡为 null' })
  cardId: string | null;
}

export class BatchRowView {
  @IdField()
  id: string;

  @OneOf(['registered', 'refused'])
  outcome: 'registered' | 'refused';

  @IdField({ optional: true })
  elderId?: string;

  @IdField({ optional: true, nullable: true })
  cardId?: string | null;

  @Text({ optional: true, doc: '拒绝的原因代码' })
  code?: string;

  @Text({ optional: true, max: 200, doc: '拒绝的原因和下一步' })
  sentence?: string;
}

export class RegisteredBatchView {
  @WholeField()
  registered: number;

  @WholeField()
  refused: number;

  @ListOf(() => BatchRowView)
  rows: BatchRowView[];
}

export class CardView {
  @IdField()
  cardId: string;

  @Text({ doc: '卡号末四位' })
  tail: string;

  @OneOf(CARD_STATES, { name: 'CardState' })
  state: CardState;

  @MomentField()
  stateSince: string;

  @MomentField({ nullable: true })
  lostAt: string | null;
}

export class ElderView {
  @IdField()
  elderId: string;

  @Text({ example: '张**' })
  name: string;

  @Text({ example: '1****************2' })
  identityNumber: string;

  @Text({ nullable: true, example: '138****5678' })
  phone: string | null;

  @OneOf(['male', 'female'])
  sex: 'male' | 'female';

  @WholeField({ doc: '今日周岁' })
  age: number;

  @DivisionCodeField({ nullable: true })
  hukouCode: string | null;

  @DivisionCodeField({ nullable: true })
  residenceCode: string | null;

  @CivilDateField({ nullable: true })
  died: CivilDate | null;

  @WordsOf(CATEGORY_CODES, { doc: '今日所属类别' })
  categories: string[];

  @WordsOf(COMPUTED_CODES, { doc: '由年龄得出的类别：高龄（80 周岁起）、百岁' })
  ageCategories: string[];

  @ListOf(() => CardView)
  cards: CardView[];
}

export class ElderPage {
  @ListOf(() => ElderView)
  items: ElderView[];

  @Text({ nullable: true })
  nextCursor: string | null;
}

export class EntryView {
  @IdField()
  entryId: string;

  @CivilDateField()
  from: CivilDate;

  @CivilDateField({ nullable: true })
  to: CivilDate | null;

  @Text()
  source: string;

  @IdField({ nullable: true, doc: '所更正的记录' })
  corrects: string | null;

  @YesNo({ doc: '撤销所更正的记录' })
  withdrawn: boolean;

  @YesNo({ doc: '已被后来的记录更正' })
  corrected: boolean;

  @MomentField()
  recordedAt: string;
}

export class CategoryEntryView extends EntryView {
  @OneOf(CATEGORY_CODES, { name: 'CategoryCode' })
  code: string;

  @Text({ nullable: true })
  grade: string | null;

  @Text({ nullable: true, doc: '残疾类别' })
  kind: string | null;

  @Text()
  evidence: string;

  @OneOf(AUTHORITIES, { name: 'Authority', doc: '由谁认定' })
  authority: Authority;

  @IdField({ nullable: true, doc: '导入批次' })
  batchId: string | null;
}

export class HomeEntryView {
  @IdField()
  entryId: string;

  @OneOf(HOME_KINDS, { name: 'HomeKind' })
  kind: HomeKind;

  @DivisionCodeField({ nullable: true })
  divisionCode: string | null;

  @CivilDateField({ nullable: true, doc: '首条记录没有起日' })
  from: CivilDate | null;

  @Text()
  source: string;

  @IdField({ nullable: true })
  corrects: string | null;

  @YesNo()
  withdrawn: boolean;

  @YesNo()
  corrected: boolean;

  @MomentField()
  recordedAt: string;
}

export class AssessmentEntryView {
  @IdField()
  entryId: string;

  @WholeField({ max: 4, doc: 'GB/T 42195-2022 等级：0 能力完好 … 4 能力完全丧失' })
  level: number;

  @Text()
  assessor: string;

  @Text()
  institution: string;

  @CivilDateField()
  assessedOn: CivilDate;

  @CivilDateField()
  validUntil: CivilDate;

  @Text()
  evidence: string;

  @IdField({ nullable: true })
  corrects: string | null;

  @YesNo()
  withdrawn: boolean;

  @YesNo()
  corrected: boolean;

  @MomentField()
  recordedAt: string;
}

export class CardEventView {
  @IdField()
  cardId: string;

  @OneOf(CARD_EVENTS, { name: 'CardEvent' })
  kind: CardEvent;

  @MomentField()
  at: string;

  @Text()
  reason: string;
}

export class ElderHistoryView extends ElderView {
  @ListOf(() => CategoryEntryView)
  categoryEntries: CategoryEntryView[];

  @ListOf(() => EntryView)
  careHomeEntries: EntryView[];

  @ListOf(() => HomeEntryView, { doc: '户籍与常住地的变动；从未变动时为空' })
  homeEntries: HomeEntryView[];

  @ListOf(() => AssessmentEntryView)
  assessmentEntries: AssessmentEntryView[];

  @ListOf(() => CardEventView)
  cardEvents: CardEventView[];
}

export class EntryAnswer {
  @IdField()
  entryId: string;
}

export class IssuedView {
  @IdField()
  cardId: string;
}

export class CardStateView {
  @IdField()
  cardId: string;

  @OneOf(CARD_STATES, { name: 'CardState' })
  state: CardState;
}
