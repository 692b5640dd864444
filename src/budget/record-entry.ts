import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { done, invariant, refuse, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { fundersOf } from '../region/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { entriesOf, insertEntry, lockBudgets, readEntry, type EntryKind, type EntryRow } from './entry.store.js';
import { fundRule } from './fund-rules.js';

/** A paper to be recorded. */
export interface EntryRequest {
  readonly id: string;
  readonly funderCode: string;
  readonly budgetYear: number;
  readonly kind: EntryKind;
  /** Above zero, for a decrease too; 0 for an order. */
  readonly fen: number;
  readonly documentNumber: string;
  readonly documentTitle: string;
  readonly documentDate: CivilDate;
}

/**
 * Records what a paper of finance gives a fund for a year, takes from it, or orders past its zero. It counts once
 * another person has confirmed it; what was recorded is never edited, a further paper corrects it.
 */
@Injectable()
export class RecordEntry {
  constructor(private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns `not-found`, `outside-scope`, `budget-amount-wrong`, `budget-recorded-already`, `budget-not-recorded`,
   *   `budget-document-used`, `funds-end-unruled`, `funds-end-otherwise`
   */
  async run(actor: StaffActor, asked: EntryRequest): Promise<Outcome<EntryRow>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'budget.record', body: { ...asked, by: actor.staffId } }, async (tx) => {
      const fund = (await fundersOf(tx, cityCode, [asked.funderCode])).get(asked.funderCode);
      if (fund === undefined) return refuse('not-found');
      if (!(await inScope(tx, actor, fund.divisionCode))) return refuse('outside-scope');
      if ((asked.fen === 0) !== (asked.kind === 'order')) return refuse('budget-amount-wrong');
      await lockBudgets(tx, cityCode);
      const fault = await this.fault(tx, cityCode, asked);
      if (fault !== null) return fault;
      const { id: entryId, funderCode, budgetYear, kind, documentNumber, documentTitle, documentDate } = asked;
      await insertEntry(tx, cityCode, {
        entryId, funderCode, budgetYear, kind, fen: kind === 'decrease' ? -asked.fen : asked.fen, documentNumber, documentTitle, documentDate,
        recordedBy: actor.staffId, recordedDivision: actor.divisionCode, recordedAt: this.clock.now(),
      });
      const entry = await readEntry(tx, cityCode, entryId);
      invariant(entry, 'an entry that was recorded is there');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'budget.record', objectKind: 'budgetEntry', objectId: entryId, after: entry });
      return done(entry);
    });
  }

  private async fault(tx: Tx, cityCode: string, asked: EntryRequest): Promise<Outcome<never> | null> {
    const { funderCode, budgetYear: year, kind, documentNumber } = asked;
    const known = (await entriesOf(tx, cityCode, funderCode, year)).filter(({ state }) => state !== 'rejected');
    const first = known.find((entry) => entry.kind === 'budget');
    if (kind === 'budget' && first !== undefined) return refuse('budget-recorded-already', { year, documentNumber: first.documentNumber });
    if (kind !== 'budget' && first?.state !== 'confirmed') return refuse('budget-not-recorded', { year });
    if (known.some((entry) => entry.kind === kind && entry.documentNumber === documentNumber)) return refuse('budget-document-used', { documentNumber });
    return kind === 'order' ? fundRule(tx, this.policies, this.clock, cityCode, funderCode, 'continue') : null;
  }
}
