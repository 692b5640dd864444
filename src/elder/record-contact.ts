import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, canonicalJson, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { checkCorrection, type Correction } from './check-correction.js';
import { contactEntries, insertContact, type Relation } from './contact.store.js';
import { normaliseName, readPhone } from './domain/index.js';
import { reachElder } from './reach-elder.js';

export interface ContactForm extends Correction {
  readonly id: string;
  readonly name: string;
  readonly phone: string;
  readonly relation: Relation;
  readonly emergency: boolean;
}

/** Records a contact of an elder, or a new state of one. Personal data of a third person: sealed, and shown masked. */
@Injectable()
export class RecordContact {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns the entry's id and the contact's, which stays the same over its states; `name-wrong`, `contact-phone-wrong`,
   *   `not-found`, `outside-scope`, `entry-unknown`, `entry-corrected`, `withdrawal-of-nothing`, `id-taken`
   */
  async run(actor: StaffActor, elderId: string, form: ContactForm): Promise<Outcome<{ entryId: string; contactId: string }>> {
    const [name, phone] = [normaliseName(form.name), readPhone(form.phone)];
    if (!/\p{L}/u.test(name)) return refuse('name-wrong');
    if (phone === null) return refuse('contact-phone-wrong');
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.contact', body: this.cipher.blindIndex('elder.contact', canonicalJson({ elderId, form })) };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      const entries = await contactEntries(tx, actor.cityCode, elderId);
      const wrong = checkCorrection(form, entries);
      if (wrong) return wrong;
      const before = entries.find((entry) => entry.entryId === form.corrects);
      const contactId = before?.contactId ?? form.id;
      const row = {
        entryId: form.id, contactId, elderId, name, phone, relation: form.relation, emergency: form.emergency,
        corrects: form.corrects ?? null, withdrawn: form.withdrawn ?? false,
      };
      await insertContact(tx, this.cipher, { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() }, row);
      await recordAudit(tx, this.clock, {
        cityCode: actor.cityCode, actor, action: row.withdrawn ? 'elder.contact-withdrawn' : 'elder.contact', objectKind: 'elder', objectId: elderId,
        after: { entryId: form.id, contactId, relation: form.relation, emergency: form.emergency },
      });
      return done({ entryId: form.id, contactId });
    });
  }
}
