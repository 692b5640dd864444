import type ExcelJS from 'exceljs';
import type { Instant } from '../../kernel/index.js';

/** The maker of spreadsheets, loaded when the first is asked for: a process that writes none starts without its 500 files. */
export async function sheetMaker(): Promise<typeof ExcelJS> {
  return (await import('exceljs')).default;
}

/**
 * Papers as a spreadsheet file.
 * @param madeAt written into the file, so that the same papers give the same properties
 * @param fill adds the sheets
 */
export async function paperBook(title: string, madeAt: Instant, fill: (book: ExcelJS.Workbook) => void): Promise<Buffer> {
  const { Workbook } = await sheetMaker();
  const book = new Workbook();
  book.creator = '幸福食堂';
  book.title = title;
  book.created = book.modified = new Date(madeAt);
  fill(book);
  return Buffer.from(await book.xlsx.writeBuffer());
}
