import { Inject, Injectable } from '@nestjs/common';
import { done, fen, refuse, type Clock, type CivilMonth, type Outcome } from '../kernel/index.js';
import { account, type Posting } from '../ledger/domain/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { auditChange, bookChange, mealToChange, type MealChange } from './change-meal.js';
import { insertAdjustment } from './tap.store.js';

/** Late facts that a correction may name. */
export const ADJUSTMENT_CAUSES = ['death', 'eligibility', 'duplicate', 'inspection', 'other'] as const;
export type AdjustmentCause = (typeof ADJUSTMENT_CAUSES)[number];

/** What is asked for when a late fact takes a meal's subsidy away. */
export interface AdjustRequest {
  readonly id: string;
  readonly cause: AdjustmentCause;
  readonly reason: string;
}

/** What was corrected. */
export interface AdjustAnswer {
  readonly adjustmentId: string;
  readonly tapId: string;
  readonly bookedMonth: CivilMonth;
  readonly subsidyFen: number;
}

/**
 * A late fact becomes a correction in an open month: what funders bear of one meal is taken off them and stays with the
 * site, to be settled between site and funders. The elder is never billed, and the meal itself stays as it was.
 */
@Injectable()
export class AdjustMeal {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns refused with what `adjustMeal` refuses, `id-taken` */
  async adjust(actor: StaffActor, tapId: string, request: AdjustRequest): Promise<Outcome<AdjustAnswer>> {
    const deed = { cityCode: actor.cityCode, id: request.id, kind: 'meal.adjust', body: { tapId, ...request, by: actorName(actor) } };
    return doDeed(this.transactor, this.clock, deed, (tx) => adjustMeal(tx, this.clock, actor, tapId, request));
  }
}

/**
 * The same inside a transaction that is open already.
 * @returns refused with `nothing-to-adjust`, `already-voided`, `tap-refused-already`, `not-found`, `outside-scope`
 */
export async function adjustMeal(tx: Tx, clock: Clock, actor: StaffActor, tapId: string, request: AdjustRequest): Promise<Outcome<AdjustAnswer>> {
  const found = await mealToChange(tx, actor, tapId);
  if (!found.ok) return found;
  const meal = found.value;
  if (meal.shares.length === 0) return refuse('nothing-to-adjust');
  const postings = meal.shares.map(({ funderCode, fen: amount }): Posting => ({
    debitAccount: account.borne(meal.siteId), creditAccount: account.due(meal.siteId, funderCode), fen: fen(amount),
  }));
  const change: MealChange = { actor, id: request.id, meal, kind: 'adjustment', postings };
  const bookedMonth = await bookChange(tx, clock, change, (month) => insertAdjustment(tx, actor.cityCode, {
    adjustmentId: request.id, tapId, bookedMonth: month, originalMonth: meal.bookedMonth, siteId: meal.siteId, mealDate: meal.mealDate,
    cause: request.cause, reason: request.reason, by: actorName(actor), now: clock.now(),
    parts: meal.shares.map(({ funderCode, fen: amount }) => ({ funderCode, fen: -amount })),
  }));
  await auditChange(tx, clock, change, request.reason);
  return done({ adjustmentId: request.id, tapId, bookedMonth, subsidyFen: -meal.shares.reduce((sum, share) => sum + share.fen, 0) });
}
