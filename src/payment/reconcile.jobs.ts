import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { civilDate, type Clock } from '../kernel/index.js';
import { CLOCK, JobBoard, WECHAT, type JobRequest, type Tx, type Wechat } from '../platform/index.js';
import { billDays } from './domain/index.js';
import { ReconcileDay } from './reconcile-day.js';
import { daysWithoutBill, type BillDay } from './reconcile.store.js';

const RECONCILE = 'reconciliation.bill';
/** So long until a bill that could not be had is asked for again; one that is late by days is not going to come any minute. */
const [AGAIN_MS, LATE_AGAIN_MS] = [10 * 60_000, 60 * 60_000];

/** Compares every sub-merchant's day with WeChat Pay's bill once it is there; none waits for an earlier one. */
@Injectable()
export class ReconcileJobs implements OnModuleInit {
  constructor(private readonly board: JobBoard, private readonly reconcile: ReconcileDay, @Inject(CLOCK) private readonly clock: Clock, @Inject(WECHAT) private readonly wechat: Wechat | null) {}

  onModuleInit(): void {
    this.board.handleAsking(RECONCILE, (job) => this.reconcile.ask(dayOf(job)), (tx, job, heard) => this.reconcile.write(tx, dayOf(job), heard));
    this.board.sweep((tx) => this.due(tx));
  }

  private async due(tx: Tx): Promise<JobRequest[]> {
    if (this.wechat === null) return [];
    const now = this.clock.now();
    const { first, last, late } = billDays(now);
    // A job that finds no bill ends well; the next one is another piece of work.
    return (await daysWithoutBill(tx, null, first, last)).map(({ cityCode, date, subMchId }) => ({
      cityCode, job: RECONCILE, key: `${date} ${subMchId} ${Math.floor(now / (date <= late ? LATE_AGAIN_MS : AGAIN_MS))}`, payload: { date, subMchId } }));
  }
}

function dayOf({ cityCode, payload }: JobRequest): BillDay {
  return { cityCode, date: civilDate(String(payload['date'])), subMchId: String(payload['subMchId']) };
}
