import type { RosterPage } from '../../../src/till/domain/roster.js';
import type { TillBookings } from '../../../src/till/domain/booked.js';
import type { Link } from '../journal/link.js';
import type { RosterKeys } from './keys.js';
import { bundle, type RosterHead, type Shelf } from './shelf.js';

/** Something that the service should have signed, and did not. */
export class Forged extends Error {
  override readonly name = 'Forged';
}

/** The handles of this terminal were made in another generation of its key. */
export class OtherGeneration extends Error {
  override readonly name = 'OtherGeneration';
}

const PAGE_MS = 20_000;
const BOOKINGS = '/v1/till/bookings';

/** Reads what the service signs. @throws Forged before anything of it is looked at, Away, Refused */
export async function readSigned<T>(link: Link, keys: RosterKeys, path: string): Promise<T> {
  return believed(keys, path, await link.readText(path, PAGE_MS));
}

async function believed<T>(keys: RosterKeys, path: string, { text, signature }: { readonly text: string; readonly signature: string }): Promise<T> {
  if (!(await keys.isSigned(text, signature))) throw new Forged(path);
  return JSON.parse(text) as T;
}

/** A page that belongs to this till and to the keys at hand. */
function ours<T extends { readonly terminalId: string; readonly generation: number }>(link: Link, keys: RosterKeys, page: T): T {
  if (page.terminalId !== link.terminal.terminalId) throw new Forged('terminal');
  if (page.generation !== keys.generation) throw new OtherGeneration();
  return page;
}

/** All pages of one reading, one after the other. */
async function* pages<P extends { readonly terminalId: string; readonly generation: number; readonly next: string | null }>(link: Link, keys: RosterKeys, path: string, query: string): AsyncGenerator<P> {
  for (let more = query; ;) {
    const page = ours(link, keys, await readSigned<P>(link, keys, `${path}${more}`));
    yield page;
    if (page.next === null) return;
    more = `?cursor=${encodeURIComponent(page.next)}`;
  }
}

const headOf = ({ generation, version, asOf, guaranteedUntil, expiresAt, countedTo }: RosterPage, rows: number): RosterHead => ({ generation, version, asOf, guaranteedUntil, expiresAt, countedTo, rows });

/**
 * Brings the roster on the shelf up to now: what changed since it was read, or all of it where there is none, where its
 * handles are of another generation, or where the service says so. Nothing is kept before the last page was checked.
 * @returns the head, and whether it was read as a whole
 * @throws Forged, OtherGeneration, Away, Refused: the shelf is then as it was
 */
export async function readRoster(link: Link, keys: RosterKeys, shelf: Shelf, known: RosterHead | null): Promise<{ head: RosterHead; whole: boolean }> {
  const query = known === null || known.generation !== keys.generation ? '' : `?since=${known.version}&generation=${known.generation}`;
  const [whole, rows, gone]: [Map<number, string[]>, RosterPage['rows'][number][], string[]] = [new Map(), [], []];
  let first: RosterPage | null = null;
  let count = 0;
  for await (const page of pages<RosterPage>(link, keys, '/v1/till/roster', query)) {
    first ??= page;
    count += page.rows.length;
    if (first.since === null) bundle(page.rows, whole);
    else {
      rows.push(...page.rows);
      gone.push(...page.gone);
    }
  }
  if (first === null) throw new Forged('roster');
  if (first.since !== null && known !== null) return { head: await shelf.change(headOf(first, known.rows), rows, gone), whole: false };
  const head = headOf(first, count);
  await shelf.replace(head, whole);
  return { head, whole: true };
}

/** Reads what is booked at this site today and tomorrow; null where it is what was read under that tag. @throws Forged, OtherGeneration, Away, Refused */
export async function readBookings(link: Link, keys: RosterKeys, known: string, ms = PAGE_MS): Promise<{ page: TillBookings; tag: string } | null> {
  const read = await link.readText(BOOKINGS, ms, known);
  return read.same ? null : { page: ours(link, keys, await believed<TillBookings>(keys, BOOKINGS, read)), tag: read.tag };
}

interface LostPage {
  readonly terminalId: string;
  readonly generation: number;
  readonly since: number | null;
  readonly version: number;
  readonly lost: readonly string[];
  readonly cleared: readonly string[];
  readonly next: string | null;
}

/** The cards of the city that count for nothing, by their handles here. */
export interface LostCards {
  readonly generation: number;
  readonly version: number;
  readonly handles: readonly string[];
}

/** Brings the list of lost cards up to now. @throws Forged, OtherGeneration, Away, Refused */
export async function readLostCards(link: Link, keys: RosterKeys, known: LostCards | null): Promise<LostCards> {
  const query = known === null || known.generation !== keys.generation ? '' : `?since=${known.version}&generation=${known.generation}`;
  let handles = new Set(known?.handles ?? []);
  let version = 0;
  for await (const page of pages<LostPage>(link, keys, '/v1/till/lost-cards', query)) {
    if (version === 0 && page.since === null) handles = new Set();
    ({ version } = page);
    for (const handle of page.cleared) handles.delete(handle);
    for (const handle of page.lost) handles.add(handle);
  }
  return { generation: keys.generation, version, handles: [...handles] };
}
