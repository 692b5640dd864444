import { reopenBooking } from '../booking/index.js';
import { Inject, Injectable } from '@nestjs/common';
import { recordAudits } from '../access/index.js';
import { done, refuse, type Clock, type CivilMonth, type Instant, type Outcome } from '../kernel/index.js';
import { reversed } from '../ledger/domain/index.js';
import { postTransfers } from '../ledger/index.js';
import { giveBackSpent, PayOrders } from '../payment/index.js';
import { actorName, CLOCK, doDeed, hashOf, TAP_TRANSACTOR, type Actor, type Transactor, type Tx } from '../platform/index.js';
import { addUses } from '../subsidy/domain/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { bookRanks } from './book-ranks.js';
import { auditChange, bookChange, isSameDay, mealToChange, standingPostings, type MealChange } from './change-meal.js';
import { releaseCode } from './code-use.store.js';
import { entryHash, JOURNAL_START, signatureBytes } from './journal.js';
import type { MealRecord } from './meal.store.js';
import { rankAfterVoid } from './rank-offline.js';
import { useChangesOf } from './rank.store.js';
import { insertClaim, insertVoid, readClaims, takeBackUses } from './tap.store.js';

const BACK_BY_WECHAT = '已撤销，微信已付的金额会原路退回，不退现金；没有付成的不用退。';

/** What is asked for when a meal is taken back. */
export interface VoidRequest {
  readonly id: string;
  readonly reason: string;
  /** A till writes its voids into its journal. */
  readonly journalNumber?: number;
  readonly prevHash?: string;
  /** When a till took the meal back, by its own clock; left out: now. Nobody else sets it. */
  readonly deviceTime?: string;
  /** Under the entry's hash; no part of the deed. */
  readonly signature?: string;
}

/** What was taken back. */
export interface VoidAnswer {
  readonly voidId: string;
  readonly tapId: string;
  readonly bookedMonth: CivilMonth;
  readonly returnedFen: number;
  readonly sentence: string;
}

/** Takes a meal back: a correction of its own that books everything the other way round, never an edit. */
@Injectable()
export class VoidTap {
  constructor(@Inject(TAP_TRANSACTOR) private readonly transactor: Transactor, @Inject(CLOCK) readonly clock: Clock, private readonly policies: PolicyLibrary, readonly orders: PayOrders) {}

  /**
   * A till may void on the day of the meal at its own site, staff also later. The elder's use is free again for meals
   * after the void's own time; earlier decisions stay as they were.
   * @returns refused with `already-voided`, `void-too-late`, `tap-refused-already`, `journal-number-taken`, `not-found`, `outside-scope`
   */
  async void(actor: Actor, tapId: string, { signature, ...request }: VoidRequest): Promise<Outcome<VoidAnswer>> {
    const deed = { cityCode: actor.cityCode, id: request.id, kind: 'tap.void', body: { tapId, ...request, by: actorName(actor) } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const found = await mealToChange(tx, actor, tapId);
      if (!found.ok) return found;
      const meal = found.value;
      const madeAt = this.madeAt(actor, meal, request);
      if (actor.kind === 'terminal' && !isSameDay(this.clock, meal, madeAt)) return refuse('void-too-late');
      await reopenBooking(tx, this, actor.cityCode, tapId, actorName(actor));
      const postings = reversed(standingPostings(meal));
      const change: MealChange = { actor, id: request.id, meal, kind: 'void', postings };
      if (!(await this.enterJournal(tx, actor, meal, request, signatureBytes(signature)))) return refuse('journal-number-taken', { journalNumber: request.journalNumber ?? 0 });
      const uses = addUses(meal.explanation.uses ?? [], await useChangesOf(tx, actor.cityCode, [tapId]));
      if (meal.elderId !== null && uses.length > 0) await takeBackUses(tx, actor.cityCode, meal.elderId, uses);
      const bookedMonth = await bookChange(tx, this.clock, change, (month) => insertVoid(tx, actor.cityCode, {
        voidId: request.id, tapId, bookedMonth: month, originalMonth: meal.bookedMonth, siteId: meal.siteId, mealDate: meal.mealDate,
        reason: request.reason, by: actorName(actor), now: this.clock.now(), madeAt: request.deviceTime === undefined ? null : madeAt,
      }));
      if (meal.elderId !== null && uses.length > 0) await this.rankAgain(tx, actor.cityCode, meal.elderId, request.id, madeAt);
      await releaseCode(tx, actor.cityCode, tapId, this.clock.now());
      if (meal.tender === 'balance') await giveBackSpent(tx, this.clock, actor.cityCode, { tapId, voidId: request.id, by: actorName(actor) });
      const byWechat = meal.tender === 'code' && (await this.withdrawPayments(tx, actor.cityCode, tapId));
      await auditChange(tx, this.clock, change, request.reason);
      return done({ voidId: request.id, tapId, bookedMonth, ...givenBack(meal), ...(byWechat ? { sentence: BACK_BY_WECHAT } : {}) });
    });
  }

  /** Of a sale that was to be paid by WeChat's payment code whatever was paid, or still may be, goes back. @returns whether there was anything */
  private async withdrawPayments(tx: Tx, cityCode: string, tapId: string): Promise<boolean> {
    const orders = await this.orders.of(tx, cityCode, 'tap', [tapId]);
    for (const { orderId } of orders) await this.orders.withdraw(tx, cityCode, orderId, '餐已撤销，原路退回');
    return orders.length > 0;
  }

  /** The void's own time: a till's by its clock, but not before the meal; anybody else's is now. */
  private madeAt(actor: Actor, meal: MealRecord, { deviceTime }: VoidRequest): Instant {
    const now = this.clock.now();
    return actor.kind !== 'terminal' || deviceTime === undefined ? now : Math.min(now, Math.max(meal.deviceTime, Date.parse(deviceTime)));
  }

  /** Offline meals that were sold after the void's own time may draw on what it freed. */
  private async rankAgain(tx: Tx, cityCode: string, elderId: string, voidId: string, madeAt: Instant): Promise<void> {
    const changes = await rankAfterVoid(tx, await this.policies.of(tx, cityCode), this.clock, cityCode, elderId, voidId, madeAt);
    const ranks = await bookRanks(tx, this.clock, cityCode, changes);
    await postTransfers(tx, this.clock, ranks.transfers);
    await recordAudits(tx, this.clock, cityCode, ranks.audits);
  }

  /** A till's void is an entry of its journal like a sale. @returns false where the number is taken */
  private async enterJournal(tx: Tx, actor: Actor, meal: MealRecord, request: VoidRequest, signature: Buffer | null): Promise<boolean> {
    if (actor.kind !== 'terminal' || request.journalNumber === undefined) return true;
    const { terminalId, cityCode } = actor;
    const journalNumber = request.journalNumber;
    const claims = await readClaims(tx, cityCode, [{ tapId: request.id, terminalId, journalNumber }]);
    if (claims.some((claim) => claim.tapId === request.id || claim.journalNumber === journalNumber)) return false;
    const prevHash = request.prevHash ?? claims.find((claim) => claim.journalNumber === journalNumber - 1)?.entryHash ?? JOURNAL_START;
    await insertClaim(tx, cityCode, {
      tapId: request.id, kind: 'void', bodyHash: hashOf({ tapId: meal.tapId, ...request }), terminalId, journalNumber, prevHash,
      entryHash: entryHash(prevHash, { tapId: meal.tapId, ...request }), bookedMonth: meal.bookedMonth, signature,
    });
    return true;
  }
}

/** What the eater gets back at the counter, or where else it went. */
function givenBack({ tender, selfPayFen, answer: { dueFen = 0 } }: MealRecord): Pick<VoidAnswer, 'returnedFen' | 'sentence'> {
  if (tender === 'booked') return { returnedFen: dueFen, sentence: `已撤销，预订时付的钱仍在预订里，不退现金${dueFen === 0 ? '。' : '；请把补收的现金退还。'}` };
  return { returnedFen: selfPayFen, sentence: tender === 'balance' ? '已撤销，实付的金额已退回老人的卡内余额，不退现金。' : '已撤销，请把老人实付的金额退还。' };
}
