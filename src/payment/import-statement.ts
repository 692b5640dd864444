import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { cardHandle, lockEldersByCard } from '../elder/index.js';
import { addDays, chinaInstant, done, refuse, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { bookEntries, entryId, lockImports, readBalances, readEntries, type EntryKind, type NewEntry } from './balance.store.js';
import { keepClosings } from './closing.store.js';
import { readSettings } from './setting.store.js';

/** What a line of the bank's says: money in, a refund that we had ordered, a correction either way, money that it paid out by itself. */
export const BANK_KINDS = ['topUp', 'refund', 'correction', 'payOut'] as const;
export type BankKind = (typeof BANK_KINDS)[number];

/** A line of the bank's statement. */
export interface BankLine {
  /** The bank's own name of the line: the same reference is the same money. Of a refund it is the number that we ordered it by. */
  readonly reference: string;
  readonly cardNumber: string;
  readonly kind: BankKind;
  /** Above zero for money in, below for money out. */
  readonly fen: number;
}

/** What the bank holds for cards at the end of a day. */
export interface BankBalances {
  readonly day: CivilDate;
  readonly balances: readonly { readonly cardNumber: string; readonly fen: number }[];
}

/**
 * What became of a line: mirrored now, mirrored before, a card that nobody has, a reference that stands for something
 * else, more than there is, or a refund that nobody ordered.
 */
export type LineFate = 'booked' | 'known' | 'card-unknown' | 'differs' | 'above-balance' | 'refund-unknown';

export interface ImportAnswer {
  readonly lines: { readonly reference: string; readonly fate: LineFate }[];
  /** In less out. */
  readonly bookedFen: number;
  /** Closing balances that were compared, how many of them differ, and how many are of cards that nobody has. */
  readonly closing: { readonly compared: number; readonly differing: number; readonly unknown: number } | null;
}

type Asked = Omit<BankLine, 'cardNumber'> & { readonly handle: string };

const ENTRY_OF: Readonly<Record<BankKind, EntryKind>> = { topUp: 'topUp', refund: 'refunded', correction: 'corrected', payOut: 'paidOut' };

const signIsRight = ({ kind, fen }: BankLine): boolean => (kind === 'correction' ? fen !== 0 : kind === 'topUp' ? fen > 0 : fen < 0);

/** Mirrors the bank's statement: its lines, and what it holds in the end. Lines that cannot be taken are named and wait for a corrected file; the others stand. */
@Injectable()
export class ImportStatement {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `prepaid-sign-wrong`, `prepaid-never-offered`, `id-taken` */
  async run(actor: StaffActor, id: string, lines: readonly BankLine[], closing: BankBalances | null): Promise<Outcome<ImportAnswer>> {
    const { cityCode } = actor;
    const wrong = lines.findIndex((line) => !signIsRight(line));
    if (wrong >= 0) return refuse('prepaid-sign-wrong', { line: wrong + 1 });
    // Card numbers stay out of what is kept: the deed's hash is of their keyed digests.
    const asked = lines.map(({ cardNumber, ...line }) => ({ ...line, handle: cardHandle(this.cipher, cardNumber) }));
    const held = (closing?.balances ?? []).map(({ cardNumber, fen }) => ({ fen, handle: cardHandle(this.cipher, cardNumber) }));
    const body = { lines: asked, ...(closing === null ? {} : { closing: { day: closing.day, balances: held } }), by: actor.staffId };
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'prepaid.import', body }, async (tx) => {
      if (!(await readSettings(tx, cityCode)).some(({ state }) => state === 'confirmed')) return refuse('prepaid-never-offered');
      const holders = await lockEldersByCard(tx, cityCode, [...new Set([...asked, ...held].map(({ handle }) => handle))]);
      const elders = new Map(holders.map(({ handle, elderId }) => [handle, elderId]));
      await lockImports(tx, cityCode);
      const { fates, booked } = await this.judge(tx, actor, asked, elders);
      await bookEntries(tx, this.clock, cityCode, booked);
      const answer: ImportAnswer = {
        lines: fates, bookedFen: booked.reduce((sum, { fen }) => sum + fen, 0), closing: closing === null ? null : await this.close(tx, cityCode, id, closing.day, held, elders),
      };
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'prepaid.import', objectKind: 'city', objectId: cityCode, after: { id, booked: booked.length, bookedFen: answer.bookedFen, lines: fates.length, differing: answer.closing?.differing ?? 0 } });
      return done(answer);
    });
  }

  /** What becomes of each line, in the bank's order: what is paid out has to be there. */
  private async judge(tx: Tx, actor: StaffActor, asked: readonly Asked[], elders: ReadonlyMap<string, string>): Promise<{ fates: ImportAnswer['lines']; booked: NewEntry[] }> {
    const { cityCode } = actor;
    const idOf = (kind: BankKind, reference: string): string => entryId(cityCode, ENTRY_OF[kind], reference);
    const known = new Map(await readEntries(tx, cityCode, asked.flatMap(({ reference }) => BANK_KINDS.map((kind) => idOf(kind, reference)))));
    const left = new Map<string, number>(await readBalances(tx, cityCode, [...new Set(elders.values())]));
    const booked: NewEntry[] = [];
    const fateOf = ({ reference, kind, fen, handle }: Asked): LineFate => {
      const elderId = elders.get(handle);
      if (elderId === undefined) return 'card-unknown';
      const before = known.get(idOf(kind, reference));
      if (before !== undefined) return before.elderId === elderId && before.fen === fen ? 'known' : 'differs';
      if (BANK_KINDS.some((other) => known.has(idOf(other, reference)))) return 'differs';
      // A refund moved the balance when it was ordered.
      if (kind === 'refund') return 'refund-unknown';
      const rest = (left.get(elderId) ?? 0) + fen;
      if (rest < 0) return 'above-balance';
      left.set(elderId, rest);
      known.set(idOf(kind, reference), { elderId, fen });
      booked.push({ elderId, kind: ENTRY_OF[kind], fen, cause: reference, tapId: null, siteId: null, by: actorName(actor) });
      return 'booked';
    };
    return { fates: asked.map((line) => ({ reference: line.reference, fate: fateOf(line) })), booked };
  }

  private async close(tx: Tx, cityCode: string, importId: string, day: CivilDate, held: readonly { handle: string; fen: number }[], elders: ReadonlyMap<string, string>): Promise<ImportAnswer['closing']> {
    // Two cards of one elder are one balance.
    const sums = new Map<string, number>();
    for (const { handle, fen } of held) {
      const elderId = elders.get(handle);
      if (elderId !== undefined) sums.set(elderId, (sums.get(elderId) ?? 0) + fen);
    }
    const balances = [...sums].map(([elderId, fen]) => ({ elderId, fen }));
    const differing = await keepClosings(tx, cityCode, importId, { day, before: chinaInstant(addDays(day, 1), 0), balances }, this.clock.now());
    return { compared: balances.length, differing, unknown: held.filter(({ handle }) => !elders.has(handle)).length };
  }
}
