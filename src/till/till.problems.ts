import { defineProblems } from '../platform/index.js';

export const tillProblems = defineProblems({
  'pin-weak': { status: 422, sentence: 'PIN 应为 6 位数字，且不能是连号、同一数字或前后重复，请换一个。' },
  'pin-wrong': { status: 403, sentence: 'PIN 不正确，或该收银员未登记在本终端，请核对后重试。' },
  'pin-throttled': { status: 429, sentence: 'PIN 连续输错次数过多，请在 {seconds} 秒后再试，或请食堂负责人重新登记。' },
  'till-card-unknown': { status: 404, sentence: '没有查到这张卡，请核对是否为本市助餐卡；可按散客原价用餐。' },
  'till-too-often': { status: 429, sentence: '查询过于频繁，请在 {seconds} 秒后再试。' },
  'search-too-often': { status: 429, sentence: '查找过于频繁，请一分钟后再试。' },
  'search-day-limit': { status: 429, sentence: '本终端今天代查已达 {limit} 次上限，请老人出示助餐卡，或按散客原价用餐。' },
  'pass-torn': { status: 422, sentence: '通行码没有扫完整，请擦净屏幕或调亮后重扫。' },
  'pass-forged': { status: 422, sentence: '通行码未通过校验，请老人重新打开通行码，或出示助餐卡。' },
  'pass-expired': { status: 422, sentence: '通行码已过期，请老人联网后重新打开。' },
  'pass-other-site': { status: 422, sentence: '通行码是为其他助餐点开的，请老人重新选择本点后再出示。' },
  'receipt-code-wrong': { status: 400, sentence: '校验码格式不对，请照小票上的校验码重新输入，如 3F9A-1K7-9E41B07A。' },
  'receipt-unknown': { status: 404, sentence: '没有查到这张小票：可能尚未上传（离线用餐最迟三天），或校验码输入有误，请核对后稍后再试。' },
});
