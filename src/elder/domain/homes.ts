import { done, refuse, type CivilDate, type Outcome } from '../../kernel/index.js';
import { homeOn, sortHomes, type HomeKind, type HomeRecord } from './elder-record.js';

/** Where an elder belongs now, and since when where that ever changed. */
export interface HomesNow {
  readonly hukouCode: string | null;
  readonly residenceCode: string | null;
  /** Empty when the elder never moved. */
  readonly homes: readonly HomeRecord[];
}

/** What holds now by a list of homes that no entry corrects any more. */
export function homesNow(held: readonly HomeRecord[], today: CivilDate): HomesNow {
  const homes = sortHomes(held.map(({ kind, code, from }) => ({ kind, code, from })));
  const now = (kind: HomeKind): string | null => homeOn({ hukouCode: null, residenceCode: null, homes }, kind, today);
  return { hukouCode: now('hukou'), residenceCode: now('residence'), homes: homes.some(({ from }) => from !== null) ? homes : [] };
}

/**
 * Decides over a move or the correction of one.
 * @param held the homes that hold now, without the one that is corrected
 * @param corrected the home that is corrected; the first one of a kind stays the first
 * @returns what holds afterwards; `home-from-wrong`, `home-known`, `place-missing`
 */
export function decideMove(move: HomeRecord & { readonly withdrawn: boolean }, held: readonly HomeRecord[], corrected: HomeRecord | null, born: CivilDate, today: CivilDate): Outcome<HomesNow> {
  const first = corrected !== null && corrected.from === null;
  if (corrected !== null && corrected.kind !== move.kind) return refuse('home-kind-differs');
  if (first ? move.from !== null || move.withdrawn : move.from === null) return refuse('home-from-wrong');
  if (move.from !== null && (move.from <= born || move.from > today)) return refuse('home-from-wrong');
  if (!move.withdrawn && held.some((home) => home.kind === move.kind && home.from === move.from)) return refuse('home-known');
  const after = homesNow(move.withdrawn ? held : [...held, move], today);
  return after.hukouCode === null && after.residenceCode === null ? refuse('place-missing') : done(after);
}
