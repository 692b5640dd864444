import { defineProblems } from '../platform/index.js';

export const accessProblems = defineProblems({
  'log-in-wrong': { status: 401, sentence: '账号或密码不正确，请核对后重新登录。' },
  'log-in-throttled': { status: 429, sentence: '登录尝试过于频繁，请在 {seconds} 秒后再试；如非本人操作，请告知安全管理员。' },
  'session-ended': { status: 401, sentence: '登录已失效，请重新登录。' },
  'password-weak': { status: 400, sentence: '密码太弱：请用 12 至 128 个字符，包含大小写字母、数字、符号中的三类，不含账号和常见密码。' },
  'password-wrong': { status: 403, sentence: '原密码不正确，请重新输入。' },
  'account-taken': { status: 409, sentence: '这个账号名已被使用，请换一个账号名。' },
  'administrators-apart': { status: 409, sentence: '系统、安全、审计管理员必须由不同的人担任，且不能兼任其他岗位，请分别设置账号。' },
  'site-needed': { status: 400, sentence: '收银员和食堂负责人必须指定所在的助餐场所，请填写 siteId。' },
  'site-not-wanted': { status: 400, sentence: '只有收银员和食堂负责人才指定助餐场所，请去掉 siteId 或单独设置账号。' },
  'own-account': { status: 409, sentence: '不能更改自己的岗位或停用自己的账号，请由另一位安全管理员办理。' },
  'staff-disabled': { status: 409, sentence: '该账号已停用，请为此人另建账号。' },
  'city-has-staff': { status: 409, sentence: '本市已有工作人员账号，请由安全管理员登录后新建账号。' },
  'terminal-unknown': { status: 401, sentence: '终端未登记或签名不正确，请联系食堂负责人重新登记终端。' },
  'terminal-clock-wrong': { status: 401, sentence: '终端时钟与服务器相差超过 5 分钟，请校准终端时间后重试。' },
  'terminal-replayed': { status: 401, sentence: '这次签名已使用过，请用新的时间重新签名。' },
  'terminal-session-ended': { status: 401, sentence: '终端会话已失效，请重新签名建立会话。' },
  'terminal-revoked': { status: 401, sentence: '该终端已停用，请停止使用并联系食堂负责人。' },
  'terminal-code-wrong': { status: 400, sentence: '登记码无效、已使用或已过期，请让负责人重新生成登记码。' },
  'terminal-code-throttled': { status: 429, sentence: '登记码连续输错次数过多，请在 {seconds} 秒后再试。' },
  'terminal-key-wrong': { status: 400, sentence: '终端公钥不是有效的 P-256 公钥，请更新收银程序后重新登记。' },
});
