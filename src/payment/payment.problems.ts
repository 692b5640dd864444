import { defineProblems } from '../platform/index.js';

export const paymentProblems = defineProblems({
  'prepaid-day-past': { status: 422, sentence: '预付余额只能从今天或以后的日期开始，请改选首日。' },
  'prepaid-days-crossed': { status: 422, sentence: '末日早于首日，请核对日期。' },
  'prepaid-decided': { status: 409, sentence: '这项设定已经复核过，不能再次复核；需要改变请另行登记。' },
  'prepaid-never-offered': { status: 409, sentence: '本市没有开通预付余额，银行流水没有导入；请先由市级登记并复核。' },
  'prepaid-not-offered': { status: 409, sentence: '本市今天没有开通余额支付，请收现金或扫码。' },
  'refund-above-balance': { status: 409, sentence: '退款超过余额（现有 {balanceFen} 分），没有退款；请核对金额。' },
});
