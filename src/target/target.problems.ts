import { defineProblems } from '../platform/index.js';

export const targetProblems = defineProblems({
  'target-unknown': { status: 404, sentence: '没有这个目标，请在目标列表中核对代码。' },
  'city-not-served': { status: 404, sentence: '本系统没有这个城市的数据，请核对六位城市代码，如 371500。' },
});
