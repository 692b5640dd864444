import { Inject, Injectable } from '@nestjs/common';
import { done, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { checkCategory, type CategoryEntry } from './domain/index.js';
import { categoryEntries } from './elder.store.js';
import { checkCorrection, type Correction } from './check-correction.js';
import { reachElder } from './reach-elder.js';
import { insertCategories } from './register.store.js';

export type CategoryForm = CategoryEntry & Correction & { readonly id: string };

/** Records that an elder belongs to a category, or corrects or withdraws an earlier record by a new one. */
@Injectable()
export class RecordCategory {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns the entry's id; `not-found`, `outside-scope`, `entry-unknown`, `entry-corrected`, `withdrawal-of-nothing`,
   *   `category-span-wrong`, `category-overlaps`, `id-taken`
   */
  async run(actor: StaffActor, elderId: string, form: CategoryForm): Promise<Outcome<{ entryId: string }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.category', body: { elderId, form } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      const entries = await categoryEntries(tx, actor.cityCode, elderId);
      const wrong = checkCorrection(form, entries);
      if (wrong) return wrong;
      const withdrawn = form.withdrawn ?? false;
      const row = {
        entryId: form.id, elderId, code: form.code, grade: form.grade ?? null, from: form.from, to: form.to ?? null,
        source: form.source, evidence: form.evidence, corrects: form.corrects ?? null, withdrawn,
      };
      const held = entries.filter((entry) => !entry.corrected && !entry.withdrawn && entry.entryId !== form.corrects);
      const clash = withdrawn ? null : checkCategory(row, elder.value.born, held);
      if (clash) return clash;
      await insertCategories(tx, { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() }, [row]);
      const before = entries.find((entry) => entry.entryId === form.corrects);
      await recordAudit(tx, this.clock, {
        cityCode: actor.cityCode, actor, action: withdrawn ? 'elder.category-withdrawn' : 'elder.category', objectKind: 'elder', objectId: elderId,
        ...(before === undefined ? {} : { before }), after: row,
      });
      return done({ entryId: form.id });
    });
  }
}
