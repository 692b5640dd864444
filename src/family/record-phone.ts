import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { reachElder } from '../elder/index.js';
import { readPhone } from '../elder/domain/index.js';
import { canonicalJson, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { keepPhone } from './account.store.js';
import type { Withdrawn } from './change-kin.js';
import { boundOfElder } from './kin.store.js';

/** Records the telephone number of a bound account, where WeChat has told none: its button is metered, and some have it switched off. */
@Injectable()
export class RecordPhone {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `contact-phone-wrong`, `not-found`, `outside-scope`, `kin-unknown`, `id-taken` */
  async run(actor: StaffActor, elderId: string, whom: Withdrawn, form: { readonly id: string; readonly phone: string }): Promise<Outcome<{ recorded: true }>> {
    const { cityCode } = actor;
    const phone = readPhone(form.phone);
    if (phone === null) return refuse('contact-phone-wrong');
    const deed = { cityCode, id: form.id, kind: 'family.phone', body: this.cipher.blindIndex('family.phone', canonicalJson({ elderId, whom, phone })) };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      const contactId = 'self' in whom ? null : whom.contactId;
      const bound = (await boundOfElder(tx, cityCode, elderId)).find((row) => row.contactId === contactId);
      if (bound === undefined) return refuse('kin-unknown');
      await keepPhone(tx, this.cipher, cityCode, bound.accountId, phone, 'staff');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'mini-account.phone', objectKind: 'mini-account', objectId: bound.accountId });
      return done({ recorded: true });
    });
  }
}
