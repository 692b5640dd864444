import { Inject, Injectable } from '@nestjs/common';
import { done, NO_FEN, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { cardHandle } from '../elder/index.js';
import { offeredDays, readBalances } from '../payment/index.js';
import { CLOCK, FieldCipher, ProblemException, RateLimit, Transactor, type TerminalActor } from '../platform/index.js';
import { personByCard } from './person.store.js';

const MOST_A_MINUTE = 20;

/** Tells a cashier what a balance holds, because its elder asks for it. */
@Injectable()
export class ShowBalance {
  private readonly rate = new RateLimit(MOST_A_MINUTE, 60_000);

  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `prepaid-not-offered`, `till-card-unknown`, also for a card that is lost or frozen @throws ProblemException `till-too-often` */
  async run(actor: TerminalActor, number: string): Promise<Outcome<{ balanceFen: number }>> {
    const seconds = this.rate.wait(actor.terminalId, this.clock.now());
    if (seconds > 0) throw new ProblemException('till-too-often', { seconds }, undefined, seconds);
    const { cityCode } = actor;
    const date = today(this.clock);
    return this.transactor.run(async (tx) => {
      if (!(await offeredDays(tx, cityCode, [date])).has(date)) return refuse('prepaid-not-offered');
      const person = await personByCard(tx, cityCode, cardHandle(this.cipher, number));
      if (person?.cardState !== 'active') return refuse('till-card-unknown');
      return done({ balanceFen: (await readBalances(tx, cityCode, [person.elderId])).get(person.elderId) ?? NO_FEN });
    });
  }
}
