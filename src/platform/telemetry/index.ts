export { blot, openLog, type Log } from './log.js';
