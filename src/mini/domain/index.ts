export { monthWords, partWords, prepaidWords, sequelWords, splitWords, type NamedPart } from './meal-words.js';
export { distanceWords, itemsWords, leftWords, MARK_WORDS, PERIOD_WORDS, warningWords } from './menu-words.js';
