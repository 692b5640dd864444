import { parse } from 'csv-parse';
import { Readable } from 'node:stream';
import type { TableRow } from '../domain/index.js';
import { FileFault } from './file-fault.js';

/** How the signs of a text file are written. */
export const ENCODINGS = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const PIECE = 256 * 1024;
const LONGEST_CELL = 1_000;

function* decoded(bytes: Buffer, encoding: Encoding): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let at = 0; at < bytes.length; at += PIECE) yield decoder.decode(bytes.subarray(at, at + PIECE), { stream: true });
  yield decoder.decode();
}

function reads(bytes: Buffer, encoding: Encoding): boolean {
  try {
    for (const text of decoded(bytes, encoding)) if (text.includes('\0')) return false;
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds out how a text file is written: by its mark, else UTF-8 where every byte of it is that, else GB 18030.
 * @returns null for what is no text
 */
export function detectEncoding(bytes: Buffer): Encoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (reads(bytes, 'utf-8')) return 'utf-8';
  return reads(bytes, 'gb18030') ? 'gb18030' : null;
}

/** The sign between cells: the one that the first lines have most of. */
export function findDelimiter(head: string): string {
  const lines = head.split(/\r?\n/).slice(0, 20).join('\n').replace(/"[^"]*"/g, '');
  const count = (sign: string): number => lines.split(sign).length - 1;
  return [',', '\t', ';', '|'].reduce((best, sign) => (count(sign) > count(best) ? sign : best), ',');
}

/** A cell as programs write it to keep digits: `="0123"`, `'0123` or with a tab behind it. */
function bare(text: string): string {
  const kept = /^="(.*)"$/s.exec(text);
  return (kept ? (kept[1] as string) : text.replace(/^'(?=\d)/, '')).slice(0, LONGEST_CELL);
}

/** How many lines a text has, at most. */
export function countLines(bytes: Buffer, encoding: Encoding): number {
  if (encoding.startsWith('utf-16')) return 0;
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines + (bytes.at(-1) === 10 ? 0 : 1);
}

/**
 * The rows of a CSV text. A value that a spreadsheet would run as a formula is a text here and reported as one.
 * @throws FileFault `file-csv-quotes` with the line where a quotation mark has no partner
 */
export async function* csvRows(bytes: Buffer, encoding: Encoding): AsyncGenerator<TableRow> {
  const head = decoded(bytes.subarray(0, PIECE * 2), encoding);
  let first = '';
  try {
    first = head.next().value ?? '';
  } catch {
    throw new FileFault('file-not-spreadsheet');
  }
  const parser = Readable.from(decoded(bytes, encoding)).pipe(parse({
    bom: true, delimiter: findDelimiter(first), relax_column_count: true, skip_empty_lines: false, max_record_size: 1024 * 1024,
  }));
  let rowNo = 0;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      rowNo += 1;
      yield { rowNo, cells: record.slice(0, 256).map((text) => (text === '' ? null : { kind: 'text', text: bare(text), formula: /^=(?!")/.test(text) })) };
    }
  } catch (error) {
    const { code, lines } = error as { code?: string; lines?: number };
    throw code?.startsWith('CSV_') ? new FileFault('file-csv-quotes', { row: lines ?? rowNo + 1 }) : error;
  }
}
