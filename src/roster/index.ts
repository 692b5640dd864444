export { proposedRows } from './proposed-rows.js';
export { RosterModule } from './roster.module.js';
export { lockRoster } from './roster.store.js';
