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
  'shift-time-wrong': { status: 422, sentence: '开班或结班时间与服务器相差太多，请校准收银机的时钟后再试。' },
  'shift-cashier-unknown': { status: 422, sentence: '这位收银员没有登记在本终端，请重新登录或请食堂负责人登记。' },
  'shift-overlaps': { status: 409, sentence: '流水号与另一班重叠（第 {number} 号已属于另一班），请检查是否有两台设备共用一个终端身份。' },
  'shift-closed': { status: 409, sentence: '这一班已经结过，不能再结。' },
  'shift-count-wrong': { status: 422, sentence: '各面额加起来与合计不符，或面额写错，请再点一遍。' },
  'shift-range-wrong': { status: 422, sentence: '本班的流水号不对，应从第 {first} 号起，请刷新收银台后再结班。' },
  'receipt-unknown': { status: 404, sentence: '没有查到这张小票：可能尚未上传（离线用餐最迟三天），或校验码输入有误，请核对后稍后再试。' },
});
