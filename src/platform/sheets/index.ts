export { addSheet, safeText, type SheetCell } from './add-sheet.js';
