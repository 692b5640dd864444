export * from './cast.js';
export * from './rates.js';
export * from './auditor.js';
export type { ArrivedSale, AuditedSale, Happening } from './auditor-words.js';
export * from './faults.js';
export * from './story.js';
