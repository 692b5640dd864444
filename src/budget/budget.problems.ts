import { defineProblems } from '../platform/index.js';

export const budgetProblems = defineProblems({
  'budget-amount-wrong': { status: 422, sentence: '预算、追加、调减须填写大于 0 的金额，继续文件的金额须为 0；请更正金额或文件种类后重新提交。' },
  'budget-recorded-already': { status: 409, sentence: '该资金方 {year} 年预算已按《{documentNumber}》登记；有变动请登记为追加或调减。' },
  'budget-not-recorded': { status: 409, sentence: '该资金方 {year} 年还没有已确认的预算，请先登记年初预算并由另一人确认。' },
  'budget-document-used': { status: 409, sentence: '指标文号 {documentNumber} 已登记过同类事项，请核对是否重复；确有第二笔的，请按文件写明分号。' },
  'budget-other-level': { status: 403, sentence: '须由登记人同一级财政的批准人确认，请交由同级财政的同事办理。' },
  'budget-decided': { status: 409, sentence: '这份登记{state}，不能再次办理；需要更正的，请另行登记追加或调减。' },
  'budget-below-zero': { status: 422, sentence: '调减后预算会小于 0，最多可调减 {leftFen} 元，请退回后按正确金额重新登记。' },
  'funds-end-unruled': { status: 409, sentence: '现行政策没有写明该资金用完后怎么办，请先由民政起草、财政会签，发布写明这一条款的政策版本。' },
  'funds-end-otherwise': { status: 409, sentence: '现行政策规定该资金用完后{rule}（{documentNumber} {clause}），请按该规定办理。' },
  'funds-end-too-soon': { status: 422, sentence: '按政策须提前 {noticeDays} 天公告，最早可以是 {earliest}，请改期后重新起草。' },
  'funds-end-signed': { status: 409, sentence: '这份公告已会签生效；需要恢复补贴的，请另行起草恢复公告。' },
  'adjustment-closed': { status: 409, sentence: '这项调整已按《{documentNumber}》办结，无需再次办理。' },
  'adjustment-paper-wrong': { status: 422, sentence: '所选文件不能办结这项调整：须是同一资金方、同一预算年度，并且已确认的追加、已确认的继续文件，或已会签的终止公告。' },
});
