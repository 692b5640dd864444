import { addUses, type Use } from '../../../src/subsidy/domain/index.js';
import type { Listed } from '../view.js';

/** What a sale of this till took of somebody's rights, by its own reckoning; lies sealed with the entry. */
export interface Trace {
  /** Who: the card's handle at this till. */
  readonly handle: string;
  readonly mealDate: string;
  readonly uses: readonly Use[];
  readonly subsidyFen: number;
}

/** A trace with the number of its entry. */
export interface OwnMeal extends Trace {
  readonly number: number;
}

/** What a till may grant by itself without a network. Fen, and times. */
export interface TillLimits {
  readonly tapFen: number;
  readonly elderDayFen: number;
  readonly deviceDayFen: number;
  readonly deviceDayTaps: number;
}

/** Entries by number, and the number under which each sale was taken back. */
export interface Journalled {
  readonly entries: ReadonlyMap<number, Listed>;
  readonly backBy: ReadonlyMap<string, number>;
}

/** Reads a journal once for many questions. */
export function journalled(entries: readonly Listed[]): Journalled {
  const backBy = new Map<string, number>();
  for (const { about, fate, number } of entries) if (about.kind === 'void' && fate.is !== 'blocked' && fate.is !== 'refused') backBy.set(about.tapId, number);
  return { entries: new Map(entries.map((entry) => [entry.number, entry])), backBy };
}

/** Whether a sale took what its trace says: it stands or waits, and the service, once asked, gave a subsidy. */
function took(entry: Listed | undefined): entry is Listed {
  if (entry === undefined) return false;
  const { fate } = entry;
  return fate.is === 'unsent' || (fate.is === 'accepted' && fate.selfPayFen < fate.priceFen);
}

/**
 * What this till's own sales change of an elder's counters as the roster has them: later sales add to them, and a sale
 * that is in them but was taken back since takes away.
 * @param countedTo the last journal number that is in the counters
 */
export function ownUses(meals: readonly OwnMeal[], { entries, backBy }: Journalled, handle: string, countedTo: number): Use[] {
  let uses: Use[] = [];
  for (const meal of meals) {
    const entry = meal.handle === handle ? entries.get(meal.number) : undefined;
    if (!took(entry)) continue;
    const back = backBy.get(entry.id);
    if (meal.number > countedTo && back === undefined) uses = addUses(uses, meal.uses);
    if (meal.number <= countedTo && back !== undefined && back > countedTo) uses = addUses(uses, meal.uses, -1);
  }
  return uses;
}

/**
 * Whether one more subsidy would pass what this till may grant while it is away. What it granted since the service was
 * last heard of is what waits to be sent.
 */
export function isAboveLimits(meals: readonly OwnMeal[], { entries, backBy }: Journalled, limits: TillLimits, next: Pick<Trace, 'handle' | 'mealDate' | 'subsidyFen'>): boolean {
  if (next.subsidyFen === 0) return false;
  const granted = meals.filter(({ number, mealDate, subsidyFen }) => {
    const entry = entries.get(number);
    return mealDate === next.mealDate && subsidyFen > 0 && entry?.fate.is === 'unsent' && !backBy.has(entry.id);
  });
  const sum = (of: readonly OwnMeal[]): number => of.reduce((total, { subsidyFen }) => total + subsidyFen, next.subsidyFen);
  return next.subsidyFen > limits.tapFen || sum(granted.filter(({ handle }) => handle === next.handle)) > limits.elderDayFen
    || sum(granted) > limits.deviceDayFen || granted.length + 1 > limits.deviceDayTaps;
}
