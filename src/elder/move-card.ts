import { Inject, Injectable } from '@nestjs/common';
import { done, invariant, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { moveCard, type CardEvent, type CardState } from './domain/index.js';
import { cardOwner, cardsOf, writeCardMove } from './elder.store.js';
import { reachElder } from './reach-elder.js';

/** What may be reported of a card by itself; issuing and replacing need a new card's number. */
export const REPORTED_EVENTS = ['lost', 'found', 'frozen', 'unfrozen', 'cancelled'] as const satisfies readonly CardEvent[];

export interface CardEventForm {
  readonly id: string;
  readonly kind: (typeof REPORTED_EVENTS)[number];
  readonly reason: string;
}

/** Reports a card lost or found, freezes, unfreezes or cancels it, along the one table of moves. */
@Injectable()
export class MoveCard {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the card's new state; `not-found`, `outside-scope`, `card-move-wrong`, `id-taken` */
  async run(actor: StaffActor, cardId: string, form: CardEventForm): Promise<Outcome<{ cardId: string; state: CardState }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'card.event', body: { cardId, form } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const elderId = await cardOwner(tx, actor.cityCode, cardId);
      if (elderId === undefined) return refuse('not-found');
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      const card = (await cardsOf(tx, actor.cityCode, [elderId])).find((held) => held.cardId === cardId);
      invariant(card, 'a card does not change its elder');
      const state = moveCard(card.state, form.kind);
      if (!state.ok) return state;
      await writeCardMove(tx, { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() }, { eventId: form.id, cardId, kind: form.kind, state: state.value, reason: form.reason });
      await recordAudit(tx, this.clock, {
        cityCode: actor.cityCode, actor, action: `card.${form.kind}`, objectKind: 'elder', objectId: elderId, before: { cardId, state: card.state }, after: { cardId, state: state.value },
      });
      return done({ cardId, state: state.value });
    });
  }
}
