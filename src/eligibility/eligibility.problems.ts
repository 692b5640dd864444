import { defineProblems } from '../platform/index.js';

export const eligibilityProblems = defineProblems({
  'application-not-needed': { status: 409, sentence: '当地的助餐补贴不需要申请：符合条件的老人刷卡就餐即可享受，无须提交申请。' },
  'application-no-pack': { status: 409, sentence: '老人的户籍地和常住地目前没有公布助餐补贴文件，暂不能申请；请向县（市、区）民政部门查询。' },
  'application-running': { status: 409, sentence: '这位老人已有一件申请在办理或已获批准，请查看原申请，不要重复提交。' },
  'application-date-wrong': { status: 422, sentence: '申请日期不能晚于今天，也不能早于 30 天以前，请对照申请表填写。' },
  'relation-needed': { status: 422, sentence: '由家人代办时请写明与老人的关系；本人或社区代办时不要填写。' },
  'application-move-wrong': { status: 409, sentence: '申请当前的状态不能做这一步，请先查看申请的状态和允许的操作。' },
  'application-role-wrong': { status: 403, sentence: '您的岗位不能办理申请的这一步，请交相应岗位的工作人员办理。' },
  'same-person-twice': { status: 403, sentence: '受理、初审、审批、复核须由不同的人办理，请交另一位工作人员。' },
  'rule-not-met': { status: 409, sentence: '按现行文件和档案中的情况，老人不符合条件，不能批准。档案有误请先更正档案或提出异议，再办理审批。' },
  'rule-is-met': { status: 409, sentence: '按现行文件和档案中的情况，老人符合条件，不能以“不符合条件”为由拒绝；如有其他原因，请选择相应原因。' },
  'reason-code-missing': { status: 422, sentence: '不予批准须选择原因（reasonCode），并写明具体情况。' },
  'appeal-too-late': { status: 409, sentence: '已超过提出复核的期限。情况有变化的，可以重新提交申请。' },
  'stop-date-wrong': { status: 422, sentence: '停止的最后一天不能早于批准之日的前一天，也不能晚于今天，请核对。' },
  'holder-gone': { status: 409, sentence: '这位老人已登记去世，不能办理这一步；如登记有误，请先更正死亡登记。' },
});
