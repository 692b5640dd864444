import { defineProblems } from '../platform/index.js';

export const regionProblems = defineProblems({
  'city-unknown': { status: 422, sentence: '全国行政区划代码中没有这个城市，请核对六位城市代码。' },
  'division-unknown': { status: 422, sentence: '没有这个行政区划代码，请在区划列表中选择后重新提交。' },
  'division-retired': { status: 422, sentence: '该行政区划已于 {validTo} 撤销，请改用 {successorCode} 重新提交。' },
});
