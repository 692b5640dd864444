import type { Cell, TableRow } from '../domain/index.js';
import { serialDate } from '../domain/index.js';
import { FileFault } from './file-fault.js';
import type { Book, SharedTexts, SheetEntry } from './xlsx-book.js';
import { attribute, unescapeXml, XmlScanner } from './xml-scan.js';
import type { ZipSource } from './zip-source.js';

const MOST_COLUMNS = 256;
const LONGEST_CELL = 1_000;
const MOST_MERGES = 50_000;
const DAYS_TO_1904 = 1_462;

/** Cells that are shown as one: the value stands in the first of them. Rows and columns from 0 and 1. */
interface Merge {
  readonly fromRow: number;
  readonly toRow: number;
  readonly fromColumn: number;
  readonly toColumn: number;
}

/** How long a sheet is, and what in it is merged; spreadsheets write that behind the rows. */
export interface SheetShape {
  readonly rows: number;
  readonly merges: readonly Merge[];
}

/** The column of an address such as `AB12`, from 0; -1 where it names none. */
export function columnOf(address: string): number {
  let column = 0;
  for (let index = 0; index < address.length; index += 1) {
    const code = address.charCodeAt(index) & ~32;
    if (code < 65 || code > 90) break;
    column = column * 26 + (code - 64);
  }
  return column - 1;
}

function mergeOf(ref: string): Merge | null {
  const match = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/i.exec(ref);
  if (!match) return null;
  return { fromColumn: columnOf(match[1] as string), fromRow: Number(match[2]), toColumn: columnOf(match[3] as string), toRow: Number(match[4]) };
}

/** Runs through a sheet once for its length and its merged cells. */
export async function sheetShape(zip: ZipSource, sheet: SheetEntry): Promise<SheetShape> {
  let rows = 0;
  const merges: Merge[] = [];
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const piece of zip.read(sheet.path)) {
    const text = rest + decoder.decode(piece, { stream: true });
    const keep = text.lastIndexOf('<');
    const whole = keep < 0 ? text : text.slice(0, keep);
    rest = keep < 0 ? '' : text.slice(keep);
    rows += whole.match(/<(\w+:)?row[\s>]/g)?.length ?? 0;
    for (const [, , ref] of whole.matchAll(/<(\w+:)?mergeCell\s+ref="([^"]+)"/g)) {
      const merge = mergeOf(ref as string);
      // One cell under another, or a title across; a merge of a whole column says nothing.
      if (merge !== null && merges.length < MOST_MERGES && merge.toRow - merge.fromRow < 5_000) merges.push(merge);
    }
  }
  return { rows, merges };
}

/** Fills merged cells with the value of their first one, row after row. */
class MergeFiller {
  private readonly starts = new Map<number, Merge[]>();
  private running: { merge: Merge; cell: Cell | null }[] = [];

  constructor(merges: readonly Merge[]) {
    for (const merge of merges) this.starts.set(merge.fromRow, [...(this.starts.get(merge.fromRow) ?? []), merge]);
  }

  fill(rowNo: number, cells: (Cell | null)[]): void {
    this.running = this.running.filter(({ merge }) => merge.toRow >= rowNo);
    for (const merge of this.starts.get(rowNo) ?? []) this.running.push({ merge, cell: cells[merge.fromColumn] ?? null });
    for (const { merge, cell } of this.running) {
      for (let column = merge.fromColumn; column <= Math.min(merge.toColumn, MOST_COLUMNS - 1); column += 1) {
        while (cells.length <= column) cells.push(null);
        cells[column] ??= cell;
      }
    }
  }
}

interface OpenCell {
  column: number;
  type: string;
  style: number;
  text: string;
  formula: boolean;
}

function numberCell(text: string, style: number, book: Book, formula: boolean): Cell {
  if (book.dateStyles.has(style)) {
    const date = serialDate(Number(text) + (book.from1904 ? DAYS_TO_1904 : 0));
    if (date !== null) return { kind: 'date', text: date, formula };
  }
  return { kind: 'number', text, formula };
}

function cellOf(open: OpenCell, book: Book, shared: SharedTexts): Cell | null {
  const { type, formula } = open;
  const text = unescapeXml(open.text);
  if (type === 'e') return { kind: 'error', text, formula };
  if (text === '') return formula ? { kind: 'error', text: '', formula } : null;
  if (type === 's') return { kind: 'text', text: shared.at(Number(text)), formula };
  if (type === 'd') return { kind: 'date', text: text.slice(0, 10), formula };
  if (type === '' || type === 'n') return numberCell(text, open.style, book, formula);
  return { kind: 'text', text: text.replace(/_x([0-9A-F]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), formula };
}

/** The rows of a sheet as a scanner finds them. */
class SheetTeller {
  readonly ready: TableRow[] = [];
  private rowNo = 0;
  private cells: (Cell | null)[] = [];
  private cell: OpenCell | null = null;
  private inValue = false;
  private phonetic = false;

  constructor(private readonly book: Book, private readonly shared: SharedTexts, private readonly filler: MergeFiller) {}

  open(name: string, attributes: string): void {
    if (name === 'c') {
      const column = columnOf(attribute(attributes, 'r') ?? '');
      this.cell = { column: column < 0 ? this.cells.length : column, type: attribute(attributes, 't') ?? '', style: Number(attribute(attributes, 's') ?? 0), text: '', formula: false };
    } else if (name === 'row') {
      this.rowNo = Number(attribute(attributes, 'r') ?? this.rowNo + 1);
      this.cells = [];
    } else if (this.cell !== null) {
      if (name === 'f') this.cell.formula = true;
      else if (name === 'rPh') this.phonetic = true;
      else if (name === 'v' || (name === 't' && !this.phonetic)) this.inValue = true;
    }
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.inValue = false;
    else if (name === 'rPh') this.phonetic = false;
    else if (name === 'c' && this.cell !== null) {
      const { column } = this.cell;
      if (column < MOST_COLUMNS) {
        while (this.cells.length < column) this.cells.push(null);
        this.cells[column] = cellOf(this.cell, this.book, this.shared);
      }
      this.cell = null;
    } else if (name === 'row') {
      this.filler.fill(this.rowNo, this.cells);
      this.ready.push({ rowNo: this.rowNo, cells: this.cells });
    }
  }

  text(text: string): void {
    if (this.inValue && this.cell !== null && this.cell.text.length < LONGEST_CELL) this.cell.text += text;
  }
}

/** The rows of a sheet, one after the other: nothing is held but the piece in hand. */
export async function* sheetRows(zip: ZipSource, sheet: SheetEntry, book: Book, shared: SharedTexts, shape: SheetShape): AsyncGenerator<TableRow> {
  const teller = new SheetTeller(book, shared, new MergeFiller(shape.merges));
  const scanner = new XmlScanner(teller);
  const decoder = new TextDecoder('utf-8');
  for await (const piece of zip.read(sheet.path)) {
    scanner.write(decoder.decode(piece, { stream: true }));
    yield* teller.ready.splice(0);
  }
  if (teller.ready.length > 0) throw new FileFault('file-broken');
}
