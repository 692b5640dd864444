import { Inject, Injectable, Optional } from '@nestjs/common';
import { done, minFen, type Clock, type Fen, type Outcome } from '../kernel/index.js';
import { actorName, Batcher, CLOCK, doDeed, FieldCipher, keepDeeds, keptDeeds, LOG, ProblemException, RateLimit, Transactor, type Batching, type Deed, type Log, type MiniActor, type Tx } from '../platform/index.js';
import { bookMeals, paidAhead, type BookingMade } from './book-meal.js';
import { readMealFacts, type MealFacts } from './booking-facts.store.js';
import { BookingPlaces } from './booking-places.js';
import { NO_AHEAD, type Ahead, type BookingPay } from './domain/index.js';
import { kinsToBookFor } from './mini-reach.js';
import type { MealWished, Wish } from './price-booking.js';
import { PayAhead } from './pay-ahead.js';
import { PRICE_PREVIEW, type PricePreview } from './price-preview.js';

/** What somebody asks to be booked for themselves or a parent. */
export interface KinBookingAsked extends MealWished, Wish {
  readonly id: string;
  readonly elderId: string;
  readonly pay: BookingPay;
}

/** What was booked, and what it is going to cost the elder as far as that is known; the tap decides. */
export interface KinBookingMade extends BookingMade, Ahead {
  readonly expectedSelfPayFen: Fen;
}

/** Somebody's wish for a booking. */
interface Asking {
  readonly actor: MiniActor;
  readonly asked: KinBookingAsked;
}

type Made = Outcome<KinBookingMade>;

/** Small enough that nobody at a till waits long for an elder whose booking is in a batch. */
const BATCHING: Batching = { most: 64, atOnce: 2, second: 32, queue: 4_096 };

/** One a second: a week of three meals for two parents is less, and only a script is faster; repeats of one booking count. */
const MOST_A_MINUTE = 60;

/** Books meals from the mini-program, to be paid at once or when they are eaten. Those that come at the same time are written together. */
@Injectable()
export class BookForKin extends Batcher<Asking, KinBookingMade> {
  private readonly rate = new RateLimit(MOST_A_MINUTE, 60_000);

  constructor(
    private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly places: BookingPlaces, @Inject(CLOCK) private readonly clock: Clock, private readonly pays: PayAhead, @Inject(LOG) log: Log, @Optional() @Inject(PRICE_PREVIEW) private readonly preview?: PricePreview,
  ) {
    super(log);
  }

  /**
   * @returns `not-found`, `consent-missing`, `booking-elder-no-card`, `booking-elder-gone`, those of `bookMeals`, `wechat-off`, `pay-not-here`
   * @throws ProblemException `booking-too-fast` for an account that books faster than people do
   */
  async run(actor: MiniActor, asked: KinBookingAsked): Promise<Made> {
    const seconds = this.rate.wait(`${actor.cityCode} ${actor.accountId}`, this.clock.now());
    if (seconds > 0) throw new ProblemException('booking-too-fast', { seconds }, undefined, seconds);
    // An order of WeChat Pay is a transaction of its own.
    if (asked.pay === 'now') return this.bookOne({ actor, asked });
    return (await this.submitTo(actor.cityCode, actor.cityCode, BATCHING, [{ actor, asked }]))[0] as Made;
  }

  /** What an elder has booked is read before any of a batch is written, and a repeat waits for the first. */
  protected override keysOf({ asked: { id, elderId } }: Asking): string[] {
    return [id, elderId];
  }

  protected async record(cityCode: string, asking: readonly Asking[]): Promise<Made[]> {
    if (asking.length === 1) return [await this.bookOne(asking[0] as Asking)];
    const deeds = asking.map(deedOf);
    return this.transactor.run(async (tx) => {
      const made = await this.book(tx, cityCode, asking, () => keptDeeds<KinBookingMade>(tx, cityCode, deeds));
      await keepDeeds(tx, this.clock, cityCode, made.flatMap(({ outcome, isRepeat }, place) => (outcome.ok && !isRepeat ? [{ deed: deeds[place] as Deed, answer: outcome.value }] : [])));
      return made.map(({ outcome }) => outcome);
    });
  }

  private bookOne({ actor, asked }: Asking): Promise<Made> {
    return doDeed(this.transactor, this.clock, deedOf({ actor, asked }), async (tx) => {
      const [booked] = await this.book(tx, actor.cityCode, [{ actor, asked }]);
      const outcome = booked?.outcome as Made;
      if (!outcome.ok || outcome.value.pay !== 'now') return outcome;
      const order = await this.pays.open(tx, actor, { ...asked, ...outcome.value });
      return order.ok ? outcome : order;
    });
  }

  /** @param repeats what is kept of each that was done before; undefined where there is nothing */
  private async book(tx: Tx, cityCode: string, asking: readonly Asking[], repeats?: () => Promise<(Made | undefined)[]>): Promise<{ outcome: Made; isRepeat: boolean }[]> {
    const dates = [...new Set(asking.map(({ asked }) => asked.mealDate))];
    // Sent behind the elders' locks, so all of it is as of then.
    const [elders, kept, facts, known] = await Promise.all([
      kinsToBookFor(tx, this.clock, cityCode, asking.map(({ actor, asked }) => ({ accountId: actor.accountId, elderId: asked.elderId, pay: asked.pay }))), repeats?.(),
      readMealFacts(tx, cityCode, asking.map(({ asked }) => asked)), this.preview?.pricesOf(tx, cityCode, asking.map(({ asked }) => asked.elderId), dates),
    ]);
    const answers = asking.map((_, place) => kept?.[place] ?? elders[place] as Outcome<never>);
    const open = asking.flatMap(({ actor, asked }, place) => {
      const elder = elders[place];
      if (kept?.[place] !== undefined || elder?.ok !== true) return [];
      const prices = known?.get(asked.elderId);
      // What is asked is what the page showed. Whoever may not see meals learns nothing of them here; what is missing is paid at the meal.
      return [{ place, actor, asked, facts: facts[place] as MealFacts, prices: elder.value.seesMeals ? prices : prices?.withoutPrivateFacts() }];
    });
    const expected = new Map<number, Fen>();
    const meals = open.map(({ actor, asked: { id, ...asked } }) => ({ ...asked, bookingId: id, channel: 'mini' as const, accountId: actor.accountId, by: actorName(actor) }));
    const made = await bookMeals(tx, { clock: this.clock, cipher: this.cipher, places: this.places }, cityCode, meals, {
      facts: open.map((one) => one.facts),
      aheadOf: (index, priceFen, closes, site) => {
        const { asked, prices } = open[index] as (typeof open)[number];
        const ownFen = minFen(prices?.of(site, asked.mealDate, asked.mealPeriod, priceFen)?.selfPayFen ?? priceFen, priceFen);
        expected.set(index, ownFen);
        return asked.pay === 'now' ? paidAhead(ownFen, priceFen, this.clock.now(), closes) : NO_AHEAD;
      },
    });
    // Its first event says who made it. The chain of the audit, where a whole city waits, is for what is done on others' behalf.
    for (const [index, one] of made.entries()) {
      answers[open[index]?.place as number] = one.ok ? done({ ...one.value, expectedSelfPayFen: expected.get(index) ?? one.value.priceFen }) : one;
    }
    return answers.map((outcome, place) => ({ outcome, isRepeat: kept?.[place] !== undefined }));
  }
}

function deedOf({ actor, asked: { id, ...asked } }: Asking): Deed {
  return { cityCode: actor.cityCode, id, kind: 'booking.mini', body: { ...asked, by: actorName(actor) } };
}
