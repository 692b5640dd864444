import { FileFault } from './file-fault.js';

/** What a scanner tells about an XML text, in its order. Names come without their prefix. */
export interface XmlTeller {
  open(name: string, attributes: string): void;
  close(name: string): void;
  text(text: string): void;
}

const LONGEST = 4 * 1024 * 1024;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text with its references resolved; `_x000D_` is how spreadsheets write signs that XML has not. */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (whole, word: string) => {
    if (!word.startsWith('#')) return NAMED[word] ?? whole;
    const code = word[1] === 'x' || word[1] === 'X' ? Number.parseInt(word.slice(2), 16) : Number(word.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** The value of an attribute, or undefined. */
export function attribute(attributes: string, name: string): string | undefined {
  for (let from = 0; ;) {
    const at = attributes.indexOf(`${name}=`, from);
    if (at < 0) return undefined;
    const before = at === 0 ? ' ' : attributes.charAt(at - 1);
    const quote = attributes.charAt(at + name.length + 1);
    if ((before <= ' ' || before === ':') && (quote === '"' || quote === "'")) {
      const end = attributes.indexOf(quote, at + name.length + 2);
      return end < 0 ? undefined : unescapeXml(attributes.slice(at + name.length + 2, end));
    }
    from = at + 1;
  }
}

function local(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

/** Walks through an XML text that comes in pieces. Documents that declare entities are refused: no spreadsheet needs them. */
export class XmlScanner {
  private rest = '';

  constructor(private readonly tell: XmlTeller) {}

  /** @throws FileFault `file-broken` */
  write(piece: string): void {
    const data = this.rest === '' ? piece : this.rest + piece;
    let at = 0;
    for (;;) {
      const open = data.indexOf('<', at);
      if (open < 0) break;
      if (open > at) this.tell.text(data.slice(at, open));
      at = open;
      const end = this.markup(data, open);
      if (end < 0) break;
      at = end;
    }
    this.rest = data.slice(at);
    if (this.rest.length > LONGEST) throw new FileFault('file-broken');
  }

  /** Tells one piece of markup. @returns where it ends, or -1 when the rest of it has not come yet */
  private markup(data: string, open: number): number {
    const next = data.charAt(open + 1);
    if (next === '!' || next === '?') return this.special(data, open);
    const close = endOfTag(data, open);
    if (close < 0) return -1;
    if (next === '/') {
      this.tell.close(local(data.slice(open + 2, close).trim()));
      return close + 1;
    }
    const alone = data.charAt(close - 1) === '/';
    const inside = data.slice(open + 1, alone ? close - 1 : close);
    const blank = inside.search(/\s/);
    const name = local(blank < 0 ? inside : inside.slice(0, blank));
    this.tell.open(name, blank < 0 ? '' : inside.slice(blank));
    if (alone) this.tell.close(name);
    return close + 1;
  }

  private special(data: string, open: number): number {
    if (data.length - open < 9) return -1;
    if (data.startsWith('<![CDATA[', open)) {
      const end = data.indexOf(']]>', open);
      if (end < 0) return -1;
      this.tell.text(data.slice(open + 9, end).replace(/&/g, '&amp;'));
      return end + 3;
    }
    const [mark, size] = data.startsWith('<!--', open) ? ['-->', 3] as const : data.charAt(open + 1) === '?' ? ['?>', 2] as const : [null, 0] as const;
    if (mark === null) throw new FileFault('file-broken');
    const end = data.indexOf(mark, open + 2);
    return end < 0 ? -1 : end + size;
  }
}

const [QUOTE, APOSTROPHE, GREATER] = [34, 39, 62];

/** Where a tag ends: a `>` may stand in a quoted value. */
function endOfTag(data: string, open: number): number {
  let quote = 0;
  for (let at = open + 1; at < data.length; at += 1) {
    const code = data.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === GREATER) return at;
    else if (code === QUOTE || code === APOSTROPHE) quote = code;
  }
  return -1;
}
