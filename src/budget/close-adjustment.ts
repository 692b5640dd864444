import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { done, invariant, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { insertClosure, readAlarm, type AlarmRow } from './alarm.store.js';
import type { Resolution } from './domain/index.js';
import { readEnd } from './end.store.js';
import { lockBudgets, readEntry } from './entry.store.js';

/** How an adjustment is closed, and the paper that does it: a confirmed entry or a countersigned announcement. */
export interface CloseRequest {
  readonly id: string;
  readonly alarmId: string;
  readonly resolution: Resolution;
  readonly paperId: string;
  readonly note: string | null;
}

interface Paper {
  readonly entryId: string | null;
  readonly endId: string | null;
  readonly documentNumber: string;
}

/** Closes an adjustment: by a person of its level, with the document that settled it; an alarm never closes itself. */
@Injectable()
export class CloseAdjustment {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `adjustment-closed`, `adjustment-paper-wrong` */
  async run(actor: StaffActor, asked: CloseRequest): Promise<Outcome<AlarmRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'budget.adjustment.close', body: { ...asked, by: staffId } }, async (tx) => {
      await lockBudgets(tx, cityCode);
      const alarm = await readAlarm(tx, cityCode, asked.alarmId);
      if (alarm === undefined) return refuse('not-found');
      if (!(await inScope(tx, actor, alarm.divisionCode))) return refuse('outside-scope');
      if (alarm.closedAt !== null) return refuse('adjustment-closed', { documentNumber: alarm.documentNumber ?? '' });
      const paper = await this.paperOf(tx, cityCode, alarm, asked);
      if (paper === null) return refuse('adjustment-paper-wrong');
      await insertClosure(tx, cityCode, alarm.alarmId, { ...paper, resolution: asked.resolution, note: asked.note, by: staffId, now: this.clock.now() });
      const after = await readAlarm(tx, cityCode, alarm.alarmId);
      invariant(after, 'an alarm is never removed');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'budget.adjustment.close', objectKind: 'budgetAlarm', objectId: alarm.alarmId, before: alarm, after });
      return done(after);
    });
  }

  /** The paper, where it is one of this fund and year, in force and of the right kind; more budget than when the alarm was raised. */
  private async paperOf(tx: Tx, cityCode: string, alarm: AlarmRow, { resolution, paperId }: CloseRequest): Promise<Paper | null> {
    const same = (one: { funderCode: string; budgetYear: number }): boolean => one.funderCode === alarm.funderCode && one.budgetYear === alarm.budgetYear;
    if (resolution === 'endSubsidy') {
      const end = await readEnd(tx, cityCode, paperId);
      if (end === undefined || !same(end) || end.action !== 'end' || end.publishedAt === null) return null;
      return { entryId: null, endId: end.endId, documentNumber: end.documentNumber };
    }
    const entry = await readEntry(tx, cityCode, paperId);
    const wanted = resolution === 'addBudget' ? 'increase' : 'order';
    if (entry === undefined || !same(entry) || entry.kind !== wanted || entry.state !== 'confirmed') return null;
    if (wanted === 'increase' && (entry.decidedAt ?? 0) < alarm.raisedAt) return null;
    return { entryId: entry.entryId, endId: null, documentNumber: entry.documentNumber };
  }
}
