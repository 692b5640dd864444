/** A text in pieces that no line is broken within: words and numbers whole, every other character by itself. */
const PIECES = /[A-Za-z0-9.,:/-]+|[\s\S]/gu;
/** What no line begins with. */
const CLOSING = /^[，。、：；！？）》」』”’％·…,.:;!?)]/u;
/** What no line ends with. */
const OPENING = /[（《「『“‘(]$/u;

/**
 * Breaks a text into lines no wider than allowed, as Chinese is set: anywhere, but not before a closing sign nor after an
 * opening one. A piece that is wider than a line stands alone.
 * @param widthOf of some text, in the same unit as `most`
 */
export function breakLines(text: string, most: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const bound of boundPieces(paragraph)) {
      if (line !== '' && widthOf(line + bound) > most) {
        lines.push(line);
        line = bound.trimStart();
      } else line += bound;
    }
    lines.push(line);
  }
  return lines;
}

/** Pieces with the signs that may not part from them. */
function boundPieces(text: string): string[] {
  const bound: string[] = [];
  for (const piece of text.match(PIECES) ?? []) {
    const before = bound.at(-1);
    if (before !== undefined && (CLOSING.test(piece) || OPENING.test(before))) bound[bound.length - 1] = before + piece;
    else bound.push(piece);
  }
  return bound;
}
