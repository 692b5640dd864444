import type { CivilDate } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { pathsOf } from '../region/index.js';
import { homeOn, type ElderRecord } from '../elder/domain/index.js';
import { entitlementOf, pathOf, type Application, type CompiledVersion, type DivisionPath, type ElderFacts, type Entitlement } from '../subsidy/domain/index.js';
import type { PackLibrary } from '../subsidy/index.js';

/** What the rules say of an elder on a day, meals apart. */
export interface ElderStanding {
  /** The version that rules the elder's meals at home; null where none does. */
  readonly version: CompiledVersion | null;
  /** Null where nobody applies: age or class alone entitles, or nothing rules. */
  readonly application: Application | null;
  readonly entitlement: Entitlement | null;
  readonly elder: ElderFacts;
}

/** What the rules say of elders on a day: one statement for any number of them. */
export async function standingsOf(tx: Tx, packs: PackLibrary, cityCode: string, elders: readonly ElderRecord[], on: CivilDate): Promise<Map<string, ElderStanding>> {
  const codes = [...new Set(elders.flatMap((elder) => [homeOn(elder, 'hukou', on), homeOn(elder, 'residence', on)]).filter((code) => code !== null))];
  const known = codes.length === 0 ? new Map<string, string[]>() : await pathsOf(tx, cityCode, codes);
  return new Map(elders.map((elder) => [elder.elderId, standingOf(packs, toFacts(elder, known, on), on)]));
}

function standingOf(packs: PackLibrary, elder: ElderFacts, on: CivilDate): ElderStanding {
  const version = packs.packFor({ hukou: elder.hukou, residence: elder.residence }, elder.residence ?? elder.hukou ?? [], on);
  return { version, application: version?.application ?? null, entitlement: version === null ? null : entitlementOf(version, elder, on), elder };
}

/** An elder's record as the engine takes it; a division of another city is read off its code. */
function toFacts(elder: ElderRecord, known: ReadonlyMap<string, DivisionPath>, on: CivilDate): ElderFacts {
  const home = (kind: 'hukou' | 'residence'): DivisionPath | null => {
    const code = homeOn(elder, kind, on);
    return code === null ? null : (known.get(code) ?? pathOf(code));
  };
  const since = (kind: 'hukou' | 'residence') => ({ source: kind === 'hukou' ? '户籍登记' : '常住地登记', from: elder.homes.filter((entry) => entry.kind === kind && entry.from !== null && entry.from <= on).at(-1)?.from ?? null });
  return {
    born: elder.born, hukou: home('hukou'), residence: home('residence'), categories: elder.categories, careHomeStays: elder.careHomeStays, died: elder.died,
    sources: { born: { source: '身份证登记' }, hukou: since('hukou'), residence: since('residence') },
  };
}
