export { SlipModule } from './slip.module.js';
