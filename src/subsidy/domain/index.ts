export * from './decide-meal.js';
export * from './decision.js';
export * from './facts.js';
export * from './pack.js';
