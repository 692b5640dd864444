import { defineProblems } from '../platform/index.js';

export const familyProblems = defineProblems({
  'consent-missing': { status: 403, sentence: '老人还没有同意您做这一项。请老人在自己的小程序里同意，或带卡到食堂、社区办理。' },
  'elder-alone': { status: 403, sentence: '这一项只能由老人本人办理。请老人在自己的小程序里操作，或带卡到食堂、社区办理。' },
});
