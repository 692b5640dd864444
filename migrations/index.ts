import { Platform1732000000000 } from './1732000000000-platform.js';

/** Every migration, oldest first. A new one is added at the end and never edited once it has landed. */
export const migrations = [Platform1732000000000];
