import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, derivedId, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { assessmentEntries, insertAssessment } from './assessment.store.js';
import { checkCorrection, type Correction } from './check-correction.js';
import { ABILITY_ASSESSMENT, levelChanges, levelSpans, type Assessed } from './domain/index.js';
import { categoryEntries, type LockedElder } from './elder.store.js';
import { reachElder } from './reach-elder.js';
import { stillHeld } from './record-category.js';
import { insertCategories, type Writing } from './register.store.js';

/** An assessment as its institution reports it. */
export type AssessmentForm = Assessed & Correction & {
  readonly id: string;
  /** Name or number of the person who assessed. */
  readonly assessor: string;
};

/** Records an ability assessment of GB/T 42195, or corrects or withdraws an earlier record by a new one. */
@Injectable()
export class RecordAssessment {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns the entry's id; `not-found`, `outside-scope`, `entry-unknown`, `entry-corrected`, `withdrawal-of-nothing`,
   *   `assessment-dates-wrong`, `assessment-known`, `id-taken`
   */
  async run(actor: StaffActor, elderId: string, form: AssessmentForm): Promise<Outcome<{ entryId: string }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.assessment', body: { elderId, form } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      return elder.ok ? this.record(tx, actor, elder.value, form) : elder;
    });
  }

  private async record(tx: Tx, actor: StaffActor, { elderId, born }: LockedElder, form: AssessmentForm): Promise<Outcome<{ entryId: string }>> {
    const entries = await assessmentEntries(tx, actor.cityCode, elderId);
    const wrong = checkCorrection(form, entries);
    if (wrong) return wrong;
    if (form.assessedOn < born || form.assessedOn > today(this.clock) || form.validUntil < form.assessedOn) return refuse('assessment-dates-wrong');
    const row = {
      entryId: form.id, elderId, level: form.level, assessor: form.assessor, institution: form.institution, assessedOn: form.assessedOn,
      validUntil: form.validUntil, evidence: form.evidence, corrects: form.corrects ?? null, withdrawn: form.withdrawn ?? false,
    };
    const held = entries.filter((entry) => !entry.corrected && !entry.withdrawn && entry.entryId !== row.corrects);
    if (!row.withdrawn && held.some((entry) => entry.assessedOn === row.assessedOn)) return refuse('assessment-known');
    const writing = { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() };
    await insertAssessment(tx, writing, row);
    await showLevels(tx, writing, elderId, form.id, row.withdrawn ? held : [...held, row]);
    const before = entries.find((entry) => entry.entryId === row.corrects);
    await recordAudit(tx, this.clock, {
      cityCode: actor.cityCode, actor, action: row.withdrawn ? 'elder.assessment-withdrawn' : 'elder.assessment', objectKind: 'elder', objectId: elderId,
      ...(before === undefined ? {} : { before }), after: row,
    });
    return done({ entryId: form.id });
  }
}

/** Lets rules see the levels: as entries of one category, which ride on the facts of every elder. */
async function showLevels(tx: Tx, writing: Writing, elderId: string, deedId: string, assessments: readonly Assessed[]): Promise<void> {
  const entries = (await categoryEntries(tx, writing.cityCode, elderId)).filter((entry) => entry.code === ABILITY_ASSESSMENT);
  const changes = levelChanges(stillHeld(entries, null), levelSpans(assessments));
  await insertCategories(tx, writing, changes.map((change, index) => ({ ...change, entryId: derivedId(deedId, 'level', String(index)), elderId, code: ABILITY_ASSESSMENT, kind: null })));
}
