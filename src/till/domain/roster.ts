import { civilDate, fen, type CivilDate, type Instant } from '../../kernel/index.js';
import { addUses, decideOffline, type CompiledVersion, type MealFacts, type OfflineSplit, type SiteFacts, type Use } from '../../subsidy/domain/index.js';

const HOUR = 3_600_000;
/** Subsidies are guaranteed for so long after a roster was made. */
export const GUARANTEED_MS = 24 * HOUR;
/** Sales after that are looked at by a person; after this a till sells at the full price only, and forgets the roster. */
export const EXPIRY_MS = 72 * HOUR;

/**
 * From a day on (empty: from the roster's own day) the version that rules a person's meals at this site, by its key
 * (empty: none), and the answers to what it asks about the person.
 */
export type Stretch = readonly [from: string, versionKey: string, answers: string];

/** A counter as it was when the roster was made: rule, period, times, fen. */
export type RosterUse = readonly [ruleId: string, periodKey: string, count: number, fen: number];

/** What of a row hangs on rules and counters alone. */
export interface RowBody {
  readonly s: readonly Stretch[];
  readonly u: readonly RosterUse[];
  /** The card is reported lost, or frozen; it eats at the full price. */
  readonly x?: 'lost' | 'frozen';
}

/** A person on a till's roster: a pseudonym of the card, how to address them, and what to decide with. Short names, since there are many. */
export interface TillRow extends RowBody {
  /** The card's handle at this terminal alone, until its keys change. */
  readonly h: string;
  /** Surname. */
  readonly n: string;
  /** 女士 or 先生, for the address. */
  readonly t: 'f' | 'm';
  /** Ate here lately. */
  readonly r?: 1;
}

/** One page of a roster, or of what changed since a version of it. */
export interface RosterPage {
  readonly format: 1;
  readonly siteId: string;
  readonly terminalId: string;
  /** Handles hold within one generation of the terminal's key; a page of another one replaces everything. */
  readonly generation: number;
  readonly version: number;
  /** The version that the page adds to; null where it is part of a whole roster. */
  readonly since: number | null;
  readonly asOf: Instant;
  readonly guaranteedUntil: Instant;
  readonly expiresAt: Instant;
  /** The last day that stretches were worked out for. */
  readonly coversTo: string;
  /** Sales of this terminal up to this journal number are in the counters; later ones the till adds itself. */
  readonly countedTo: number;
  readonly versionKeys: readonly string[];
  readonly rows: readonly TillRow[];
  readonly gone: readonly string[];
  readonly next: string | null;
}

/** A roster as a till holds it, by handle. */
export type HeldRoster = Map<string, TillRow>;

/** Takes a page into a held roster. The first page of a whole roster begins anew. */
export function takePage(held: HeldRoster, page: RosterPage, isFirst: boolean): HeldRoster {
  if (isFirst && page.since === null) held.clear();
  for (const handle of page.gone) held.delete(handle);
  for (const row of page.rows) held.set(row.h, row);
  return held;
}

/** What a roster's age allows: subsidies guaranteed, marked for review, or the full price only. A clock that was set back counts as stale. */
export type RosterStanding = 'guaranteed' | 'review' | 'full-price';

export function rosterStanding(asOf: Instant, now: Instant): RosterStanding {
  const age = now - asOf;
  if (age < -HOUR || age >= EXPIRY_MS) return 'full-price';
  return age < GUARANTEED_MS ? 'guaranteed' : 'review';
}

function stretchOn(stretches: readonly Stretch[], date: CivilDate): Stretch | undefined {
  return stretches.filter(([from]) => from <= date).at(-1);
}

/** The counters of a row, as the engine counts. */
export function usesOf(row: Pick<TillRow, 'u'>): Use[] {
  return row.u.map(([ruleId, periodKey, count, amount]) => ({ ruleId, periodKey, count, fen: fen(amount) }));
}

/** A meal that a till is to decide by itself. */
export interface OfflineMeal {
  /** null for a guest. */
  readonly row: TillRow | null;
  /** By their keys, as `GET /v1/till/catalogue` gives them. */
  readonly versions: ReadonlyMap<string, CompiledVersion>;
  readonly site: SiteFacts;
  readonly meal: MealFacts;
  /** Of this till's own sales that are not in the row's counters yet. */
  readonly ownUses: readonly Use[];
}

/**
 * What a meal costs whom, by what a till holds. A lost or frozen card eats as a guest, and so does whoever's version is
 * not at hand: the server decides again on upload, and never bills the elder later.
 */
export function decideAtTill({ row, versions, site, meal, ownUses }: OfflineMeal): OfflineSplit {
  if (row === null || row.x !== undefined) return decideOffline(null, site, meal, []);
  const [, key = '', answers = ''] = stretchOn(row.s, civilDate(meal.date)) ?? [];
  return decideOffline({ version: versions.get(key) ?? null, answers }, site, meal, addUses(usesOf(row), ownUses));
}
