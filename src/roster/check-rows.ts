import type { Tx } from '../platform/index.js';
import { factsOf, identityIndex, nameIndex } from '../elder/index.js';
import { readElderRow, readRegisterRow, type ReadContext, type RegisterFields, type RegisterRow, type RowCode, type RowFault, type SkippedRow, type TableRow } from './domain/index.js';
import { compareRows, rowDigest, type CompareParts, type NumberedRow } from './compare-rows.js';
import { knownElders } from './known.store.js';
import type { Counts, RosterRow, RowOutcome, RowResult } from './roster.store.js';
import { sealRow, type RowContent } from './sealed-row.js';

/** Which columns tell a register's days and places. */
const REGISTER_FIELDS: Readonly<Record<Exclude<RosterRow['purpose'], 'elders'>, RegisterFields>> = {
  deaths: { from: 'died', to: null, place: null },
  careHomes: { from: 'stayFrom', to: 'stayTo', place: null },
  hukouMoves: { from: 'movedOn', to: null, place: 'movedTo' },
};

/** What reading the rows of one file takes. */
export interface CheckParts extends CompareParts {
  readonly roster: RosterRow;
  readonly context: ReadContext;
}

/** Reads a file's rows batch by batch, tells rows that stand twice, compares the rest, and counts. */
export class RowChecker {
  private readonly seen = new Map<string, { rowNo: number; digest: string }>();
  private readonly outcomes: Record<RowOutcome, number> = { new: 0, changed: 0, unchanged: 0, wrong: 0, skipped: 0, notRegistered: 0, matched: 0, proposed: 0 };
  private readonly cards = new Set<string>();
  private rows = 0;
  private formulas = 0;
  private stated: number | null = null;

  constructor(private readonly parts: CheckParts) {}

  get counts(): Counts {
    return { ...this.outcomes, rows: this.rows, formulas: this.formulas, stated: this.stated };
  }

  /** @returns what each row came to; blank rows are left out */
  async check(tx: Tx, batch: readonly TableRow[]): Promise<RowResult[]> {
    const results = this.parts.roster.purpose === 'elders' ? await this.checkElders(tx, batch) : await this.checkRegister(tx, batch, REGISTER_FIELDS[this.parts.roster.purpose]);
    for (const result of results) this.outcomes[result.outcome] += 1;
    this.rows += results.length;
    for (const row of batch) for (const cell of row.cells) if (cell?.formula) this.formulas += 1;
    return results.toSorted((a, b) => a.rowNo - b.rowNo);
  }

  private async checkElders(tx: Tx, batch: readonly TableRow[]): Promise<RowResult[]> {
    const results: RowResult[] = [];
    const people: NumberedRow[] = [];
    for (const tableRow of batch) {
      const { rowNo } = tableRow;
      const row = readElderRow(tableRow, this.parts.context);
      if (row === null) continue;
      if (row.kind !== 'elder') results.push(this.nobody(rowNo, row));
      else {
        const early = this.beforeComparing(rowNo, { rowNo, row });
        if (early === null) people.push({ rowNo, row });
        else results.push(early);
      }
    }
    const compared = await compareRows(tx, this.parts, people);
    for (const [index, { rowNo, row }] of people.entries()) {
      const comparison = compared[index] as (typeof compared)[number];
      if (comparison.outcome === 'wrong') {
        results.push(this.result(rowNo, 'wrong', { code: comparison.code, elderId: comparison.elderId }));
        continue;
      }
      const { outcome, elderId, change, notes } = comparison;
      results.push(this.result(rowNo, outcome, { elderId, notes, ...(outcome === 'unchanged' ? {} : { content: { elder: { row, change } } }) }));
    }
    return results;
  }

  /** What can be said of a person's row from the file alone; null where the registry has to be asked. */
  private beforeComparing(rowNo: number, { row }: NumberedRow): RowResult | null {
    const { cipher, inside } = this.parts;
    const { registration } = row;
    const index = identityIndex(cipher, registration.identity.number);
    const digest = rowDigest(cipher, row);
    const twin = this.seen.get(index);
    if (twin !== undefined) {
      return twin.digest === digest ? this.result(rowNo, 'skipped', { code: 'row-duplicate' }) : this.result(rowNo, 'wrong', { code: 'duplicate-differs', content: { value: `第 ${twin.rowNo} 行` } });
    }
    this.seen.set(index, { rowNo, digest });
    const here = [registration.hukouCode, registration.residenceCode].some((code) => code !== null && inside(code));
    if (!here) return this.result(rowNo, 'wrong', { code: 'place-outside' });
    if (registration.cardNumber === null) return null;
    if (this.cards.has(registration.cardNumber)) return this.result(rowNo, 'wrong', { code: 'card-known' });
    this.cards.add(registration.cardNumber);
    return null;
  }

  private async checkRegister(tx: Tx, batch: readonly TableRow[], fields: RegisterFields): Promise<RowResult[]> {
    const { cipher, cityCode, context } = this.parts;
    const results: RowResult[] = [];
    const lines: { rowNo: number; row: RegisterRow; index: string }[] = [];
    for (const tableRow of batch) {
      const { rowNo } = tableRow;
      const row = readRegisterRow(tableRow, context, fields);
      if (row === null) continue;
      if (row.kind !== 'register') {
        results.push(this.nobody(rowNo, row));
        continue;
      }
      const index = identityIndex(cipher, row.identityNumber);
      const digest = `${row.from} ${row.to} ${row.placeCode}`;
      const twin = this.seen.get(index);
      // Somebody may move twice, or live in two homes one after the other; nobody dies twice.
      if (twin?.digest === digest) results.push(this.result(rowNo, 'skipped', { code: 'row-duplicate' }));
      else if (twin !== undefined && this.parts.roster.purpose === 'deaths') results.push(this.result(rowNo, 'wrong', { code: 'duplicate-differs', content: { value: `第 ${twin.rowNo} 行` } }));
      else {
        this.seen.set(index, { rowNo, digest });
        lines.push({ rowNo, row, index });
      }
    }
    const known = await knownElders(tx, cityCode, lines.map((line) => line.index));
    const facts = known.size === 0 ? new Map() : await factsOf(tx, cityCode, [...known.values()].map((elder) => elder.elderId));
    for (const { rowNo, row, index } of lines) {
      const elder = known.get(index);
      if (elder === undefined) results.push(this.result(rowNo, 'notRegistered', { code: 'not-registered' }));
      else if (row.name !== null && nameIndex(cipher, row.name) !== elder.nameIndex) results.push(this.result(rowNo, 'wrong', { code: 'name-differs', elderId: elder.elderId }));
      else {
        const held = { died: elder.died, hukouCode: elder.hukouCode, stays: facts.get(elder.elderId)?.careHomeStays ?? [] };
        const matched = isKnown(this.parts.roster.purpose, row, held);
        results.push(matched
          ? this.result(rowNo, 'matched', { code: 'matched', elderId: elder.elderId })
          : this.result(rowNo, 'proposed', { code: 'proposed', elderId: elder.elderId, content: { register: { ...row, identityNumber: '', name: null } } }));
      }
    }
    return results;
  }

  private nobody(rowNo: number, row: RowFault | SkippedRow): RowResult {
    if (row.kind === 'wrong') return this.result(rowNo, 'wrong', { code: row.code, column: row.column, content: { value: row.value } });
    if (row.code === 'row-total' && row.count !== null) this.stated = row.count;
    return this.result(rowNo, 'skipped', { code: row.code });
  }

  private result(
    rowNo: number, outcome: RowOutcome,
    { code = null, column = null, notes = [], elderId = null, content }: { code?: RowCode | null; column?: string | null; notes?: readonly string[]; elderId?: string | null; content?: RowContent },
  ): RowResult {
    const { cipher, cityCode, roster } = this.parts;
    const sealed = content === undefined ? null : sealRow(cipher, cityCode, roster.rosterId, rowNo, content);
    return { rowNo, outcome, code, columnTitle: column, notes, elderId, sealed };
  }
}

interface Held {
  readonly died: string | null;
  readonly hukouCode: string | null;
  readonly stays: readonly { readonly from: string; readonly to: string | null }[];
}

function isKnown(purpose: RosterRow['purpose'], row: RegisterRow, held: Held): boolean {
  if (purpose === 'deaths') return held.died === row.from;
  if (purpose === 'careHomes') return held.stays.some((stay) => stay.from === row.from && stay.to === row.to);
  return row.placeCode === held.hukouCode;
}
