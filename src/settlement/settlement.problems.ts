import { defineProblems } from '../platform/index.js';

export const settlementProblems = defineProblems({
  'claim-state': { status: 409, sentence: '结算单现在的状态（{state}）不能做这一步，请刷新后按当前状态办理。' },
  'claim-building': { status: 409, sentence: '结算单还在生成，请稍后再下载核验包。' },
  'claim-difference': { status: 409, sentence: '就餐记录与账目相差 {differenceFen} 元，不能提交；请先查明差异，再重新生成结算单。' },
  'claim-without-payee': { status: 409, sentence: '有 {lines} 行没有收款单位，不能提交；请先登记并确认收款单位，再重新生成结算单。' },
  'claims-not-clean': { status: 409, sentence: '其中有需要逐份办理的结算单（有差异、核减、退回或应扣减），请从批量中去掉后单独办理。' },
  'cut-too-much': { status: 422, sentence: '核减不能超过该行剩余的 {leftFen} 元。' },
  'cut-line-unknown': { status: 404, sentence: '结算单没有第 {lineNo} 行，请核对行号。' },
  'rebuild-same': { status: 409, sentence: '重新计算的结果与现有结算单相同，无需重新生成。' },
  'batch-empty': { status: 409, sentence: '{month} 没有可以报送财政的结算单，请先完成民政审批。' },
  'budget-missing': { status: 422, sentence: '有资金方没有填写预算年度和指标文号，请补齐后再报送。' },
  'batch-state': { status: 409, sentence: '这一批现在的状态（{state}）不能做这一步，请刷新后按当前状态办理。' },
  'receipt-wrong': { status: 422, sentence: '回单文件有 {faults} 行不正确，整个文件没有导入；请按 rows 中的说明更正后重新导入。' },
});
