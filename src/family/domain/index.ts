export * from './address.js';
export * from './binding-code.js';
export * from './consent-notice.js';
export * from './rights.js';
export * from './tell-apart.js';
