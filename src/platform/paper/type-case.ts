import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { unpackWoff } from './unpack-woff.js';

/** A file of the font, and the characters in it. */
interface Face {
  readonly file: string;
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

/** A stretch of text that one file of the font has. */
export interface Run {
  /** Path of the file; the name of the font on the paper too. */
  readonly file: string;
  readonly text: string;
}

export const WEIGHTS = [400, 700] as const;
export type Weight = (typeof WEIGHTS)[number];

/** What printers set for a character that they do not have. */
const NO_SUCH_TYPE = '〓';
const FACE = /url\(\.\/(files\/[^)]+\.woff)\)[^}]*?unicode-range: ([^;]+);/g;

const require = createRequire(import.meta.url);

function facesOf(weight: Weight): Face[] {
  const sheet = require.resolve(`@fontsource/noto-sans-sc/${weight}.css`);
  return [...readFileSync(sheet, 'utf8').matchAll(FACE)].map(([, name = '', ranges = '']) => ({
    file: require.resolve(`@fontsource/noto-sans-sc/${name}`),
    ranges: ranges.split(',').map((range) => {
      const [first = 0, last = first] = range.trim().slice(2).split('-').map((hex) => Number.parseInt(hex, 16));
      return [first, last] as const;
    }),
  })).reverse();
}

/**
 * The product's Chinese font, which comes in a hundred files of characters that are used together, as web pages load
 * them. A paper embeds the few that it needs, and of those the characters that stand on it.
 */
export class TypeCase {
  private readonly faces: readonly Face[];
  private readonly known = new Map<number, string | null>();
  private readonly unpacked = new Map<string, Buffer>();

  constructor(weight: Weight) {
    this.faces = facesOf(weight);
  }

  /** A text by the files that have its characters; what none has becomes 〓. */
  runs(text: string): Run[] {
    const runs: { file: string; text: string }[] = [];
    for (const sign of text) {
      const own = this.fileOf(sign);
      const file = own ?? this.fileOf(NO_SUCH_TYPE);
      if (file === null) continue;
      const [last, set] = [runs.at(-1), own === null ? NO_SUCH_TYPE : sign];
      if (last?.file === file) last.text += set;
      else runs.push({ file, text: set });
    }
    return runs;
  }

  /** A file of the font, ready for embedding; kept, since the next paper wants the same ones. */
  fontOf(file: string): Buffer {
    const font = this.unpacked.get(file) ?? unpackWoff(readFileSync(file));
    this.unpacked.set(file, font);
    return font;
  }

  /** As in a page, of two files that have a character the later one counts: digits and Latin letters come from their own. */
  private fileOf(sign: string): string | null {
    const code = sign.codePointAt(0) ?? 0;
    const known = this.known.get(code);
    if (known !== undefined) return known;
    const file = this.faces.find(({ ranges }) => ranges.some(([first, last]) => code >= first && code <= last))?.file ?? null;
    this.known.set(code, file);
    return file;
  }
}
