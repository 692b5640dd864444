import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { mayReach } from '../elder/index.js';
import { readPhone } from '../elder/domain/index.js';
import { reachKin } from '../family/index.js';
import { actorName, canonicalJson, CLOCK, doDeed, FieldCipher, Transactor, type MiniActor, type StaffActor, type Tx } from '../platform/index.js';
import { siteDivision } from '../site/index.js';
import { elderPlace, insertComplaint, type ComplaintChannel } from './complaint.store.js';
import { firstLevel, holdsNumber, madeAt, type ComplaintCategory } from './domain/index.js';
import { eatenMeal } from './rating.store.js';
import { readCareSettings } from './setting.store.js';

/** What is complained about. */
export interface ComplaintSaid {
  readonly id: string;
  readonly siteId: string;
  readonly category: ComplaintCategory;
  readonly text: string;
  readonly tapId: string | null;
}

/** Who calls or stands at the counter: an elder of the register, or whoever leaves a number. */
export interface CallerSaid {
  readonly who: { readonly elderId: string } | { readonly handle: string } | null;
  readonly phone: string | null;
  readonly channel: Exclude<ComplaintChannel, 'mini'>;
}

export interface ComplaintMade {
  readonly complaintId: string;
  readonly number: number;
  readonly dueAt: number;
}

interface Source {
  readonly elderId: string | null;
  readonly accountId: string | null;
  readonly phone: string | null;
  readonly channel: ComplaintChannel;
}

/** Takes a complaint in: of an elder, of a relative who may see the meals, or from staff for who calls. */
@Injectable()
export class MakeComplaint {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly places: SitePlaces, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `consent-missing`, `complaint-personal`, `complaint-site-closed-off`, `complaint-meal-unknown` */
  byAccount(actor: MiniActor, elderId: string, said: ComplaintSaid): Promise<Outcome<ComplaintMade>> {
    return this.make(actor, said, { elderId }, async (tx) => {
      const kin = await reachKin(tx, actor, elderId, 'meals', today(this.clock));
      return kin.ok ? done({ elderId, accountId: actor.accountId, phone: null, channel: 'mini' }) : kin;
    });
  }

  /** @returns `complaint-who-wrong`, `complaint-phone-wrong`, `complaint-elder-unknown`, `outside-scope`, and as above */
  byStaff(actor: StaffActor, caller: CallerSaid, said: ComplaintSaid): Promise<Outcome<ComplaintMade>> {
    const phone = caller.phone === null ? null : readPhone(caller.phone);
    if (caller.phone !== null && phone === null) return Promise.resolve(refuse('complaint-phone-wrong'));
    if (caller.who === null && phone === null) return Promise.resolve(refuse('complaint-who-wrong'));
    return this.make(actor, said, { who: caller.who, phone }, async (tx) => {
      const elder = caller.who === null ? null : await elderPlace(tx, actor.cityCode, caller.who);
      if (elder === undefined) return refuse('complaint-elder-unknown');
      const here = await this.places.openTo(tx, actor, said.siteId);
      // Somebody at a canteen's counter or telephone speaks about that canteen; a worker hears those in their care about any.
      const theirs = actor.siteId === null && elder !== null && (await mayReach(tx, actor, elder));
      if (!here.ok && !theirs) return here.code === 'not-found' ? refuse('complaint-site-closed-off') : here;
      return done({ elderId: elder?.elderId ?? null, accountId: null, phone, channel: caller.channel });
    });
  }

  private make(actor: MiniActor | StaffActor, said: ComplaintSaid, whose: object, reach: (tx: Tx) => Promise<Outcome<Source>>): Promise<Outcome<ComplaintMade>> {
    const { cityCode } = actor;
    if (holdsNumber(said.text)) return Promise.resolve(refuse('complaint-personal'));
    const body = this.cipher.blindIndex('care.complaint', canonicalJson({ said, whose, by: actorName(actor) }));
    return doDeed(this.transactor, this.clock, { cityCode, id: said.id, kind: 'care.complaint', body }, async (tx) => {
      const source = await reach(tx);
      if (!source.ok) return source;
      if ((await siteDivision(tx, cityCode, said.siteId)) === null) return refuse('complaint-site-closed-off');
      if (said.tapId !== null) {
        const meal = await eatenMeal(tx, cityCode, said.tapId);
        if (meal === undefined || meal.elderId === null || meal.elderId !== source.value.elderId || meal.siteId !== said.siteId) return refuse('complaint-meal-unknown');
      }
      const now = this.clock.now();
      const level = firstLevel(said.category);
      const { category, siteId, tapId, text, id } = said;
      const standing = madeAt(level, now, await readCareSettings(tx, cityCode));
      const number = await insertComplaint(tx, this.cipher, cityCode, { complaintId: id, siteId, tapId, category, text, beganAt: level, madeAt: now, madeBy: actorName(actor), ...source.value, ...standing });
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'complaint.make', objectKind: 'complaint', objectId: id, after: { said, ...source.value } });
      return done({ complaintId: id, number, dueAt: standing.dueAt });
    });
  }
}
