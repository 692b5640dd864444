import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { PolicyLibrary, type PackLibrary } from '../subsidy/index.js';
import { hasOtherRunning, insertSteps, writeStanding, type StepRow } from './application.store.js';
import { daysLate, startClock, stopClock, type ApplicationState, type StepClock } from './domain/index.js';
import { checkOtherPerson, openApplication, type OpenApplication } from './open-application.js';
import { standingToday } from './apply.js';

/** A step that decides nothing. */
export interface StepForm {
  readonly id: string;
  readonly move: 'review' | 'askSupplement' | 'supplement' | 'appeal' | 'withdraw';
  /** The street's opinion, with `review`. */
  readonly opinion?: 'approve' | 'refuse' | null;
  readonly reason: string;
  /** What is asked for, or handed in. */
  readonly materials?: readonly string[];
}

/** The street's review, requests for supplements and what comes in for them, appeals and withdrawals. */
@Injectable()
export class StepApplication {
  constructor(private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns the new state; `not-found`, `outside-scope`, `application-move-wrong`, `application-role-wrong`,
   *   `same-person-twice`, `application-not-needed`, `appeal-too-late`, `application-running`, `id-taken`
   */
  async run(actor: StaffActor, applicationId: string, form: StepForm): Promise<Outcome<{ applicationId: string; state: ApplicationState }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'eligibility.step', body: { applicationId, form } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const open = await openApplication(tx, actor, applicationId, form.move);
      return open.ok ? this.step(tx, actor, open.value, form) : open;
    });
  }

  private async step(tx: Tx, actor: StaffActor, open: OpenApplication, form: StepForm): Promise<Outcome<{ applicationId: string; state: ApplicationState }>> {
    const { application, steps, next } = open;
    const [by, on] = [actorName(actor), today(this.clock)];
    const wrong = (form.move === 'review' ? checkOtherPerson(by, steps, ['submit', 'supplement']) : null)
      ?? (form.move === 'appeal' && application.appealUntil !== null && on > application.appealUntil ? refuse('appeal-too-late') : null)
      ?? (form.move === 'appeal' && (await hasOtherRunning(tx, actor.cityCode, application)) ? refuse('application-running') : null);
    if (wrong) return wrong;
    const packs = await this.policies.of(tx, actor.cityCode);
    const clock = await this.clockAfter(tx, actor.cityCode, packs, open, form.move, on);
    if (clock === 'not-needed') return refuse('application-not-needed');
    const step: StepRow = {
      stepId: form.id, applicationId: application.applicationId, move: form.move, from: application.state, to: next, onDate: on,
      opinion: form.move === 'review' ? (form.opinion ?? 'approve') : null, reasonCode: null, reason: form.reason, materials: form.materials ?? [],
      lateDays: daysLate(application.dueOn, on, (date) => packs.isWorkday(date)),
    };
    const writing = { cityCode: actor.cityCode, by, now: this.clock.now() };
    await insertSteps(tx, writing, [step]);
    await writeStanding(tx, actor.cityCode, application, { state: next, clock });
    await recordAudit(tx, this.clock, {
      cityCode: actor.cityCode, actor, action: `eligibility.${form.move}`, objectKind: 'application', objectId: application.applicationId, before: { state: application.state }, after: step,
    });
    return done({ applicationId: application.applicationId, state: next });
  }

  /** The period that runs after a step, or stands still. */
  private async clockAfter(tx: Tx, cityCode: string, packs: PackLibrary, { application }: OpenApplication, move: StepForm['move'], on: CivilDate): Promise<StepClock | null | 'not-needed'> {
    const isWorkday = (date: CivilDate): boolean => packs.isWorkday(date);
    const running: StepClock = { from: application.clockFrom ?? on, daysLeft: application.daysLeft ?? 0, dueOn: application.dueOn };
    if (move === 'askSupplement') return stopClock(running, on, isWorkday);
    if (move === 'supplement') return startClock(on, running.daysLeft, isWorkday);
    if (move === 'withdraw') return null;
    const rule = packs.versionOn(application.pack, on)?.application ?? (await standingToday(tx, this.policies, cityCode, application.elderId, on)).application;
    return rule === null ? 'not-needed' : startClock(on, rule.countyDays, isWorkday);
  }
}
