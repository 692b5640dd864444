export * from './card-moves.js';
export * from './elder-record.js';
export * from './identity-number.js';
export * from './mask.js';
export * from './registration.js';
