export * from './report.js';
export * from './site-life.js';
export * from './target.js';
