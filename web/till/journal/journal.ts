import { newId } from '../../lib/id.js';
import { BODY_KEPT_MS, bodyOf, bodyTelling, EMPTY, pastTheirTime, saleDeed, textToHash, voidDeed, type About, type Deed, type Entry, type Head, type Sale, type ShownSplit, type TakenBack } from './entry.js';
import { UNSENT, type Fate } from './fate.js';
import { seal, sha256, signEntry, unseal, type DeviceKeys } from './keys.js';
import type { Database } from './database.js';
import { ROSTER_STORE } from '../roster/shelf.js';

const ENTRIES = 'entries';
const META = 'meta';
const HEAD = 'head';


/** The stores of the till's database. */
export const STORES = { [ENTRIES]: 'number', [META]: null, [ROSTER_STORE]: null } as const;

/** What an entry keeps besides its deed. */
interface More {
  readonly trace: object | null;
  readonly shown?: ShownSplit;
}

/** Another page wrote in between: this one may not go on. */
export class NotAlone extends Error {
  override readonly name = 'NotAlone';
}

/**
 * The till's journal: each sale and void is one entry, numbered from 1 without a gap, naming the hash of the one
 * before, signed, and on the disk before anybody hears a sound. One page writes at a time; writes queue up here.
 */
export class Journal {
  private last: Promise<unknown> = Promise.resolve();
  /** The end as this page wrote it last; null where it is to be read. */
  private head: Head | null = null;

  constructor(private readonly db: Database, private readonly keys: DeviceKeys, private readonly now: () => number) {}

  /**
   * Writes a sale down.
   * @param trace what it takes of somebody's rights; sealed with it
   * @throws where the disk refuses it: then nothing was sold
   */
  sell(sale: Sale, about: About, trace: object | null = null): Promise<Entry> {
    return this.append(about, (head, id, now) => saleDeed(head, id, now, sale), { trace, ...(sale.shown === undefined ? {} : { shown: sale.shown }) });
  }

  /** Writes a void down. */
  takeBack(back: TakenBack): Promise<Entry> {
    return this.append({ kind: 'void', tapId: back.tapId }, (head, id, now) => voidDeed(head, id, now, back));
  }

  /** What is on the disk, by number. */
  entries(): Promise<Entry[]> {
    return this.db.all<Entry>(ENTRIES);
  }

  /**
   * The body that the service shall get, exactly as it was signed; what the eater was told goes beside it.
   * @throws where it is gone or cannot be read
   */
  async body(entry: Entry): Promise<string> {
    if (entry.sealed === null) throw new Error(`entry ${entry.number} has no body any more`);
    return bodyTelling(await unseal(this.keys, entry.sealed), entry.told);
  }

  /** What sales took of somebody's rights, by number, as far as it is kept. */
  async traces<T extends object>(): Promise<(T & { readonly number: number })[]> {
    const read = await Promise.all((await this.entries()).map(async ({ number, trace }) => (trace === undefined || trace === null ? [] : [{ ...(JSON.parse(await unseal(this.keys, trace)) as T), number }])));
    return read.flat();
  }

  /** Notes what became of an entry. */
  settle(entry: Entry, fate: Fate): Promise<Entry> {
    return this.change(entry.number, (now) => {
      // A late note about a try says nothing any more once there is a last word.
      if (fate.is === 'unsent' && now.fate.is !== 'unsent') return now;
      return { ...now, fate };
    });
  }

  /**
   * The service's database is another than before, and may lack the last of what it said yes to: whatever has a body is
   * sent again, with what was said about it then. A repeat that is known already changes nothing.
   * @returns the entries that wait again
   */
  async reopen(): Promise<Entry[]> {
    const again = (await this.entries()).filter(({ fate, sealed, madeAt }) => sealed !== null && fate.is !== 'unsent' && fate.is !== 'blocked' && madeAt > this.now() - BODY_KEPT_MS);
    const opened = again.map((entry): Entry => {
      const { fate } = entry;
      const told = fate.is === 'accepted' ? { selfPayFen: fate.selfPayFen, subsidyFen: fate.subsidyFen ?? fate.priceFen - fate.selfPayFen } : entry.told;
      return { ...entry, ...(told === undefined ? {} : { told }), fate: { is: 'unsent', tries: 1 } };
    });
    if (opened.length > 0) await this.db.write([ENTRIES], (open) => opened.forEach((entry) => open(ENTRIES).put(entry)));
    return opened;
  }

  /** Notes what was asked for at the counter, in fen, or that the rest was given back. */
  note(number: number, what: Partial<Pick<Entry, 'takenFen' | 'returned' | 'told'>>): Promise<Entry> {
    return this.change(number, (now) => ({ ...now, ...what }));
  }

  private async change(number: number, to: (now: Entry) => Entry): Promise<Entry> {
    const changed: Entry[] = [];
    await this.db.write([ENTRIES], (open) => {
      const store = open(ENTRIES);
      const request = store.get(number);
      request.addEventListener('success', () => {
        const entry = to(request.result as Entry);
        changed.push(entry);
        store.put(entry);
      });
    });
    return changed[0] as Entry;
  }

  /** Forgets the bodies of old entries with a last word, and later the entries. The end of the journal stays, whatever is forgotten. */
  async forgetOld(): Promise<void> {
    const { gone, silent } = pastTheirTime(await this.entries(), this.now());
    if (gone.length + silent.length === 0) return;
    await this.db.write([ENTRIES], (open) => {
      for (const { number } of gone) open(ENTRIES).delete(number);
      for (const entry of silent) open(ENTRIES).put({ ...entry, sealed: null, trace: null });
    });
  }

  private append(about: About, deedOf: (head: Head, id: string, now: number) => Deed, more: More = { trace: null }): Promise<Entry> {
    const written = this.last.then(() => this.write(about, deedOf, more));
    this.last = written.catch(() => undefined);
    return written;
  }

  private async write(about: About, deedOf: (head: Head, id: string, now: number) => Deed, { trace, ...shown }: More): Promise<Entry> {
    const head = this.head ?? (await this.db.get<Head>(META, HEAD)) ?? EMPTY;
    this.head = null;
    const now = this.now();
    const id = newId(now);
    const deed = deedOf(head, id, now);
    const hash = await sha256(textToHash(head, deed));
    const [sealed, traced] = await Promise.all([
      signEntry(this.keys, hash).then((signature) => seal(this.keys, bodyOf(head, deed, signature))), trace === null ? null : seal(this.keys, JSON.stringify(trace)),
    ]);
    const entry: Entry = { number: deed.journalNumber, id, madeAt: now, about, prevHash: head.hash, hash, sealed, trace: traced, ...shown, fate: UNSENT, takenFen: shown.shown?.selfPayFen ?? null, returned: false };
    await this.db.write([ENTRIES, META], (open, undo) => {
      const meta = open(META);
      const request = meta.get(HEAD);
      request.addEventListener('success', () => {
        // Signing took a moment outside of this transaction: the end must still be the one that was signed for.
        const end = (request.result as Head | undefined) ?? EMPTY;
        if (end.number !== head.number || end.hash !== head.hash) return undo(new NotAlone('another page wrote into the journal'));
        open(ENTRIES).add(entry);
        meta.put({ number: entry.number, hash } satisfies Head, HEAD);
      });
    });
    this.head = { number: entry.number, hash };
    return entry;
  }
}
