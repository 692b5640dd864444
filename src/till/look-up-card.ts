import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { cardDigest, cardHandle } from '../elder/index.js';
import { CLOCK, FieldCipher, ProblemException, RateLimit, Transactor, type TerminalActor } from '../platform/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import type { TillRow } from './domain/index.js';
import { keepDigest, personByCard } from './person.store.js';
import { rowsOfPersons } from './person-rows.js';

const MOST_A_MINUTE = 90;

/** Tells a till that is online of a card that is not on its roster: a guest from elsewhere, or a card from before rosters. */
@Injectable()
export class LookUpCard {
  private readonly rate = new RateLimit(MOST_A_MINUTE, 60_000);

  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `till-card-unknown` @throws ProblemException `till-too-often` */
  async run(actor: TerminalActor, number: string): Promise<Outcome<TillRow>> {
    const seconds = this.rate.wait(actor.terminalId, this.clock.now());
    if (seconds > 0) throw new ProblemException('till-too-often', { seconds }, undefined, seconds);
    const { cityCode } = actor;
    return this.transactor.run(async (tx) => {
      const person = await personByCard(tx, cityCode, cardHandle(this.cipher, number));
      if (person === undefined) return refuse('till-card-unknown');
      const digest = cardDigest(this.cipher, cityCode, number);
      await keepDigest(tx, cityCode, person.cardId, digest);
      const [row] = await rowsOfPersons(tx, { cipher: this.cipher, policies: this.policies }, actor, [{ ...person, digest }], today(this.clock));
      return row === undefined ? refuse('till-card-unknown') : done(row);
    });
  }
}
