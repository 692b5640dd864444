export * from './card-moves.js';
export * from './categories.js';
export * from './elder-record.js';
export * from './homes.js';
export * from './identity-number.js';
export * from './mask.js';
export * from './registration.js';
