export { largePrint, type Paper, type PaperPart } from './large-print.js';
