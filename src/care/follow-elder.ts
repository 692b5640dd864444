import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { NoShowNews, type NoShow } from '../booking/index.js';
import { contactsInClear, mayReach, openElder, readElder } from '../elder/index.js';
import { actorName, canonicalJson, CLOCK, derivedId, doDeed, FieldCipher, Transactor, type JobRequest, type StaffActor, type Tx } from '../platform/index.js';
import { siteNames } from '../site/index.js';
import { elderPlace } from './complaint.store.js';
import { holdsNumber, sayBooking, stepFollowUp, type FollowUpOutcome, type FollowUpStanding } from './domain/index.js';
import { insertFollowUp, lockFollowUp, saveFollowUp, type FollowUpRow } from './follow-up.store.js';
import { sexOf } from './notice.store.js';
import { ateMeal } from './rating.store.js';
import { Tell } from './tell.js';

const SYSTEM = 'system';

/** Whom to ring up: the elder, and who is to be called in need. */
export interface FollowUpContact {
  readonly name: string;
  readonly phone: string | null;
  readonly emergency: readonly { readonly name: string; readonly relation: string; readonly phone: string }[];
}

/** Makes a welfare call of every meal that was booked and not fetched, and notes what came of it. */
@Injectable()
export class FollowElder implements OnModuleInit {
  constructor(
    private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly news: NoShowNews, private readonly tell: Tell, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.news.heardBy((tx, noShow) => this.hear(tx, noShow));
  }

  /** @returns `not-found`, `outside-scope`, `follow-up-closed`, `follow-up-note-personal` */
  note(actor: StaffActor, followUpId: string, id: string, kind: FollowUpOutcome, note: string | null): Promise<Outcome<FollowUpStanding>> {
    if (note !== null && holdsNumber(note)) return Promise.resolve(refuse('follow-up-note-personal'));
    const { cityCode } = actor;
    const body = this.cipher.blindIndex('care.follow-up', canonicalJson({ followUpId, kind, note, by: actorName(actor) }));
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'care.follow-up', body }, async (tx) => {
      const reached = await this.reach(tx, actor, followUpId);
      if (!reached.ok) return reached;
      const to = stepFollowUp(reached.value, kind);
      if (typeof to === 'string') return refuse(to);
      await saveFollowUp(tx, this.cipher, cityCode, reached.value, to, { kind, note, by: actorName(actor), now: this.clock.now() });
      await recordAudit(tx, this.clock, { cityCode, actor, action: `follow-up.${kind}`, objectKind: 'follow-up', objectId: followUpId, after: { to, note } });
      return done({ state: to.state, unanswered: to.unanswered });
    });
  }

  /** Whom to call, and nothing else of what is known; each look is audited. Of one that is closed nobody needs it. @returns as `note` */
  contact(actor: StaffActor, followUpId: string): Promise<Outcome<FollowUpContact>> {
    return this.transactor.run<Outcome<FollowUpContact>>(async (tx) => {
      const { cityCode } = actor;
      const reached = await this.reach(tx, actor, followUpId);
      if (!reached.ok) return reached;
      const { elderId, state } = reached.value;
      if (state === 'closed') return refuse('follow-up-closed');
      const row = await readElder(tx, cityCode, elderId);
      if (row === undefined) return refuse('not-found');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'follow-up.contact', objectKind: 'elder', objectId: elderId });
      const { name, phone } = openElder(this.cipher, cityCode, row);
      const emergency = (await contactsInClear(tx, this.cipher, cityCode, elderId)).filter((contact) => contact.emergency);
      return done({ name, phone, emergency: emergency.map((contact) => ({ name: contact.name, relation: contact.relation, phone: contact.phone })) });
    });
  }

  /** Closes a follow-up whose elder has eaten since. */
  async ate(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const row = await lockFollowUp(tx, cityCode, String(payload['followUpId']));
    const to = row === undefined ? 'follow-up-closed' : stepFollowUp(row, 'ate');
    if (row === undefined || typeof to === 'string') return;
    await saveFollowUp(tx, this.cipher, cityCode, row, to, { kind: 'ate', note: null, by: SYSTEM, now: this.clock.now() });
  }

  private async hear(tx: Tx, noShow: NoShow): Promise<void> {
    const { cityCode, elderId, mealDate, mealPeriod, bookingId, siteId } = noShow;
    // Eaten at another canteen, or sold without the booking: nobody is missing. And nobody is called after their death.
    if (await ateMeal(tx, cityCode, elderId, mealDate, mealPeriod)) return;
    if ((await sexOf(tx, cityCode, elderId)) === null) return;
    await insertFollowUp(tx, derivedId('follow-up', cityCode, bookingId), noShow, SYSTEM, this.clock.now());
    const site = (await siteNames(tx, cityCode, [siteId])).get(siteId) ?? '';
    await this.tell.family(tx, { cityCode, elderId, kind: 'noShow', cause: bookingId }, mealDate, 'all', (who) => sayBooking('noShow', who, site, { mealDate, mealPeriod }));
  }

  private async reach(tx: Tx, actor: StaffActor, followUpId: string): Promise<Outcome<FollowUpRow>> {
    const row = await lockFollowUp(tx, actor.cityCode, followUpId);
    if (row === undefined) return refuse('not-found');
    const elder = await elderPlace(tx, actor.cityCode, { elderId: row.elderId });
    return elder !== undefined && (await mayReach(tx, actor, elder)) ? done(row) : refuse('outside-scope');
  }
}
