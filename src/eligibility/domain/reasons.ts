/** Why an application is refused. */
export const REFUSAL_REASONS = ['not-entitled', 'materials-missing', 'materials-false', 'not-verified', 'other'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

const REASON_WORDS: Readonly<Record<RefusalReason, string>> = {
  'not-entitled': '不符合文件规定的对象条件', 'materials-missing': '材料不齐，且未在规定时间内补齐', 'materials-false': '申报情况与核实情况不符',
  'not-verified': '未能核实申请人的情况', other: '其他原因',
};

/** Why a person is not or no longer entitled, for the letter to the elder: codes of the subsidy engine, and causes of a stop. */
const ENTITLEMENT_WORDS: Readonly<Record<string, string>> = {
  deceased: '申请人已去世', 'in-care-home': '申请人已入住养老机构', 'not-hukou': '户籍不在文件规定的范围内', 'not-resident': '常住地不在文件规定的范围内',
  'too-young': '未达到文件规定的年龄', 'too-old': '超过文件规定的年龄', 'not-in-category': '不属于文件规定的对象类别', 'in-excluded-category': '属于文件排除的对象类别', 'no-pack': '当地没有适用的助餐补贴文件',
  'materials-false': '申报情况与核实情况不符', 'at-own-wish': '按老人本人意愿', other: '其他原因',
};

/** The same in words; any code gets some. */
export function entitlementWords(code: string): string {
  return Object.hasOwn(ENTITLEMENT_WORDS, code) ? (ENTITLEMENT_WORDS[code] as string) : '不符合文件规定的条件';
}

/** What the elder reads of a refusal: the reason, the clause, and until when to appeal; null after an appeal. */
export function refusalSentence(refused: { reason: RefusalReason; entitlement: string | null; detail: string; paper: string; clause: string; appealUntil: string | null }): string {
  const why = refused.entitlement === null ? REASON_WORDS[refused.reason] : entitlementWords(refused.entitlement);
  const next = refused.appealUntil === null ? '本决定为复核决定；情况有变化的，可以重新申请' : `如不服本决定，可在 ${refused.appealUntil} 前（含当日）向社区或街道提出复核`;
  return `依据${refused.paper}${refused.clause}，${why}：${refused.detail}。${next}。`;
}

/** What the elder reads of an approval. */
export function approvalSentence(approved: { className: string; paper: string; clause: string; from: string }): string {
  return `依据${approved.paper}${approved.clause}，按“${approved.className}”批准享受助餐补贴，自 ${approved.from} 起。`;
}

/** What the elder reads of a stop. */
export function stopSentence(stopped: { cause: string; detail: string; paper: string; clause: string; lastDay: string; appealUntil: string }): string {
  return `依据${stopped.paper}${stopped.clause}，${entitlementWords(stopped.cause)}：${stopped.detail}。助餐补贴享受至 ${stopped.lastDay}。如不服本决定，可在 ${stopped.appealUntil} 前（含当日）向社区或街道提出复核。`;
}
