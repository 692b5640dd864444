import type { CivilDate } from '../kernel/index.js';
import { at } from '../platform/index.js';
import type { PackLibrary } from '../subsidy/index.js';
import type { ApplicationRow, KeptStep } from './application.store.js';
import type { KeptDecision } from './decision.store.js';
import { daysLate, STATE_NAMES } from './domain/index.js';
import type { ApplicationView, DecisionView, NeedView, StepView } from './eligibility-view.dto.js';
import type { ElderStanding } from './standing-of.js';

/** Whether an elder has to apply, in a sentence that says what to do. */
export function toNeedView({ version, application, entitlement }: ElderStanding): NeedView {
  const entitled = entitlement !== null && entitlement.refusal === null;
  if (version === null) return { needed: false, sentence: '老人的户籍地和常住地目前没有公布助餐补贴文件，暂不需要也不能申请。', pack: null, version: null, clause: null, entitled };
  const about = { pack: version.pack, version: version.version, entitled };
  if (application === null) return { ...about, needed: false, sentence: `按“${version.packName}”，不需要申请：符合条件的老人持助餐卡就餐即可享受补贴。`, clause: null };
  const { clause, document, streetDays, countyDays, appealDays } = application;
  return {
    ...about, needed: true, clause: `《${document.title}》${clause}`, streetDays, countyDays, appealDays,
    sentence: `按“${version.packName}”，需要先申请：由本人、家人或社区代办提交，街道（镇）${streetDays} 个工作日内初审，${countyDays} 个工作日内审批，不服的可在 ${appealDays} 日内提出复核。`,
  };
}

export function toView(row: ApplicationRow, packs: PackLibrary, on: CivilDate): ApplicationView {
  const { applicationId, elderId, pack, level, appliedBy, relation, appliedOn, state, dueOn, appealUntil, approvedFrom, lastDay } = row;
  return {
    applicationId, elderId, pack, level, appliedBy, relation, appliedOn, state, stateName: STATE_NAMES[state], dueOn, appealUntil, approvedFrom, lastDay,
    materials: [...row.materials], lateDays: daysLate(dueOn, on, (date) => packs.isWorkday(date)),
  };
}

export function toStepView({ stepId, move, to, onDate, opinion, reasonCode, reason, materials, lateDays, recordedAt }: KeptStep): StepView {
  return { stepId, move, to, onDate, opinion, reasonCode, reason, materials: [...materials], lateDays, recordedAt: at(recordedAt) };
}

export function toDecisionView(row: KeptDecision): DecisionView {
  const { decisionId, outcome, appeal, reasonCode, sentence, pack, version, versionSha256, clause, refusal, decidedOn, appealUntil } = row;
  const { title, number, date, sha256 } = row.document;
  return {
    decisionId, outcome, appeal, reasonCode, sentence, pack, version, versionSha256, clause, refusal, decidedOn, appealUntil, document: { title, number, date, sha256 },
    rules: row.rules.map(({ ruleId, ruleName, classId, className, clause: ruleClause }) => ({ ruleId, ruleName, classId, className, clause: ruleClause })),
    facts: row.facts.map(({ fact, value, source, from }) => ({ fact, value: String(value), source: source ?? null, from: from ?? null })),
  };
}
