import type { Receipt } from './receipt.js';

/** Paper as it is sold, and what a print head reaches of it, in millimetres. */
const REACH = { 58: 48, 80: 72 } as const;
export type PaperWidth = keyof typeof REACH;

const PX_PER_MM = 96 / 25.4;

const element = (tag: string, className: string, text = ''): HTMLElement => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

const pair = ([word, value]: readonly [string, string], className: string): HTMLElement => {
  const row = element('p', className);
  row.append(element('span', 'word', word), element('span', 'value', value));
  return row;
};

/** The slip as it will be printed: out of sight on the screen, alone on the paper. */
function laidOut(slip: Receipt, width: PaperWidth): HTMLElement {
  const paper = element('section', `paper paper-${width}`);
  paper.setAttribute('aria-hidden', 'true');
  paper.append(element('p', 'title', slip.title));
  if (slip.copy !== null) paper.append(element('p', 'copy', slip.copy));
  paper.append(...slip.rows.map((row) => pair(row, 'row-of-paper')));
  if (slip.figure !== null) paper.append(pair(slip.figure, 'figure-of-paper'));
  paper.append(...slip.small.map((line) => element('p', 'small', line)));
  return paper;
}

/**
 * Prints a slip through the browser, on a page as long as the slip: characters go to the printer as the system draws
 * them, so no printer needs to know Chinese. Waits as long as the browser shows its window, if it shows one.
 * @throws where the browser cannot print
 */
export function printReceipt(slip: Receipt, width: PaperWidth): void {
  for (const old of document.querySelectorAll('.paper')) old.remove();
  const paper = laidOut(slip, width);
  document.body.append(paper);
  const millimetres = Math.ceil(paper.getBoundingClientRect().height / PX_PER_MM) + 8;
  const page = new CSSStyleSheet();
  page.replaceSync(`@page { size: ${width}mm ${millimetres}mm; margin: 4mm ${(width - REACH[width]) / 2}mm; }`);
  document.adoptedStyleSheets = [page];
  // What was printed stays for the printer's driver until the next slip takes its place: some ask for it again.
  window.print();
}
