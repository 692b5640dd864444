import { Inject, Injectable } from '@nestjs/common';
import { done, invariant, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, FieldCipher, hashOf, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { admitElders, formDigest, type Registered } from './admit-elders.js';
import type { RegistrationForm } from './domain/index.js';
import { keepDeeds, keptDeeds } from './register.store.js';
import { REGISTER } from './register-elder.js';

/** A batch: its own id, and forms with an id each. */
export interface RegistrationBatch {
  readonly id: string;
  readonly rows: readonly RegistrationForm[];
}

/** The outcome of one form of a batch. */
export interface RowOutcome {
  readonly id: string;
  readonly outcome: Outcome<Registered>;
}

/**
 * Registers up to 500 elders in a few statements. Each row is answered on its own and kept as a deed of its own, so a
 * row sent again, in another batch or alone, gets its first answer; a refused row may be sent again corrected, in a new
 * batch.
 */
@Injectable()
export class RegisterBatch {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns one outcome a row, in the order of the rows; `id-taken` when the batch's id had another content */
  async run(actor: StaffActor, batch: RegistrationBatch): Promise<Outcome<RowOutcome[]>> {
    const digests = batch.rows.map((row) => formDigest(this.cipher, row));
    const deed = { cityCode: actor.cityCode, id: batch.id, kind: 'elder.register-batch', body: digests };
    return doDeed(this.transactor, this.clock, deed, async (tx) => done(await this.registerRows(tx, actor, batch.rows, digests)));
  }

  private async registerRows(tx: Tx, actor: StaffActor, rows: readonly RegistrationForm[], digests: readonly string[]): Promise<RowOutcome[]> {
    const hashes = digests.map((digest) => hashOf({ kind: REGISTER, body: digest }));
    const kept = await keptDeeds(tx, actor.cityCode, rows.map((row) => row.id));
    const first = new Map<string, number>();
    rows.forEach((row, index) => first.set(row.id, first.get(row.id) ?? index));
    const fresh = rows.filter((row, index) => first.get(row.id) === index && !kept.has(row.id));
    const admitted = await admitElders(tx, { clock: this.clock, cipher: this.cipher }, actor, fresh);
    const keep = fresh.flatMap((row) => {
      const outcome = admitted.get(row.id);
      return outcome?.ok ? [{ id: row.id, bodyHash: hashes[first.get(row.id) as number] as string, answer: outcome.value }] : [];
    });
    await keepDeeds(tx, actor.cityCode, REGISTER, this.clock.now(), keep);
    return rows.map((row, index) => {
      const earlier = kept.get(row.id);
      const firstHash = earlier?.bodyHash ?? hashes[first.get(row.id) as number];
      if (firstHash !== hashes[index]) return { id: row.id, outcome: refuse('id-taken') };
      const outcome = earlier === undefined ? admitted.get(row.id) : done(earlier.answer as Registered);
      invariant(outcome, 'every row has an outcome');
      return { id: row.id, outcome };
    });
  }
}
