import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, stageJobs, Transactor, type StaffActor } from '../platform/index.js';
import { inScope, recordAudit } from '../access/index.js';
import { lockRoster, setApplying } from './roster.store.js';

export const APPLY = 'roster.apply';

/** Has a checked roster brought into the registry. */
@Injectable()
export class AskApply {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @param skipWrong brings in the rows that are right and leaves the wrong ones; without it a file with a wrong row
   *   brings in nothing
   * @returns `not-found`, `outside-scope`, `roster-not-elders`, `roster-not-checked`, `roster-has-wrong-rows`, `id-taken`
   */
  async run(actor: StaffActor, rosterId: string, form: { readonly id: string; readonly skipWrong: boolean }): Promise<Outcome<{ rosterId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: form.id, kind: APPLY, body: { rosterId, ...form } }, async (tx) => {
      const roster = await lockRoster(tx, cityCode, rosterId);
      if (!roster) return refuse('not-found');
      if (!(await inScope(tx, actor, roster.divisionCode))) return refuse('outside-scope');
      if (roster.purpose !== 'elders') return refuse('roster-not-elders');
      if (roster.state !== 'checked' || roster.purgedAt !== null) return refuse('roster-not-checked', { state: roster.state });
      const wrong = roster.counts?.wrong ?? 0;
      if (wrong > 0 && !form.skipWrong) return refuse('roster-has-wrong-rows', { wrong });
      await setApplying(tx, cityCode, rosterId, { staffId: actor.staffId, roles: actor.roles, divisionCode: actor.divisionCode }, form.skipWrong);
      await stageJobs(tx, this.clock, [{ cityCode, job: APPLY, key: rosterId, payload: { rosterId } }]);
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'roster.apply-asked', objectKind: 'roster', objectId: rosterId, after: { skipWrong: form.skipWrong, counts: roster.counts } });
      return done({ rosterId });
    });
  }
}
