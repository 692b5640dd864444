import { spansMeet, type CategoryRecord, type HeldCategory, type HomeKind, type Registration } from '../../elder/domain/index.js';
import type { ElderRow, RowNote } from './read-row.js';
import type { RowCode } from './row-words.js';

/** What the registry knows of an elder that a row names. */
export interface RegistryEntry {
  readonly elderId: string;
  readonly sameName: boolean;
  readonly samePhone: boolean;
  readonly hukouCode: string | null;
  readonly residenceCode: string | null;
  readonly died: string | null;
  /** Whether the elder is registered in the division of the file. */
  readonly here: boolean;
  readonly categories: readonly CategoryRecord[];
}

/** What a row adds to what is known. */
export interface Change {
  readonly moves: readonly { readonly kind: HomeKind; readonly code: string }[];
  readonly categories: readonly HeldCategory[];
}

/** What a row comes to. */
export type Comparison =
  | { readonly outcome: 'new' | 'changed' | 'unchanged'; readonly elderId: string; readonly change: Change; readonly notes: readonly RowNote[] }
  | { readonly outcome: 'wrong'; readonly code: RowCode; readonly elderId: string | null };

const NO_CHANGE: Change = { moves: [], categories: [] };

/**
 * Compares a row with the registry.
 * @param known null for somebody who is not registered
 * @param cardOwner the elder who was ever given the row's card; null for nobody
 * @param within whether a division lies in another, or is it
 */
export function compareElder(row: ElderRow, known: RegistryEntry | null, cardOwner: string | null, within: (code: string, wider: string) => boolean): Comparison {
  const { registration } = row;
  if (known === null) {
    if (cardOwner !== null) return { outcome: 'wrong', code: 'card-known', elderId: null };
    return { outcome: 'new', elderId: registration.elderId, change: NO_CHANGE, notes: row.notes };
  }
  const { elderId } = known;
  const wrong = conflict(registration, known, cardOwner);
  if (wrong !== null) return { outcome: 'wrong', code: wrong, elderId };
  const categories = addedCategories(row, known);
  if (categories === 'differs') return { outcome: 'wrong', code: 'category-differs', elderId };
  const moves = movesOf(registration, known, within);
  if (!known.here && moves.length + categories.length > 0) return { outcome: 'wrong', code: 'elder-elsewhere', elderId: null };
  const notes: RowNote[] = registration.phone !== null && !known.samePhone ? [...row.notes, 'phone-differs'] : [...row.notes];
  return { outcome: moves.length + categories.length > 0 ? 'changed' : 'unchanged', elderId, change: { moves, categories }, notes };
}

function conflict(registration: Registration, known: RegistryEntry, cardOwner: string | null): RowCode | null {
  if (!known.sameName) return 'name-differs';
  if (known.died !== null) return 'elder-died';
  if (registration.cardNumber === null || cardOwner === known.elderId) return null;
  return cardOwner === null ? 'card-for-known' : 'card-known';
}

/** A wider division than the one on record is no news; a narrower or another one is. */
function movesOf(registration: Registration, known: RegistryEntry, within: (code: string, wider: string) => boolean): { kind: HomeKind; code: string }[] {
  const told = [['hukou', registration.hukouCode, known.hukouCode], ['residence', registration.residenceCode, known.residenceCode]] as const;
  return told.flatMap(([kind, code, held]) => (code === null || (held !== null && within(held, code)) ? [] : [{ kind, code }]));
}

/** Classes that are not on record yet. Without days in the file, any record of the class is as good as the row's. */
function addedCategories({ registration, datesGiven }: ElderRow, known: RegistryEntry): HeldCategory[] | 'differs' {
  const added: HeldCategory[] = [];
  for (const told of registration.categories) {
    const same = known.categories.filter((held) => held.code === told.code);
    const meeting = same.filter((held) => spansMeet(held, told));
    if (meeting.length === 0) {
      added.push(told);
      continue;
    }
    const agrees = meeting.some((held) => (told.grade === null || held.grade === told.grade)
      && (!datesGiven || (held.from <= told.from && (told.to === null || held.to === told.to))));
    if (!agrees) return 'differs';
  }
  return added;
}
