import { Inject, Injectable } from '@nestjs/common';
import { done, today, type Clock, type Outcome } from '../kernel/index.js';
import { SitePlaces } from '../access/index.js';
import { reachKin } from '../family/index.js';
import { CLOCK, FieldCipher, Transactor, type MiniActor, type StaffActor, type Tx } from '../platform/index.js';
import { siteNames } from '../site/index.js';
import { complaintsOf, listComplaints, stepsOf, type ComplaintStepRow, type ListedComplaint } from './complaint.store.js';
import { mayAnswer, reachComplaint, reachOwnComplaint } from './step-complaint.js';
import type { ComplaintState } from './domain/index.js';

/** A complaint with all that was said. */
export interface WholeComplaint {
  readonly complaint: ListedComplaint;
  readonly steps: readonly ComplaintStepRow[];
  /** Of staff alone: whether it is theirs to answer now. */
  readonly mayAnswer: boolean;
}

/** Reads complaints, for those who answer and for those who complained. */
@Injectable()
export class ViewComplaints {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly places: SitePlaces, @Inject(CLOCK) private readonly clock: Clock) {}

  /** One more than a page, by number. */
  list({ cityCode, divisionCode, siteId }: StaffActor, state: ComplaintState, after: number | null, limit: number): Promise<ListedComplaint[]> {
    return this.transactor.read((tx) => listComplaints(tx, { cityCode, divisionCode, siteId, state, after, limit }));
  }

  /** @returns `not-found`, `outside-scope` */
  one(actor: StaffActor, complaintId: string): Promise<Outcome<WholeComplaint>> {
    return this.transactor.read(async (tx) => {
      const row = await reachComplaint(tx, this.places, actor, complaintId);
      return row.ok ? done({ ...(await this.whole(tx, actor.cityCode, row.value)), mayAnswer: mayAnswer(actor, row.value) }) : row;
    });
  }

  /** @returns `not-found`, `consent-missing` */
  own(actor: MiniActor, elderId: string): Promise<Outcome<ListedComplaint[]>> {
    return this.transactor.read(async (tx) => {
      const kin = await reachKin(tx, actor, elderId, 'meals', today(this.clock));
      return kin.ok ? done(await complaintsOf(tx, actor.cityCode, elderId, kin.value.isSelf ? null : actor.accountId)) : kin;
    });
  }

  /** @returns `not-found`, `consent-missing` */
  ownOne(actor: MiniActor, complaintId: string): Promise<Outcome<WholeComplaint>> {
    return this.transactor.read(async (tx) => {
      const row = await reachOwnComplaint(tx, actor, complaintId, this.clock);
      return row.ok ? done({ ...(await this.whole(tx, actor.cityCode, row.value)), mayAnswer: false }) : row;
    });
  }

  private async whole(tx: Tx, cityCode: string, row: Omit<ListedComplaint, 'siteName'>): Promise<Omit<WholeComplaint, 'mayAnswer'>> {
    const siteName = (await siteNames(tx, cityCode, [row.siteId])).get(row.siteId) ?? '';
    return { complaint: { ...row, siteName }, steps: await stepsOf(tx, this.cipher, cityCode, row.complaintId) };
  }
}
