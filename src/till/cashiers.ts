import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type Actor, type StaffActor, type Tx } from '../platform/index.js';
import { insertCashier, listCashiers, removeCashier, siteOfCashier, siteOfTerminal, type CashierRow } from './cashier.store.js';
import { PIN_KDF, pinHolds } from './domain/index.js';
import { verifierOf, verifierPlace } from './pins.js';

/** A cashier whom a manager lets work at a terminal. */
export interface NewCashier {
  readonly id: string;
  readonly terminalId: string;
  readonly name: string;
  readonly pin: string;
}

/** Who may log in at which terminal; the canteen's manager keeps the list. */
@Injectable()
export class Cashiers {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `pin-weak`, `not-found`, `outside-scope`, `id-taken` */
  async add(actor: StaffActor, { id, terminalId, name, pin }: NewCashier): Promise<Outcome<CashierRow>> {
    if (!pinHolds(pin)) return refuse('pin-weak');
    const { cityCode } = actor;
    // Of the PIN the deed keeps a keyed digest: the same deed is known again, and no row lets six digits be guessed.
    const body = { terminalId, name, pin: this.cipher.blindIndex('till-pin', `${id} ${pin}`), by: actor.staffId };
    const salt = randomBytes(PIN_KDF.saltBytes);
    const verifier = await verifierOf(pin, salt, PIN_KDF.iterations);
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'till.cashier-add', body }, async (tx) => {
      const reached = await this.reach(tx, actor, await siteOfTerminal(tx, cityCode, terminalId));
      if (!reached.ok) return reached;
      const cashier = { cashierId: id, terminalId, name };
      const verifierSealed = this.cipher.seal(verifier.toString('base64'), verifierPlace(cityCode, id));
      await insertCashier(tx, cityCode, { ...cashier, salt, iterations: PIN_KDF.iterations, verifierSealed }, actorName(actor), this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'till.cashier-add', objectKind: 'terminal', objectId: terminalId, after: cashier });
      return done(cashier);
    });
  }

  /** From now on the PIN opens nothing at the server; a till that is offline may take it until its verifier ends. @returns `not-found`, `outside-scope`, `id-taken` */
  async remove(actor: StaffActor, cashierId: string, { id, reason }: { id: string; reason: string }): Promise<Outcome<{ cashierId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'till.cashier-remove', body: { cashierId, reason, by: actor.staffId } }, async (tx) => {
      const reached = await this.reach(tx, actor, await siteOfCashier(tx, cityCode, cashierId));
      if (!reached.ok) return reached;
      await removeCashier(tx, cityCode, cashierId, actorName(actor), this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'till.cashier-remove', objectKind: 'cashier', objectId: cashierId, reason });
      return done({ cashierId });
    });
  }

  /** A terminal's own cashiers, or those of all terminals of a manager's site. */
  list(actor: Actor & { readonly siteId: string | null }): Promise<CashierRow[]> {
    const terminalId = actor.kind === 'terminal' ? actor.terminalId : null;
    return actor.siteId === null ? Promise.resolve([]) : this.transactor.read((tx) => listCashiers(tx, actor.cityCode, actor.siteId as string, terminalId));
  }

  private async reach(tx: Tx, actor: StaffActor, siteId: string | undefined): Promise<Outcome<string>> {
    return siteId === undefined ? refuse('not-found') : this.places.openTo(tx, actor, siteId);
  }
}
