import { Inject, Injectable } from '@nestjs/common';
import { setImmediate as breathe } from 'node:timers/promises';
import { recordAudit } from '../access/index.js';
import { insertCategories, insertElders, queueUp, recordHome, type CategoryRow, type Writing } from '../elder/index.js';
import type { Registration } from '../elder/domain/index.js';
import { invariant, type Clock } from '../kernel/index.js';
import { actorName, canonicalJson, CLOCK, derivedId, FieldCipher, Transactor, type JobRequest, type StaffActor, type Tx } from '../platform/index.js';
import { compareRows } from './compare-rows.js';
import type { Change, ElderRow } from './domain/index.js';
import { readPlaces, type Places } from './read-places.js';
import { backToPlace, lockRoster, markPlace, rowsAfter, setApplied, setOutdated, tellProgress, type RosterRow, type RowOutcome } from './roster.store.js';
import { openRow } from './sealed-row.js';

const BATCH = 1_000;

/** A row as it was checked. */
interface CheckedRow {
  readonly rowNo: number;
  readonly outcome: RowOutcome;
  readonly elderId: string;
  readonly row: ElderRow;
  readonly change: Change;
}

/** The registry is not what it was when the file was checked. */
class Outdated extends Error {}

/**
 * Brings a checked file in: all of its right rows in the one transaction of the job, or nothing. Each row is compared
 * once more; where the registry has changed since the check, nothing is brought in and the roster says so. A job that
 * is killed leaves nothing behind and is done again with the same result: the ids of elders come from file and row.
 */
@Injectable()
export class ApplyRoster {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  async handle(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const roster = await lockRoster(tx, cityCode, String(payload['rosterId']));
    invariant(roster, 'a roster to be brought in is there');
    if (roster.state !== 'applying') return;
    await markPlace(tx);
    try {
      await this.apply(tx, cityCode, roster);
    } catch (error) {
      if (!(error instanceof Outdated)) throw error;
      await backToPlace(tx);
      await setOutdated(tx, cityCode, roster.rosterId);
    }
  }

  private async apply(tx: Tx, cityCode: string, roster: RosterRow): Promise<void> {
    const { counts, applier, rosterId } = roster;
    invariant(counts && applier, 'a roster that is brought in was checked and asked for');
    const actor: StaffActor = { kind: 'staff', cityCode, sessionId: '', siteId: null, ...applier };
    const writing: Writing = { cityCode, by: actorName(actor), now: this.clock.now() };
    await queueUp(tx, cityCode);
    const places = await readPlaces(tx, cityCode, roster.divisionCode);
    const changed: CheckedRow[] = [];
    const total = counts.new + counts.changed;
    let done = 0;
    for (let after = 0; ;) {
      const batch = await this.batch(tx, cityCode, rosterId, after);
      if (batch.length === 0) break;
      await this.checkAgain(tx, cityCode, places, batch);
      await this.writeNew(tx, writing, rosterId, batch.filter((entry) => entry.outcome === 'new'));
      changed.push(...batch.filter((entry) => entry.outcome === 'changed'));
      after = (batch.at(-1) as CheckedRow).rowNo;
      done += batch.length;
      await this.transactor.run((own) => tellProgress(own, cityCode, rosterId, done, total));
      await breathe();
    }
    invariant(done === total, 'every row that was checked is brought in');
    // Last, since each of them is audited, and the chain of audits is one for the city.
    await this.writeChanges(tx, actor, writing, roster, changed);
    await setApplied(tx, cityCode, rosterId, this.clock.now());
    await recordAudit(tx, this.clock, {
      cityCode, actor, action: 'roster.apply', objectKind: 'roster', objectId: rosterId, after: { sha256: roster.sha256, new: counts.new, changed: counts.changed },
    });
  }

  private async batch(tx: Tx, cityCode: string, rosterId: string, after: number): Promise<CheckedRow[]> {
    const rows = await rowsAfter(tx, cityCode, rosterId, after, BATCH, ['new', 'changed']);
    return rows.map((row) => {
      invariant(row.sealed && row.elderId, 'a row to be brought in was kept');
      const { elder } = openRow(this.cipher, cityCode, rosterId, row.rowNo, row.sealed);
      invariant(elder, 'a row to be brought in names an elder');
      return { rowNo: row.rowNo, outcome: row.outcome, elderId: row.elderId, ...elder };
    });
  }

  private async checkAgain(tx: Tx, cityCode: string, places: Places, batch: readonly CheckedRow[]): Promise<void> {
    const now = await compareRows(tx, { cipher: this.cipher, cityCode, within: places.within, inside: places.inside }, batch);
    for (const [index, entry] of batch.entries()) {
      const again = now[index];
      if (again === undefined || again.outcome !== entry.outcome || again.elderId !== entry.elderId) throw new Outdated();
      if (again.outcome === 'changed' && canonicalJson(again.change) !== canonicalJson(entry.change)) throw new Outdated();
    }
  }

  private async writeNew(tx: Tx, writing: Writing, rosterId: string, batch: readonly CheckedRow[]): Promise<void> {
    const people: Registration[] = batch.map(({ row }) => ({ ...row.registration, categories: [] }));
    await insertElders(tx, this.cipher, writing, people);
    await insertCategories(tx, writing, batch.flatMap(({ row }) => categoryRows(rosterId, row.registration.elderId, row.registration.categories)));
  }

  private async writeChanges(tx: Tx, actor: StaffActor, writing: Writing, roster: RosterRow, changed: readonly CheckedRow[]): Promise<void> {
    const { rosterId, asOf, source } = roster;
    await insertCategories(tx, writing, changed.flatMap(({ elderId, change }) => categoryRows(rosterId, elderId, change.categories)));
    for (const { elderId, change } of changed) {
      for (const { kind, code } of change.moves) {
        const moved = await recordHome(tx, this.clock, actor, elderId, { id: derivedId(rosterId, elderId, kind), kind, divisionCode: code, from: asOf, source });
        if (!moved.ok) throw new Outdated();
      }
    }
  }
}

function categoryRows(rosterId: string, elderId: string, categories: Change['categories']): CategoryRow[] {
  return categories.map((held) => ({
    ...held, elderId, entryId: derivedId(rosterId, elderId, held.code), corrects: null, withdrawn: false, batchId: rosterId,
  }));
}
