import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, IdField, ListOf, MomentField, OneOf, Text, WholeField, WordsOf, YesNo } from '../platform/index.js';
import { CARD_EVENTS, CARD_STATES, CATEGORY_CODES, type CardEvent, type CardState } from './domain/index.js';

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

export class BatchView {
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

  @Text()
  evidence: string;
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

export class DisclosedView {
  @IdField()
  elderId: string;

  @Text()
  name: string;

  @Text()
  identityNumber: string;

  @Text({ nullable: true })
  phone: string | null;

  @CivilDateField()
  born: CivilDate;
}
