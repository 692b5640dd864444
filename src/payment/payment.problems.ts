import { defineProblems } from '../platform/index.js';

export const paymentProblems = defineProblems({
  'merchant-decided': { status: 409, sentence: '这项登记已经复核过，不能再次复核；需要改变请另行登记。' },
  'merchant-provider': { status: 422, sentence: '这是服务商自己的商户号，不能用来收款；请填这家运营单位自己的特约商户号。' },
  'merchant-taken': { status: 409, sentence: '这个商户号现在是另一家运营单位的，两家不能合用；请核对号码，确需更换的先停用那一家的。' },
  'notice-unknown-order': { status: 404, sentence: '通知说的订单这里没有，没有处理。' },
  'pay-code-form': { status: 422, sentence: '这不是微信付款码，请老人打开微信的“收付款”，再扫一次。' },
  'pay-done': { status: 409, sentence: '这笔已经付过了，不用再付。' },
  'pay-held': { status: 409, sentence: '这笔钱还留着付老人的预订，没有退款；要退请取消预订，钱会原路退回。' },
  'pay-not-here': { status: 409, sentence: '这家食堂还不能用微信付款，请到食堂刷卡或付现金，有事请打食堂电话。' },
  'pay-not-paid': { status: 409, sentence: '这笔没有付成，没有钱可退；有疑问请打食堂电话。' },
  'pay-other-payer': { status: 409, sentence: '这笔正由另一位家人付款，请等一会儿再看，或打食堂电话。' },
  'pay-over': { status: 409, sentence: '付款时间已过，这笔没有扣钱，请重新下单，或打食堂电话订餐。' },
  'pay-refund-above-paid': { status: 409, sentence: '退款超过已付的钱（还可退 {leftFen} 元），没有退款，请核对金额；有疑问请打食堂电话。' },
  'prepaid-day-past': { status: 422, sentence: '预付余额只能从今天或以后的日期开始，请改选首日。' },
  'prepaid-days-crossed': { status: 422, sentence: '末日早于首日，请核对日期。' },
  'prepaid-decided': { status: 409, sentence: '这项设定已经复核过，不能再次复核；需要改变请另行登记。' },
  'prepaid-sign-wrong': { status: 422, sentence: '第 {line} 行的金额正负不对：充值为正，退款和银行支出为负，更正不为零；请改好后整份重新导入。' },
  'prepaid-never-offered': { status: 409, sentence: '本市没有开通预付余额，银行流水没有导入；请先由市级登记并复核。' },
  'prepaid-not-offered': { status: 409, sentence: '本市今天没有开通余额支付，请收现金或扫码。' },
  'refund-above-balance': { status: 409, sentence: '退款超过余额（现有 {balanceFen} 元），没有退款，请核对金额；有疑问请打电话给社区。' },
});
