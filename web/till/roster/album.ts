import type { Sealed } from '../journal/entry.js';
import type { Link } from '../journal/link.js';
import type { Shelf } from './shelf.js';

const PHOTOS = '/v1/till/photos';
/** A canteen has fewer regulars; more are not kept. */
export const MOST_PHOTOS = 2_000;
/** So many are fetched one after the other before they are put away together. */
const AT_ONCE = 8;
/** Between two of them: nobody at the counter notices, and the service is asked less than it allows (240 a minute). */
const REST_MS = 400;
/** So many without an answer in a row end a round; the next reading begins another. */
const MOST_MISSES = 3;

/** A regular's picture as the service lists it: by this till's handle of the card, another mark for another picture. */
export interface Mark {
  readonly handle: string;
  readonly photo: string;
}

/** A picture that lies here. */
export interface Kept extends Mark {
  readonly place: number;
}

/** What is to be done so that the album holds what the service lists, and nothing else. */
export interface AlbumPlan {
  readonly stays: readonly Kept[];
  readonly goes: readonly Kept[];
  /** Those to fetch, with places that no picture had: what is drawn from a place is never somebody else's. */
  readonly comes: readonly Kept[];
}

/** @param kept what lies here @param listed what the service lists now @param next the first place that was never used */
export function planAlbum(kept: readonly Kept[], listed: readonly Mark[], next: number): AlbumPlan {
  const wanted = new Map(listed.slice(0, MOST_PHOTOS).map((mark) => [mark.handle, mark.photo]));
  const stays = kept.filter(({ handle, photo }) => wanted.get(handle) === photo);
  for (const { handle } of stays) wanted.delete(handle);
  const comes = [...wanted].map(([handle, photo], index): Kept => ({ handle, photo, place: next + index }));
  return { stays, goes: kept.filter((one) => !stays.includes(one)), comes };
}

/** What an album works with. */
export interface AlbumTools {
  readonly shelf: Pick<Shelf, 'recall' | 'hang' | 'sealPicture' | 'picture'>;
  readonly link: Pick<Link, 'read' | 'picture'>;
  /** Whether somebody is served just now: nothing is fetched meanwhile. */
  readonly isBusy: () => boolean;
  readonly rest: (ms: number) => Promise<void>;
}

interface Written {
  readonly next: number;
  readonly kept: readonly Kept[];
}

/** Photos of the site's regulars, for the cashier's eyes and without a network: sealed like the roster, and gone with it. */
export class Album {
  private kept: ReadonlyMap<string, Kept> = new Map();
  private next = 0;
  /** Of which roster this album is: what was begun for another one writes nothing any more. */
  private age = 0;
  private underWay: Promise<void> | null = null;

  constructor(private readonly tools: AlbumTools) {}

  /** Takes up what lies on the disk. */
  async load(): Promise<void> {
    const written = await this.tools.shelf.recall<Written>('album');
    if (written !== null) this.take(written.kept, written.next);
  }

  /** The page's name for the photo of a handle; null where none is kept. */
  nameOf(handle: string): string | null {
    const kept = this.kept.get(handle);
    return kept === undefined ? null : `kept ${kept.place}`;
  }

  /** The photo by the page's name for it; null where it is gone, or none of these. */
  async open(name: string): Promise<Blob | null> {
    const place = /^kept (\d+)$/.exec(name)?.[1];
    const isKept = [...this.kept.values()].some((one) => String(one.place) === place);
    return isKept ? this.tools.shelf.picture(Number(place)) : null;
  }

  /** Forgets everybody at once; the shelf is wiped by whoever calls this. */
  forget(): void {
    this.age += 1;
    this.underWay = null;
    this.take([], this.next);
  }

  /** Brings the album up to now, in the background and slowly. What does not come now comes after the next reading. */
  refresh(): Promise<void> {
    const { age } = this;
    this.underWay ??= this.bringUp(age).catch(() => undefined).finally(() => {
      if (age === this.age) this.underWay = null;
    });
    return this.underWay;
  }

  private async bringUp(age: number): Promise<void> {
    const { items } = await this.tools.link.read<{ items: readonly Mark[] }>(PHOTOS);
    if (age !== this.age) return;
    const { stays, goes, comes } = planAlbum([...this.kept.values()], items, this.next);
    // Whoever is a regular no more, or took the consent back, goes before anybody comes.
    if (goes.length > 0) await this.hang(age, stays, [], goes);
    let misses = 0;
    for (let first = 0; first < comes.length && misses < MOST_MISSES; first += AT_ONCE) {
      const came: { mark: Kept; picture: Sealed }[] = [];
      for (const mark of comes.slice(first, first + AT_ONCE)) {
        const picture = misses < MOST_MISSES ? await this.fetch(age, mark) : null;
        misses = picture === null ? misses + 1 : 0;
        if (picture !== null) came.push({ mark, picture });
      }
      if (age !== this.age) return;
      if (came.length > 0) await this.hang(age, [...this.kept.values(), ...came.map(({ mark }) => mark)], came, []);
    }
  }

  private async fetch(age: number, { handle }: Mark): Promise<Sealed | null> {
    const { link, shelf, isBusy, rest } = this.tools;
    do await rest(REST_MS);
    while (age === this.age && isBusy());
    if (age !== this.age) return null;
    const picture = await link.picture(`${PHOTOS}/${handle}`, null);
    return picture === null ? null : shelf.sealPicture(picture);
  }

  private async hang(age: number, kept: readonly Kept[], came: readonly { mark: Kept; picture: Sealed }[], gone: readonly Kept[]): Promise<void> {
    const next = Math.max(this.next, ...kept.map(({ place }) => place + 1));
    const still = (): boolean => age === this.age;
    await this.tools.shelf.hang({ next, kept } satisfies Written, came.map(({ mark, picture }) => ({ place: mark.place, picture })), gone.map(({ place }) => place), still);
    if (still()) this.take(kept, next);
  }

  private take(kept: readonly Kept[], next: number): void {
    this.kept = new Map(kept.map((one) => [one.handle, one]));
    this.next = next;
  }
}
