import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, FenField, IdField, ListOf, MomentField, OneOf, Text } from '../platform/index.js';
import { ENTRY_KINDS, type EntryKind } from './balance.store.js';
import type { LineFate } from './import-statement.js';

const MOST_LINES = 2_000;
const STATES = ['recorded', 'confirmed', 'rejected'] as const;

export class PrepaidSettingBody {
  @IdField()
  id: string;

  @Text({ doc: '存管预付资金的银行' })
  bankName: string;

  @Text({ doc: '依据文件文号' })
  documentNumber: string;

  @Text({ max: 200, doc: '依据文件名称' })
  documentTitle: string;

  @CivilDateField({ doc: '首日，不早于今天' })
  firstDay: CivilDate;

  @CivilDateField({ nullable: true, doc: '末日（含）；null 为没有末日' })
  lastDay: CivilDate | null;
}

export class PrepaidDecisionBody {
  @IdField()
  id: string;

  @OneOf(['confirmed', 'rejected'], { name: 'PrepaidDecision' })
  outcome: 'confirmed' | 'rejected';
}

export class PrepaidSettingDto {
  @IdField()
  settingId: string;

  @Text()
  bankName: string;

  @Text()
  documentNumber: string;

  @Text({ max: 200 })
  documentTitle: string;

  @CivilDateField()
  firstDay: string;

  @CivilDateField({ nullable: true })
  lastDay: string | null;

  @OneOf(STATES, { name: 'PrepaidState', doc: '已登记、已复核、已退回；已复核的才生效' })
  state: (typeof STATES)[number];

  @MomentField()
  recordedAt: string;
}

export class PrepaidSettingList {
  @ListOf(() => PrepaidSettingDto)
  items: PrepaidSettingDto[];
}

export class PrepaidParams {
  @IdField()
  id: string;
}

export class BankLineBody {
  @Text({ max: 64, doc: '银行流水号；同号只入一次' })
  reference: string;

  @Text({ max: 40, doc: '助餐卡号' })
  cardNumber: string;

  @FenField({ min: 1, doc: '充值金额' })
  fen: number;
}

export class BankStatementBody {
  @IdField()
  id: string;

  @ListOf(() => BankLineBody, { min: 1, max: MOST_LINES })
  lines: BankLineBody[];
}

export class BankLineDto {
  @Text({ max: 64 })
  reference: string;

  @OneOf(['booked', 'known', 'card-unknown', 'differs'], { name: 'BankLineFate', doc: '已入账、先前已入账、查无此卡、同号而卡或金额不同（未入账，请与银行核对）' })
  fate: LineFate;
}

export class BankStatementDto {
  @ListOf(() => BankLineDto, { max: MOST_LINES })
  lines: BankLineDto[];

  @FenField({ doc: '本次入账合计' })
  bookedFen: number;
}

export class RefundBody {
  @IdField()
  id: string;

  @FenField({ min: 1, doc: '退款金额，至多为余额' })
  fen: number;

  @Text({ max: 200, doc: '退款原因；不写姓名、电话和证件号' })
  reason: string;
}

export class RefundDto {
  @IdField()
  elderId: string;

  @FenField()
  balanceFen: number;
}

export class PrepaidLineDto {
  @IdField()
  entryId: string;

  @OneOf(ENTRY_KINDS, { name: 'PrepaidKind', doc: '充值、用餐支付、撤销退回、退款' })
  kind: EntryKind;

  @FenField({ min: -100_000_000_000, doc: '增加为正，减少为负' })
  fen: number;

  @IdField({ nullable: true })
  tapId: string | null;

  @IdField({ nullable: true })
  siteId: string | null;

  @MomentField()
  bookedAt: string;
}

export class PrepaidStatementDto {
  @FenField()
  balanceFen: number;

  @ListOf(() => PrepaidLineDto, { max: 500 })
  items: PrepaidLineDto[];

  @Text({ nullable: true, max: 400 })
  nextCursor: string | null;
}
