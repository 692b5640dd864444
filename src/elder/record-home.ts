import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { pathsOf } from '../region/index.js';
import { isElsewhere } from './admit-elders.js';
import { checkCorrection, type Correction } from './check-correction.js';
import { decideMove, type HomeKind } from './domain/index.js';
import { homeEntries, writeFirstHomes, writeHome } from './home.store.js';
import { reachElder } from './reach-elder.js';

/** A move of the hukou or of the residence. */
export interface HomeForm extends Correction {
  readonly id: string;
  readonly kind: HomeKind;
  /** Null where the elder no longer has one here, and the new one is not known. */
  readonly divisionCode: string | null;
  /** The first day there; null only when the first home is corrected. */
  readonly from: CivilDate | null;
  readonly source: string;
}

/** Records where an elder's hukou or residence lies from a day on, or corrects or withdraws an earlier record of it. */
@Injectable()
export class RecordHome {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the entry's id; what `recordHome` refuses, `id-taken` */
  async run(actor: StaffActor, elderId: string, form: HomeForm): Promise<Outcome<{ entryId: string }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.home', body: { elderId, form } };
    return doDeed(this.transactor, this.clock, deed, (tx) => recordHome(tx, this.clock, actor, elderId, form));
  }
}

/**
 * The same inside a transaction that is open already, for imports.
 * @returns the entry's id; `not-found`, `outside-scope`, `division-unknown`, `entry-unknown`, `entry-corrected`,
 *   `withdrawal-of-nothing`, `home-kind-differs`, `home-from-wrong`, `home-known`, `place-missing`
 */
export async function recordHome(tx: Tx, clock: Clock, actor: StaffActor, elderId: string, form: HomeForm): Promise<Outcome<{ entryId: string }>> {
  const { cityCode } = actor;
  const elder = await reachElder(tx, actor, elderId);
  if (!elder.ok) return elder;
  const { divisionCode: code } = form;
  if (code !== null && !isElsewhere(cityCode, code) && !(await pathsOf(tx, cityCode, [code])).has(code)) return refuse('division-unknown', { code });
  await writeFirstHomes(tx, cityCode, [elderId]);
  const entries = await homeEntries(tx, cityCode, elderId);
  const wrong = checkCorrection(form, entries);
  if (wrong) return wrong;
  const corrected = entries.find((entry) => entry.entryId === form.corrects) ?? null;
  const held = entries.filter((entry) => !entry.corrected && !entry.withdrawn && entry !== corrected);
  const withdrawn = form.withdrawn ?? false;
  const after = decideMove({ kind: form.kind, code, from: form.from, withdrawn }, held, corrected, elder.value.born, today(clock));
  if (!after.ok) return after;
  const row = { entryId: form.id, elderId, kind: form.kind, code, from: form.from, source: form.source, corrects: form.corrects ?? null, withdrawn };
  await writeHome(tx, { cityCode, by: actorName(actor), now: clock.now() }, row, after.value);
  await recordAudit(tx, clock, {
    cityCode, actor, action: withdrawn ? 'elder.home-withdrawn' : 'elder.home', objectKind: 'elder', objectId: elderId,
    before: { hukouCode: elder.value.hukouCode, residenceCode: elder.value.residenceCode }, after: row,
  });
  return done({ entryId: form.id });
}
