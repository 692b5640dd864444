import { Inject, Injectable } from '@nestjs/common';
import { recordAudit, siteInScope } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { insertFinding, reviewedPlace, type Verdict } from './meal.store.js';

export interface FindingForm {
  readonly id: string;
  readonly verdict: Verdict;
  readonly note: string;
}

/**
 * Records what came out when somebody asked after a meal of the sample. It moves no money: a wrong meal is corrected by
 * the deeds that are there for it. Never by whoever works at a canteen (no officer does), nor by whoever entered the meal.
 */
@Injectable()
export class RecordFinding {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `review-not-drawn`, `outside-scope`, `review-own-entry`, `id-taken` */
  async run(actor: StaffActor, tapId: string, form: FindingForm): Promise<Outcome<{ findingId: string; tapId: string; verdict: Verdict }>> {
    const { cityCode } = actor;
    const by = actorName(actor);
    return doDeed(this.transactor, this.clock, { cityCode, id: form.id, kind: 'review.finding', body: { tapId, form, by } }, async (tx) => {
      const place = await reviewedPlace(tx, cityCode, tapId);
      if (place === undefined) return refuse('review-not-drawn');
      if (!(await siteInScope(tx, actor, place.siteId, place.divisionCode))) return refuse('outside-scope');
      if (place.enteredBy === by) return refuse('review-own-entry');
      await insertFinding(tx, cityCode, tapId, { findingId: form.id, verdict: form.verdict, note: form.note, foundBy: by, now: this.clock.now() });
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'review.finding', objectKind: 'tap', objectId: tapId, after: { findingId: form.id, verdict: form.verdict } });
      return done({ findingId: form.id, tapId, verdict: form.verdict });
    });
  }
}
