export * from './canonical.js';
export * from './civil-date.js';
export * from './clock.js';
export * from './fen.js';
export * from './id.js';
export * from './invariant.js';
export * from './outcome.js';
export * from './share.js';
