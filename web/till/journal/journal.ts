import { uuidV7 } from '../../../src/kernel/id.js';
import { bodyOf, EMPTY, saleDeed, textToHash, voidDeed, type About, type Deed, type Entry, type Head, type Sale, type TakenBack } from './entry.js';
import { UNSENT, type Fate } from './fate.js';
import { seal, sha256, signEntry, unseal, type DeviceKeys } from './keys.js';
import type { Database } from './database.js';

const ENTRIES = 'entries';
const META = 'meta';
const HEAD = 'head';

/** Entries with a last word are kept so long, for closings and questions of the same week. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** The stores of the till's database. */
export const STORES = { [ENTRIES]: 'number', [META]: null } as const;

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

  constructor(private readonly db: Database, private readonly keys: DeviceKeys, private readonly now: () => number) {}

  /** Writes a sale down. @throws where the disk refuses it: then nothing was sold */
  sell(sale: Sale, about: About): Promise<Entry> {
    return this.append(about, (head, id, now) => saleDeed(head, id, now, sale));
  }

  /** Writes a void down. */
  takeBack(back: TakenBack): Promise<Entry> {
    return this.append({ kind: 'void', tapId: back.tapId }, (head, id, now) => voidDeed(head, id, now, back));
  }

  /** What is on the disk, by number. */
  entries(): Promise<Entry[]> {
    return this.db.all<Entry>(ENTRIES);
  }

  /** The body that the service shall get, exactly as it was signed. @throws where it is gone or cannot be read */
  async body(entry: Entry): Promise<string> {
    if (entry.sealed === null) throw new Error(`entry ${entry.number} has no body any more`);
    return unseal(this.keys, entry.sealed);
  }

  /** Notes what became of an entry. Its body goes with the last word, save where a person must look into it. */
  settle(entry: Entry, fate: Fate): Promise<Entry> {
    const keepsBody = fate.is === 'unsent' || fate.is === 'blocked';
    return this.change(entry.number, (now) => {
      // A late note about a try says nothing any more once there is a last word.
      if (fate.is === 'unsent' && now.fate.is !== 'unsent') return now;
      return { ...now, fate, sealed: keepsBody ? now.sealed : null };
    });
  }

  /** Notes what was asked for at the counter, in fen, or that the rest was given back. */
  note(number: number, what: Partial<Pick<Entry, 'takenFen' | 'returned'>>): Promise<Entry> {
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

  /** Forgets old entries with a last word. The end of the journal stays, whatever is forgotten. */
  async forgetOld(): Promise<void> {
    const old = (await this.entries()).filter((entry) => entry.sealed === null && entry.madeAt < this.now() - KEPT_MS);
    if (old.length > 0) await this.db.write([ENTRIES], (open) => old.forEach((entry) => open(ENTRIES).delete(entry.number)));
  }

  private append(about: About, deedOf: (head: Head, id: string, now: number) => Deed): Promise<Entry> {
    const written = this.last.then(() => this.write(about, deedOf));
    this.last = written.catch(() => undefined);
    return written;
  }

  private async write(about: About, deedOf: (head: Head, id: string, now: number) => Deed): Promise<Entry> {
    const head = (await this.db.get<Head>(META, HEAD)) ?? EMPTY;
    const now = this.now();
    const id = uuidV7(now, crypto.getRandomValues(new Uint8Array(10)));
    const deed = deedOf(head, id, now);
    const hash = await sha256(textToHash(head, deed));
    const sealed = await seal(this.keys, bodyOf(head, deed, await signEntry(this.keys, hash)));
    const entry: Entry = { number: deed.journalNumber, id, madeAt: now, about, prevHash: head.hash, hash, sealed, fate: UNSENT, takenFen: null, returned: false };
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
    return entry;
  }
}
