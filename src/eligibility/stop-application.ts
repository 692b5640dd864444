import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, invariant, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, derivedId, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { enterCategory, factsOf } from '../elder/index.js';
import { MEAL_APPROVAL } from '../elder/domain/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { insertSteps, writeStanding, type ApplicationRow, type StepRow } from './application.store.js';
import { decisionsOf, insertDecision, type DecisionRow } from './decision.store.js';
import { stopSentence, type ApplicationState } from './domain/index.js';
import { checkOtherPerson, lastBy, openApplication, type OpenApplication } from './open-application.js';
import { proposeStops } from './propose-stops.js';

export interface StopForm {
  readonly id: string;
  readonly move: 'proposeStop' | 'keep' | 'stop';
  /** Why, with `proposeStop` and `stop`: `deceased`, `not-resident`, `in-care-home`, `not-in-category` and so on. */
  readonly cause?: string | null;
  /** The last day of the subsidy, with `stop`. */
  readonly lastDay?: CivilDate | null;
  readonly reason: string;
}

/** Proposes and decides the end of an approval. One person proposes (or the nightly comparison), another decides. */
@Injectable()
export class StopApplication {
  constructor(private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Compares everybody in the actor's city with the registry now. @returns how many stops were proposed; `id-taken` */
  async sweep(actor: StaffActor, form: { readonly id: string }): Promise<Outcome<{ proposed: number }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'eligibility.sweep', body: form };
    return doDeed(this.transactor, this.clock, deed, async (tx) => done({ proposed: await proposeStops(tx, this.clock, this.policies, actor.cityCode, today(this.clock)) }));
  }

  /**
   * @returns the new state; `not-found`, `outside-scope`, `application-move-wrong`, `application-role-wrong`,
   *   `same-person-twice`, `reason-code-missing`, `stop-date-wrong`, `id-taken`
   */
  async run(actor: StaffActor, applicationId: string, form: StopForm): Promise<Outcome<{ applicationId: string; state: ApplicationState }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'eligibility.stop', body: { applicationId, form } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const open = await openApplication(tx, actor, applicationId, form.move);
      if (!open.ok) return open;
      const { application, steps, next } = open.value;
      const proposal = steps.findLast((step) => step.move === 'proposeStop');
      const wrong = form.move === 'proposeStop' ? null : checkOtherPerson(actorName(actor), proposal === undefined ? [] : [proposal], ['proposeStop']);
      if (wrong) return wrong;
      if (form.move !== 'keep' && !form.cause) return refuse('reason-code-missing');
      const on = today(this.clock);
      const step: StepRow = {
        stepId: form.id, applicationId, move: form.move, from: application.state, to: next, onDate: on, opinion: null, reasonCode: form.cause ?? null, reason: form.reason, materials: [], lateDays: 0,
      };
      const ended = form.move === 'stop' ? await this.end(tx, actor, open.value, form, step) : await this.leave(tx, actor, application, step);
      if (!ended.ok) return ended;
      await recordAudit(tx, this.clock, {
        cityCode: actor.cityCode, actor, action: `eligibility.${form.move}`, objectKind: 'application', objectId: applicationId, before: { state: application.state }, after: step,
      });
      return done({ applicationId, state: next });
    });
  }

  private async leave(tx: Tx, actor: StaffActor, application: ApplicationRow, step: StepRow): Promise<Outcome<null>> {
    await insertSteps(tx, { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() }, [step]);
    await writeStanding(tx, actor.cityCode, application, { state: step.to, clock: null });
    return done(null);
  }

  /** Ends the approval on its last day; one that was never right is withdrawn. */
  private async end(tx: Tx, actor: StaffActor, open: OpenApplication, form: StopForm, step: StepRow): Promise<Outcome<null>> {
    const { application, elder, steps } = open;
    const { approvedFrom, categoryEntry } = application;
    const on = step.onDate;
    invariant(approvedFrom !== null && categoryEntry !== null, 'what is approved has its category');
    const lastDay = form.lastDay ?? on;
    if (lastDay > on || lastDay < addDays(approvedFrom, -1)) return refuse('stop-date-wrong');
    const withdrawn = lastDay < approvedFrom;
    const entryId = derivedId(form.id, 'category');
    const entered = await enterCategory(tx, this.clock, actor, elder, {
      id: entryId, code: MEAL_APPROVAL, grade: application.pack, from: approvedFrom, to: withdrawn ? null : lastDay, source: '助餐资格停止', evidence: `申请 ${application.applicationId}`,
      corrects: categoryEntry, withdrawn,
    });
    if (!entered.ok) return entered;
    const writing = { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() };
    const decision = await this.decisionOf(tx, actor.cityCode, application, form, { lastDay, on, beforeBy: lastBy(steps, ['proposeStop']) ?? 'system' });
    await insertSteps(tx, writing, [step]);
    await insertDecision(tx, writing, decision);
    await writeStanding(tx, actor.cityCode, application, { state: 'stopped', clock: null, categoryEntry: entryId, lastDay, appealUntil: decision.appealUntil });
    return done(null);
  }

  /** A stop rests on the version of the approval where the pack says nothing newer. */
  private async decisionOf(tx: Tx, cityCode: string, application: ApplicationRow, form: StopForm, about: { lastDay: CivilDate; on: CivilDate; beforeBy: string }): Promise<DecisionRow> {
    const approval = (await decisionsOf(tx, cityCode, application.applicationId)).findLast(({ outcome }) => outcome === 'approved');
    invariant(approval, 'what is approved has its decision');
    const version = (await this.policies.of(tx, cityCode)).versionOn(application.pack, about.on);
    const basis = version?.application ?? { clause: approval.clause, document: approval.document };
    const cause = form.cause ?? 'other';
    const appealUntil = addDays(about.on, version?.application?.appealDays ?? 60);
    const died = (await factsOf(tx, cityCode, [application.elderId])).get(application.elderId)?.died ?? null;
    return {
      decisionId: form.id, applicationId: application.applicationId, outcome: 'stopped', appeal: false, reasonCode: cause,
      sentence: stopSentence({ cause, detail: form.reason, paper: `《${basis.document.title}》`, clause: basis.clause, lastDay: about.lastDay, appealUntil }),
      pack: application.pack, version: version?.version ?? approval.version, versionSha256: version?.sha256 ?? approval.versionSha256, clause: basis.clause, document: basis.document,
      rules: [], refusal: cause, facts: died === null ? [] : [{ fact: 'died', value: died }], decidedOn: about.on, appealUntil, beforeBy: about.beforeBy,
    };
  }
}
