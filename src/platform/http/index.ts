export * from './actor.js';
export * from './deed.js';
export * from './door.js';
export * from './fields.js';
export { HealthController, Readiness } from './health.controller.js';
export * from './paging.js';
export { ProblemFilter } from './problem.filter.js';
export * from './problem.js';
export { checkedBody, lookQuickly } from './validation.js';
