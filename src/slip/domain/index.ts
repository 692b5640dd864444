export * from './day.js';
export * from './handle-no.js';
export * from './slip-code.js';
