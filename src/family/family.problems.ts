import { defineProblems } from '../platform/index.js';

export const familyProblems = defineProblems({
  'consent-missing': { status: 403, sentence: '老人还没有同意您做这一项。请老人在自己的小程序里同意，或带卡到食堂、社区办理；有疑问请打电话给社区。' },
  'elder-alone': { status: 403, sentence: '这一项只能由老人本人办理。请老人在自己的小程序里操作，或带卡到食堂、社区办理；有疑问请打电话给社区。' },
  'mini-city-unknown': { status: 422, sentence: '这个城市还没有开通，请打助餐热线问一问。' },
  'mini-log-in-throttled': { status: 429, sentence: '登录太频繁了，请过 {minutes} 分钟再试；着急用餐请直接刷卡。' },
  'bind-proof-wrong': { status: 422, sentence: '请填卡号和姓名，或者只填绑定码。' },
  'bind-wrong': { status: 422, sentence: '没有核对上。请看着卡再填一次卡号和姓名；还是不行，请打电话给社区，或带卡到社区办理。' },
  'bind-throttled': { status: 429, sentence: '试得太多了，请过 {minutes} 分钟再试，或打电话给社区，由工作人员帮您办理。' },
  'binding-code-wrong': { status: 422, sentence: '这个绑定码不对、已经用过或过了时间。请让老人重新取一个，或打电话给社区重新开一个。' },
  'binding-code-often': { status: 429, sentence: '取码太多了，请过一小时再取，或打电话给社区办理。' },
  'account-has-self': { status: 409, sentence: '这个微信已经绑定了另一位老人本人。夫妻两人请用各自的微信，或让另一位把您加为家属；要改绑请打电话给社区。' },
  'account-is-kin': { status: 409, sentence: '这个微信已经是这位老人的家属，不能再绑定为本人；要更改请打电话给社区。' },
  'account-is-self': { status: 409, sentence: '这个微信就是老人本人的，不用再绑定为家属。请把绑定码发给家属输入。' },
  'self-bound': { status: 409, sentence: '这位老人已经绑定了另一个微信。换了手机或微信，请带卡到社区，或打电话给社区办理。' },
  'kin-phone-needed': { status: 422, sentence: '请先点“手机号”按钮授权，或填上您的手机号；老人和食堂有事好找您。' },
  'kin-too-many': { status: 409, sentence: '绑定的人太多了：一位老人最多绑 10 位家属，一个微信最多绑 8 位老人。请先解除不用的，或打电话给社区。' },
  'contact-bound': { status: 409, sentence: '这位家属已经绑定了另一个微信。请先让老人收回，再重新绑定，或打电话给社区办理。' },
  'kin-unknown': { status: 404, sentence: '没有这位家属的授权，可能已经收回了。请刷新再看；有疑问请打电话给社区。' },
  'kin-card-unknown': { status: 404, sentence: '这张卡没有登记、已挂失或停用，请换卡再试，或打电话给社区。' },
  'wechat-page-off': { status: 404, sentence: '浏览器里登录和付款只用于演示，请打开微信里的小程序。' },
});
