import { Inject, Injectable } from '@nestjs/common';
import { invariant, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { admitElders, formDigest, type Registered } from './admit-elders.js';
import type { RegistrationForm } from './domain/index.js';

/** The kind under which registrations are kept as deeds, alone or in a batch. */
export const REGISTER = 'elder.register';

/** Registers one elder, with categories and a card if given. */
@Injectable()
export class RegisterElder {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `id-taken`, or what `admitElders` refuses */
  async run(actor: StaffActor, form: RegistrationForm): Promise<Outcome<Registered>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: REGISTER, body: formDigest(this.cipher, form) };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const outcome = (await admitElders(tx, { clock: this.clock, cipher: this.cipher }, actor, [form])).get(form.id);
      invariant(outcome, 'every form has an outcome');
      return outcome;
    });
  }
}
