import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { cardHandle, lockEldersByCard } from '../elder/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { bookEntries, entryId, lockImports, readEntries, type NewEntry } from './balance.store.js';
import { readSettings } from './setting.store.js';

/** A line of the bank's statement: what it took in for a card. */
export interface BankLine {
  /** The bank's own name of the line: the same reference is the same money. */
  readonly reference: string;
  readonly cardNumber: string;
  readonly fen: number;
}

/** What became of a line: mirrored now, mirrored before, a card that nobody has, or a reference that stands for something else. */
export type LineFate = 'booked' | 'known' | 'card-unknown' | 'differs';

export interface ImportAnswer {
  readonly lines: { readonly reference: string; readonly fate: LineFate }[];
  readonly bookedFen: number;
}

/** Brings top-ups in from the bank's statement. Lines that cannot be taken are named and wait for a corrected file; the others stand. */
@Injectable()
export class ImportStatement {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `prepaid-never-offered`, `id-taken` */
  run(actor: StaffActor, id: string, lines: readonly BankLine[]): Promise<Outcome<ImportAnswer>> {
    const { cityCode } = actor;
    // Card numbers stay out of what is kept: the deed's hash is of their keyed digests.
    const asked = lines.map(({ reference, cardNumber, fen }) => ({ reference, fen, handle: cardHandle(this.cipher, cardNumber) }));
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'prepaid.import', body: { lines: asked, by: actor.staffId } }, async (tx) => {
      if (!(await readSettings(tx, cityCode)).some(({ state }) => state === 'confirmed')) return refuse('prepaid-never-offered');
      const holders = await lockEldersByCard(tx, cityCode, [...new Set(asked.map(({ handle }) => handle))]);
      const elders = new Map(holders.map(({ handle, elderId }) => [handle, elderId]));
      await lockImports(tx, cityCode);
      const known = new Map(await readEntries(tx, cityCode, asked.map(({ reference }) => entryId(cityCode, 'topUp', reference))));
      const booked: NewEntry[] = [];
      const fates = asked.map(({ reference, fen, handle }) => {
        const elderId = elders.get(handle);
        if (elderId === undefined) return { reference, fate: 'card-unknown' as const };
        const before = known.get(entryId(cityCode, 'topUp', reference));
        if (before !== undefined) return { reference, fate: before.elderId === elderId && before.fen === fen ? ('known' as const) : ('differs' as const) };
        known.set(entryId(cityCode, 'topUp', reference), { elderId, fen });
        booked.push({ elderId, kind: 'topUp', fen, cause: reference, tapId: null, siteId: null, by: actorName(actor) });
        return { reference, fate: 'booked' as const };
      });
      await bookEntries(tx, this.clock, cityCode, booked);
      const answer: ImportAnswer = { lines: fates, bookedFen: booked.reduce((sum, { fen }) => sum + fen, 0) };
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'prepaid.import', objectKind: 'city', objectId: cityCode, after: { id, booked: booked.length, bookedFen: answer.bookedFen, lines: fates.length } });
      return done(answer);
    });
  }
}
