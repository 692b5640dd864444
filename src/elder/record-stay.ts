import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { checkCorrection, type Correction } from './check-correction.js';
import { spansMeet } from './domain/index.js';
import { insertStay, stayEntries } from './elder.store.js';
import { reachElder } from './reach-elder.js';

export interface StayForm extends Correction {
  readonly id: string;
  readonly from: CivilDate;
  readonly to?: CivilDate | null;
  readonly source: string;
}

/** Records that an elder lives in a care home, or corrects or withdraws an earlier record by a new one. */
@Injectable()
export class RecordStay {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the entry's id; what `recordStay` refuses, `id-taken` */
  async run(actor: StaffActor, elderId: string, form: StayForm): Promise<Outcome<{ entryId: string }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.care-home-stay', body: { elderId, form } };
    return doDeed(this.transactor, this.clock, deed, (tx) => recordStay(tx, this.clock, actor, elderId, form));
  }
}

/**
 * The same inside a transaction that is open already.
 * @returns the entry's id; `not-found`, `outside-scope`, `entry-unknown`, `entry-corrected`, `withdrawal-of-nothing`,
 *   `stay-span-wrong`, `stay-overlaps`
 */
export async function recordStay(tx: Tx, clock: Clock, actor: StaffActor, elderId: string, form: StayForm): Promise<Outcome<{ entryId: string }>> {
  const elder = await reachElder(tx, actor, elderId);
  if (!elder.ok) return elder;
  const entries = await stayEntries(tx, actor.cityCode, elderId);
  const wrong = checkCorrection(form, entries);
  if (wrong) return wrong;
  const row = { entryId: form.id, elderId, from: form.from, to: form.to ?? null, source: form.source, corrects: form.corrects ?? null, withdrawn: form.withdrawn ?? false };
  if (row.from < elder.value.born || (row.to !== null && row.to < row.from)) return refuse('stay-span-wrong');
  const held = entries.filter((entry) => !entry.corrected && !entry.withdrawn && entry.entryId !== form.corrects);
  if (!row.withdrawn && held.some((entry) => spansMeet(entry, row))) return refuse('stay-overlaps');
  await insertStay(tx, { cityCode: actor.cityCode, by: actorName(actor), now: clock.now() }, row);
  const before = entries.find((entry) => entry.entryId === form.corrects);
  await recordAudit(tx, clock, {
    cityCode: actor.cityCode, actor, action: row.withdrawn ? 'elder.care-home-stay-withdrawn' : 'elder.care-home-stay', objectKind: 'elder', objectId: elderId,
    ...(before === undefined ? {} : { before }), after: row,
  });
  return done({ entryId: form.id });
}
