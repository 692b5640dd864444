import type { RosterPage, TillRow } from '../../../src/till/domain/roster.js';
import type { Database } from '../journal/database.js';
import type { Sealed } from '../journal/entry.js';
import { seal, sealBytes, unseal, unsealBytes, type DeviceKeys } from '../journal/keys.js';

/** The store of everything that a roster is. */
export const ROSTER_STORE = 'roster';

/** What is known of the roster as a whole; nothing in it is anybody's. */
export type RosterHead = Pick<RosterPage, 'generation' | 'version' | 'asOf' | 'guaranteedUntil' | 'expiresAt' | 'countedTo'> & { readonly rows: number };

/** Rows are sealed by so many bundles: one look opens a handful of people, and a roster of 50,000 is some fifty in each. */
const BUNDLES = 1_024;
/** Pictures lie behind the bundles, by numbers that tell nobody. */
const FIRST_PICTURE = 4_096;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The bundle that a handle lies in: ten bits of it, which tell nobody. */
export function bundleOf(handle: string): number {
  return (LETTERS.indexOf(handle.charAt(0)) * 64 + LETTERS.indexOf(handle.charAt(1))) % BUNDLES;
}

/** Rows as texts, by bundle. */
export type Bundles = Map<number, string[]>;

/** Puts rows into bundles, as the texts that are sealed: many people are never held as objects. */
export function bundle(rows: readonly TillRow[], into: Bundles): Bundles {
  for (const row of rows) {
    const place = bundleOf(row.h);
    const there = into.get(place);
    if (there === undefined) into.set(place, [JSON.stringify(row)]);
    else there.push(JSON.stringify(row));
  }
  return into;
}

/** A bundle after a change: rows that went are out, rows that came take the place of older ones. */
export function mended(rows: readonly TillRow[], came: readonly TillRow[], gone: ReadonlySet<string>): TillRow[] {
  const replaced = new Set(came.map(({ h }) => h));
  return [...rows.filter(({ h }) => !gone.has(h) && !replaced.has(h)), ...came];
}

/** Parts of a roster besides its rows. */
export interface Parts {
  readonly keys: unknown;
  readonly catalogue: unknown;
  readonly lost: unknown;
  readonly strangers: unknown;
  /** Which pictures lie where. */
  readonly album: unknown;
  readonly bookings: unknown;
}

/** The roster in the browser's database: everything but its head encrypted by the device's own key. */
export class Shelf {
  constructor(private readonly db: Database, private readonly keys: DeviceKeys) {}

  head(): Promise<RosterHead | undefined> {
    return this.db.get<RosterHead>(ROSTER_STORE, 'head');
  }

  /** The row of a handle: one bundle is opened. */
  async find(handle: string): Promise<TillRow | null> {
    return (await this.open(bundleOf(handle))).find(({ h }) => h === handle) ?? null;
  }

  /** Puts a whole roster in the place of the one before, in one transaction. */
  async replace(head: RosterHead, bundles: Bundles): Promise<void> {
    const sealed = await Promise.all([...bundles].map(async ([place, rows]) => [place, await seal(this.keys, `[${rows.join(',')}]`)] as const));
    await this.db.write([ROSTER_STORE], (open) => {
      const store = open(ROSTER_STORE);
      store.delete(IDBKeyRange.bound(0, BUNDLES));
      for (const [place, one] of sealed) store.put(one, place);
      store.put(head, 'head');
    });
  }

  /** Takes changes in, in one transaction. @returns how many rows there are afterwards */
  async change(head: RosterHead, rows: readonly TillRow[], gone: readonly string[]): Promise<RosterHead> {
    const out = new Set(gone);
    const came = new Map<number, TillRow[]>();
    for (const row of rows) came.set(bundleOf(row.h), [...(came.get(bundleOf(row.h)) ?? []), row]);
    const places = new Set([...came.keys(), ...gone.map(bundleOf)]);
    let count = head.rows;
    const sealed = await Promise.all([...places].map(async (place) => {
      const before = await this.open(place);
      const after = mended(before, came.get(place) ?? [], out);
      count += after.length - before.length;
      return [place, await seal(this.keys, JSON.stringify(after))] as const;
    }));
    const changed = { ...head, rows: count };
    await this.db.write([ROSTER_STORE], (open) => {
      const store = open(ROSTER_STORE);
      for (const [place, one] of sealed) store.put(one, place);
      store.put(changed, 'head');
    });
    return changed;
  }

  async keep<K extends keyof Parts>(part: K, value: Parts[K]): Promise<void> {
    await this.db.put(ROSTER_STORE, await seal(this.keys, JSON.stringify(value)), part);
  }

  async recall<T>(part: keyof Parts): Promise<T | null> {
    const sealed = await this.db.get<Sealed>(ROSTER_STORE, part);
    return sealed === undefined ? null : (JSON.parse(await unseal(this.keys, sealed)) as T);
  }

  /** Puts pictures where they belong and takes others out, with the list of them all, in one transaction. `still`: asked last; false leaves everything as it is. */
  async hang(album: unknown, came: readonly { readonly place: number; readonly picture: Sealed }[], gone: readonly number[], still: () => boolean): Promise<void> {
    const list = await seal(this.keys, JSON.stringify(album));
    if (!still()) return;
    await this.db.write([ROSTER_STORE], (open) => {
      const store = open(ROSTER_STORE);
      for (const place of gone) store.delete(FIRST_PICTURE + place);
      for (const { place, picture } of came) store.put(picture, FIRST_PICTURE + place);
      store.put(list, 'album' satisfies keyof Parts);
    });
  }

  /** Seals a picture for this device alone. */
  async sealPicture(picture: Blob): Promise<Sealed> {
    return sealBytes(this.keys, new Uint8Array(await picture.arrayBuffer()));
  }

  /** The picture of a place; null where there is none. */
  async picture(place: number): Promise<Blob | null> {
    const sealed = await this.db.get<Sealed>(ROSTER_STORE, FIRST_PICTURE + place);
    return sealed === undefined ? null : new Blob([await unsealBytes(this.keys, sealed)]);
  }

  /** Nothing of it is left. */
  wipe(): Promise<void> {
    return this.db.write([ROSTER_STORE], (open) => void open(ROSTER_STORE).clear());
  }

  private async open(place: number): Promise<TillRow[]> {
    const sealed = await this.db.get<Sealed>(ROSTER_STORE, place);
    return sealed === undefined ? [] : (JSON.parse(await unseal(this.keys, sealed)) as TillRow[]);
  }
}
