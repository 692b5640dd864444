import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { done, invariant, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { fundersOf } from '../region/index.js';
import { entriesOf, insertDecision, lockBudgets, readEntry, type EntryRow } from './entry.store.js';
import { raiseAlarms } from './raise-alarms.js';

/** What is decided on an entry; a rejection says why. */
export interface DecisionRequest {
  readonly id: string;
  readonly entryId: string;
  readonly outcome: 'confirmed' | 'rejected';
  readonly reason: string | null;
}

/** Confirms or rejects a paper about a budget: another person than who recorded it, of the finance of the same level. */
@Injectable()
export class DecideEntry {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `budget-other-level`, `maker-is-checker`, `budget-decided`, `budget-below-zero` */
  async run(actor: StaffActor, asked: DecisionRequest): Promise<Outcome<EntryRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'budget.decide', body: { ...asked, by: staffId } }, async (tx) => {
      await lockBudgets(tx, cityCode);
      const entry = await readEntry(tx, cityCode, asked.entryId);
      if (entry === undefined) return refuse('not-found');
      const fund = (await fundersOf(tx, cityCode, [entry.funderCode])).get(entry.funderCode);
      if (fund === undefined || !(await inScope(tx, actor, fund.divisionCode))) return refuse('outside-scope');
      if (entry.recordedBy === staffId) return refuse('maker-is-checker');
      if (entry.recordedDivision !== actor.divisionCode) return refuse('budget-other-level');
      if (entry.state !== 'recorded') return refuse('budget-decided', { state: entry.state === 'confirmed' ? '已确认' : '已退回' });
      const { outcome, reason, entryId } = asked;
      if (outcome === 'confirmed' && entry.kind === 'decrease') {
        const left = (await entriesOf(tx, cityCode, entry.funderCode, entry.budgetYear)).filter(({ state }) => state === 'confirmed').reduce((sum, one) => sum + one.fen, 0);
        if (left + entry.fen < 0) return refuse('budget-below-zero', { leftFen: left });
      }
      await insertDecision(tx, cityCode, entryId, { outcome, reason, by: staffId, now: this.clock.now() });
      const after = await readEntry(tx, cityCode, entryId);
      invariant(after, 'an entry is never removed');
      if (outcome === 'confirmed') await raiseAlarms(tx, this.clock, cityCode, entry.budgetYear, entry.funderCode);
      await recordAudit(tx, this.clock, {
        cityCode, actor, action: `budget.${outcome}`, objectKind: 'budgetEntry', objectId: entryId, before: entry, after, ...(reason === null ? {} : { reason }),
      });
      return done(after);
    });
  }
}
