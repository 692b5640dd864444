import type ExcelJS from 'exceljs';

/** What a spreadsheet may take for a formula or a command (ASVS 1.2.10), the full-width signs included. */
const FORMULA_LIKE = /^[=+\-@\t\r\n\0＝＋－＠]/;

/** A text that no spreadsheet runs: what looks like a formula gets an apostrophe before it. */
export function safeText(text: string): string {
  return FORMULA_LIKE.test(text) ? `'${text}` : text;
}

/** A text, an amount in fen that is shown in yuan, or a count. */
export type SheetCell = string | { fen: number } | number;

const MONEY = '#,##0.00';

/** Adds a sheet of papers: its header stays in sight, amounts are numbers, texts are never run. */
export function addSheet(book: ExcelJS.Workbook, name: string, widths: readonly number[], header: readonly string[], rows: readonly (readonly SheetCell[])[]): void {
  const sheet = book.addWorksheet(name, { pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 }, views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.addRow([...header]).font = { bold: true };
  for (const cells of rows) {
    const row = sheet.addRow(cells.map((cell) => (typeof cell === 'string' ? safeText(cell) : typeof cell === 'number' ? cell : cell.fen / 100)));
    cells.forEach((cell, index) => {
      row.getCell(index + 1).numFmt = typeof cell === 'string' ? '@' : typeof cell === 'number' ? '0' : MONEY;
    });
  }
  widths.forEach((width, index) => (sheet.getColumn(index + 1).width = width));
}
