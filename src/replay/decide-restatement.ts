import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, derivedId, doDeed, stageJobs, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { lockMeals, pastMealsById, restateMeals, type MealRestatement } from '../tap/index.js';
import { RESTATE } from './look-for-late-facts.js';
import { lineKey, linesOf, lockElderMeals, readRestatement, writeDecision, writeReview, type RestatementRow, type RestatementState } from './restatement.store.js';

/** The first person's judgement. */
export interface ReviewRequest {
  readonly id: string;
  readonly decision: 'accept' | 'reject';
  readonly reason: string;
}

/** The second person's: agreed, the judgement holds; else it is decided anew from the start. */
export interface ConfirmRequest {
  readonly id: string;
  readonly agree: boolean;
}

/** What became of a restatement. */
export interface DecidedRestatement {
  readonly restatementId: string;
  readonly state: RestatementState;
  /** Meals that were booked; those taken back since are left out. */
  readonly booked: number;
}

const STATES: Readonly<Record<RestatementState, string>> = { open: '待经办', reviewed: '待复核', accepted: '已入账', rejected: '已驳回', superseded: '已被新的更正取代' };

/** Two people decide whether meals are restated; only then anything is booked, in an open month. */
@Injectable()
export class DecideRestatement {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `restatement-state` */
  async review(actor: StaffActor, restatementId: string, asked: ReviewRequest): Promise<Outcome<DecidedRestatement>> {
    return this.take(actor, restatementId, asked.id, { step: 'review', decision: asked.decision, reason: asked.reason }, 'open', async (tx) => {
      const { decision, reason } = asked;
      await writeReview(tx, actor.cityCode, restatementId, { decision, reason, staffId: actor.staffId, now: this.clock.now() });
      return done({ restatementId, state: 'reviewed', booked: 0 });
    });
  }

  /** @returns as `review`, `maker-is-checker`, and `restatement-stale` where a meal does not stand as it did when this was made */
  async confirm(actor: StaffActor, restatementId: string, asked: ConfirmRequest): Promise<Outcome<DecidedRestatement>> {
    const { cityCode, staffId } = actor;
    return this.take(actor, restatementId, asked.id, { step: 'confirm', agree: asked.agree }, 'reviewed', async (tx, row) => {
      if (row.reviewedBy === staffId) return refuse('maker-is-checker');
      if (!asked.agree) {
        await writeReview(tx, cityCode, restatementId, null);
        const lookId = derivedId('restatement-again', restatementId, asked.id);
        await stageJobs(tx, this.clock, [{ cityCode, job: RESTATE, key: `${row.elderId} ${lookId}`, payload: { elderId: row.elderId, lookId } }]);
        return done({ restatementId, state: 'open', booked: 0 });
      }
      const booked = row.decision === 'accept' ? await this.book(tx, actor, row) : done(0);
      if (!booked.ok) return booked;
      const state = row.decision === 'accept' ? 'accepted' : 'rejected';
      await writeDecision(tx, cityCode, restatementId, { state, staffId, now: this.clock.now() });
      return done({ restatementId, state, booked: booked.value });
    });
  }

  private async take(
    actor: StaffActor, restatementId: string, id: string, step: Readonly<Record<string, string | boolean>>, from: RestatementState,
    work: (tx: Tx, row: RestatementRow) => Promise<Outcome<DecidedRestatement>>,
  ): Promise<Outcome<DecidedRestatement>> {
    const { cityCode } = actor;
    const action = `restatement.${String(step['step'])}`;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: action, body: { restatementId, ...step, by: actor.staffId } }, async (tx) => {
      const found = await readRestatement(tx, cityCode, restatementId);
      if (found === undefined) return refuse('not-found');
      if (!(await inScope(tx, actor, found.countyCode))) return refuse('outside-scope');
      await lockElderMeals(tx, cityCode, found.elderId);
      const row = await readRestatement(tx, cityCode, restatementId, true);
      if (row?.state !== from) return refuse('restatement-state', { state: STATES[row?.state ?? found.state] });
      const answer = await work(tx, row);
      if (!answer.ok) return answer;
      const reason = typeof step['reason'] === 'string' ? { reason: step['reason'] } : {};
      await recordAudit(tx, this.clock, { cityCode, actor, action, objectKind: 'restatement', objectId: restatementId, before: { state: row.state }, after: { ...step, ...answer.value }, ...reason });
      return answer;
    });
  }

  /** Books every meal that still stands. @returns how many, or `restatement-stale` */
  private async book(tx: Tx, actor: StaffActor, row: RestatementRow): Promise<Outcome<number>> {
    const { cityCode } = actor;
    const lines = await linesOf(tx, cityCode, row.restatementId);
    await lockMeals(tx, cityCode, lines.map((line) => line.tapId));
    const meals = new Map((await pastMealsById(tx, cityCode, lines.map((line) => line.tapId), this.clock.now())).map((meal) => [meal.tapId, meal]));
    const restatements: MealRestatement[] = [];
    for (const { tapId, before, after } of lines) {
      const meal = meals.get(tapId);
      if (meal === undefined || meal.voidedAt !== null) continue;
      if (meal.byHand || lineKey(tapId, meal.shares) !== lineKey(tapId, before)) return refuse('restatement-stale', { mealDate: meal.mealDate });
      restatements.push({
        adjustmentId: derivedId('restatement-line', cityCode, row.restatementId, tapId), meal, shares: after,
        cause: row.causes.some(({ kind }) => kind === 'rule') ? 'backdatedRule' : 'lateFact', reason: reasonOf(row), by: actorName(actor),
      });
    }
    await restateMeals(tx, this.clock, cityCode, restatements);
    return done(restatements.length);
  }
}

const KINDS = { category: '类别', careHome: '入住机构', death: '去世', home: '户籍或常住地', revision: '身份更正', rule: '追溯执行的政策' } as const;

/** Names the causes for the line of the correction: kinds, first days and ids, nothing personal. */
function reasonOf({ causes, restatementId }: RestatementRow): string {
  return `${causes.map(({ kind, firstDay, causeId }) => `${KINDS[kind]}（自${firstDay}，${causeId}）`).join('；')}；更正单 ${restatementId}`;
}
