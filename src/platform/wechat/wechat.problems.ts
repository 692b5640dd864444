import { defineProblems } from '../http/index.js';

export const wechatProblems = defineProblems({
  'wechat-off': { status: 503, sentence: '微信尚未接通，请刷卡或打食堂电话。' },
  'wechat-away': { status: 503, sentence: '暂时连不上微信，请过一会儿再试；着急用餐请刷卡或打食堂电话。' },
  'wechat-code-wrong': { status: 422, sentence: '微信登录没有成功，请重新打开再试一次；还是不行，请打食堂电话。' },
  'wechat-user-blocked': { status: 403, sentence: '微信没有放行这次登录，请打助餐热线，由工作人员帮您办理。' },
  'wechat-minute-full': { status: 429, sentence: '微信这一分钟里太忙，请过一分钟再试；着急用餐请刷卡或打食堂电话。' },
  'wechat-code-form': { status: 422, sentence: '这个小程序码的内容不合格式，请联系管理员。' },
  'notice-wrong': { status: 400, sentence: '这不是微信支付发来的有效通知，没有处理。' },
});
