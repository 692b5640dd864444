import { defineProblems } from '../platform/index.js';

export const miniProblems = defineProblems({
  'mini-position-half': { status: 422, sentence: '位置要同时有经度和纬度；不想说位置，可以都不填。' },
  'mini-menu-past': { status: 422, sentence: '这一天已经过去了，请看今天或以后的菜单。' },
  'statement-card-unknown': { status: 422, sentence: '没有查到这张能用的助餐卡，请核对卡号；卡挂失或换过的，请到社区打印账单。' },
});
