import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, FenField, IdField, ListOf, MomentField, Nested, OneOf, Text, WholeField, YesNo } from '../platform/index.js';
import { ENTRY_KINDS, type EntryKind } from './balance.store.js';
import { BANK_KINDS, type BankKind, type LineFate } from './import-statement.js';

const MOST_LINES = 2_000;
const MOST_FEN = 100_000_000_000;
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

  @OneOf(BANK_KINDS, { name: 'BankLineKind', optional: true, doc: 'topUp：充值（不填即为充值）；refund：本系统登记的退款，流水号填退款的编号；correction：银行更正；payOut：银行柜面支出' })
  kind?: BankKind;

  @FenField({ min: -MOST_FEN, doc: '收入为正，支出为负' })
  fen: number;
}

export class BankBalanceBody {
  @Text({ max: 40, doc: '助餐卡号' })
  cardNumber: string;

  @FenField()
  fen: number;
}

export class BankClosingBody {
  @CivilDateField({ doc: '余额是这一天终了时的' })
  day: CivilDate;

  @ListOf(() => BankBalanceBody, { min: 1, max: MOST_LINES })
  balances: BankBalanceBody[];
}

export class BankStatementBody {
  @IdField()
  id: string;

  @ListOf(() => BankLineBody, { max: MOST_LINES })
  lines: BankLineBody[];

  @Nested(() => BankClosingBody, { optional: true, doc: '银行对账单上各卡的期末余额，逐卡与本系统核对' })
  closing?: BankClosingBody;
}

export class BankLineDto {
  @Text({ max: 64 })
  reference: string;

  @OneOf(['booked', 'known', 'card-unknown', 'differs', 'above-balance', 'refund-unknown'], { name: 'BankLineFate', doc: '已入账、先前已入账、查无此卡、同号而卡、种类或金额不同、支出超过余额、没有登记过的退款（后四种未入账，请与银行核对）' })
  fate: LineFate;
}

export class BankClosingDto {
  @WholeField({ doc: '核对了几位老人' }) compared: number;
  @WholeField({ doc: '其中对不上的' }) differing: number;
  @WholeField({ doc: '查无此卡的' }) unknown: number;
}

export class BankStatementDto {
  @ListOf(() => BankLineDto, { max: MOST_LINES })
  lines: BankLineDto[];

  @FenField({ min: -MOST_FEN, doc: '本次入账合计，收入减支出' })
  bookedFen: number;

  @Nested(() => BankClosingDto, { nullable: true, doc: '没有期末余额的为 null' })
  closing: BankClosingDto | null;
}

export class PrepaidDifferenceDto {
  @IdField() elderId: string;
  @CivilDateField({ doc: '这一天终了时' }) day: string;
  @FenField({ doc: '银行的余额' }) bankFen: number;
  @FenField({ min: -MOST_FEN, doc: '本系统的余额' }) ownFen: number;
  @YesNo({ doc: '此后还没有对上' }) isOpen: boolean;
}

export class PrepaidDifferenceList {
  @ListOf(() => PrepaidDifferenceDto, { max: 500 })
  items: PrepaidDifferenceDto[];
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

  @OneOf(ENTRY_KINDS, { name: 'PrepaidKind', doc: '充值、用餐支付、撤销退回、退款、银行更正、银行柜面支出' })
  kind: EntryKind;

  @FenField({ min: -MOST_FEN, doc: '增加为正，减少为负' })
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
