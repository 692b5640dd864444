export { MiniModule } from './mini.module.js';
