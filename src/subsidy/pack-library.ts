import { addDays, type CivilDate } from '../kernel/index.js';
import { dayKind, endOfFunds, isWithin, isWorkday, narrowness, type Calendar, type CompiledVersion, type DayKind, type DivisionPath, type FundEnd } from './domain/index.js';
import { loadCalendars, loadPacks, type Pack } from './load-packs.js';
import { productPacks } from './yaml-file.js';

/** Where the elder of a meal belongs; a guest has null for the whole. */
export interface HomePaths {
  readonly hukou: DivisionPath | null;
  readonly residence: DivisionPath | null;
}

/**
 * Every pack that is loaded, with the calendars; read only. A pack may come in several editions, each with versions of
 * its own and the scope that was published with them; a version then ends the day before the pack's next one begins.
 */
export class PackLibrary {
  private readonly editions: readonly Pack[];
  private readonly byName: ReadonlyMap<string, Pack>;

  /** Versions that a fund's end cuts short, by what was cut and where. */
  private readonly cutShort = new Map<string, CompiledVersion>();

  /** @param ends announced ends of funds, in the order of publication */
  constructor(packs: readonly Pack[], private readonly calendars: ReadonlyMap<number, Calendar>, private readonly ends: readonly FundEnd[] = []) {
    this.editions = packs.map((pack) => endedByNext(pack, packs));
    const byName = new Map<string, Pack>();
    for (const edition of this.editions) byName.set(edition.source.pack, together(byName.get(edition.source.pack), edition));
    this.byName = byName;
  }

  /**
   * Loads all packs of a folder.
   * @throws PackError naming file, line and remedy
   */
  static load(root = productPacks()): PackLibrary {
    return new PackLibrary(loadPacks(root), loadCalendars());
  }

  /** This library with one more edition, such as a draft: what a city would have. */
  with(edition: Pack): PackLibrary {
    return new PackLibrary([...this.editions, edition], this.calendars, this.ends);
  }

  /** This library with one edition in place of all that it holds of that pack: what a draft would do alone. */
  replacing(edition: Pack): PackLibrary {
    return new PackLibrary([...this.editions.filter(({ source }) => source.pack !== edition.source.pack), edition], this.calendars, this.ends);
  }

  /** Packs by name. */
  all(): readonly Pack[] {
    return [...this.byName.values()];
  }

  pack(name: string): Pack | undefined {
    return this.byName.get(name);
  }

  /** The version of a pack that is in force on a day: the meal's date decides. */
  versionOn(packName: string, date: CivilDate): CompiledVersion | null {
    return versionIn(this.byName.get(packName)?.versions ?? [], date);
  }

  version(packName: string, version: string): CompiledVersion | null {
    return this.byName.get(packName)?.versions.find((entry) => entry.version === version) ?? null;
  }

  /**
   * The version that rules a meal: of the packs in force whose sites include the site, the narrowest that
   * covers the elder; where none covers the elder, the narrowest of the site, which then says why not. Where a fund
   * that the meal would draw on has ended by an announcement, the version comes as one that is over.
   * @param home null for a guest
   */
  packFor(home: HomePaths | null, site: DivisionPath, date: CivilDate): CompiledVersion | null {
    const here = this.editions.filter((pack) => isWithin(site, pack.source.scope.site.map((code) => place(pack, code))));
    const inForce = here.filter((pack) => versionIn(pack.versions, date) !== null);
    const covering = home === null ? [] : inForce.filter((pack) => coversElder(pack, home));
    const chosen = narrowest(covering) ?? narrowest(inForce);
    const version = chosen === null ? null : versionIn(chosen.versions, date);
    return version === null || this.ends.length === 0 || home === null ? version : this.unlessEnded(version, home, site, date);
  }

  private unlessEnded(version: CompiledVersion, home: HomePaths, site: DivisionPath, date: CivilDate): CompiledVersion {
    const end = endOfFunds(version, this.ends, { ...home, site }, date);
    if (end === null) return version;
    const key = `${version.sha256} ${end.seq}`;
    const known = this.cutShort.get(key) ?? { ...version, to: addDays(end.fromDate, -1), endedBy: end.documentNumber };
    this.cutShort.set(key, known);
    return known;
  }

  /** Days after `from`, up to `to`, on which another version or an announced end of funds begins or is over. */
  changeDays(from: CivilDate, to: CivilDate): CivilDate[] {
    const bounds = [...this.editions.flatMap(({ versions }) => versions.map((version) => ({ first: version.from, last: version.to }))), ...this.ends.map((end) => ({ first: end.fromDate, last: end.toDate }))];
    const days = bounds.flatMap(({ first, last }) => (last === null ? [first] : [first, addDays(last, 1)]));
    return [...new Set(days)].filter((day) => day > from && day <= to).sort();
  }

  /** What a day is by the State Council's calendar; the plain week where none is loaded. */
  dayKind(date: CivilDate): DayKind {
    return dayKind(date, this.calendars.get(Number(date.slice(0, 4))) ?? null);
  }

  /** The last year whose calendar is loaded; 0 without any. */
  lastCalendarYear(): number {
    return Math.max(0, ...this.calendars.keys());
  }

  /** What a meal's facts say of its day; guessed where no calendar of its year is loaded. */
  dayOf(date: CivilDate): { workday: boolean; dayKind: DayKind; dayGuessed?: true } {
    const kind = this.dayKind(date);
    const plain = { workday: kind === 'workday', dayKind: kind };
    return this.calendars.has(Number(date.slice(0, 4))) ? plain : { ...plain, dayGuessed: true };
  }

  /** Whether a day is worked by the State Council's calendar; Monday to Friday where none is loaded. */
  isWorkday(date: CivilDate): boolean {
    return isWorkday(date, this.calendars.get(Number(date.slice(0, 4))) ?? null);
  }
}

function byFrom(a: CompiledVersion, b: CompiledVersion): number {
  return a.from < b.from ? -1 : 1;
}

/** Two editions as one pack, under the head of the later one. */
function together(one: Pack | undefined, other: Pack): Pack {
  if (one === undefined) return other;
  const versions = [...one.versions, ...other.versions].sort(byFrom);
  return { ...(other.versions.includes(versions.at(-1) as CompiledVersion) ? other : one), versions };
}

/** The last version that has begun, unless it has ended. */
function versionIn(versions: readonly CompiledVersion[], date: CivilDate): CompiledVersion | null {
  const last = versions.filter(({ from }) => from <= date).at(-1);
  return last === undefined || (last.to !== null && date > last.to) ? null : last;
}

/** An edition whose versions end where those of the pack's other editions begin. */
function endedByNext(pack: Pack, all: readonly Pack[]): Pack {
  const others = all.filter((other) => other !== pack && other.source.pack === pack.source.pack).flatMap(({ versions }) => versions);
  if (others.length === 0) return pack;
  const versions = pack.versions.map((version) => {
    const next = others.filter(({ from }) => from > version.from).sort(byFrom)[0];
    const lastDay = next === undefined ? null : addDays(next.from, -1);
    return lastDay === null || (version.to !== null && version.to < lastDay) ? version : { ...version, to: lastDay };
  });
  return { ...pack, versions };
}

function place(pack: Pack, code: string): string {
  return code === 'pack' ? pack.source.division : code;
}

function coversElder(pack: Pack, home: HomePaths): boolean {
  const { of, in: codes } = pack.source.scope.elder;
  const divisions = (codes ?? ['pack']).map((code) => place(pack, code));
  if (of === 'any') return true;
  if (of === 'hukou') return isWithin(home.hukou, divisions);
  if (of === 'residence') return isWithin(home.residence, divisions);
  return isWithin(home.hukou, divisions) || isWithin(home.residence, divisions);
}

function narrowest(packs: readonly Pack[]): Pack | null {
  let best: Pack | null = null;
  for (const pack of packs) {
    if (best === null || narrowness(pack.source.division) > narrowness(best.source.division)) best = pack;
  }
  return best;
}
