export * from './moves.js';
export * from './reasons.js';
export * from './working-days.js';
