import { Inject, Injectable } from '@nestjs/common';
import { done, invariant, refuse, type Clock, type Fen, type Instant, type Outcome } from '../kernel/index.js';
import { fallenAmong } from '../access/index.js';
import { at, canonicalJson, CLOCK, Metrics, sha256, type Tx } from '../platform/index.js';
import type { MealPeriod } from '../subsidy/domain/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import type { TapAnswer } from './domain/index.js';
import { entryHash, JOURNAL_START } from './journal.js';
import { PlaceFacts } from './place-facts.js';
import { recordTaps, type ArrivedTap } from './record-taps.js';
import { lastEntry, lockTapIds, readClaims } from './tap.store.js';

/** The register on paper of a site without a device: a terminal whose journal is written here, in the order of entry. */
export interface PaperRegister {
  readonly cityCode: string;
  readonly terminalId: string;
  readonly siteId: string;
}

/** A meal that a numbered slip tells of. */
export interface SlipMeal {
  readonly tapId: string;
  /** Names the slip for good: it stands in the journal in a card's place. */
  readonly slip: string;
  /** See `cardHandle`; null for a guest. */
  readonly handle: string | null;
  readonly items: readonly { readonly itemCode: string; readonly quantity: number }[];
  readonly priceListVersion: number;
  readonly mealPeriod: MealPeriod;
  readonly eatenAt: Instant;
  /** What the canteen took in cash, and what was then still open of the price. */
  readonly takenFen: Fen;
  readonly openFen: Fen;
  /** Until when the slip counts in full. */
  readonly until: Instant;
}

/** Turns slips into meals the way of all sales that were held back: same facts, same decision, same books. */
@Injectable()
export class RecordSlips {
  private readonly places = new PlaceFacts();

  constructor(private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock, private readonly metrics: Metrics) {}

  /**
   * Records meals in the order given, with the next numbers of the register's journal. The caller makes sure that nobody
   * else writes into this journal until the commit.
   * @returns an answer for each, or `terminal-revoked`, `tap-id-taken` for all of them, with nothing written
   */
  async record(tx: Tx, register: PaperRegister, meals: readonly SlipMeal[]): Promise<Outcome<TapAnswer[]>> {
    const { cityCode, terminalId } = register;
    const ids = meals.map(({ tapId }) => tapId);
    await lockTapIds(tx, cityCode, ids);
    if ((await fallenAmong(tx, cityCode, [terminalId], [])).terminals.size > 0) return refuse('terminal-revoked');
    const last = (await lastEntry(tx, cityCode, terminalId)) ?? { journalNumber: 0, entryHash: JOURNAL_START };
    const claims = await readClaims(tx, cityCode, ids.map((tapId) => ({ tapId, terminalId, journalNumber: last.journalNumber + 1 })));
    if (claims.some(({ tapId }) => ids.includes(tapId))) return refuse('tap-id-taken');
    const arrived = this.entries(register, meals, last);
    const answers = await recordTaps(tx, { clock: this.clock, policies: this.policies, places: this.places, metrics: this.metrics }, cityCode, arrived);
    return done(answers.map((answer) => {
      invariant(answer.ok, 'ids and numbers were looked at, and what is held back is never asked again');
      return answer.value;
    }));
  }

  private entries(register: PaperRegister, meals: readonly SlipMeal[], last: { readonly journalNumber: number; readonly entryHash: string }): ArrivedTap[] {
    let { journalNumber, entryHash: prevHash } = last;
    return meals.map((meal) => {
      journalNumber += 1;
      const entry = this.entry(register, meal, journalNumber, prevHash);
      prevHash = entry.entryHash;
      return entry;
    });
  }

  private entry({ terminalId, siteId }: PaperRegister, meal: SlipMeal, journalNumber: number, prevHash: string): ArrivedTap {
    const { tapId, slip, handle, items, priceListVersion, mealPeriod, eatenAt, takenFen, openFen, until } = meal;
    const tender = takenFen === 0 ? 'none' : 'cash';
    const shown = { selfPayFen: takenFen, subsidyFen: openFen };
    const deed = { id: tapId, credential: { kind: 'slip', slip }, items, priceListVersion, mealPeriod, deviceTime: at(eatenAt), journalNumber, tender, shown };
    return {
      bodyHash: sha256(canonicalJson({ ...deed, prevHash, terminalId, credential: { kind: 'slip', slip, handle } })),
      prevHash, entryHash: entryHash(prevHash, deed), signature: null,
      tap: { tapId, terminalId, siteId, items, priceListVersion, mealPeriod, deviceTime: eatenAt, receivedAt: this.clock.now(), offline: true, journalNumber, tender, shown, handle, slip: { until } },
    };
  }
}
