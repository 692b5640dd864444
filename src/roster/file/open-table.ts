import { findLayout, HEADER_ROWS, type Layout, type TableRow } from '../domain/index.js';
import type { ColumnChoice, Field, Purpose } from '../domain/index.js';
import { countLines, csvRows, detectEncoding, type Encoding } from './csv-table.js';
import { FileFault } from './file-fault.js';
import { readBook, SharedTexts } from './xlsx-book.js';
import { sheetRows, sheetShape } from './xlsx-sheet.js';
import { ZipSource } from './zip-source.js';

/** What a file is, by its first bytes; names and media types that clients claim are not asked. */
export interface FileKind {
  readonly kind: 'xlsx' | 'csv';
  readonly encoding: Encoding | null;
}

const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ZIP = Buffer.from('504b0304', 'hex');
/** The name of the stream in which an encrypted workbook lies, as an OLE file writes it. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');
const KNOWN: readonly (readonly [string, string])[] = [['25504446', 'file-pdf'], ['ffd8ff', 'file-picture'], ['89504e47', 'file-picture'], ['52617221', 'file-archive'], ['377abcaf', 'file-archive'], ['1f8b', 'file-archive'], ['504b0506', 'file-not-spreadsheet']];

/**
 * Says what a file is.
 * @throws FileFault with what to do for old, encrypted, packed and other files, and for zip bombs
 */
export async function inspectFile(bytes: Buffer): Promise<FileKind> {
  if (bytes.length === 0) throw new FileFault('file-empty');
  if (bytes.subarray(0, 8).equals(OLE)) throw new FileFault(bytes.includes(ENCRYPTED) ? 'file-encrypted' : 'file-xls');
  if (bytes.subarray(0, 4).equals(ZIP)) {
    await readBook(await ZipSource.open(bytes));
    return { kind: 'xlsx', encoding: null };
  }
  const known = KNOWN.find(([magic]) => bytes.subarray(0, magic.length / 2).equals(Buffer.from(magic, 'hex')));
  if (known !== undefined) throw new FileFault(known[1]);
  if (/^\s*(<!doctype|<html|<table|<\?xml|\{\\rtf)/i.test(bytes.subarray(0, 200).toString('latin1').replace(/^\xef\xbb\xbf/, ''))) throw new FileFault('file-html');
  const encoding = detectEncoding(bytes);
  if (encoding === null) throw new FileFault('file-not-spreadsheet');
  return { kind: 'csv', encoding };
}

/** What a caller says about the table in a file. */
export interface TableWish {
  readonly purpose: Purpose;
  readonly sheet?: string | undefined;
  readonly headerRow?: number | undefined;
  readonly choices?: readonly ColumnChoice[] | undefined;
}

/** A table whose header was found. */
export interface OpenTable {
  readonly sheet: string | null;
  readonly sheets: readonly string[];
  readonly layout: Layout;
  /** About how many rows there are, the header's and blank ones included. */
  readonly total: number;
  /** The rows below the header. */
  rows(): AsyncGenerator<TableRow>;
}

async function firstRows(rows: AsyncGenerator<TableRow>): Promise<TableRow[]> {
  const found: TableRow[] = [];
  for await (const row of rows) {
    found.push(row);
    if (found.length > HEADER_ROWS) break;
  }
  return found;
}

async function* below(rows: AsyncGenerator<TableRow>, headerRow: number): AsyncGenerator<TableRow> {
  for await (const row of rows) if (row.rowNo > headerRow) yield row;
}

function laidOut(rows: readonly TableRow[], wish: TableWish): { layout: Layout; missing: Field[] } | null {
  return findLayout(rows, wish);
}

/**
 * Opens the table in a file: the sheet that was named, or the first one to be seen that has a header.
 * @throws FileFault `file-sheet-unknown`, `file-no-header`, `file-columns-missing` with the titles found, and what reading throws
 */
export async function openTable(bytes: Buffer, { kind, encoding }: FileKind, wish: TableWish): Promise<OpenTable> {
  if (kind === 'csv') {
    const found = settled(laidOut(await firstRows(csvRows(bytes, encoding as Encoding)), wish));
    return { sheet: null, sheets: [], layout: found, total: countLines(bytes, encoding as Encoding), rows: () => below(csvRows(bytes, encoding as Encoding), found.headerRow) };
  }
  const zip = await ZipSource.open(bytes);
  const book = await readBook(zip);
  const sheets = book.sheets.filter((sheet) => !sheet.hidden);
  const asked = wish.sheet === undefined ? sheets : book.sheets.filter((sheet) => sheet.name === wish.sheet);
  if (asked.length === 0) throw new FileFault('file-sheet-unknown', { sheets: sheets.map((sheet) => sheet.name).join('、').slice(0, 200) });
  const shared = await SharedTexts.read(zip);
  let best: ReturnType<typeof laidOut> = null;
  for (const sheet of asked) {
    const shape = await sheetShape(zip, sheet);
    const found = laidOut(await firstRows(sheetRows(zip, sheet, book, shared, shape)), wish);
    if (found !== null && found.missing.length === 0) {
      const { layout } = found;
      return { sheet: sheet.name, sheets: sheets.map((one) => one.name), layout, total: shape.rows, rows: () => below(sheetRows(zip, sheet, book, shared, shape), layout.headerRow) };
    }
    best ??= found;
  }
  throw fault(best);
}

function settled(found: ReturnType<typeof laidOut>): Layout {
  if (found === null || found.missing.length > 0) throw fault(found);
  return found.layout;
}

function fault(found: ReturnType<typeof laidOut>): FileFault {
  if (found === null) return new FileFault('file-no-header', { rows: HEADER_ROWS });
  const titles = found.layout.columns.map((column) => column.title).filter((title) => title !== '').join('、').slice(0, 300);
  return new FileFault('file-columns-missing', { missing: found.missing.map((field) => FIELD_NAMES[field] ?? field).join('、'), titles });
}

const FIELD_NAMES: Partial<Record<Field, string>> = {
  name: '姓名', identity: '身份证号', residence: '户籍地或居住地', died: '死亡日期', stayFrom: '入住日期', movedOn: '迁移日期', movedTo: '迁往地',
};
