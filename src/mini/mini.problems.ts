import { defineProblems } from '../platform/index.js';

export const miniProblems = defineProblems({
  'mini-position-half': { status: 422, sentence: '位置要同时有经度和纬度；不想说位置，可以都不填。' },
});
