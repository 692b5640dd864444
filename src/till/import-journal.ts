import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { recordAudit, SitePlaces, terminalKeys } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import {
  actorName, beyondLimits, bracketForeignKeys, checkedBody, CLOCK, doDeed, FieldCipher, problemBody, ProblemException, sha256, Transactor, USUAL_DOOR,
  type StaffActor, type TerminalActor,
} from '../platform/index.js';
import { entryHash, TakeTaps, VoidBody, VoidTap } from '../tap/index.js';
import { JOURNAL_FILE_FORMAT, MOST_FILE_ENTRIES, type FiledEntry, type JournalFile } from './domain/index.js';
import { JournalChest } from './journal-chest.js';
import { filedTerminal, insertImport, knownEntries, type FiledTerminal } from './journal-import.store.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What became of one entry of a file. `open`: nothing was written, and the sentence says why. */
export interface FiledFate {
  readonly number: number | null;
  readonly id: string | null;
  readonly kind: 'sale' | 'void';
  readonly fate: 'booked' | 'known' | 'refused' | 'open';
  readonly code: string | null;
  readonly sentence: string | null;
}

/** A file that was gone through. */
export interface JournalImported {
  readonly importId: string;
  readonly terminalId: string;
  readonly label: string;
  readonly entries: FiledFate[];
  readonly sentence: string;
}

/** The fields of a body that are looked at before its own checks; whatever they are. */
interface Body {
  readonly id?: unknown;
  readonly journalNumber?: unknown;
  readonly prevHash?: unknown;
  readonly deviceTime?: unknown;
  readonly signature?: unknown;
  readonly told?: unknown;
}

interface Filed extends FiledEntry {
  readonly id: string | null;
  readonly number: number | null;
}

type Fated = Pick<FiledFate, 'fate' | 'code' | 'sentence'>;

/**
 * Books what a till wrote to a file because it could not send it. Each entry must bear a signature of the terminal's own
 * keys, and goes the way of an upload of that terminal: what is known already stays as it is. A revoked terminal's entries
 * from before it was revoked are taken as well; every meal that came by file is flagged for review.
 */
@Injectable()
export class ImportJournal {
  private readonly chest: JournalChest;
  private readonly check = checkedBody();

  constructor(
    private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly takes: TakeTaps, private readonly voids: VoidTap,
    cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.chest = new JournalChest(cipher);
  }

  /** @returns `journal-file-torn`, `journal-file-long`, `not-found`, `outside-scope`, `id-taken` */
  async run(actor: StaffActor, importId: string, file: JournalFile): Promise<Outcome<JournalImported>> {
    const { cityCode } = actor;
    const { terminalId } = file;
    const read = this.read(file);
    if (!read.ok) return read;
    const entries = read.value;
    const fileHash = sha256(`${terminalId}\n${file.sealed}`);
    const begun = await doDeed(this.transactor, this.clock, { cityCode, id: importId, kind: 'till.journal-import', body: { terminalId, fileHash, by: actor.staffId } }, async (tx) => {
      const terminal = await filedTerminal(tx, cityCode, terminalId);
      if (terminal === undefined) return refuse('not-found');
      const reached = await this.places.openTo(tx, actor, terminal.siteId);
      if (!reached.ok) return reached;
      await insertImport(tx, cityCode, { importId, terminalId, fileHash, entries: entries.length, by: actorName(actor) }, this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'till.journal-import', objectKind: 'terminal', objectId: terminalId, after: { importId, fileHash, entries: entries.length } });
      return done(null);
    });
    if (!begun.ok) return begun;
    const { terminal, keys, known } = await this.facts(cityCode, terminalId, entries);
    const fates = await this.book({ kind: 'terminal', cityCode, terminalId, siteId: terminal.siteId }, terminal, keys, entries);
    const told = entries.map((entry, index): FiledFate => {
      const fate = fates[index] as Fated;
      const wasKnown = fate.fate !== 'open' && entry.id !== null && known.has(entry.id);
      return { number: entry.number, id: entry.id, kind: entry.kind, ...fate, ...(wasKnown ? { fate: 'known' as const } : {}) };
    });
    return done({ importId, terminalId, label: terminal.label, entries: told, sentence: sentenceOf(told) });
  }

  /** What lies in a file, by number. */
  private read(file: JournalFile): Outcome<Filed[]> {
    const bytes = file.format === JOURNAL_FILE_FORMAT ? this.chest.open(file) : null;
    if (bytes === null || beyondLimits(bytes, USUAL_DOOR.large) !== null) return refuse('journal-file-torn');
    const list = listed(bytes.toString());
    if (list === null || list.length === 0) return refuse('journal-file-torn');
    if (list.length > MOST_FILE_ENTRIES) return refuse('journal-file-long', { limit: MOST_FILE_ENTRIES });
    const entries = list.map(({ kind, tapId, body }): Filed => {
      const { id, journalNumber } = body as Body;
      return {
        kind, ...(tapId === undefined ? {} : { tapId }), body: bracketForeignKeys(body) as object,
        id: typeof id === 'string' && UUID.test(id) ? id : null, number: Number.isSafeInteger(journalNumber) ? (journalNumber as number) : null,
      };
    });
    return done(entries.sort((a, b) => (a.number ?? 0) - (b.number ?? 0)));
  }

  private facts(cityCode: string, terminalId: string, entries: readonly Filed[]): Promise<{ terminal: FiledTerminal; keys: KeyObject[]; known: Set<string> }> {
    return this.transactor.read(async (tx) => {
      const terminal = (await filedTerminal(tx, cityCode, terminalId)) as FiledTerminal;
      const keys = (await terminalKeys(tx, cityCode, [terminalId])).get(terminalId) ?? [];
      const known = await knownEntries(tx, cityCode, entries.flatMap(({ id }) => id ?? []));
      return { terminal, keys: keys.map((key) => createPublicKey({ key, format: 'der', type: 'spki' })), known };
    });
  }

  /** Books entries in the order of the journal: sales together, voids by themselves between them. */
  private async book(till: TerminalActor, terminal: FiledTerminal, keys: readonly KeyObject[], entries: readonly Filed[]): Promise<Fated[]> {
    const fates = new Map<Filed, Fated>();
    let sales: Filed[] = [];
    const bookSales = async (): Promise<void> => {
      const results = await this.takes.upload(till, sales.map(({ body }) => body), true);
      for (const [index, entry] of sales.entries()) {
        const { answer, problem } = results[index] as (typeof results)[number];
        fates.set(entry, answer === null ? { fate: 'open', code: problem?.code ?? null, sentence: problem?.title ?? null }
          : { fate: answer.outcome === 'accepted' ? 'booked' : 'refused', code: answer.code, sentence: answer.sentence });
      }
      sales = [];
    };
    for (const entry of entries) {
      const wrong = troubleOf(entry, terminal, keys);
      if (wrong !== null) fates.set(entry, open(wrong));
      else if (entry.kind === 'sale') sales.push(entry);
      else {
        await bookSales();
        fates.set(entry, await this.bookVoid(till, entry));
      }
    }
    await bookSales();
    return entries.map((entry) => fates.get(entry) as Fated);
  }

  private async bookVoid(till: TerminalActor, { tapId, body }: Filed): Promise<Fated> {
    try {
      const request = (await this.check.transform(body, { type: 'body', metatype: VoidBody })) as VoidBody;
      if (tapId === undefined || !UUID.test(tapId)) return open('not-found');
      const outcome = await this.voids.void(till, tapId, request);
      return outcome.ok ? { fate: 'booked', code: null, sentence: outcome.value.sentence } : open(outcome.code, outcome.detail);
    } catch (error) {
      if (error instanceof ProblemException) return open(error.code, error.facts);
      throw error;
    }
  }
}

function open(code: string, detail?: ProblemException['facts']): Fated {
  return { fate: 'open', code, sentence: problemBody(code, detail).title };
}

/** Why an entry is not even looked at: nobody but the terminal itself may speak for it, and not after its end. */
function troubleOf({ kind, tapId, body }: Filed, { revokedAt }: FiledTerminal, keys: readonly KeyObject[]): string | null {
  const { prevHash, signature, deviceTime, told: _outside, ...deed } = body as Body;
  if (typeof prevHash !== 'string' || typeof signature !== 'string') return 'journal-signature-wrong';
  const fields = { ...deed, ...(deviceTime === undefined ? {} : { deviceTime }), ...(kind === 'void' ? { tapId } : {}) };
  if (!isSigned(keys, prevHash, fields, signature)) return 'journal-signature-wrong';
  const madeAt = typeof deviceTime === 'string' ? Date.parse(deviceTime) : Number.NaN;
  return revokedAt !== null && !(madeAt < revokedAt) ? 'journal-entry-late' : null;
}

function isSigned(keys: readonly KeyObject[], prevHash: string, fields: object, signature: string): boolean {
  try {
    const hash = Buffer.from(entryHash(prevHash, fields), 'hex');
    const given = Buffer.from(signature, 'base64url');
    return keys.some((key) => verify('sha256', hash, { key, dsaEncoding: 'ieee-p1363' }, given));
  } catch {
    // Values that no journal holds have no hash.
    return false;
  }
}

function listed(text: string): FiledEntry[] | null {
  try {
    const { entries } = JSON.parse(text) as { entries?: unknown };
    return Array.isArray(entries) && entries.every(isFiled) ? entries : null;
  } catch {
    return null;
  }
}

function isFiled(value: unknown): value is FiledEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, tapId, body } = value as Record<string, unknown>;
  return (kind === 'sale' || kind === 'void') && (tapId === undefined || typeof tapId === 'string') && typeof body === 'object' && body !== null && !Array.isArray(body);
}

function sentenceOf(entries: readonly FiledFate[]): string {
  const count = (fate: FiledFate['fate']): number => entries.filter((entry) => entry.fate === fate).length;
  const stuck = entries.filter(({ fate }) => fate === 'open').map(({ number }) => number ?? '？');
  return `共 ${entries.length} 笔：新记账 ${count('booked')} 笔，先前已收到 ${count('known')} 笔，按规定不记账 ${count('refused')} 笔，没有处理 ${stuck.length} 笔${
    stuck.length === 0 ? '。' : `（第 ${stuck.slice(0, 20).join('、')}${stuck.length > 20 ? ' 等' : ''} 号），请逐笔核对原因。`}`;
}
