import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { reachKin } from '../family/index.js';
import { actorName, CLOCK, doDeed, Transactor, type MiniActor, type Tx } from '../platform/index.js';
import { siteDivision } from '../site/index.js';
import { ratingClosed, ratingsNeededFrom, summarise, type RatingSummary, type RatingWord } from './domain/index.js';
import { eatenMeal, insertRating, ratingsOf, saidOfSite, type EatenMeal, type RatingRow } from './rating.store.js';
import { readCareSettings } from './setting.store.js';

export interface RatingForm {
  readonly id: string;
  readonly stars: number;
  readonly words: readonly RatingWord[];
  readonly dishes: readonly string[];
}

/** A meal's rating as its eater sees it. */
export interface RatingView {
  readonly rating: Pick<RatingRow, 'stars' | 'words' | 'dishes' | 'ratedAt'> | null;
  readonly mayRate: boolean;
}

/** What elders and their relatives say of a meal that was eaten. One for each meal; the last one said holds. */
@Injectable()
export class RateMeal {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `consent-missing`, `rating-voided`, `rating-too-late`, `rating-fixed`, `rating-dish-unknown` */
  run(actor: MiniActor, tapId: string, { id, ...said }: RatingForm): Promise<Outcome<RatingView>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'care.rate', body: { tapId, said, by: actorName(actor) } }, async (tx) => {
      const reached = await this.mealOf(tx, actor, tapId, 'lock');
      if (!reached.ok) return reached;
      const meal = reached.value;
      if (meal.voided) return refuse('rating-voided');
      const before = await ratingsOf(tx, cityCode, tapId);
      const now = this.clock.now();
      const closed = ratingClosed(now, meal.deviceTime, before[0]?.ratedAt ?? null);
      if (closed !== null) return refuse(closed);
      if (said.dishes.some((dish) => !meal.itemCodes.includes(dish))) return refuse('rating-dish-unknown');
      const row = { stars: said.stars, words: [...new Set(said.words)], dishes: [...new Set(said.dishes)], ratedAt: now, ratingNo: before.length + 1 };
      await insertRating(tx, cityCode, meal, row, actorName(actor));
      return done({ rating: row, mayRate: true });
    });
  }

  /** @returns `not-found`, `consent-missing` */
  show(actor: MiniActor, tapId: string): Promise<Outcome<RatingView>> {
    return this.transactor.read(async (tx) => {
      const reached = await this.mealOf(tx, actor, tapId);
      if (!reached.ok) return reached;
      const said = await ratingsOf(tx, actor.cityCode, tapId);
      const mayRate = !reached.value.voided && ratingClosed(this.clock.now(), reached.value.deviceTime, said[0]?.ratedAt ?? null) === null;
      return done({ rating: said.at(-1) ?? null, mayRate });
    });
  }

  /** What was said of a site's meals of the last 90 days, in bundles that hide each one. @returns `not-found` */
  ofSite(cityCode: string, siteId: string): Promise<Outcome<RatingSummary>> {
    return this.transactor.read(async (tx) => {
      if ((await siteDivision(tx, cityCode, siteId)) === null) return refuse('not-found');
      const now = this.clock.now();
      const said = await saidOfSite(tx, cityCode, siteId, ratingsNeededFrom(now));
      return done(summarise(said, now, (await readCareSettings(tx, cityCode)).ratingLeast));
    });
  }

  /** The meal, for who may see its eater's meals; behind the elder's lock, so that two ratings at once have two numbers. */
  private async mealOf(tx: Tx, actor: MiniActor, tapId: string, lock?: 'lock'): Promise<Outcome<EatenMeal>> {
    const meal = await eatenMeal(tx, actor.cityCode, tapId);
    if (meal === undefined || meal.elderId === null) return refuse('not-found');
    const kin = await reachKin(tx, actor, meal.elderId, 'meals', today(this.clock), lock);
    // A stranger's meal, and one that a relative may not see, are both as if they were not there.
    return kin.ok ? done(meal) : kin;
  }
}
