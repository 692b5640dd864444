import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type CivilDate, type Outcome } from '../kernel/index.js';
import { siteInScope } from '../access/index.js';
import type { BillItem } from '../menu/domain/index.js';
import { at, fromCursor, toPage, Transactor, type Actor, type Page, type Role } from '../platform/index.js';
import { siteDivision } from '../site/index.js';
import { inOrder, type KeptReason, type TapAnswer } from './domain/index.js';
import { listMeals, readMeal, type MealCorrection, type MealLine, type MealRecord } from './meal.store.js';

/** Whose work needs the reasons of an amount, and with them facts of the elder; nobody at the till does. */
const SEES_REASONS: readonly Role[] = ['townshipOfficer', 'countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor'];
const PAGE = 50;

/** A tap as its answer, and what happened to it since. */
export interface TapView {
  readonly answer: TapAnswer;
  /** What was eaten, halves and what others ate along said so. */
  readonly items: readonly BillItem[];
  readonly siteId: string;
  readonly deviceTime: string;
  readonly receivedAt: string;
  readonly offline: boolean;
  /** What stands now: the answer's split with corrections counted in, nothing once it was taken back. */
  readonly standing: { readonly selfPayFen: number; readonly subsidyFen: number; readonly siteBorneFen: number };
  readonly shares: readonly { readonly funderCode: string; readonly fen: number }[];
  readonly corrections: readonly MealCorrection[];
  readonly voided: { readonly voidId: string; readonly reason: string; readonly bookedMonth: string } | null;
  readonly reasons: readonly KeptReason[];
}

export type MealLineView = Omit<MealLine, 'deviceTime'> & { readonly deviceTime: string };

function standingSplit({ voided, selfPayFen, subsidyFen, siteBorneFen, shares }: MealRecord): TapView['standing'] {
  if (voided !== null) return { selfPayFen: 0, subsidyFen: 0, siteBorneFen: 0 };
  const given = shares.reduce((sum, share) => sum + share.fen, 0);
  return { selfPayFen, subsidyFen: given, siteBorneFen: siteBorneFen + subsidyFen - given };
}

/** Reads taps back, for tills, sites and offices, each in its scope. */
@Injectable()
export class ReadTap {
  constructor(@Inject(Transactor) private readonly transactor: Transactor) {}

  /** One tap. @returns refused with `not-found` or `outside-scope` */
  async one(actor: Actor, tapId: string): Promise<Outcome<TapView>> {
    return this.transactor.run(async (tx) => {
      const meal = await readMeal(tx, actor.cityCode, tapId);
      if (meal === undefined) return refuse('not-found');
      if (!(await siteInScope(tx, actor, meal.siteId, meal.divisionCode))) return refuse('outside-scope');
      const sees = actor.kind === 'staff' && actor.roles.some((role) => SEES_REASONS.includes(role));
      return done({
        answer: inOrder(meal.answer), items: meal.items, siteId: meal.siteId, deviceTime: at(meal.deviceTime), receivedAt: at(meal.receivedAt), offline: meal.offline,
        standing: standingSplit(meal), shares: meal.voided === null ? meal.shares : [], corrections: sees ? meal.corrections : [], voided: meal.voided, reasons: sees ? (meal.explanation.reasons ?? []) : [],
      });
    });
  }

  /** A site's taps of one day, without anything about who ate. @returns refused with `not-found` or `outside-scope` */
  async ofSite(actor: Actor, siteId: string, date: CivilDate, cursor: string | undefined, limit = PAGE): Promise<Outcome<Page<MealLineView>>> {
    const after = fromCursor(cursor, 2);
    return this.transactor.run(async (tx) => {
      const division = await siteDivision(tx, actor.cityCode, siteId);
      if (division === null) return refuse('not-found');
      if (!(await siteInScope(tx, actor, siteId, division))) return refuse('outside-scope');
      const rows = await listMeals(tx, actor.cityCode, siteId, date, after, limit);
      const page = toPage(rows, limit, (row) => [row.deviceTime, row.tapId]);
      return done({ items: page.items.map((row) => ({ ...row, deviceTime: at(row.deviceTime) })), nextCursor: page.nextCursor });
    });
  }
}
