import { EXPIRY_MS, rosterStanding, type TillRow } from '../../../src/till/domain/roster.js';
import { openPass, rowOfPass } from '../../../src/till/domain/pass.js';
import { newId } from '../../lib/id.js';
import { decideByPrices, UNKNOWN, type Judged, type Question } from '../decide.js';
import type { Entry } from '../journal/entry.js';
import { Refused, refusal, VERSION, type Link } from '../journal/link.js';
import type { Place } from '../place.js';
import type { Listed, Person, RosterView } from '../view.js';
import type { Album } from './album.js';
import { judge, personOf, type Catalogue } from './judge.js';
import { RosterKeys, textOfBase64Url, type OpenedTill } from './keys.js';
import { isAboveLimits, journalled, ownUses, type OwnMeal, type Trace } from './own-meals.js';
import { Forged, OtherGeneration, readLostCards, readRoster, readSigned, type LostCards } from './reading.js';
import type { RosterHead, Shelf } from './shelf.js';
import { strangerOf, withStranger, type Stranger } from './strangers.js';

/** The service is told of the till anew after so long, and gives the same keys. */
const REPORT_MS = 12 * 3_600_000;
/** What a look-up told of a stranger is good for so long; then it is asked again. */
const STRANGER_MS = 12 * 3_600_000;
/** So long somebody who is not on the roster is looked up while they stand there. */
const LOOK_UP_MS = 1_500;

interface KeptKeys extends OpenedTill {
  readonly at: number;
}

/** What a roster works with. */
export interface RosterTools {
  readonly shelf: Shelf;
  /** Photos of regulars: they come and go with the roster. */
  readonly album: Pick<Album, 'load' | 'forget' | 'nameOf'>;
  readonly link: Link;
  readonly now: () => number;
  /** This till's journal as lists show it. */
  readonly entries: () => readonly Listed[];
  /** Where this device stands, if it knows and may tell. */
  readonly place: () => Promise<Place | null>;
  /** Changes this device's key where its time has come. @returns whether it did: handles are of another generation then */
  readonly renew: (opened: OpenedTill) => Promise<boolean>;
}

/** Whom a pass makes known, with what stands for the card where it has that; or the code of its refusal. */
export type PassRead = { readonly ok: true; readonly person: Person; readonly row: TillRow; readonly nonce: string; readonly note?: string } | { readonly ok: false; readonly code: string };

/**
 * What this till knows of who eats here: rows under pseudonyms, sealed on the disk, with which it decides a meal by
 * itself. It holds a row as long as the service stands by it: never longer than 72 hours.
 */
export class Roster {
  /** What the service said when the till last reported. */
  opened: OpenedTill | null = null;
  /** What cards are called here; null before the service has given the keys. */
  keys: RosterKeys | null = null;
  private openedAt = 0;
  private head: RosterHead | null = null;
  private catalogue: Catalogue | null = null;
  private lost: LostCards | null = null;
  private lostHandles: ReadonlySet<string> = new Set();
  private strangers: readonly Stranger[] = [];
  private meals: OwnMeal[] = [];
  private whole = false;
  private out = false;
  /** The last answer failed its signature: what was there before stays. */
  private forged = false;
  private underWay: Promise<void> | null = null;

  constructor(private readonly tools: RosterTools) {}

  /** Takes up what lies on the disk. @param meals what this till's own sales took, by its journal */
  async load(meals: readonly OwnMeal[]): Promise<void> {
    const { shelf } = this.tools;
    this.meals = [...meals];
    try {
      const kept = await shelf.recall<KeptKeys>('keys');
      if (kept === null) return;
      this.head = (await shelf.head()) ?? null;
      await this.take(kept, kept.at);
      if (await this.wipeOld()) return;
      const [catalogue, lost, strangers] = await Promise.all([shelf.recall<Catalogue>('catalogue'), shelf.recall<LostCards>('lost'), shelf.recall<Stranger[]>('strangers')]);
      this.catalogue = catalogue;
      this.strangers = strangers ?? [];
      this.holdLost(lost);
      await this.tools.album.load();
    } catch {
      // Nobody can read it any more: it is asked for anew.
      await this.wipe();
    }
  }

  /** The roster as the cashier should know of it. */
  view(): RosterView {
    const { head } = this;
    const trouble = this.forged ? { trouble: '收到的名册未通过校验，没有采用；请告诉管理员' } : {};
    if (head === null) return { asOf: null, standing: 'none', rows: 0, coveredUntil: null, ...trouble };
    return { asOf: head.asOf, standing: rosterStanding(head.asOf, this.tools.now()), rows: head.rows, coveredUntil: head.guaranteedUntil, ...trouble };
  }

  /** What the site is called; null before the first catalogue. */
  get siteName(): string | null {
    return this.catalogue?.site.name ?? null;
  }

  /** Whether the city offers prepaid balances, as far as the last catalogue knew. */
  get prepayment(): boolean {
    return this.catalogue?.prepayment === true;
  }

  /** Whether own shares may be paid by WeChat's payment code here, as far as the last catalogue knew. */
  get payCode(): boolean {
    return this.catalogue?.payCode === true;
  }

  /** Whether the site may sell at all, as far as the last catalogue knew. */
  get siteTrouble(): string | null {
    if (this.catalogue === null) return null;
    const { state, licenceValid } = this.catalogue.site;
    return state !== 'open' ? '本助餐点未在营业状态' : licenceValid ? null : '食品经营许可已过期';
  }

  /** Brings everything up to now. @throws Away, Refused: what was there stays, save where this terminal was taken out */
  refresh(): Promise<void> {
    this.underWay ??= this.bringUp().finally(() => {
      this.underWay = null;
      return this.out ? this.wipe() : undefined;
    });
    return this.underWay;
  }

  /** The next reading takes everything anew: the service's database is another than before. */
  readWhole(): void {
    this.whole = true;
  }

  /** What a meal costs whom, by what this till knows. */
  async judge(question: Question): Promise<Judged> {
    const { credential, row: given, handle: booked } = question;
    if (credential.kind === 'guest' || this.keys === null) return decideByPrices(question);
    const now = this.tools.now();
    const handle = credential.kind === 'card' ? await this.keys.handleOfCard(credential.number) : (given?.h ?? booked);
    if (handle === undefined) return UNKNOWN;
    const known = given === undefined ? await this.find(handle, now) : { row: given, countedTo: this.lastSent() };
    const found = known ?? (question.away || credential.kind !== 'card' ? null : await this.lookUp(credential.number));
    if (found?.row.x !== undefined || this.lostHandles.has(handle)) return { ...UNKNOWN, trouble: found?.row.x === undefined ? 'card-held' : `card-${found.row.x}` };
    if (found === null || this.catalogue === null) return UNKNOWN;
    const journal = journalled(this.tools.entries());
    const own = ownUses(this.meals, journal, handle, found.countedTo);
    const { limits } = this.catalogue;
    const judged = judge(found.row, this.catalogue, question, own, now, (trace) => isAboveLimits(this.meals, journal, limits, trace));
    return { ...judged, person: { ...personOf(found.row), photo: this.tools.album.nameOf(handle) } };
  }

  /** A sale was written down: its uses count from now on. */
  sold(entry: Pick<Entry, 'number'>, trace: Trace | null): void {
    if (trace !== null) this.meals.push({ ...trace, number: entry.number });
  }

  /** Takes a stranger in by a signed pass: the card that it belongs to is known from then on, as long as the pass holds. */
  async readPass(text: string): Promise<PassRead> {
    const { keys } = this;
    if (keys === null || this.catalogue === null) return { ok: false, code: 'pass-no-key' };
    const { terminal } = this.tools.link;
    const now = this.tools.now();
    const read = await openPass(text, { cityCode: terminal.cityCode, siteId: terminal.siteId, now, verify: (message, signature) => keys.isSigned(message, signature), fromBase64: textOfBase64Url });
    if (!read.ok) return { ok: false, code: read.code };
    const row = rowOfPass(read.value, await keys.handleOf(read.value.digest));
    await this.meet({ row, until: read.value.expiresAt, countedTo: this.countedAt(read.value.issuedAt) });
    const { nonce, note } = read.value;
    return { ok: true, person: personOf(row), row, nonce, ...(note === undefined ? {} : { note }) };
  }

  /** This terminal was taken out: it knows nobody from now on, whatever a reading under way may still bring. */
  forget(): Promise<void> {
    this.out = true;
    return this.wipe();
  }

  /** Forgets everything. */
  private async wipe(): Promise<void> {
    [this.keys, this.head, this.catalogue, this.lost, this.opened, this.strangers, this.lostHandles] = [null, null, null, null, null, [], new Set()];
    this.tools.album.forget();
    await this.tools.shelf.wipe();
  }

  /** Wipes a roster whose time is over. @returns whether it did */
  async wipeOld(): Promise<boolean> {
    const since = this.head?.asOf ?? (this.keys === null ? null : this.openedAt);
    if (since === null || this.tools.now() < since + EXPIRY_MS) return false;
    await this.wipe();
    return true;
  }

  private async bringUp(): Promise<void> {
    await this.wipeOld();
    try {
      if (this.keys === null || this.tools.now() > this.openedAt + REPORT_MS) await this.report();
      if (this.opened !== null && (await this.tools.renew(this.opened))) await this.report();
      await this.readAll();
    } catch (error) {
      if (!(error instanceof OtherGeneration)) throw error;
      await this.report();
      await this.readAll();
    }
  }

  private async readAll(): Promise<void> {
    const { link, shelf } = this.tools;
    const keys = this.keys as RosterKeys;
    try {
      this.catalogue = await readSigned<Catalogue>(link, keys, '/v1/till/catalogue');
      await shelf.keep('catalogue', this.catalogue);
      let reading = await readRoster(link, keys, shelf, this.whole ? null : this.head);
      [this.head, this.whole] = [reading.head, false];
      // Rows of a long reading may be newer than its first page: the change right after brings all of them to one moment.
      if (reading.whole) reading = await readRoster(link, keys, shelf, reading.head);
      this.head = reading.head;
      const lost = await readLostCards(link, keys, this.lost);
      await shelf.keep('lost', lost);
      this.holdLost(lost);
      this.forged = false;
    } catch (error) {
      if (!(error instanceof Forged)) throw error;
      this.forged = true;
    }
  }

  /** Reports at the service, and takes the keys that it gives. @throws Away, Refused */
  async report(): Promise<void> {
    const { link, shelf, now, entries, place } = this.tools;
    const at = now();
    const where = await place();
    const unsent = entries().filter(({ fate }) => fate.is === 'unsent').length;
    const body = { id: newId(at), version: VERSION, time: at, unsent, ...(where === null ? {} : { place: where }) };
    const answer = await link.post('/v1/till/openings', JSON.stringify(body));
    if (answer.status !== 200) throw refusal(answer);
    const opened = answer.body as OpenedTill;
    // Handles of another generation are nobody's any more.
    if (this.keys !== null && this.keys.generation !== opened.generation) await this.wipe();
    await shelf.keep('keys', { ...opened, at } satisfies KeptKeys);
    await this.take(opened, at);
  }

  private async take(opened: OpenedTill, at: number): Promise<void> {
    this.keys = await RosterKeys.of(opened);
    [this.opened, this.openedAt] = [opened, at];
  }

  private holdLost(lost: LostCards | null): void {
    this.lost = lost;
    this.lostHandles = new Set(lost?.handles ?? []);
  }

  /** A card's row: of the roster as long as it may be used, or of somebody who was looked up. */
  private async find(handle: string, now: number): Promise<{ row: Stranger['row']; countedTo: number } | null> {
    const { head } = this;
    const usable = head !== null && rosterStanding(head.asOf, now) !== 'full-price';
    if (head !== null && !usable) void this.wipeOld();
    const row = usable ? await this.tools.shelf.find(handle) : null;
    return row === null || head === null ? strangerOf(this.strangers, handle, now) : { row, countedTo: head.countedTo };
  }

  /** Asks the service for a card that is not on the roster. @returns null where it does not know it, or does not answer */
  private async lookUp(number: string): Promise<Stranger | null> {
    const countedTo = this.lastSent();
    try {
      const answer = await this.tools.link.post('/v1/till/cards', JSON.stringify({ number }), LOOK_UP_MS);
      if (answer.status !== 200) return null;
      const stranger: Stranger = { row: answer.body as Stranger['row'], until: this.tools.now() + STRANGER_MS, countedTo };
      await this.meet(stranger);
      return stranger;
    } catch {
      return null;
    }
  }

  private async meet(stranger: Stranger): Promise<void> {
    this.strangers = withStranger(this.strangers, stranger, this.tools.now());
    await this.tools.shelf.keep('strangers', this.strangers);
  }

  /** The last journal number before which nothing waits to be sent. */
  private lastSent(): number {
    const entries = this.tools.entries();
    const open = entries.find(({ fate }) => fate.is === 'unsent');
    return open === undefined ? (entries.at(-1)?.number ?? 0) : open.number - 1;
  }

  /** The last journal number of the time before a moment. */
  private countedAt(moment: number): number {
    return this.tools.entries().findLast(({ madeAt, fate }) => madeAt < moment && fate.is !== 'unsent')?.number ?? 0;
  }
}

/** Whether the service takes nothing from this terminal any more, whatever it holds. */
export function isTakenOut(error: unknown): boolean {
  return error instanceof Refused && ['terminal-revoked', 'terminal-unknown'].includes(error.code);
}
