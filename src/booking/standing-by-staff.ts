import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { SitePlaces } from '../access/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { eatersFor, type Eater } from './eater.store.js';
import { elderToBookFor, mayChangeFor, type ForWhom } from './reach-booking.js';
import { setUpStanding, stopStanding, type StandingWish } from './set-up-standing.js';
import { readStanding, standingAt, type StandingView } from './standing.store.js';

/** So many days back it is shown what became of an order. */
const SHOWN_DAYS = 7;
/** How it stands between an elder and a relative is no business of a canteen's. */
const OF_FAMILIES: readonly (string | null)[] = ['consent-missing', 'not-found'];

/** A standing order that staff take down for somebody who calls or comes by. */
export interface StandingOnBehalf extends StandingWish {
  readonly id: string;
  readonly who: ForWhom;
}

/** A standing order on a site's list. */
export interface ListedStanding extends StandingView {
  readonly eater: Eater;
}

/** Standing orders on an elder's behalf, by whoever took the call: for those who have no account, too. */
@Injectable()
export class StandingByStaff {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns those of `elderToBookFor` and of `setUpStanding` */
  make(actor: StaffActor, { id, ...asked }: StandingOnBehalf): Promise<Outcome<{ standingId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.standing', body: { ...asked, by: actorName(actor) } }, async (tx) => {
      const { who, ...wish } = asked;
      const elder = await elderToBookFor(tx, this.places, actor, wish.siteId, who);
      return elder.ok ? setUpStanding(tx, this.clock, actor, { standingId: id, elderId: elder.value, accountId: null, isSelf: false }, wish) : elder;
    });
  }

  /** Those that stand at a site, whoever made them, with what became of their latest days. @returns `not-found`, `outside-scope` */
  list(actor: StaffActor, siteId: string): Promise<Outcome<ListedStanding[]>> {
    const { cityCode } = actor;
    return this.transactor.run(async (tx) => {
      const place = await this.places.openTo(tx, actor, siteId);
      if (!place.ok) return place;
      const rows = await standingAt(tx, cityCode, siteId, addDays(today(this.clock), -SHOWN_DAYS));
      const eaterOf = await eatersFor(tx, this.cipher, actor, rows.map(({ elderId }) => elderId));
      return done(rows.map((row) => ({ ...row, eater: eaterOf(row.elderId), days: row.days.map((day) => (OF_FAMILIES.includes(day.code) ? { ...day, code: null, detail: null } : day)) })));
    });
  }

  /** @returns `not-found`, `outside-scope`, `standing-ended` */
  end(actor: StaffActor, standingId: string, id: string): Promise<Outcome<{ standingId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.standing-end', body: { standingId, by: actorName(actor) } }, async (tx) => {
      const order = await readStanding(tx, cityCode, standingId);
      if (order === undefined) return refuse('not-found');
      const may = await mayChangeFor(tx, this.places, actor, order);
      return may.ok ? stopStanding(tx, this.clock, actor, standingId) : may;
    });
  }
}
