import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, FenField, IdField, ListOf, OneOf, Text, WholeField } from '../platform/index.js';
import { NOTICE_KINDS, type NoticeKind } from './domain/index.js';
import { NOTICE_STATES, type NoticeState } from './notice.store.js';

export class NoticeBody {
  @IdField()
  id: string;

  @IdField()
  siteId: string;

  @OneOf(NOTICE_KINDS, { name: 'RecoveryNoticeKind', doc: 'netting：抵扣；recovery：追缴；fraud：移送及追缴' })
  kind: NoticeKind;

  @WholeField({ min: 2020, max: 2100 })
  budgetYear: number;
}

export class NoticeAnswerView {
  @IdField()
  noticeId: string;

  @Text()
  noticeNumber: string;

  @WholeField()
  lines: number;

  @FenField()
  fen: number;
}

export class NoticeView {
  @IdField()
  noticeId: string;

  @Text()
  noticeNumber: string;

  @OneOf(NOTICE_KINDS, { name: 'RecoveryNoticeKind' })
  kind: NoticeKind;

  @IdField()
  siteId: string;

  @Text()
  siteName: string;

  @WholeField()
  budgetYear: number;

  @FenField()
  fen: number;

  @OneOf(NOTICE_STATES, { name: 'NoticeState' })
  state: NoticeState;

  @Text()
  madeAt: string;

  @Text({ nullable: true })
  signedAt: string | null;

  @CivilDateField({ nullable: true })
  repaidOn: string | null;
}

export class NoticePage {
  @ListOf(() => NoticeView)
  items: NoticeView[];

  @Text({ nullable: true })
  nextCursor: string | null;
}

export class DeedBody {
  @IdField()
  id: string;
}

export class WithdrawBody extends DeedBody {
  @Text({ max: 200 })
  reason: string;
}

export class RepaidBody extends DeedBody {
  @Text({ max: 60, doc: '国库或银行回单流水号' })
  serial: string;

  @CivilDateField()
  paidOn: CivilDate;
}

export class NoticeStateView {
  @IdField()
  noticeId: string;

  @OneOf(NOTICE_STATES, { name: 'NoticeState' })
  state: NoticeState;
}
