import { defineProblems } from '../platform/index.js';

export const ledgerProblems = defineProblems({
  'month-closed': { status: 409, sentence: '{month} 已经结账，不能再次结账；迟到的数据会自动记入之后的月份。' },
  'month-not-over': { status: 409, sentence: '{month} 还没有结束，请在月末之后再结账。' },
  'month-earlier-open': { status: 409, sentence: '{earlier} 还没有结账，请先结清较早的月份。' },
  'month-unknown': { status: 404, sentence: '{month} 没有任何账目，请核对月份。' },
});
