import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, derivedId, doDeed, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { cardDigest, cardHandle } from './card-holder.store.js';
import { isCardNumber, LIVE_CARD_STATES, moveCard, normaliseCardNumber } from './domain/index.js';
import { cardsOf, writeCardMove } from './elder.store.js';
import { reachElder } from './reach-elder.js';
import { insertCards, knownCards, queueUp } from './register.store.js';

export interface IssueForm {
  readonly id: string;
  readonly cardNumber: string;
  /** The card that the new one takes the place of. */
  readonly replaces?: string | null;
  readonly reason: string;
}

/** Issues a card to an elder, in place of an earlier one if it is named. The elder stays the same person. */
@Injectable()
export class IssueCard {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns the new card's id; `card-number-wrong`, `not-found`, `outside-scope`, `holder-died`, `card-known`,
   *   `card-held`, `card-not-theirs`, `card-move-wrong`, `id-taken`
   */
  async run(actor: StaffActor, elderId: string, form: IssueForm): Promise<Outcome<{ cardId: string }>> {
    const number = normaliseCardNumber(form.cardNumber);
    if (!isCardNumber(number)) return refuse('card-number-wrong');
    const handle = cardHandle(this.cipher, number);
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'card.issue', body: { elderId, handle, replaces: form.replaces ?? null, reason: form.reason } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      await queueUp(tx, actor.cityCode);
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      if (elder.value.died !== null) return refuse('holder-died');
      if ((await knownCards(tx, actor.cityCode, [handle])).size > 0) return refuse('card-known');
      const writing = { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() };
      const cards = await cardsOf(tx, actor.cityCode, [elderId]);
      const old = cards.find((card) => card.cardId === form.replaces);
      if (form.replaces && !old) return refuse('card-not-theirs');
      if (cards.some((card) => card !== old && LIVE_CARD_STATES.includes(card.state))) return refuse('card-held');
      if (old) {
        const state = moveCard(old.state, 'replaced');
        if (!state.ok) return state;
        await writeCardMove(tx, writing, { eventId: derivedId(form.id, 'replaced'), cardId: old.cardId, kind: 'replaced', state: state.value, reason: form.reason });
      }
      await insertCards(tx, writing, [{ cardId: form.id, elderId, handle, digest: cardDigest(this.cipher, actor.cityCode, number), tail: number.slice(-4), reason: form.reason }]);
      await recordAudit(tx, this.clock, {
        cityCode: actor.cityCode, actor, action: old ? 'card.replace' : 'card.issue', objectKind: 'elder', objectId: elderId,
        ...(old ? { before: { cardId: old.cardId, state: old.state } } : {}), after: { cardId: form.id, handle },
      });
      return done({ cardId: form.id });
    });
  }
}
