import { defineProblems } from '../platform/index.js';

export const sealProblems = defineProblems({
  'checkpoint-none': { status: 404, sentence: '没有这样的检查点；每晚封存之后才有新的检查点，请核对城市和日志大小。' },
});
