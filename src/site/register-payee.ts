import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, invariant, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { insertPayee, sealedAccountOf, type PayeeRow } from './party.store.js';

export interface NewPayee {
  readonly id: string;
  readonly name: string;
  readonly bankName: string;
  readonly account: string;
}

function place(payeeId: string): string {
  return `site_payee.account:${payeeId}`;
}

/** The digits of a bank account as people write it, or null when it is none. */
export function accountDigits(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '');
  return /^\d{8,30}$/.test(digits) ? digits : null;
}

/** Registers an account that money for sites may go to. Its number is sealed; only the last four digits are shown. */
@Injectable()
export class RegisterPayee {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `bank-account-wrong`, `payee-known` */
  async run(actor: StaffActor, asked: NewPayee): Promise<Outcome<PayeeRow>> {
    const digits = accountDigits(asked.account);
    if (digits === null) return refuse('bank-account-wrong');
    const row = { payeeId: asked.id, name: asked.name, bankName: asked.bankName, accountTail: digits.slice(-4) };
    const account = sealAccount(this.cipher, asked.id, digits);
    const deed = { cityCode: actor.cityCode, id: asked.id, kind: 'payee.register', body: { ...row, account: account.index } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      if (!(await insertPayee(tx, this.clock, actor.cityCode, row, account, actorName(actor)))) return refuse('payee-known');
      await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action: 'payee.register', objectKind: 'payee', objectId: asked.id, after: deed.body });
      return done(row);
    });
  }
}

/** Seals an account number into its payee's row, with an index that finds the same number again. */
export function sealAccount(cipher: FieldCipher, payeeId: string, digits: string): { sealed: Buffer; index: string } {
  return { sealed: cipher.seal(digits, place(payeeId)), index: cipher.blindIndex('bank-account', digits) };
}

/**
 * A payee's full account number, for request letters and payment files. Whoever calls it writes the audit row.
 * @throws InvariantBroken when the city has no such payee
 */
export async function openAccount(tx: Tx, cipher: FieldCipher, cityCode: string, payeeId: string): Promise<string> {
  const sealed = await sealedAccountOf(tx, cityCode, payeeId);
  invariant(sealed, 'a payee whose account is opened is registered');
  return cipher.open(sealed, place(payeeId));
}
