export { addSheet, safeText, type SheetCell } from './add-sheet.js';
export { paperBook, sheetMaker } from './paper-book.js';
