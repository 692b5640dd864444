import { FileFault } from './file-fault.js';
import { attribute, unescapeXml, XmlScanner } from './xml-scan.js';
import type { ZipSource } from './zip-source.js';

/** A sheet of a workbook. */
export interface SheetEntry {
  readonly name: string;
  readonly path: string;
  readonly hidden: boolean;
}

/** What a workbook says before its sheets are read. */
export interface Book {
  readonly sheets: readonly SheetEntry[];
  /** Day numbers begin in 1904, as old Macintosh files have it. */
  readonly from1904: boolean;
  /** Formats of cells that show dates, by the number of the style. */
  readonly dateStyles: ReadonlySet<number>;
}

const MOST_SHARED = 4_000_000;
const MOST_SHARED_BYTES = 256 * 1024 * 1024;
const LONGEST_CELL = 1_000;

function told(xml: string, tell: (name: string, attributes: string) => void): void {
  new XmlScanner({ open: tell, close: () => undefined, text: () => undefined }).write(xml);
}

/** Format numbers that every spreadsheet program shows as dates, those of East Asia included (ECMA-376, 18.8.30). */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

/** Whether a format of the file's own shows a date: it has a year, a month or a day outside quotes and brackets. */
export function isDateFormat(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '').toLowerCase();
  return /y|d|年|月|日/.test(bare) && !/general/.test(bare);
}

/**
 * Reads a workbook's list of sheets and its formats.
 * @throws FileFault `file-not-spreadsheet` for other zip files, `file-xlsb`, `file-ods`
 */
export async function readBook(zip: ZipSource): Promise<Book> {
  if (zip.has('xl/workbook.bin')) throw new FileFault('file-xlsb');
  if (zip.has('content.xml') && zip.has('mimetype')) throw new FileFault('file-ods');
  const workbook = await zip.text('xl/workbook.xml');
  if (workbook === '') throw new FileFault('file-not-spreadsheet');
  const targets = new Map<string, string>();
  told(await zip.text('xl/_rels/workbook.xml.rels'), (name, attributes) => {
    const [id, target] = [attribute(attributes, 'Id'), attribute(attributes, 'Target')];
    if (name === 'Relationship' && id !== undefined && target !== undefined) targets.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  });
  const sheets: SheetEntry[] = [];
  let from1904 = false;
  told(workbook, (name, attributes) => {
    if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attribute(attributes, 'date1904') ?? '');
    const path = name === 'sheet' ? targets.get(attribute(attributes, 'id') ?? '') : undefined;
    if (path !== undefined && zip.has(path)) sheets.push({ name: attribute(attributes, 'name') ?? '', path, hidden: /hidden/i.test(attribute(attributes, 'state') ?? '') });
  });
  if (sheets.length === 0) throw new FileFault('file-no-sheet');
  return { sheets, from1904, dateStyles: await dateStyles(zip) };
}

async function dateStyles(zip: ZipSource): Promise<Set<number>> {
  const own = new Map<number, string>();
  const found = new Set<number>();
  let [inCells, style] = [false, 0];
  const scanner = new XmlScanner({
    open(name, attributes) {
      if (name === 'numFmt') own.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '');
      if (name === 'cellXfs') inCells = true;
      if (name !== 'xf' || !inCells) return;
      const id = Number(attribute(attributes, 'numFmtId') ?? 0);
      const code = own.get(id);
      if (code === undefined ? isBuiltInDate(id) : isDateFormat(code)) found.add(style);
      style += 1;
    },
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
    text: () => undefined,
  });
  scanner.write(await zip.text('xl/styles.xml'));
  return found;
}

/** The texts that cells share, kept as bytes: a hundred thousand rows would else be millions of objects. */
export class SharedTexts {
  private bytes = Buffer.allocUnsafe(1024 * 1024);
  private used = 0;
  private readonly ends: number[] = [];

  static async read(zip: ZipSource): Promise<SharedTexts> {
    const texts = new SharedTexts();
    const path = [...zip.names].find((name) => name.toLowerCase() === 'xl/sharedstrings.xml');
    if (path === undefined) return texts;
    let [now, inText, phonetic] = ['', false, false];
    const scanner = new XmlScanner({
      open(name) {
        if (name === 'si') now = '';
        else if (name === 't') inText = !phonetic;
        else if (name === 'rPh') phonetic = true;
      },
      close(name) {
        if (name === 't') inText = false;
        else if (name === 'rPh') phonetic = false;
        else if (name === 'si') texts.add(unescapeXml(now));
      },
      text(text) {
        if (inText && now.length < LONGEST_CELL) now += text;
      },
    });
    const decoder = new TextDecoder('utf-8');
    for await (const piece of zip.read(path)) scanner.write(decoder.decode(piece, { stream: true }));
    return texts;
  }

  at(index: number): string {
    const [from, to] = [index === 0 ? 0 : this.ends[index - 1], this.ends[index]];
    return from === undefined || to === undefined ? '' : this.bytes.toString('utf8', from, to);
  }

  private add(text: string): void {
    const size = Buffer.byteLength(text);
    if (this.ends.length >= MOST_SHARED || this.used + size > MOST_SHARED_BYTES) throw new FileFault('file-too-many-rows', { limit: MOST_SHARED });
    if (this.used + size > this.bytes.length) {
      const wider = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.used + size));
      this.bytes.copy(wider, 0, 0, this.used);
      this.bytes = wider;
    }
    this.bytes.write(text, this.used);
    this.used += size;
    this.ends.push(this.used);
  }
}
