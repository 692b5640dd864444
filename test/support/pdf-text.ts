import { inflateSync } from 'node:zlib';

/** A stretch of text as it stands on a page; y counts from the bottom, as PDF does. */
export interface Stretch {
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly text: string;
}

interface Part {
  readonly dictionary: string;
  readonly stream: Buffer | null;
}

/** The numbered parts of a PDF that was written in one go, without object streams. */
function partsOf(pdf: Buffer): Map<number, Part> {
  const text = pdf.toString('latin1');
  const parts = new Map<number, Part>();
  for (const { 0: whole, 1: number, 2: dictionary = '', 3: end, index } of text.matchAll(/(\d+) 0 obj\n([\s\S]*?)(stream\n|endobj)/g)) {
    const start = index + whole.length;
    const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1] ?? 0);
    const bytes = end === 'endobj' ? null : pdf.subarray(start, start + length);
    parts.set(Number(number), { dictionary, stream: bytes === null || !/FlateDecode/.test(dictionary) ? bytes : inflateSync(bytes) });
  }
  return parts;
}

function streamOf(parts: Map<number, Part>, number: string | undefined): string {
  return parts.get(Number(number))?.stream?.toString('latin1') ?? '';
}

function textOfHex(hex: string): string {
  return Buffer.from(hex, 'hex').swap16().toString('utf16le');
}

/** The characters of a font's glyphs, from the table that lets readers copy text. */
function charactersOf(table: string): Map<number, string> {
  const characters = new Map<number, string>();
  for (const [, first = '', list = ''] of table.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g)) {
    [...list.matchAll(/<([0-9a-f]+)>/g)].forEach(([, hex = ''], index) => characters.set(Number.parseInt(first, 16) + index, textOfHex(hex)));
  }
  return characters;
}

/** Everything that stands on the pages of a PDF, in the order of drawing: read back from the bytes, as a reader does. */
export function readPdf(pdf: Buffer): Stretch[] {
  const parts = partsOf(pdf);
  const [, kids = ''] = [...parts.values()].map(({ dictionary }) => /\/Type \/Pages[\s\S]*\/Kids \[([^\]]*)\]/.exec(dictionary)).find((found) => found !== null) ?? [];
  return [...kids.matchAll(/(\d+) 0 R/g)].flatMap(([, number], page) => {
    const { dictionary = '' } = parts.get(Number(number)) ?? {};
    const resources = parts.get(Number(/\/Resources (\d+)/.exec(dictionary)?.[1]))?.dictionary ?? '';
    const fonts = new Map([...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', font]) => {
      const table = /\/ToUnicode (\d+)/.exec(parts.get(Number(font))?.dictionary ?? '')?.[1];
      return [name, charactersOf(streamOf(parts, table))] as const;
    }));
    const content = streamOf(parts, /\/Contents (\d+)/.exec(dictionary)?.[1]);
    return [...content.matchAll(/1 0 0 1 ([\d.-]+) ([\d.-]+) Tm\n(?:[\s\S]*?)\/(F\d+) ([\d.]+) Tf\n\[([^\]]*)\] TJ/g)].map(([, x, y, font = '', size, shown = '']) => ({
      page, x: Number(x), y: Number(y), size: Number(size),
      text: [...shown.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []).map((code) => fonts.get(font)?.get(Number.parseInt(code, 16)) ?? '').join(''),
    }));
  });
}

/** The lines of a PDF from top to bottom. */
export function linesOf(stretches: readonly Stretch[]): string[] {
  const lines = new Map<string, Stretch[]>();
  for (const stretch of stretches) {
    const key = `${stretch.page} ${stretch.y.toFixed(1)}`;
    lines.set(key, [...(lines.get(key) ?? []), stretch]);
  }
  return [...lines.values()].sort(([a], [b]) => (a === undefined || b === undefined ? 0 : a.page - b.page || b.y - a.y))
    .map((line) => [...line].sort((a, b) => a.x - b.x).map(({ text }) => text).join(''));
}
