import { setImmediate as turn } from 'node:timers/promises';
import type { Instant } from '../../kernel/index.js';
import { breakLines } from './break-lines.js';
import { TypeCase, type Weight } from './type-case.js';

/** Sizes in points. Nothing on a large print is smaller than a foot. */
const SIZES = { title: 32, head: 24, large: 22, body: 18, foot: 16 } as const;
const LEADING = 1.4;
const MARGIN = 48;
const FOOT_HEIGHT = 40;
const GAP = 8;
/** Parts between two turns of the loop: a sale that arrives meanwhile waits for a few lines, not for a paper. */
const TURN = 6;

/** A text on the paper; bold where it is to be found at a glance. */
export interface PaperText {
  readonly text: string;
  readonly size?: keyof typeof SIZES;
  readonly bold?: true;
}

/** What a paper is made of, from top to bottom. A row is kept on one page, and so is whatever says so with what comes next. */
export type PaperPart =
  | ({ readonly kind: 'text'; readonly withNext?: boolean } & PaperText)
  | { readonly kind: 'row'; readonly left: PaperText; readonly right: PaperText; readonly withNext?: boolean }
  | { readonly kind: 'rule' };

/** A paper in large type. */
export interface Paper {
  readonly title: string;
  readonly parts: readonly PaperPart[];
  /** At the foot of every page, before its number. */
  readonly foot: string;
  readonly madeAt: Instant;
}

interface SetLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight: Weight;
}

interface SetPart {
  readonly lines: readonly SetLine[];
  readonly height: number;
  readonly rule: boolean;
  readonly withNext: boolean;
}

const cases = new Map<Weight, TypeCase>();
/** Of characters, by the file that has them: measuring is most of the work, and they never change. */
const widths = new Map<string, number>();

function caseOf(weight: Weight): TypeCase {
  const known = cases.get(weight) ?? new TypeCase(weight);
  cases.set(weight, known);
  return known;
}

/** Sets papers on A4, with the fonts in the file: it prints alike on every printer. */
class Setter {
  private y = MARGIN;
  private readonly registered = new Set<string>();
  private readonly width: number;
  private readonly bottom: number;

  constructor(private readonly doc: PDFKit.PDFDocument) {
    this.width = doc.page.width - 2 * MARGIN;
    this.bottom = doc.page.height - MARGIN - FOOT_HEIGHT;
  }

  /** Draws all parts, and a foot under every page. */
  async draw({ parts, foot }: Paper): Promise<void> {
    const set: SetPart[] = [];
    for (const part of parts) {
      set.push(this.set(part));
      if (set.length % TURN === 0) await turn();
    }
    for (const [index, part] of set.entries()) {
      if (this.y > MARGIN && this.y + together(set, index) > this.bottom) this.newPage();
      // A page begins with words.
      if (!part.rule || this.y > MARGIN) this.place(part);
      if (index % TURN === 0) await turn();
    }
    const { start, count } = this.doc.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.doc.switchToPage(start + page);
      this.line({ text: `${foot}　第${page + 1}页，共${count}页`, x: 0, y: this.doc.page.height - MARGIN - SIZES.foot, size: SIZES.foot, weight: 400 });
    }
  }

  private newPage(): void {
    this.doc.addPage();
    this.y = MARGIN;
  }

  private place({ lines, height, rule }: SetPart): void {
    if (rule) this.doc.moveTo(MARGIN, this.y + GAP / 2).lineTo(MARGIN + this.width, this.y + GAP / 2).lineWidth(1).strokeColor('#000000').stroke();
    for (const line of lines) this.line({ ...line, y: this.y + line.y });
    this.y += height;
  }

  private set(part: PaperPart): SetPart {
    if (part.kind === 'rule') return { lines: [], height: GAP, rule: true, withNext: true };
    const withNext = part.withNext === true;
    if (part.kind === 'text') return { ...this.block(part, 0, this.width, 'left'), rule: false, withNext };
    const rightWidth = Math.min(this.width / 2, this.widthOf(part.right.text, sizeOf(part.right), weightOf(part.right)) + 1);
    const [left, right] = [this.block(part.left, 0, this.width - rightWidth - 2 * GAP, 'left'), this.block(part.right, this.width - rightWidth, rightWidth, 'right')];
    return { lines: [...left.lines, ...right.lines], height: Math.max(left.height, right.height), rule: false, withNext };
  }

  private block(text: PaperText, x: number, width: number, align: 'left' | 'right'): { lines: SetLine[]; height: number } {
    const [size, weight] = [sizeOf(text), weightOf(text)];
    const widthOf = (part: string): number => this.widthOf(part, size, weight);
    const lines = breakLines(text.text, width, widthOf).map((line, index): SetLine => (
      { text: line, x: align === 'left' ? x : x + width - widthOf(line), y: index * size * LEADING, size, weight }));
    return { lines, height: lines.length * size * LEADING + GAP };
  }

  private widthOf(text: string, size: number, weight: Weight): number {
    let width = 0;
    for (const run of caseOf(weight).runs(text)) for (const sign of run.text) width += this.widthOfSign(run.file, sign);
    return width * size;
  }

  private font(file: string): PDFKit.PDFDocument {
    if (!this.registered.has(file)) this.doc.registerFont(file, caseOf(file.includes('-700-') ? 700 : 400).fontOf(file));
    this.registered.add(file);
    return this.doc.font(file);
  }

  /** In units of the size. */
  private widthOfSign(file: string, sign: string): number {
    const key = `${file} ${sign}`;
    const width = widths.get(key) ?? this.font(file).fontSize(1).widthOfString(sign);
    widths.set(key, width);
    return width;
  }

  private line({ text, x, y, size, weight }: SetLine): void {
    let at = MARGIN + x;
    for (const run of caseOf(weight).runs(text)) {
      // Each file has its own heights: lines stand on one base line.
      this.font(run.file).fontSize(size).fillColor('#000000').text(run.text, at, y + size, { lineBreak: false, baseline: 'alphabetic' });
      for (const sign of run.text) at += this.widthOfSign(run.file, sign) * size;
    }
  }
}

function sizeOf({ size }: PaperText): number {
  return SIZES[size ?? 'body'];
}

function weightOf({ bold }: PaperText): Weight {
  return bold === true ? 700 : 400;
}

/** The height of a part with all that has to stay with it. */
function together(set: readonly SetPart[], index: number): number {
  let height = 0;
  for (let place = index; place < set.length; place += 1) {
    const part = set[place];
    height += part?.height ?? 0;
    if (part?.withNext !== true) break;
  }
  return height;
}

/** Writes a paper as a PDF. The writer is loaded with the first one. */
export async function largePrint(paper: Paper): Promise<Buffer> {
  const { default: Document } = await import('pdfkit');
  const doc = new Document({
    size: 'A4', margin: 0, bufferPages: true, lang: 'zh-CN', displayTitle: true,
    info: { Title: paper.title, Creator: '幸福食堂', CreationDate: new Date(paper.madeAt), ModDate: new Date(paper.madeAt) },
  });
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks))).on('error', reject);
  });
  await new Setter(doc).draw(paper);
  doc.end();
  return whole;
}
