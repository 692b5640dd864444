import { NOT_ANSWERED } from './balance.js';
import { itemsOf, othersFen, totalFen, type Cart, type Offer } from './cart/cart.js';
import type { TillBooking } from '../../src/till/domain/booked.js';
import type { Decide, Judged } from './decide.js';
import type { Eating } from './codes.js';
import type { Credential, Entry, ShownSplit, Tender } from './journal/entry.js';
import { dueOf, type Fate } from './journal/fate.js';
import type { Journal } from './journal/journal.js';
import type { Sender } from './journal/sender.js';
import { NOT_PAID, type PayDesk } from './paying.js';
import type { People } from './people/people.js';
import type { Trace } from './roster/own-meals.js';
import type { Board, Outcome } from './view.js';
import { CARD_TROUBLE, NO_ANSWER_REASON, NOT_PAID_REASON } from './words.js';

/** So long an answer is waited for where the till can say itself what the meal costs. */
const KNOWN_MS = 700;
/** So long where it cannot. */
const UNKNOWN_MS = 3_000;
/** After an answer that did not come in time the till does not wait for the next ones, for so long. */
const SLOW_MS = 30_000;

/** Answers of the service that say: they ate with a subsidy already. */
const SECOND = ['second-meal-this-period', 'second-meal-today'];

/** What a sale is made with. */
export interface SaleTools {
  readonly board: Board;
  readonly journal: Pick<Journal, 'sell' | 'note' | 'takeBack'>;
  readonly sender: Pick<Sender, 'state' | 'fateOf' | 'kick'>;
  readonly people: Pick<People, 'presenceFor' | 'behind'>;
  readonly decide: Decide;
  readonly paying: Pick<PayDesk, 'collect'>;
  /** A sale was written down, with what it takes of somebody's rights. */
  readonly sold: (entry: Entry, trace: Trace | null) => void;
  readonly now: () => number;
}

/** What was written down, and what is known of it. */
interface Made {
  readonly entry: Entry;
  readonly fate: Fate;
  /** What the till said by itself; null where it said nothing. */
  readonly said: ShownSplit | null;
}

/**
 * One sale: what the till makes of it, its entry in the journal, and what the eater is told. What is said at the counter
 * is what stands in the books: by the service's answer, or by the roster and then kept with the entry as shown or told.
 */
export class SaleDesk {
  private slowUntil = 0;

  constructor(private readonly tools: SaleTools, private readonly add: (entry: Entry) => void) {}

  /** @param booking what is handed out with it @throws where the sale could not be written down: then nothing was sold */
  async sell({ credential, row: known, pass }: Eating, cart: Cart, offer: Offer, booking: TillBooking | null = null): Promise<Outcome> {
    const { board, decide, people, sender } = this.tools;
    const holder = credential.kind;
    const priceFen = totalFen(cart, holder === 'guest' ? 'guest' : 'card');
    const booked = booking === null ? {} : { bookingId: booking.id };
    const aheadFen = booking !== null && booking.f > 0 ? booking.f : null;
    const tender = aheadFen === null ? cart.tender : 'booked';
    const bill = { credential, items: itemsOf(cart), priceListVersion: offer.priceListVersion, mealPeriod: offer.mealPeriod, tender };
    board.show({ outcome: { is: 'busy' }, person: null });
    const row = holder === 'entered' ? people.behind(credential.note)?.row : known;
    const judged = await decide({ ...bill, priceFen, othersFen: holder === 'guest' ? 0 : othersFen(cart), away: sender.state.is !== 'online', ...(row === undefined ? {} : { row }), ...(booking === null ? {} : { handle: booking.h }) });
    board.show({ person: judged.person });
    const presence = await people.presenceFor(bill, judged.needsProof, judged.person?.photo ?? null);
    const byWechat = tender === 'code' && board.view().payCode;
    const about = { kind: 'sale', holder, items: bill.items, mealPeriod: bill.mealPeriod, tender: bill.tender, priceFen, ...booked, ...(pass === undefined ? {} : { pass }), ...(byWechat ? { byWechat } : {}) } as const;
    const sale = { ...bill, ...booked, ...(presence === null ? {} : { presence }) };
    if (tender === 'balance') return this.sellByBalance(sale, about, judged);
    if (byWechat) return this.sellByWechat(sale, about, judged);
    const made = await this.write(sale, about, judged, aheadFen);
    return this.outcome(made, judged, about, aheadFen);
  }

  private async write(sale: Parameters<Journal['sell']>[0], about: Parameters<Journal['sell']>[1], judged: Judged, aheadFen: number | null): Promise<Made> {
    const { journal, sender, sold, now } = this.tools;
    const byItself = sender.state.is !== 'online' || now() < this.slowUntil;
    const shown = byItself || sale.credential.kind === 'guest' ? judged.split : null;
    const entry = await journal.sell({ ...sale, ...(shown === null ? {} : { shown, ...(aheadFen === null ? {} : { paidFen: aheadFen }) }) }, about, judged.trace);
    sold(entry, judged.trace);
    this.add(entry);
    if (byItself && shown !== null) {
      if (sender.state.is === 'online') void sender.kick();
      return { entry, fate: entry.fate, said: shown };
    }
    return { entry, fate: await this.answer(entry, judged.split === null ? UNKNOWN_MS : KNOWN_MS), said: judged.split };
  }

  /**
   * What a balance holds only the service knows: without its answer the sale is taken back at once, as the next entry,
   * and stands nowhere, whether it had arrived or not. The eater pays cash, with a sale of its own.
   */
  private async sellByBalance(sale: Parameters<Journal['sell']>[0], about: Parameters<SaleDesk['outcome']>[2] & Parameters<Journal['sell']>[1], judged: Judged): Promise<Outcome> {
    const { journal, sender, sold } = this.tools;
    const entry = await journal.sell(sale, about, judged.trace);
    sold(entry, judged.trace);
    this.add(entry);
    const fate = await this.answer(entry, UNKNOWN_MS);
    if (fate.is !== 'unsent') return this.outcome({ entry, fate, said: null }, judged, about);
    this.add(await journal.takeBack({ tapId: entry.id, reason: NO_ANSWER_REASON }));
    if (sender.state.is === 'online') void sender.kick();
    return NOT_ANSWERED;
  }

  /**
   * The sale is recorded first and charged after it, so that nobody pays for a meal that stands nowhere. Without an answer,
   * or without the money, it is taken back like one by balance; what was paid all the same the service gives back.
   */
  private async sellByWechat(sale: Parameters<Journal['sell']>[0], about: Parameters<SaleDesk['outcome']>[2] & Parameters<Journal['sell']>[1], judged: Judged): Promise<Outcome> {
    const { journal, sender, sold, paying } = this.tools;
    const entry = await journal.sell(sale, about, judged.trace);
    sold(entry, judged.trace);
    this.add(entry);
    const fate = await this.answer(entry, UNKNOWN_MS);
    if (fate.is !== 'unsent') {
      const isPaid = fate.is !== 'accepted' || fate.selfPayFen === 0 || (await paying.collect(entry.id, fate.selfPayFen));
      if (isPaid) {
        const outcome = await this.outcome({ entry, fate, said: null }, judged, about);
        return outcome.is === 'done' ? { ...outcome, paid: true } : outcome;
      }
    }
    this.add(await journal.takeBack({ tapId: entry.id, reason: NOT_PAID_REASON }));
    if (sender.state.is === 'online') void sender.kick();
    return NOT_PAID;
  }

  /** What the service says to an entry, or that it says nothing for the moment. */
  private async answer(entry: Entry, patienceMs: number): Promise<Fate> {
    const { sender, now } = this.tools;
    if (sender.state.is !== 'online') return entry.fate;
    const answered = sender.fateOf(entry.number, patienceMs);
    void sender.kick();
    const fate = await answered;
    if (fate === null) this.slowUntil = now() + SLOW_MS;
    return fate ?? entry.fate;
  }

  private async outcome({ entry, fate, said }: Made, judged: Judged, { priceFen, holder, tender }: { priceFen: number; holder: Credential['kind']; tender: Tender }, aheadFen: number | null = null): Promise<Outcome> {
    if (fate.is === 'refused') return { is: 'wait', sentence: fate.sentence, next: '按“确认”继续。' };
    if (fate.is === 'blocked') return { is: 'wait', sentence: fate.sentence, next: '这一笔留在本机，请联系负责人。' };
    const ownFen = fate.is === 'accepted' ? fate.selfPayFen : (said?.selfPayFen ?? priceFen);
    const payFen = fate.is === 'accepted' ? dueOf(fate) : Math.max(0, ownFen - (aheadFen ?? 0));
    // Said without an answer: whatever comes later, the eater paid by this.
    const told = fate.is === 'unsent' && said !== null && entry.shown === undefined ? { told: said } : {};
    // The sale stands on the disk whether this note does or not.
    if (entry.takenFen !== payFen || 'told' in told) {
      await this.tools.journal.note(entry.number, { takenFen: payFen, ...told }).catch(() => undefined);
      this.add({ ...entry, ...told, takenFen: payFen });
    }
    const code = fate.is === 'accepted' ? fate.code : judged.trouble;
    const trouble = code === null ? undefined : CARD_TROUBLE[code];
    if (trouble !== undefined) return { is: 'wait', ...trouble, payFen };
    const second = fate.is === 'accepted' ? fate.code !== null && SECOND.includes(fate.code) : judged.second;
    // Nothing to take: what was paid stands there in the place of what is due.
    const ahead = tender !== 'booked' ? {} : payFen === 0 ? { payFen: ownFen, paid: true as const, aheadFen: ownFen } : { aheadFen: ownFen - payFen };
    return { is: 'done', number: entry.number, payFen, open: fate.is === 'unsent' && said === null, tender, holder, second, ...ahead };
  }
}
