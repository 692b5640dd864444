import { defineProblems } from '../platform/index.js';

export const subsidyProblems = defineProblems({
  'pack-unknown': { status: 404, sentence: '没有这个政策包，请在 /v1/packs 的列表中选择。' },
  'policy-shipped-unknown': { status: 404, sentence: '本程序没有附带这个政策包或版本，请在 /v1/packs 的列表中选择。' },
  'policy-text-wrong': { status: 400, sentence: '政策文本不能使用，什么都没有保存：{problem}' },
  'scan-too-large': { status: 413, sentence: '扫描件超过 {mib} MB，请压缩后重新上传。' },
  'scan-unknown': { status: 400, sentence: '扫描件不是 PDF、JPEG 或 PNG 文件，请重新扫描或另存为这些格式。' },
  'policy-content-differs': { status: 409, sentence: '您看到的内容与草案不一致，请重新打开草案核对后再签。' },
  'policy-state': { status: 409, sentence: '草案{state}，不能再办理这一步；如需更改请另起草案。' },
  'policy-not-drafter': { status: 403, sentence: '草案由起草人本人提交，请由起草人办理。' },
  'policy-checks-failed': { status: 409, sentence: '草案还不能签：有 {count} 处须更正。{first}' },
});
