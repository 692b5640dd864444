import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, FieldCipher, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { contactsInClear, type ContactLine } from './contact.store.js';
import { insertDisclosure, readElder } from './elder.store.js';
import { mayReach } from './reach-elder.js';
import { revisionsOf } from './revision.store.js';
import { openElder, type ClearElder } from './sealed-elder.js';

export interface DisclosureForm {
  readonly id: string;
  readonly reason: string;
}

export interface Disclosed extends ClearElder {
  readonly elderId: string;
  readonly born: CivilDate;
  readonly contacts: readonly ContactLine[];
  /** What is proposed in place of it, for the second person to compare with the papers. */
  readonly pendingRevision: { readonly revisionId: string; readonly name: string; readonly identityNumber: string; readonly born: CivilDate } | null;
}

/**
 * Shows one elder's full data for a reason. Not a deed: a deed keeps its answer, and this one must lie nowhere in clear.
 * So a repeat under the same id is refused, and looking again is a new, audited look.
 */
@Injectable()
export class DiscloseElder {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `id-taken` */
  async run(actor: StaffActor, elderId: string, form: DisclosureForm): Promise<Outcome<Disclosed>> {
    return this.transactor.run<Outcome<Disclosed>>(async (tx) => {
      const elder = await readElder(tx, actor.cityCode, elderId);
      if (!elder) return refuse('not-found');
      if (!(await mayReach(tx, actor, elder))) return refuse('outside-scope');
      const writing = { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() };
      if (!(await insertDisclosure(tx, writing, { id: form.id, elderId, reason: form.reason }))) return refuse('id-taken');
      await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action: 'elder.disclose', objectKind: 'elder', objectId: elderId, after: { disclosureId: form.id } });
      return done({
        elderId, born: elder.born, ...openElder(this.cipher, actor.cityCode, elder),
        contacts: await contactsInClear(tx, this.cipher, actor.cityCode, elderId), pendingRevision: await this.pending(tx, actor.cityCode, elderId),
      });
    });
  }

  private async pending(tx: Tx, cityCode: string, elderId: string): Promise<Disclosed['pendingRevision']> {
    const revision = (await revisionsOf(tx, cityCode, elderId)).find(({ decision }) => decision === null);
    if (revision === undefined) return null;
    const { name, identityNumber } = openElder(this.cipher, cityCode, { ...revision, phoneSealed: null });
    return { revisionId: revision.revisionId, name, identityNumber, born: revision.born };
  }
}
