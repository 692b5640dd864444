export * from './decide-meal.js';
export * from './decision.js';
export * from './division.js';
export * from './facts.js';
export * from './pack.js';
export * from './period-key.js';
export * from './recompute.js';
export * from './workday.js';
