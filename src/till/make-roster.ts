import { Inject, Injectable } from '@nestjs/common';
import { addDays, today, type Clock } from '../kernel/index.js';
import { CLOCK, ProblemException, Transactor, type Tx } from '../platform/index.js';
import { readSitesOn } from '../site/index.js';
import { codeAt } from '../subsidy/domain/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { DAYS_AHEAD, RosterKitchen } from './roster-kitchen.js';
import { dropRows, freezeTime, keepVersions, readHead, readJournals, readKept, readMembers, writeHead, writeRows, type Member, type RosterHead } from './roster.store.js';

/** The most people on one till: a street of a large city with the regulars from elsewhere. */
const MOST_PEOPLE = 50_000;
/** Who ate here within so many days is a regular. */
const REGULAR_DAYS = 60;
const CHUNK = 2_000;
const FRESH_MS = 60_000;
/** A roster that took long to make is made less often: never more than a twentieth of the time goes into it. */
const REST = 20;

/** Makes the roster of a site's tills: who may eat here by what right, without saying who they are or why. */
@Injectable()
export class MakeRoster {
  private readonly making = new Map<string, Promise<RosterHead>>();

  constructor(private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /** The site's roster as of now, give or take a minute; those who ask together wait for one making. @throws ProblemException `not-found` */
  async fresh(cityCode: string, siteId: string): Promise<RosterHead> {
    const known = await this.transactor.read((tx) => readHead(tx, cityCode, siteId));
    if (known !== undefined && this.isFresh(known)) return known;
    const key = `${cityCode} ${siteId}`;
    const under = this.making.get(key) ?? this.transactor.run((tx) => this.make(tx, cityCode, siteId)).finally(() => this.making.delete(key));
    this.making.set(key, under);
    return under;
  }

  private isFresh(head: RosterHead): boolean {
    const age = this.clock.now() - head.asOf;
    return age >= 0 && age < Math.max(FRESH_MS, REST * head.tookMs) && head.coversTo === addDays(today(this.clock), DAYS_AHEAD);
  }

  /** In one frozen moment: counters, journal numbers and facts belong together. */
  private async make(tx: Tx, cityCode: string, siteId: string): Promise<RosterHead> {
    const started = performance.now();
    await freezeTime(tx);
    const before = await readHead(tx, cityCode, siteId, 'lock');
    const [asOf, from] = [this.clock.now(), today(this.clock)];
    const site = (await readSitesOn(tx, cityCode, [siteId], from)).get(siteId);
    if (site === undefined) throw new ProblemException('not-found');
    const kitchen = new RosterKitchen(await this.policies.of(tx, cityCode), site, from);
    const streetCode = codeAt(site.path, 'township') ?? site.divisionCode;
    const members = await readMembers(tx, { cityCode, siteId, streetCode, ateSince: addDays(from, -REGULAR_DAYS), most: MOST_PEOPLE });
    const seq = (before?.seq ?? 0) + 1;
    const changed = await this.writeChanges(tx, kitchen, cityCode, seq, members);
    await keepVersions(tx, cityCode, [...kitchen.versions.values()]);
    const head: RosterHead = {
      seq: changed || before === undefined ? seq : before.seq, asOf, tookMs: Math.round(performance.now() - started), coversTo: addDays(from, DAYS_AHEAD),
      versionKeys: [...kitchen.versions.keys()].sort(), journals: await readJournals(tx, cityCode, siteId),
    };
    await writeHead(tx, cityCode, siteId, head);
    return head;
  }

  /** Writes what is not as it was, chunk by chunk. @returns whether anything was */
  private async writeChanges(tx: Tx, kitchen: RosterKitchen, cityCode: string, seq: number, members: readonly Member[]): Promise<boolean> {
    const { siteId } = kitchen.site;
    const kept = new Map((await readKept(tx, cityCode, siteId)).map((row) => [row.cardId, row]));
    let changed = false;
    for (let start = 0; start < members.length; start += CHUNK) {
      const rows = await kitchen.rowsOf(tx, cityCode, members.slice(start, start + CHUNK));
      const other = rows.filter(({ cardId, hash }) => kept.get(cardId)?.hash !== hash || kept.get(cardId)?.gone === true);
      await writeRows(tx, cityCode, siteId, seq, other);
      changed ||= other.length > 0;
      for (const { cardId } of rows) kept.delete(cardId);
    }
    const left = [...kept.values()].filter(({ gone }) => !gone).map(({ cardId }) => cardId);
    await dropRows(tx, cityCode, siteId, seq, left);
    return changed || left.length > 0;
  }
}
