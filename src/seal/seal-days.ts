import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { terminalKeys } from '../access/index.js';
import { chinaDate, type CivilMonth, type Clock } from '../kernel/index.js';
import { at, canonicalJson, CLOCK, FieldCipher, sha256 as sha256Hex, type Tx } from '../platform/index.js';
import { takeDue } from '../tap/index.js';
import { checkJournals } from './check-journals.js';
import { checkpointText, EMPTY_TREE, grow, leafHash, originOf, rootOf, rootOfEdge, statementOf, textOfNote, type SealedDay, type TreeEdge } from './domain/index.js';
import { insertFindings } from './finding.store.js';
import { leafIndexes, lineSums, type LeafIndex, type SiteDate } from './leaf.store.js';
import { insertCheckpoint, insertSeals, isSealed, lockSeals, newestSeals, readCheckpoint, type CheckpointRow, type SealRow } from './seal.store.js';
import { sealableMonths, unsealedDays } from './unsealed.store.js';

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

const HASH_BYTES = 32;
/** Kind, id and hash of a leaf. */
export const LEAF_BYTES = 49;
/** Days that are sealed with one round of statements: their leaves' hashes are held in memory. */
const AT_ONCE = 200;

/** What a round of sealing did. */
export interface SealingDone {
  readonly seals: number;
  readonly leaves: number;
  readonly findings: number;
}

/** Grows the city's log while days are sealed. */
interface Log {
  edge: TreeEdge;
  leaves: number;
  findings: number;
}

/** Seals days of sites under Merkle roots, and the seals under the city's next checkpoint. */
@Injectable()
export class SealDays {
  constructor(private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Waits until nobody else seals in the city, and keeps others waiting until the transaction ends. Before months are locked. */
  lock(tx: Tx, cityCode: string): Promise<void> {
    return lockSeals(tx, cityCode);
  }

  /** Seals every day that is over and has no seal, and those that changed after theirs. */
  async allOver(tx: Tx, cityCode: string): Promise<SealingDone> {
    await lockSeals(tx, cityCode);
    const days = new DayLists();
    // The marks first: a row that is booked after this look leaves a mark that is still there afterwards.
    for (const { bookedMonth, siteId, mealDate } of await takeDue(tx, cityCode)) days.add(bookedMonth, { siteId, mealDate });
    for (const { month, upTo } of await sealableMonths(tx, cityCode)) {
      for (const day of await unsealedDays(tx, cityCode, month, upTo)) days.add(month, day);
    }
    return this.seal(tx, cityCode, days);
  }

  /** Seals what is left of a month that this transaction closed: exactly what is booked in it. */
  async restOfMonth(tx: Tx, cityCode: string, month: CivilMonth): Promise<SealingDone> {
    const days = new DayLists();
    await lockSeals(tx, cityCode);
    for (const { siteId, mealDate } of await takeDue(tx, cityCode, month)) days.add(month, { siteId, mealDate });
    for (const day of await unsealedDays(tx, cityCode, month, null)) days.add(month, day);
    return this.seal(tx, cityCode, days);
  }

  /** Seals a closed month whose books are older than seals; else looks and does nothing. */
  async closedMonth(tx: Tx, cityCode: string, month: CivilMonth): Promise<void> {
    if (!(await isSealed(tx, cityCode, month))) await this.restOfMonth(tx, cityCode, month);
  }

  private async seal(tx: Tx, cityCode: string, days: DayLists): Promise<SealingDone> {
    const last = await readCheckpoint(tx, cityCode);
    const log: Log = { edge: last?.edge ?? EMPTY_TREE, leaves: 0, findings: 0 };
    const before = log.edge.size;
    for (const { month, some } of days.rounds(AT_ONCE)) await this.sealSome(tx, cityCode, month, some, log);
    if (log.edge.size > before) await this.checkpoint(tx, cityCode, log.edge, last);
    return { seals: log.edge.size - before, leaves: log.leaves, findings: log.findings };
  }

  private async sealSome(tx: Tx, cityCode: string, month: CivilMonth, days: readonly SiteDate[], log: Log): Promise<void> {
    const findings = await checkJournals(tx, cityCode, month, days);
    await insertFindings(tx, cityCode, findings, this.clock.now());
    log.findings += findings.length;
    const covered = await leafIndexes(tx, cityCode, month, days);
    const known = new Map((await newestSeals(tx, cityCode, month, days)).map((seal) => [dayKey(seal), seal]));
    const lines = new Map<string, SealedDay['lines'][number][]>();
    for (const { siteId, mealDate, ...line } of await lineSums(tx, cityCode, month, days)) {
      const key = dayKey({ siteId, mealDate });
      const own = lines.get(key);
      if (own === undefined) lines.set(key, [line]);
      else own.push(line);
    }
    const keys = await terminalKeys(tx, cityCode, [...new Set(covered.flatMap((day) => day.terminalIds))]);
    const keyHashes = new Map([...keys].map(([terminalId, ders]) => [terminalId, ders.map(sha256Hex)]));
    const sealedAt = at(this.clock.now());
    const rows = covered.map((day, index): SealRow => {
      const sealBefore = known.get(dayKey(day));
      const { leafIndex, terminalIds, ...counts } = day;
      const sealed: SealedDay = {
        ...counts, bookedMonth: month, seq: (sealBefore?.seq ?? 0) + 1, before: sealBefore?.sealHash.toString('hex') ?? null, root: hex(rootOf(sha256, leafHashes(day))),
        lines: (lines.get(dayKey(day)) ?? []).filter((line) => line.meals !== 0 || line.fen !== 0),
        terminals: [...terminalIds].sort().flatMap((terminalId) => (keyHashes.get(terminalId) ?? []).map((keyHash) => [terminalId, keyHash] as const)),
      };
      const statement = canonicalJson(statementOf(cityCode, sealed, sealedAt));
      return { ...sealed, logIndex: log.edge.size + index, leafIndex, statement, sealHash: Buffer.from(leafHash(sha256, Buffer.from(statement))) };
    });
    await insertSeals(tx, cityCode, rows, this.clock.now());
    log.edge = grow(sha256, log.edge, rows.map((row) => row.sealHash));
    log.leaves += covered.reduce((sum, day) => sum + day.leaves, 0);
  }

  private async checkpoint(tx: Tx, cityCode: string, edge: TreeEdge, last: CheckpointRow | undefined): Promise<void> {
    const root = Buffer.from(rootOfEdge(sha256, edge));
    const now = this.clock.now();
    const before = last === undefined ? null : Buffer.from(sha256(Buffer.from(textOfNote(last.note)))).toString('base64');
    const text = checkpointText({ cityCode, size: edge.size, root: root.toString('base64'), date: chinaDate(now), before });
    await insertCheckpoint(tx, cityCode, { size: edge.size, root, edge, note: this.cipher.notes.signNote(originOf(cityCode), text), madeAt: now });
  }
}

/** Days of sites by month of booking, each once. */
class DayLists {
  private readonly months = new Map<CivilMonth, Map<string, SiteDate>>();

  add(month: CivilMonth, day: SiteDate): void {
    const days = this.months.get(month) ?? new Map<string, SiteDate>();
    this.months.set(month, days.set(dayKey(day), day));
  }

  /** Month by month, some days at a time, in the order of date and site. */
  *rounds(most: number): Generator<{ month: CivilMonth; some: SiteDate[] }> {
    for (const [month, days] of [...this.months].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const sorted = [...days].map(([, day]) => day).sort((a, b) => (a.mealDate + a.siteId < b.mealDate + b.siteId ? -1 : 1));
      for (let from = 0; from < sorted.length; from += most) yield { month, some: sorted.slice(from, from + most) };
    }
  }
}

function dayKey({ siteId, mealDate }: SiteDate): string {
  return `${siteId} ${mealDate}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The hashes of a day's leaves in their order. */
export function leafHashes({ leaves, leafIndex }: Pick<LeafIndex, 'leaves' | 'leafIndex'>): Uint8Array[] {
  return Array.from({ length: leaves }, (_, place) => leafIndex.subarray((place + 1) * LEAF_BYTES - HASH_BYTES, (place + 1) * LEAF_BYTES));
}
