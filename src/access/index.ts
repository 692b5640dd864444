export { AccessModule } from './access.module.js';
export { recordAudit, recordAudits, verifyAuditChain, type AuditEntry, type ChainCheck } from './audit.store.js';
export { terminalStanding } from './terminal-key.store.js';
export { CreateStaff, type NewPerson } from './create-staff.js';
export { MiniSessions, type MiniTokens, type ReusedSession } from './mini-sessions.js';
export { inScope, siteInScope, SitePlaces, type SitePlaceFinder } from './scope.js';
export { makeTerminalKeys, signJournalEntry, signKeyRequest, signSessionRequest, signTerminalRequest, type TerminalKeys, type TerminalSessionKey } from './terminal-client.js';
export { fallenAmong, terminalKeys } from './terminal.store.js';
export { Tries, type Attempt } from './tries.js';
