import { CivilDateField, FenField, IdField, ListOf, MomentField, OneOf, PageQuery, Text, WholeField, YesNo } from '../platform/index.js';

const MOST_MS = 9_000_000_000_000;

export class WatchQuery extends PageQuery {
  @IdField({ optional: true, doc: '只看这个助餐点' })
  siteId?: string;
}

export class WatchedTerminalDto {
  @IdField()
  terminalId: string;

  @IdField()
  siteId: string;

  @Text()
  siteName: string;

  @Text()
  label: string;

  @Text({ nullable: true })
  version: string | null;

  @MomentField({ nullable: true })
  seenAt: string | null;

  @YesNo({ doc: '已停用' })
  revoked: boolean;

  @YesNo({ doc: '密钥到期未更换' })
  keyDue: boolean;

  @MomentField({ nullable: true })
  openedAt: string | null;

  @WholeField({ nullable: true })
  metresAway: number | null;

  @YesNo()
  far: boolean;

  @WholeField({ nullable: true, min: -MOST_MS, max: MOST_MS, doc: '终端时钟快了多少毫秒' })
  clockOffMs: number | null;

  @WholeField({ nullable: true })
  unsent: number | null;
}

export class WatchedPage {
  @ListOf(() => WatchedTerminalDto)
  items: WatchedTerminalDto[];

  @Text({ nullable: true })
  nextCursor: string | null;
}

export class ReceiptParams {
  @Text({ max: 40 })
  code: string;
}

export class ReceiptDto {
  @CivilDateField()
  date: string;

  @Text()
  siteName: string;

  @FenField({ doc: '个人支付' })
  selfPayFen: number;

  @OneOf(['stands', 'voided', 'refused'], { name: 'ReceiptState', doc: '有效、已撤销、未记账' })
  state: 'stands' | 'voided' | 'refused';
}

export class ReceiptsDto {
  @ListOf(() => ReceiptDto, { min: 1 })
  items: ReceiptDto[];

  @Text({ max: 200 })
  sentence: string;
}
