import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { dayStepsOf, insertDayStep, type DayStep } from './day.store.js';
import { countDay, dueOn, type DayCount } from './domain/index.js';
import { batchesOf, photosOfDay, slipsOfDay, type Batch, type EnteredSlip, type Photo } from './entry.store.js';
import { readLimits } from './limit.store.js';
import { lockRegister } from './paper-site.store.js';
import { sheetsOf, type Sheet } from './sheet.store.js';

/** A day's sheet that is to be closed or opened again. */
export interface DayAsked {
  readonly id: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly kind: 'closed' | 'reopened';
  readonly reason: string;
}

/** A site's day on paper, whole. */
export interface WholeDay {
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly dueOn: CivilDate;
  readonly count: DayCount;
  readonly sheets: readonly Sheet[];
  readonly batches: readonly Batch[];
  readonly photos: readonly Photo[];
  readonly slips: readonly EnteredSlip[];
  readonly steps: readonly DayStep[];
}

/** Closes days: every number that was printed has come back, or is named as missing. */
@Injectable()
export class CloseDay {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the day's figures with the missing numbers; `outside-scope`, `slip-not-printed`, `slip-day-to-come`, `slip-day-closed`, `slip-day-open` */
  run(actor: StaffActor, { id, siteId, mealDate, kind, reason }: DayAsked): Promise<Outcome<DayCount>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: `slip.day.${kind}`, body: { siteId, mealDate, reason, by: actor.staffId } }, async (tx) => {
      const place = await this.places.openTo(tx, actor, siteId);
      if (!place.ok) return place;
      if (mealDate > today(this.clock)) return refuse('slip-day-to-come');
      await lockRegister(tx, cityCode, siteId);
      const { count, sheets, steps } = await this.whole(tx, cityCode, siteId, mealDate);
      if (sheets.length === 0) return refuse('slip-not-printed');
      const state = steps.at(-1)?.kind ?? 'reopened';
      if (state === kind) return refuse(kind === 'closed' ? 'slip-day-closed' : 'slip-day-open');
      await insertDayStep(tx, cityCode, siteId, mealDate, steps.length + 1, { kind, missing: count.missing, reason, by: actorName(actor), recordedAt: this.clock.now() });
      await recordAudit(tx, this.clock, { cityCode, actor, action: `slip.day.${kind}`, objectKind: 'site', objectId: siteId, reason, after: { mealDate, ...count } });
      return done(count);
    });
  }

  /** @returns `not-found`, `outside-scope` */
  show(actor: StaffActor, siteId: string, mealDate: CivilDate): Promise<Outcome<WholeDay>> {
    return this.transactor.read(async (tx) => {
      const place = await this.places.openTo(tx, actor, siteId);
      return place.ok ? done(await this.whole(tx, actor.cityCode, siteId, mealDate)) : place;
    });
  }

  private async whole(tx: Tx, cityCode: string, siteId: string, mealDate: CivilDate): Promise<WholeDay> {
    const sheets = await sheetsOf(tx, cityCode, siteId, mealDate);
    const slips = await slipsOfDay(tx, cityCode, siteId, mealDate);
    return {
      siteId, mealDate, dueOn: dueOn(mealDate, await readLimits(tx, cityCode)), count: countDay(Math.max(0, ...sheets.map(({ lastNo }) => lastNo)), slips), sheets, slips,
      batches: await batchesOf(tx, cityCode, siteId, mealDate), photos: await photosOfDay(tx, cityCode, siteId, mealDate), steps: await dayStepsOf(tx, cityCode, siteId, mealDate),
    };
  }
}
