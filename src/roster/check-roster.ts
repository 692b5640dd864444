import { Inject, Injectable } from '@nestjs/common';
import { setImmediate as breathe } from 'node:timers/promises';
import { invariant, today, type Clock } from '../kernel/index.js';
import { CLOCK, derivedId, FieldCipher, Transactor, type JobRequest, type Tx } from '../platform/index.js';
import { RowChecker } from './check-rows.js';
import type { TableRow } from './domain/index.js';
import { FileFault } from './file/file-fault.js';
import { openTable, type OpenTable } from './file/open-table.js';
import { openFile } from './file/sealed-file.js';
import { readFile, readSealed } from './file.store.js';
import { readPlaces } from './read-places.js';
import { backToPlace, insertRows, lockRoster, markPlace, setChecked, setFailed, tellProgress, type RosterRow } from './roster.store.js';

/** Rows that are read, compared and written at a time; between two batches the process serves others. */
const BATCH = 500;
/** Rows after which a job says how far it is. */
const TOLD_EVERY = 2_000;
/** More rows than any county has elders. */
const MOST_ROWS = 300_000;

/**
 * The dry run: reads a file and writes down what each row would come to, all in the one transaction of its job. A job
 * that is killed leaves nothing and is done again from the beginning, with the same result.
 */
@Injectable()
export class CheckRoster {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  async handle(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const roster = await lockRoster(tx, cityCode, String(payload['rosterId']));
    invariant(roster, 'a roster to be checked is there');
    if (roster.state !== 'checking') return;
    await markPlace(tx);
    try {
      await this.check(tx, cityCode, roster);
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      await backToPlace(tx);
      await setFailed(tx, cityCode, roster.rosterId, { code: error.code, detail: error.detail });
    }
  }

  private async check(tx: Tx, cityCode: string, roster: RosterRow): Promise<void> {
    const table = await this.open(tx, cityCode, roster);
    const places = await readPlaces(tx, cityCode, roster.divisionCode);
    const { cipher } = this;
    const checker = new RowChecker({
      cipher, cityCode, roster, inside: places.inside, within: places.within,
      context: {
        columns: table.layout.columns, today: today(this.clock), asOf: roster.asOf, source: roster.source, evidence: (roster.requestNumber ?? '名册').slice(0, 200),
        find: (text) => places.find(text), idOf: (rowNo) => derivedId(roster.rosterId, 'row', String(rowNo)),
      },
    });
    let batch: TableRow[] = [];
    let done = 0;
    const total = Math.max(table.total - table.layout.headerRow, 0);
    const flush = async (): Promise<void> => {
      await insertRows(tx, cityCode, roster.rosterId, await checker.check(tx, batch));
      done += batch.length;
      batch = [];
      if (done % TOLD_EVERY < BATCH) await this.tell(cityCode, roster.rosterId, done, total);
      await breathe();
    };
    await this.tell(cityCode, roster.rosterId, 0, total);
    for await (const row of table.rows()) {
      if (done + batch.length >= MOST_ROWS) throw new FileFault('file-too-many-rows', { limit: MOST_ROWS });
      batch.push(row);
      if (batch.length === BATCH) await flush();
    }
    await flush();
    await this.tell(cityCode, roster.rosterId, done, done);
    const { layout, sheet, sheets } = table;
    await setChecked(tx, cityCode, roster.rosterId, { ...layout, sheet, sheets }, checker.counts, this.clock.now());
  }

  private async open(tx: Tx, cityCode: string, roster: RosterRow): Promise<OpenTable> {
    const file = await readFile(tx, cityCode, roster.fileId);
    const sealed = await readSealed(tx, cityCode, roster.fileId);
    if (file === undefined || sealed === undefined) throw new FileFault('file-purged');
    return openTable(openFile(this.cipher, cityCode, roster.fileId, sealed), file, { purpose: roster.purpose, ...roster.wish });
  }

  /** In a transaction of its own, so that it shows at once. */
  private tell(cityCode: string, rosterId: string, done: number, total: number): Promise<void> {
    return this.transactor.run((tx) => tellProgress(tx, cityCode, rosterId, done, total));
  }
}
