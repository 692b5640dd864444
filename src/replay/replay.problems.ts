import { defineProblems } from '../platform/index.js';

export const replayProblems = defineProblems({
  'replay-period-wrong': { status: 422, sentence: '试算期间不正确：开始不晚于结束，结束应在今天以前，最多跨 {months} 个月；请改正起止日期后重新提交。' },
  'replay-source-wrong': { status: 422, sentence: '请在 draftId（已保存的草案）和 texts（政策文本）中只写一个。' },
  'replay-running': { status: 409, sentence: '本市有一次试算正在进行，请等它完成后再提交。' },
  'replay-not-done': { status: 409, sentence: '试算还没有完成（{done}/{total}），完成后再导出。' },
  'restatement-state': { status: 409, sentence: '这份更正现在是“{state}”，不能做这一步；请刷新后按当前状态办理。' },
  'restatement-stale': { status: 409, sentence: '{mealDate} 的一餐在提出更正之后又有变动，未入账；请复核为“不同意”，系统会按最新情况重新提出。' },
});
