import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { AUTHORITY_NAMES, categoryRule, checkCategory, mayRecord, type CategoryCode, type CategoryEntry } from './domain/index.js';
import { categoryEntries, type CategoryEntryRow, type LockedElder } from './elder.store.js';
import { checkCorrection, type Correction } from './check-correction.js';
import { reachElder } from './reach-elder.js';
import { insertCategories } from './register.store.js';

export type CategoryForm = Omit<CategoryEntry, 'code'> & Correction & {
  readonly id: string;
  readonly code: CategoryCode;
  /** The import that brings it. */
  readonly batchId?: string | null;
};

/** Records that an elder belongs to a category, or corrects or withdraws an earlier record by a new one. */
@Injectable()
export class RecordCategory {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the entry's id; what `recordCategory` refuses, `id-taken` */
  async run(actor: StaffActor, elderId: string, form: CategoryForm): Promise<Outcome<{ entryId: string }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.category', body: { elderId, form } };
    return doDeed(this.transactor, this.clock, deed, (tx) => recordCategory(tx, this.clock, actor, elderId, form));
  }
}

/**
 * The same inside a transaction that is open already. Both the new category and the corrected one must be the actor's
 * to write down: who may not decide a category cannot take it away either.
 * @returns the entry's id; `category-not-yours`, `not-found`, `outside-scope`, `entry-unknown`, `entry-corrected`,
 *   `withdrawal-of-nothing`, `category-differs`, `category-span-wrong`, `category-grade-wrong`, `category-overlaps`
 */
export async function recordCategory(tx: Tx, clock: Clock, actor: StaffActor, elderId: string, form: CategoryForm): Promise<Outcome<{ entryId: string }>> {
  if (!mayRecord(actor.roles, form.code)) return refuseOthers(form.code);
  const elder = await reachElder(tx, actor, elderId);
  if (!elder.ok) return elder;
  return enterCategory(tx, clock, actor, elder.value, form);
}

/** `category-not-yours`, naming who decides a category. */
export function refuseOthers(code: string): ReturnType<typeof refuse> {
  const rule = categoryRule(code);
  return refuse('category-not-yours', { code, ...(rule === undefined ? {} : { authority: rule.authority, authorityName: AUTHORITY_NAMES[rule.authority] }) });
}

/** Enters a category for an elder who is locked, whoever decided it: for assessments, approvals and upheld disputes. */
export async function enterCategory(tx: Tx, clock: Clock, actor: StaffActor, elder: LockedElder, form: CategoryForm): Promise<Outcome<{ entryId: string }>> {
  const { elderId } = elder;
  const entries = await categoryEntries(tx, actor.cityCode, elderId);
  const wrong = checkCorrection(form, entries);
  if (wrong) return wrong;
  const before = entries.find((entry) => entry.entryId === form.corrects);
  if (before !== undefined && before.code !== form.code) return refuse('category-differs', { code: before.code });
  const row = toRow(elderId, form);
  const clash = row.withdrawn ? null : checkCategory(row, elder.born, stillHeld(entries, form.corrects ?? null));
  if (clash) return clash;
  await insertCategories(tx, { cityCode: actor.cityCode, by: actorName(actor), now: clock.now() }, [row]);
  await recordAudit(tx, clock, {
    cityCode: actor.cityCode, actor, action: row.withdrawn ? 'elder.category-withdrawn' : 'elder.category', objectKind: 'elder', objectId: elderId,
    ...(before === undefined ? {} : { before }), after: row,
  });
  return done({ entryId: form.id });
}

/** The entries that hold, without the one that is being corrected. */
export function stillHeld(entries: readonly CategoryEntryRow[], corrects: string | null): CategoryEntryRow[] {
  return entries.filter((entry) => !entry.corrected && !entry.withdrawn && entry.entryId !== corrects);
}

function toRow(elderId: string, form: CategoryForm) {
  return {
    entryId: form.id, elderId, code: form.code, grade: form.grade ?? null, kind: form.kind ?? null, from: form.from, to: form.to ?? null,
    source: form.source, evidence: form.evidence, corrects: form.corrects ?? null, withdrawn: form.withdrawn ?? false, batchId: form.batchId ?? null,
  };
}
