export { APP_ROLE, migrateToHead, openDataSource } from './data-source.js';
export { isRerunnable, isUnavailable, sqlState, violatedConstraint } from './pg-errors.js';
export { Transactor } from './transactor.js';
export { at, type SqlValue, type Tx } from './tx.js';
