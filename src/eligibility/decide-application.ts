import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, invariant, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, derivedId, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { enterCategory, type Writing } from '../elder/index.js';
import { MEAL_APPROVAL } from '../elder/domain/index.js';
import type { Application, CompiledVersion, Entitlement } from '../subsidy/domain/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { standingToday } from './apply.js';
import { insertSteps, writeStanding, type ApplicationRow, type StepRow } from './application.store.js';
import { decisionsOf, insertDecision, type DecisionRow } from './decision.store.js';
import { approvalSentence, daysLate, refusalSentence, type ApplicationState, type RefusalReason } from './domain/index.js';
import { checkOtherPerson, lastBy, openApplication, type OpenApplication } from './open-application.js';

export interface DecisionForm {
  readonly id: string;
  /** `approve` and `refuse` decide an application, the other two an appeal. */
  readonly move: 'approve' | 'refuse' | 'grantAppeal' | 'rejectAppeal';
  readonly reasonCode?: RefusalReason | null;
  readonly reason: string;
}

/** What a decision is made on. */
interface Ground {
  readonly version: CompiledVersion;
  readonly application: Application;
  readonly entitlement: Entitlement;
  readonly on: CivilDate;
}

/**
 * Decides applications and appeals. The version in force on the day of the decision decides, on the facts as they are
 * recorded then; the decision keeps both. A person can approve only whom the rules entitle, so that an approval always
 * carries its rule; what is wrong in the registry is put right there first.
 */
@Injectable()
export class DecideApplication {
  constructor(private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns the new state; `not-found`, `outside-scope`, `application-move-wrong`, `application-role-wrong`,
   *   `same-person-twice`, `application-no-pack`, `application-not-needed`, `rule-not-met`, `rule-is-met`,
   *   `reason-code-missing`, what `enterCategory` refuses, `id-taken`
   */
  async run(actor: StaffActor, applicationId: string, form: DecisionForm): Promise<Outcome<{ applicationId: string; state: ApplicationState }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'eligibility.decide', body: { applicationId, form } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const open = await openApplication(tx, actor, applicationId, form.move);
      if (!open.ok) return open;
      const wrong = checkOtherPerson(actorName(actor), open.value.steps, ['submit', 'review', 'supplement', 'appeal', 'approve', 'refuse', 'stop']);
      return wrong ?? this.decide(tx, actor, open.value, form);
    });
  }

  private async decide(tx: Tx, actor: StaffActor, open: OpenApplication, form: DecisionForm): Promise<Outcome<{ applicationId: string; state: ApplicationState }>> {
    const { application, elder } = open;
    const on = today(this.clock);
    const ground = await this.groundOf(tx, actor.cityCode, application, on);
    if (!ground.ok) return ground;
    const approving = form.move === 'approve' || form.move === 'grantAppeal';
    const wrong = checkReason(approving, form, ground.value.entitlement);
    if (wrong) return wrong;
    const from = approving ? await this.approvedFrom(tx, actor.cityCode, application, on) : null;
    const entry = derivedId(form.id, 'category');
    const decision = this.decisionOf(open, form, ground.value, from);
    if (from !== null) {
      const entered = await enterCategory(tx, this.clock, actor, elder, {
        id: entry, code: MEAL_APPROVAL, grade: application.pack, from, to: null, source: '助餐资格审批', evidence: `申请 ${application.applicationId}`,
      });
      if (!entered.ok) return entered;
    }
    await this.write(tx, actor, open, form, decision, from === null ? {} : { categoryEntry: entry, approvedFrom: from, lastDay: null });
    return done({ applicationId: application.applicationId, state: open.next });
  }

  private async groundOf(tx: Tx, cityCode: string, row: ApplicationRow, on: CivilDate): Promise<Outcome<Ground>> {
    const { version, application, entitlement } = await standingToday(tx, this.policies, cityCode, row.elderId, on);
    if (version === null || entitlement === null) return refuse('application-no-pack');
    if (application === null) return refuse('application-not-needed');
    // Who moved under another pack applies there; the old application is refused with that reason.
    const moved: Entitlement = { rules: [], refusal: 'not-resident', facts: entitlement.facts };
    return done({ version, application, entitlement: version.pack === row.pack ? entitlement : moved, on });
  }

  /** The first day: that of the decision, of the refusal that was wrong, or the day after the stop that was. */
  private async approvedFrom(tx: Tx, cityCode: string, application: ApplicationRow, on: CivilDate): Promise<CivilDate> {
    if (application.state !== 'appealed') return on;
    if (application.lastDay !== null) return addDays(application.lastDay, 1);
    const refused = (await decisionsOf(tx, cityCode, application.applicationId)).findLast(({ outcome }) => outcome === 'refused');
    return refused?.decidedOn ?? on;
  }

  private decisionOf({ application, steps }: OpenApplication, form: DecisionForm, ground: Ground, from: CivilDate | null): DecisionRow {
    const { version, entitlement, on } = ground;
    const appeal = form.move === 'grantAppeal' || form.move === 'rejectAppeal';
    const [rule] = entitlement.rules;
    const reason = form.reasonCode ?? null;
    const basis = rule !== undefined && from !== null ? { clause: rule.clause, document: rule.document } : { clause: ground.application.clause, document: ground.application.document };
    const appealUntil = from === null && !appeal ? addDays(on, ground.application.appealDays) : null;
    const beforeBy = lastBy(steps, appeal ? ['refuse', 'stop'] : ['review']);
    invariant(beforeBy !== undefined, 'a decision follows a step of another person');
    const paper = `《${basis.document.title}》`;
    return {
      decisionId: form.id, applicationId: application.applicationId, outcome: from === null ? 'refused' : 'approved', appeal, reasonCode: from === null ? reason : null,
      sentence: from !== null && rule !== undefined
        ? approvalSentence({ className: rule.className, paper, clause: basis.clause, from })
        : refusalSentence({ reason: reason ?? 'other', entitlement: reason === 'not-entitled' ? entitlement.refusal : null, detail: form.reason, paper, clause: basis.clause, appealUntil }),
      pack: version.pack, version: version.version, versionSha256: version.sha256, ...basis, rules: entitlement.rules, refusal: entitlement.refusal, facts: entitlement.facts,
      decidedOn: on, appealUntil, beforeBy,
    };
  }

  private async write(
    tx: Tx, actor: StaffActor, { application, next }: OpenApplication, form: DecisionForm, decision: DecisionRow,
    approval: { categoryEntry?: string; approvedFrom?: CivilDate; lastDay?: null },
  ): Promise<void> {
    const packs = await this.policies.of(tx, actor.cityCode);
    const writing: Writing = { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() };
    const step: StepRow = {
      stepId: form.id, applicationId: application.applicationId, move: form.move, from: application.state, to: next, onDate: decision.decidedOn, opinion: null,
      reasonCode: decision.reasonCode, reason: form.reason, materials: [], lateDays: daysLate(application.dueOn, decision.decidedOn, (date) => packs.isWorkday(date)),
    };
    await insertSteps(tx, writing, [step]);
    await insertDecision(tx, writing, decision);
    await writeStanding(tx, actor.cityCode, application, { state: next, clock: null, appealUntil: decision.appealUntil, ...approval });
    await recordAudit(tx, this.clock, {
      cityCode: actor.cityCode, actor, action: `eligibility.${form.move}`, objectKind: 'application', objectId: application.applicationId,
      before: { state: application.state }, after: { state: next, decision },
    });
  }
}

/** Whether a decision fits what the rules say. */
function checkReason(approving: boolean, form: DecisionForm, entitlement: Entitlement): ReturnType<typeof refuse> | null {
  if (approving) return entitlement.refusal === null ? null : refuse('rule-not-met', { refusal: entitlement.refusal });
  if (!form.reasonCode) return refuse('reason-code-missing');
  return form.reasonCode === 'not-entitled' && entitlement.refusal === null ? refuse('rule-is-met') : null;
}
