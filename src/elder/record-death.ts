import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { writeDeath } from './elder.store.js';
import { reachElder } from './reach-elder.js';

export interface DeathForm {
  readonly id: string;
  /** Null, with `correction`, takes a report back. */
  readonly diedOn: CivilDate | null;
  readonly source: string;
  /** Takes the place of what was reported before. */
  readonly correction?: boolean;
}

/**
 * Records a death. Cards stay as they are: meals are decided by their date, so one eaten before the death and sent
 * later keeps its subsidy, and none after it gets one.
 */
@Injectable()
export class RecordDeath {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the entry's id; what `recordDeath` refuses, `id-taken` */
  async run(actor: StaffActor, elderId: string, form: DeathForm): Promise<Outcome<{ entryId: string }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.death', body: { elderId, form } };
    return doDeed(this.transactor, this.clock, deed, (tx) => recordDeath(tx, this.clock, actor, elderId, form));
  }
}

/**
 * The same inside a transaction that is open already.
 * @returns the entry's id; `not-found`, `outside-scope`, `death-date-wrong`, `death-known`, `death-unknown`
 */
export async function recordDeath(tx: Tx, clock: Clock, actor: StaffActor, elderId: string, form: DeathForm): Promise<Outcome<{ entryId: string }>> {
  const elder = await reachElder(tx, actor, elderId);
  if (!elder.ok) return elder;
  const { born, died } = elder.value;
  if (died !== null && !form.correction) return refuse('death-known');
  if (died === null && (form.correction || form.diedOn === null)) return refuse('death-unknown');
  if (form.diedOn !== null && (form.diedOn < born || form.diedOn > today(clock))) return refuse('death-date-wrong');
  await writeDeath(tx, { cityCode: actor.cityCode, by: actorName(actor), now: clock.now() }, { entryId: form.id, elderId, diedOn: form.diedOn, source: form.source });
  await recordAudit(tx, clock, {
    cityCode: actor.cityCode, actor, action: 'elder.death', objectKind: 'elder', objectId: elderId, before: { diedOn: died }, after: { diedOn: form.diedOn, source: form.source },
  });
  return done({ entryId: form.id });
}
