import { FenField, IdField, ListOf, MomentField, OneOf, Text } from '../platform/index.js';

const SUB_MCHID = { max: 32, pattern: /^\d{6,32}$/, message: '应为 6 到 32 位数字的特约商户号' };
const STATES = ['recorded', 'confirmed', 'rejected'] as const;

export class MerchantBody {
  @IdField()
  id: string;

  @IdField({ doc: '运营单位' })
  operatorId: string;

  @Text({ ...SUB_MCHID, nullable: true, doc: '微信支付特约商户号；null 为不再收微信付款' })
  subMchId: string | null;
}

export class MerchantDecisionBody {
  @IdField()
  id: string;

  @OneOf(['confirmed', 'rejected'], { name: 'MerchantDecision' })
  outcome: 'confirmed' | 'rejected';
}

export class MerchantDto {
  @IdField()
  merchantId: string;

  @IdField()
  operatorId: string;

  @Text({ ...SUB_MCHID, nullable: true })
  subMchId: string | null;

  @OneOf(STATES, { name: 'MerchantState', doc: '已登记、已复核、已退回；已复核的才生效，以最后复核的为准' })
  state: (typeof STATES)[number];

  @MomentField()
  recordedAt: string;
}

export class MerchantList {
  @ListOf(() => MerchantDto, { max: 10_000 })
  items: MerchantDto[];
}

export class WechatParams {
  @IdField()
  id: string;
}

export class NoticeParams {
  @OneOf(['payment', 'refund'], { name: 'WechatNoticeKind' })
  kind: 'payment' | 'refund';
}

export class PayRefundBody {
  @IdField()
  id: string;

  @FenField({ min: 1, doc: '退款金额，至多为已付而未退的部分' })
  fen: number;

  @Text({ max: 80, doc: '退款原因，付款人在微信里看得到；不写姓名、电话和证件号' })
  reason: string;
}

export class PayRefundDto {
  @IdField()
  refundId: string;
}

export class UnsettledDto {
  @IdField()
  orderId: string;

  @IdField({ nullable: true, doc: '退款的编号；null 为付款' })
  refundId: string | null;

  @OneOf(['created', 'paying', 'unknown', 'reversing', 'closed', 'asked', 'processing', 'stuck', 'failed'], { name: 'UnsettledState', doc: '待付、支付中、不明、撤销中、已关闭而微信又提到；退款：已申请、处理中、需人工处理、没有退成' })
  state: string;

  @FenField()
  fen: number;

  @IdField()
  siteId: string;

  @MomentField()
  since: string;
}

export class UnsettledList {
  @ListOf(() => UnsettledDto, { max: 500 })
  items: UnsettledDto[];
}
