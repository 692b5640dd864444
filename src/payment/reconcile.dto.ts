import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, FenField, IdField, ListOf, MomentField, OneOf, Text, WholeField, YesNo } from '../platform/index.js';
import { DIFFERENCES, type DifferenceKind } from './domain/index.js';

/** More than a day of a city can differ by before somebody has to look at the whole. */
export const MOST_DIFFERENCES = 500;

export class ReconciliationQuery {
  @CivilDateField({ doc: '账单日，次日 10 点后才有' })
  date: CivilDate;
}

export class BillDifferenceDto {
  @OneOf(DIFFERENCES, { name: 'BillDifferenceKind', doc: '我方没有、微信没有、金额或交易不同、微信已付我方未付、微信已撤我方未撤、我方已撤微信未撤、我方记为失败' })
  kind: DifferenceKind;

  @IdField({ nullable: true, doc: '我方的付款' })
  orderId: string | null;

  @IdField({ nullable: true, doc: '我方的退款；null 为付款' })
  refundId: string | null;

  @Text({ max: 64, nullable: true, doc: '账单上的单号；null 为账单上没有' })
  number: string | null;

  @FenField({ nullable: true, doc: '账单上的金额' })
  theirFen: number | null;

  @FenField({ nullable: true, doc: '我方的金额' })
  ownFen: number | null;

  @YesNo({ doc: '账单到达时就有，还是现在才有' })
  wasThere: boolean;

  @YesNo({ doc: '现在是否仍不符' })
  isOpen: boolean;
}

export class ReconciliationDto {
  @Text({ max: 32, doc: '微信支付特约商户号' })
  subMchId: string;

  @IdField()
  operatorId: string;

  @Text({ doc: '运营单位' })
  operatorName: string;

  @MomentField({ nullable: true, doc: '取得账单的时刻；null 为还没有' })
  fetchedAt: string | null;

  @WholeField({ min: 0, doc: '账单上属于本市的笔数' })
  lines: number;

  @FenField({ doc: '账单：付款' })
  theirPaidFen: number;

  @FenField({ doc: '账单：其中已撤销' })
  theirReversedFen: number;

  @FenField({ doc: '账单：退款' })
  theirRefundFen: number;

  @FenField({ doc: '我方：付款，不含已撤销' })
  ownPaidFen: number;

  @FenField({ doc: '我方：退款' })
  ownRefundFen: number;

  @ListOf(() => BillDifferenceDto, { max: MOST_DIFFERENCES })
  differences: BillDifferenceDto[];
}

export class LateBillDto {
  @Text({ max: 32, doc: '微信支付特约商户号' })
  subMchId: string;

  @Text({ doc: '运营单位' })
  operatorName: string;

  @CivilDateField({ doc: '账单日' })
  date: CivilDate;
}

export class ReconciliationList {
  @ListOf(() => ReconciliationDto)
  items: ReconciliationDto[];

  @ListOf(() => LateBillDto, { max: MOST_DIFFERENCES, doc: '该有两天仍没有取到的账单，最早的在前' })
  late: LateBillDto[];
}
