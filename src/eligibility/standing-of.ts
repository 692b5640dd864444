import type { CivilDate } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { pathsOf } from '../region/index.js';
import { homeOn, type ElderRecord } from '../elder/domain/index.js';
import { elderFactsOn, entitlementOf, type Application, type CompiledVersion, type ElderFacts, type Entitlement } from '../subsidy/domain/index.js';
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
  return new Map(elders.map((elder) => [elder.elderId, standingOf(packs, elderFactsOn(elder, on, known), on)]));
}

function standingOf(packs: PackLibrary, elder: ElderFacts, on: CivilDate): ElderStanding {
  const version = packs.packFor({ hukou: elder.hukou, residence: elder.residence }, elder.residence ?? elder.hukou ?? [], on);
  return { version, application: version?.application ?? null, entitlement: version === null ? null : entitlementOf(version, elder, on), elder };
}
