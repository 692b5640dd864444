import { defineProblems } from '../platform/index.js';

export const recoveryProblems = defineProblems({
  'register-not-checked': { status: 409, sentence: '只能用检查完成的死亡、入住或迁移名单比对，请先提交名单并等待检查完成。' },
  'register-compared': { status: 409, sentence: '这份名单已经比对过，请在比对记录中查看；如有新名单，请重新提交文件。' },
  'reason-missing': { status: 422, sentence: '不采纳或认定涉嫌虚报时，请写明理由。' },
  'proposals-not-open': { status: 409, sentence: '所选的建议已有决定或不存在，请刷新后重新选择。' },
  'proposal-clashes': { status: 409, sentence: '名单第 {row} 行与老人档案冲突（{code}），没有写入任何一条；请先在档案中核实，再逐条决定。' },
  'lines-not-open': { status: 409, sentence: '所选的明细已有决定或不存在，请刷新后重新选择。' },
  'proposal-first': { status: 409, sentence: '请先决定所依据的停发建议，采纳后才能认定已付的补贴。' },
  'fraud-of-nobody': { status: 422, sentence: '由资金方承担的明细没有责任单位，不能认定涉嫌虚报；请只选择由场所承担的明细。' },
  'notice-kind-wrong': { status: 422, sentence: '{budgetYear} 预算年度的款项应使用 {right} 通知：未结束的年度抵扣，已结束的年度追缴，涉嫌虚报的另案处理。' },
  'notice-empty': { status: 409, sentence: '没有已认定、由该场所承担、尚未通知的明细，请先核定明细。' },
  'notice-not-drafted': { status: 409, sentence: '通知已签署或撤回，不能再签署或撤回；请查看其状态。' },
  'notice-not-signed': { status: 409, sentence: '只有已签署的追缴通知可以登记缴回；抵扣通知由结算完成。' },
  'notice-year-closed': { status: 409, sentence: '该预算年度已结束，不能抵扣；请撤回这份通知，改发追缴通知。' },
  'notice-line-gone': { status: 409, sentence: '{mealDate} 的一餐已被撤销或更正，金额有变；请撤回这份通知，重新生成。' },
  'serial-known': { status: 409, sentence: '这个回单流水号已登记过，请核对后重新输入。' },
  'paid-date-wrong': { status: 422, sentence: '缴回日期不能晚于今天，请核对回单。' },
});
