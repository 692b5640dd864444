export * from './duties.js';
export * from './password.js';
export * from './terminal-words.js';
export * from './throttle.js';
