import { setImmediate as turn } from 'node:timers/promises';
import { addDays, type CivilDate } from '../kernel/index.js';
import { factsOf } from '../elder/index.js';
import type { ElderRecord } from '../elder/domain/index.js';
import { sha256, type Tx } from '../platform/index.js';
import { pathsOf } from '../region/index.js';
import type { SiteOn } from '../site/index.js';
import { divisionsNamed, MEAL_PERIODS, periodKeys, tillVersion, type CompiledVersion, type DivisionPath, type SiteFacts, type Use } from '../subsidy/domain/index.js';
import type { PackLibrary } from '../subsidy/index.js';
import { readUses } from '../tap/index.js';
import { planStretches, type KeyedVersion, type RowBody, type StretchPlan } from './domain/index.js';
import type { ChangedRow, Member } from './roster.store.js';

/** How far ahead stretches are worked out: a till that was off for weeks still knows birthdays, though no longer counters. */
export const DAYS_AHEAD = 30;
/** People between two turns of the loop. */
const TURN = 50;

/** A version as tills keep it. */
interface KeptVersion extends KeyedVersion {
  readonly body: string;
}

const keyed = new WeakMap<CompiledVersion, KeptVersion>();

function keptVersion(version: CompiledVersion): KeptVersion {
  const known = keyed.get(version);
  if (known !== undefined) return known;
  const body = JSON.stringify(tillVersion(version));
  const made = { key: sha256(body).slice(0, 12), version, body };
  keyed.set(version, made);
  return made;
}

/** What the engine looks at of a site. */
export function siteFactsOf({ kind, supplyMode, path }: SiteOn): SiteFacts {
  return { kind, supplyMode, division: path };
}

/** What a roster is made with. */
export class RosterKitchen {
  readonly versions = new Map<string, KeptVersion>();
  private readonly paths = new Map<string, DivisionPath>();
  private readonly ruling = new Map<string, KeptVersion | null>();
  private readonly plan: StretchPlan;
  private readonly periods: readonly string[];

  constructor(private readonly library: PackLibrary, readonly site: SiteOn, from: CivilDate) {
    const to = addDays(from, DAYS_AHEAD);
    this.plan = { site: siteFactsOf(site), paths: this.paths, from, to, versionDays: library.changeDays(from, to), versionOn: (home, date) => this.rulingOn(home, date) };
    this.periods = [...new Set(MEAL_PERIODS.flatMap((period) => periodKeys(from, period)))];
  }

  /** People's rows; four statements, whatever their number. */
  async rowsOf(tx: Tx, cityCode: string, members: readonly Member[]): Promise<ChangedRow[]> {
    const ids = members.map(({ elderId }) => elderId);
    const [records, uses] = await Promise.all([factsOf(tx, cityCode, ids), readUses(tx, cityCode, ids, this.periods)]);
    await this.learnPaths(tx, cityCode, [...records.values()]);
    const rows: ChangedRow[] = [];
    for (const [index, member] of members.entries()) {
      const record = records.get(member.elderId);
      if (record !== undefined) rows.push(this.rowOf(member, record, uses.get(member.elderId) ?? []));
      // A tap that arrives meanwhile waits for a few people, not for a street.
      if (index % TURN === TURN - 1) await turn();
    }
    return rows;
  }

  private rowOf({ cardId, elderId, cardState, digest, nameIndex, regular }: Member, record: ElderRecord, uses: readonly Use[]): ChangedRow {
    const u = uses.map(({ ruleId, periodKey, count, fen }) => [ruleId, periodKey, count, fen] as const).sort((a, b) => (`${a[0]} ${a[1]}` < `${b[0]} ${b[1]}` ? -1 : 1));
    const row: RowBody = { s: planStretches(record, this.plan), u, ...(cardState === 'active' ? {} : { x: cardState }) };
    const body = JSON.stringify(row);
    return { cardId, elderId, regular, body, hash: sha256([body, digest, nameIndex, String(regular)].join('\n')) };
  }

  private async learnPaths(tx: Tx, cityCode: string, records: readonly ElderRecord[]): Promise<void> {
    const codes = new Set(records.flatMap(divisionsNamed).filter((code) => !this.paths.has(code)));
    if (codes.size === 0) return;
    for (const [code, path] of await pathsOf(tx, cityCode, [...codes])) this.paths.set(code, path);
  }

  private rulingOn(home: { hukou: DivisionPath | null; residence: DivisionPath | null }, date: CivilDate): KeptVersion | null {
    const name = `${home.hukou?.at(-1) ?? ''} ${home.residence?.at(-1) ?? ''} ${date}`;
    const known = this.ruling.get(name);
    if (known !== undefined) return known;
    const version = this.library.packFor(home, this.site.path, date);
    const kept = version === null ? null : keptVersion(version);
    if (kept !== null) this.versions.set(kept.key, kept);
    this.ruling.set(name, kept);
    return kept;
  }
}
