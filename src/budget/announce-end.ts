import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { addDays, civilDate, done, invariant, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { fundersOf } from '../region/index.js';
import { PolicyLibrary, publishFundEnd } from '../subsidy/index.js';
import { insertEnd, readEnd, type EndAction, type EndRow } from './end.store.js';
import { lockBudgets } from './entry.store.js';
import { findFundRule } from './fund-rules.js';

/** An announcement to be drafted. */
export interface EndRequest {
  readonly id: string;
  readonly funderCode: string;
  readonly action: EndAction;
  /** The last day with the subsidy for an end, the first one with it again for a new beginning. */
  readonly day: CivilDate;
  readonly documentNumber: string;
  readonly documentTitle: string;
}

/** The second signature. */
export interface CountersignRequest {
  readonly id: string;
  readonly endId: string;
}

/**
 * A fund's subsidy ends on a day that was announced, where the published policy says so: civil affairs drafts the
 * announcement, finance countersigns it, and from its day on every meal that draws on the fund is at the full price.
 * The notice is counted from the second signature. A new beginning takes the same two signatures.
 */
@Injectable()
export class AnnounceEnd {
  constructor(private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `funds-end-unruled`, `funds-end-otherwise`, `funds-end-too-soon` */
  async draft(actor: StaffActor, asked: EndRequest): Promise<Outcome<EndRow>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'budget.end.draft', body: { ...asked, by: actor.staffId } }, async (tx) => {
      const fund = (await fundersOf(tx, cityCode, [asked.funderCode])).get(asked.funderCode);
      if (fund === undefined) return refuse('not-found');
      if (!(await inScope(tx, actor, fund.divisionCode))) return refuse('outside-scope');
      const rule = await findFundRule(tx, this.policies, this.clock, cityCode, fund);
      if (rule === null) return refuse('funds-end-unruled');
      if (rule.way !== 'end') return refuse('funds-end-otherwise', { rule: '按文号继续', clause: rule.clause, documentNumber: rule.documentNumber });
      const { id: endId, funderCode, action, day, documentNumber, documentTitle } = asked;
      const fromDate = action === 'end' ? addDays(day, 1) : day;
      const early = this.tooSoon(action, fromDate, rule.noticeDays);
      if (early !== null) return early;
      // An end on 31 December needs no announcement: the next year has a budget of its own.
      const budgetYear = Number(fromDate.slice(0, 4));
      await insertEnd(tx, cityCode, {
        endId, funderCode, budgetYear, action, fromDate, documentNumber, documentTitle, pack: rule.pack, packVersion: rule.version, noticeDays: rule.noticeDays,
        drafterId: actor.staffId, draftedAt: this.clock.now(),
      });
      return this.kept(tx, actor, endId, 'budget.end.draft');
    });
  }

  /** @returns `not-found`, `outside-scope`, `maker-is-checker`, `funds-end-signed`, `funds-end-too-soon` */
  async countersign(actor: StaffActor, asked: CountersignRequest): Promise<Outcome<EndRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'budget.end.countersign', body: { ...asked, by: staffId } }, async (tx) => {
      await lockBudgets(tx, cityCode);
      const end = await readEnd(tx, cityCode, asked.endId);
      if (end === undefined) return refuse('not-found');
      const fund = (await fundersOf(tx, cityCode, [end.funderCode])).get(end.funderCode);
      if (fund === undefined || !(await inScope(tx, actor, fund.divisionCode))) return refuse('outside-scope');
      if (end.drafterId === staffId) return refuse('maker-is-checker');
      if (end.publishedAt !== null) return refuse('funds-end-signed');
      const early = this.tooSoon(end.action, end.fromDate, end.noticeDays);
      if (early !== null) return early;
      const { endId, funderCode, action, fromDate, documentNumber, noticeDays, drafterId, budgetYear } = end;
      const toDate = civilDate(`${budgetYear}-12-31`);
      await publishFundEnd(tx, cityCode, { endId, funderCode, action, fromDate, toDate, documentNumber, noticeDays, drafterId, countersignerId: staffId }, this.clock.now());
      return this.kept(tx, actor, endId, 'budget.end.publish');
    });
  }

  private tooSoon(action: EndAction, fromDate: CivilDate, noticeDays: number): Outcome<never> | null {
    const now = today(this.clock);
    const earliest = action === 'end' ? addDays(now, noticeDays) : now;
    const day = action === 'end' ? addDays(fromDate, -1) : fromDate;
    return day >= earliest ? null : refuse('funds-end-too-soon', { earliest, noticeDays: action === 'end' ? noticeDays : 0 });
  }

  private async kept(tx: Tx, actor: StaffActor, endId: string, action: string): Promise<Outcome<EndRow>> {
    const end = await readEnd(tx, actor.cityCode, endId);
    invariant(end, 'an announcement is never removed');
    await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action, objectKind: 'fundEnd', objectId: endId, after: end });
    return done(end);
  }
}
