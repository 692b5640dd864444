import { refuse } from '../kernel/index.js';
import type { EntryRow } from './elder.store.js';

/** How a new record relates to an earlier one. */
export interface Correction {
  /** The entry that this one takes the place of. */
  readonly corrects?: string | null;
  /** Takes the corrected entry back and puts nothing in its place. */
  readonly withdrawn?: boolean;
}

/** Why an earlier entry cannot be corrected: there is none, or it was corrected already; null when it can. */
export function checkCorrection(form: Correction, entries: readonly Pick<EntryRow, 'entryId' | 'corrected' | 'withdrawn'>[]): ReturnType<typeof refuse> | null {
  if (!form.corrects) return form.withdrawn ? refuse('withdrawal-of-nothing') : null;
  const target = entries.find((entry) => entry.entryId === form.corrects);
  if (!target) return refuse('entry-unknown');
  return target.corrected || target.withdrawn ? refuse('entry-corrected') : null;
}
