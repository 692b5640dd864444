import { Inject, Injectable } from '@nestjs/common';
import { done, invariant, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, derivedId, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { disputeSteps, insertDispute, readDispute, writeDisputeStep, type DisputeRaiser, type DisputeRow } from './dispute.store.js';
import { categoryRule, DISPUTE_ROLES, moveDispute, type CategoryCode, type CategoryEntry, type DisputeMove, type DisputeState } from './domain/index.js';
import { categoryEntries, type LockedElder } from './elder.store.js';
import { reachElder } from './reach-elder.js';
import { enterCategory } from './record-category.js';

export interface DisputeForm {
  readonly id: string;
  readonly code: CategoryCode;
  /** The entry that is thought wrong; left out where one is missing. */
  readonly entryId?: string | null;
  readonly raisedBy: DisputeRaiser;
  readonly openedOn: CivilDate;
  readonly reason: string;
}

export interface DisputeMoveForm {
  readonly id: string;
  readonly move: DisputeMove;
  readonly onDate: CivilDate;
  /** The letter to the authority, or its answer. */
  readonly document?: string | null;
  readonly reason: string;
  /** What the authority says is true, where it upholds the dispute. */
  readonly correction?: (Omit<CategoryEntry, 'code'> & { readonly withdrawn?: boolean }) | null;
}

/** Disputes over categories: opened by the elder's side, answered by the authority that decides the category. */
@Injectable()
export class DisputeCategory {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the dispute's id; `not-found`, `outside-scope`, `entry-unknown`, `entry-corrected`, `category-differs`, `dispute-date-wrong`, `dispute-running`, `id-taken` */
  async open(actor: StaffActor, elderId: string, form: DisputeForm): Promise<Outcome<{ disputeId: string }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.dispute', body: { elderId, form } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      if (form.openedOn > today(this.clock)) return refuse('dispute-date-wrong');
      const wrong = await this.checkEntry(tx, actor, elderId, form);
      if (wrong) return wrong;
      const authority = categoryRule(form.code)?.authority;
      invariant(authority !== undefined, 'a category has its authority');
      const writing = { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() };
      const row = { disputeId: form.id, elderId, code: form.code, entryId: form.entryId ?? null, raisedBy: form.raisedBy, authority, reason: form.reason, openedOn: form.openedOn };
      if (!(await insertDispute(tx, writing, row))) return refuse('dispute-running');
      await writeDisputeStep(tx, writing, { stepId: derivedId(form.id, 'open'), disputeId: form.id, move: 'open', onDate: form.openedOn, document: null, reason: form.reason, entryId: null }, 'open');
      await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action: 'elder.dispute-open', objectKind: 'elder', objectId: elderId, after: row });
      return done({ disputeId: form.id });
    });
  }

  private async checkEntry(tx: Tx, actor: StaffActor, elderId: string, { entryId, code }: DisputeForm): Promise<ReturnType<typeof refuse> | null> {
    if (!entryId) return null;
    const entry = (await categoryEntries(tx, actor.cityCode, elderId)).find((other) => other.entryId === entryId);
    if (entry === undefined) return refuse('entry-unknown');
    if (entry.corrected || entry.withdrawn) return refuse('entry-corrected');
    return entry.code === code ? null : refuse('category-differs', { code: entry.code });
  }

  /**
   * @returns the dispute's new state; `not-found`, `outside-scope`, `dispute-role-wrong`, `dispute-move-wrong`,
   *   `dispute-date-wrong`, `dispute-document-missing`, `dispute-correction-missing`, what `enterCategory` refuses, `id-taken`
   */
  async move(actor: StaffActor, disputeId: string, form: DisputeMoveForm): Promise<Outcome<{ disputeId: string; state: DisputeState }>> {
    if (!DISPUTE_ROLES[form.move].some((role) => actor.roles.some((held) => held === role))) return refuse('dispute-role-wrong');
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.dispute-move', body: { disputeId, form } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const found = await readDispute(tx, actor.cityCode, disputeId);
      if (!found) return refuse('not-found');
      const elder = await reachElder(tx, actor, found.elderId);
      if (!elder.ok) return elder;
      const dispute = await readDispute(tx, actor.cityCode, disputeId);
      invariant(dispute, 'a dispute stays');
      return this.step(tx, actor, elder.value, dispute, form);
    });
  }

  private async step(tx: Tx, actor: StaffActor, elder: LockedElder, dispute: DisputeRow, form: DisputeMoveForm): Promise<Outcome<{ disputeId: string; state: DisputeState }>> {
    const { disputeId } = dispute;
    const next = moveDispute(dispute.state, form.move);
    if (!next.ok) return next;
    const last = (await disputeSteps(tx, actor.cityCode, [disputeId])).map(({ onDate }) => onDate).toSorted().at(-1);
    if (form.onDate > today(this.clock) || (last !== undefined && form.onDate < last)) return refuse('dispute-date-wrong');
    if ((form.move === 'uphold' || form.move === 'reject') && !form.document) return refuse('dispute-document-missing');
    const entryId = form.move === 'uphold' ? derivedId(form.id, 'category') : null;
    if (entryId !== null) {
      if (!form.correction) return refuse('dispute-correction-missing');
      const entered = await enterCategory(tx, this.clock, actor, elder, { ...form.correction, id: entryId, code: dispute.code as CategoryCode, corrects: dispute.entryId });
      if (!entered.ok) return entered;
    }
    const step = { stepId: form.id, disputeId, move: form.move, onDate: form.onDate, document: form.document ?? null, reason: form.reason, entryId };
    await writeDisputeStep(tx, { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() }, step, next.value);
    await recordAudit(tx, this.clock, {
      cityCode: actor.cityCode, actor, action: `elder.dispute-${form.move}`, objectKind: 'elder', objectId: dispute.elderId, before: { state: dispute.state }, after: step,
    });
    return done({ disputeId, state: next.value });
  }
}
