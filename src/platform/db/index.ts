export { APP_ROLE, migrateToHead, openDataSource, POOLS, type PoolLimits } from './data-source.js';
export { belongsToKey } from './installation.js';
export { makeOwnDatabase, type OwnDatabase } from './own-database.js';
export { isBusy, isRerunnable, isUnavailable, sqlState } from './pg-errors.js';
export { Transactor } from './transactor.js';
export { at, type SqlValue, type Tx } from './tx.js';
export { defaultDataDir } from './data-dir.js';
export { remakeDatabase } from './remake-database.js';
export { startPostgres, type EmbeddedPostgres, type StartPostgres } from './embedded-postgres.js';
