export * from './config/index.js';
export * from './crypto/index.js';
export * from './db/index.js';
export * from './http/index.js';
export * from './jobs/index.js';
export * from './sheets/index.js';
export * from './telemetry/index.js';
export * from './tokens.js';
export { PlatformModule, type Parts } from './platform.module.js';
