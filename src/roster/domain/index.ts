export { compareElder, type Change, type Comparison, type RegistryEntry } from './compare-elder.js';
export { readCategories, readDisabilityGrade } from './categories.js';
export { plainText, readDate, serialDate, type Cell, type TableRow } from './cell.js';
export { FIELDS, findLayout, HEADER_ROWS, PURPOSES, type Column, type ColumnChoice, type Field, type Layout, type Purpose } from './columns.js';
export { PlaceFinder, type Place, type PlaceNode } from './places.js';
export { readElderRow, readRegisterRow, type ElderRow, type ReadContext, type RegisterFields, type RegisterRow, type RowFault, type RowNote, type SkippedRow } from './read-row.js';
export { NOTE_WORDS, ROW_WORDS, type RowCode } from './row-words.js';
