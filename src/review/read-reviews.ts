import { Inject, Injectable } from '@nestjs/common';
import { siteInScope } from '../access/index.js';
import { addDays, done, isCivilDate, isId, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, fromCursor, ProblemException, toPage, Transactor, type Page, type StaffActor } from '../platform/index.js';
import { sealedMeals, type SealedMeals } from '../seal/index.js';
import type { SampledMeal, SealedMeal } from './domain/index.js';
import { listDraws, readDraw, readMeals, readSample, type DrawRow } from './draw.store.js';
import { findingsOf, listReviews, reviewedPlace, type ReviewMeal } from './meal.store.js';

const PAGE = 50;
/** As far back as a list looks that names no first day. */
const USUAL_DAYS = 31;

/** Which part of a list is asked for. */
export interface ListAsked {
  readonly siteId?: string;
  readonly from?: CivilDate;
  readonly to?: CivilDate;
  readonly cursor?: string;
  readonly limit?: number;
}

/** A draw with everything that it was made from: whoever has it can make it again. */
export interface DrawProof {
  readonly draw: DrawRow;
  readonly seal: Pick<SealedMeals, 'bookedMonth' | 'seq' | 'root'>;
  readonly meals: readonly SealedMeal[];
  readonly sample: readonly SampledMeal[];
}

/** The place behind which a page begins. @throws ProblemException `cursor-wrong` */
function placeOf(cursor: string | undefined, isKey: (text: string) => boolean): readonly [string, string] | null {
  const key = fromCursor(cursor, 2);
  if (key === null) return null;
  const [date, last] = [String(key[0]), String(key[1])];
  if (!isCivilDate(date) || !isKey(last)) throw new ProblemException('cursor-wrong');
  return [date, last];
}

/** Reads samples, draws and findings back, each officer inside their division. */
@Injectable()
export class ReadReviews {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  async meals(actor: StaffActor, asked: ListAsked & { readonly state?: 'open' | 'done' | 'all'; readonly reason?: string }): Promise<Page<ReviewMeal>> {
    const key = placeOf(asked.cursor, isId);
    const { state = 'open', limit = PAGE } = asked;
    const rows = await this.transactor.run((tx) => listReviews(tx, {
      ...this.bounds(actor, asked), waiting: state === 'all' ? null : state === 'open', reason: asked.reason ?? null,
      after: key === null ? null : { mealDate: key[0], tapId: key[1] }, limit,
    }));
    return toPage(rows, limit, (row) => [row.mealDate, row.tapId]);
  }

  async draws(actor: StaffActor, asked: ListAsked): Promise<Page<DrawRow>> {
    const key = placeOf(asked.cursor, (text) => /^\d{1,12}$/.test(text));
    const { limit = PAGE } = asked;
    const rows = await this.transactor.run((tx) => listDraws(tx, {
      ...this.bounds(actor, asked), after: key === null ? null : { mealDate: key[0], logIndex: Number(key[1]) }, limit,
    }));
    return toPage(rows, limit, (row) => [row.mealDate, row.logIndex]);
  }

  /** @returns `not-found`, `outside-scope` */
  async proof(actor: StaffActor, logIndex: number): Promise<Outcome<DrawProof>> {
    const { cityCode } = actor;
    return this.transactor.run<Outcome<DrawProof>>(async (tx) => {
      const draw = await readDraw(tx, cityCode, logIndex);
      const [seal] = draw === undefined ? [] : await sealedMeals(tx, cityCode, logIndex, 1);
      if (draw === undefined || seal === undefined) return refuse('not-found');
      if (!(await siteInScope(tx, actor, draw.siteId, draw.divisionCode))) return refuse('outside-scope');
      const meals = await readMeals(tx, cityCode, seal.bookedMonth, seal.tapIds);
      return done({ draw, seal, meals: meals.sort((a, b) => (a.tapId < b.tapId ? -1 : 1)), sample: await readSample(tx, cityCode, logIndex) });
    });
  }

  /** Everything that was found about a meal. @returns `review-not-drawn`, `outside-scope` */
  async findings(actor: StaffActor, tapId: string): Promise<Outcome<Awaited<ReturnType<typeof findingsOf>>>> {
    return this.transactor.run<Outcome<Awaited<ReturnType<typeof findingsOf>>>>(async (tx) => {
      const place = await reviewedPlace(tx, actor.cityCode, tapId);
      if (place === undefined) return refuse('review-not-drawn');
      if (!(await siteInScope(tx, actor, place.siteId, place.divisionCode))) return refuse('outside-scope');
      return done(await findingsOf(tx, actor.cityCode, tapId));
    });
  }

  private bounds({ cityCode, divisionCode }: StaffActor, { siteId, from, to }: ListAsked) {
    const last = to ?? today(this.clock);
    return { cityCode, divisionCode, siteId: siteId ?? null, from: from ?? addDays(last, -USUAL_DAYS), to: last };
  }
}
