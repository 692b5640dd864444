import { defineProblems } from '../platform/index.js';

export const subsidyProblems = defineProblems({
  'pack-unknown': { status: 404, sentence: '没有这个政策包，请在 /v1/packs 的列表中选择。' },
});
