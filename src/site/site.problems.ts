import { defineProblems } from '../platform/index.js';

export const siteProblems = defineProblems({
  'credit-code-wrong': { status: 422, sentence: '统一社会信用代码校验不通过，请对照营业执照逐位核对。' },
  'operator-known': { status: 409, sentence: '该统一社会信用代码已登记为运营方，请直接选用已有的运营方。' },
  'operator-unknown': { status: 422, sentence: '没有这个运营方，请先登记运营方再关联。' },
  'bank-account-wrong': { status: 422, sentence: '银行账号应为 8 至 30 位数字，请核对开户许可证后重新填写。' },
  'payee-known': { status: 409, sentence: '该银行账号已登记为收款单位，请直接选用已有的收款单位。' },
  'payee-unknown': { status: 422, sentence: '没有这个收款单位，请先登记收款单位再关联。' },
  'position-incomplete': { status: 422, sentence: '经度和纬度要么都填，要么都不填，请补全位置。' },
  'division-too-wide': { status: 422, sentence: '助餐场所应登记到乡镇（街道）或村（社区），请选择更具体的区划。' },
  'site-move-forbidden': { status: 409, sentence: '该场所目前是“{state}”，不能登记“{event}”，请核对场所的办理顺序。' },
  'site-event-role': { status: 403, sentence: '您的岗位不能登记“{event}”，请由区县或市级民政人员办理。' },
  'event-before-last': { status: 409, sentence: '日期早于上一次登记的 {last}，请核对日期。' },
  'event-in-future': { status: 422, sentence: '日期在今天之后；只有暂停和关停可以提前公告，且最多提前 90 天，请核对日期。' },
  'licence-missing': { status: 409, sentence: '该场所在 {date} 没有有效的食品经营许可证，请先登记有效证照再开业。' },
  'fire-approval-missing': { status: 409, sentence: '新建改造的场所在 {date} 没有有效的消防手续，请先登记消防手续再开业。' },
  'operator-missing': { status: 409, sentence: '该场所在 {date} 没有运营方，请先关联运营方再开业。' },
  'tenure-not-after': { status: 409, sentence: '起始日应晚于上一次变更的 {last}，请核对日期。' },
  'payee-not-proposed': { status: 404, sentence: '没有这项待确认的收款单位变更，请核对编号。' },
  'payee-confirmed-already': { status: 409, sentence: '这项收款单位变更已经确认过，无需再次确认。' },
  'paper-backwards': { status: 422, sentence: '有效期止不能早于有效期起，请核对证照。' },
  'inspection-in-future': { status: 422, sentence: '检查日期在今天之后，请核对日期。' },
  'hours-repeated': { status: 422, sentence: '同一餐次填写了两次营业时间，请每个餐次只填一次。' },
  'hours-backwards': { status: 422, sentence: '营业时间的结束应晚于开始，请核对。' },
  'hours-overlap': { status: 422, sentence: '各餐次的营业时间有重叠或先后颠倒，请调整后重新提交。' },
  'hours-taken': { status: 409, sentence: '该日起的营业时间已经登记过，请换一个起始日。' },
});

/** What staff call the states and events in sentences. */
export const LIFE_WORDS: Readonly<Record<string, string>> = {
  none: '未登记', planned: '规划', building: '建设', accepted: '验收', open: '营业', suspended: '暂停', resumed: '恢复营业', closed: '关停',
};
