import { Inject, Injectable } from '@nestjs/common';
import { done, invariant, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type Role, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from './audit.store.js';
import { decideDuty } from './domain/index.js';
import { inScope, SitePlaces } from './scope.js';
import { endSessionsOf } from './session.store.js';
import { disableStaff, lockStaff, readStaff, replaceRights, type StaffRow } from './staff.store.js';

/** Roles and scope in place of all that a person had. */
export interface OtherRights {
  readonly id: string;
  readonly staffId: string;
  readonly roles: readonly Role[];
  readonly divisionCode: string;
  readonly siteId: string | null;
}

/** The end of an account. */
export interface StaffEnd {
  readonly id: string;
  readonly staffId: string;
  readonly reason: string;
}

type Change = (tx: Tx, before: StaffRow) => Promise<Outcome<null>>;

/** Changes what a person may do. Their sessions end at once, so that no right outlives its withdrawal. */
@Injectable()
export class ChangeStaff {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `own-account`, `staff-disabled`, or why the roles do not go together */
  async giveRoles(actor: StaffActor, asked: OtherRights): Promise<Outcome<StaffRow>> {
    const duty = decideDuty(asked.roles, asked.siteId !== null);
    if (!duty.ok) return refuse(duty.code);
    const { roles, divisionCode, siteId } = asked;
    return this.change(actor, 'staff.roles', asked, undefined, async (tx) => {
      if (!(await inScope(tx, actor, divisionCode))) return refuse('outside-scope');
      const place = siteId === null ? done('') : await this.places.openTo(tx, actor, siteId);
      if (!place.ok) return place;
      await replaceRights(tx, actor.cityCode, asked.staffId, { duty: duty.duty, roles, divisionCode, siteId });
      return done(null);
    });
  }

  /** @returns `not-found`, `outside-scope`, `own-account`, `staff-disabled` */
  async disable(actor: StaffActor, asked: StaffEnd): Promise<Outcome<StaffRow>> {
    return this.change(actor, 'staff.disable', asked, asked.reason, async (tx) => {
      await disableStaff(tx, actor.cityCode, asked.staffId, this.clock.now());
      return done(null);
    });
  }

  private change(actor: StaffActor, action: string, asked: { id: string; staffId: string }, reason: string | undefined, work: Change): Promise<Outcome<StaffRow>> {
    const { cityCode } = actor;
    const { staffId } = asked;
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: action, body: { ...asked, by: actor.staffId } }, async (tx) => {
      const before = await lockStaff(tx, cityCode, staffId);
      if (!before) return refuse('not-found');
      if (!(await inScope(tx, actor, before.divisionCode))) return refuse('outside-scope');
      if (staffId === actor.staffId) return refuse('own-account');
      if (before.disabledAt !== null) return refuse('staff-disabled');
      const changed = await work(tx, before);
      if (!changed.ok) return changed;
      await endSessionsOf(tx, cityCode, staffId, action, this.clock.now());
      const after = await readStaff(tx, cityCode, staffId);
      invariant(after, 'an account that was locked is there');
      await recordAudit(tx, this.clock, { cityCode, actor, action, objectKind: 'staff', objectId: staffId, before, after, ...(reason === undefined ? {} : { reason }) });
      return done(after);
    });
  }
}
