import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays, chinaDate, chinaMinute, civilDate, type Clock } from '../kernel/index.js';
import { CLOCK, JobBoard, WECHAT, type JobRequest, type Tx, type Wechat } from '../platform/index.js';
import { ReconcileDay } from './reconcile-day.js';
import { daysWithoutBill } from './reconcile.store.js';

const RECONCILE = 'reconciliation.bill';
/** A bill is there from about ten o'clock of the next day. */
const READY_MINUTE = 10 * 60 + 15;
/** WeChat keeps bills for three months; nobody is down for longer than this. */
const LOOK_BACK_DAYS = 60;
/** So long until a bill that could not be had is asked for again. */
const AGAIN_MS = 10 * 60_000;

/** Compares every sub-merchant's day with WeChat Pay's bill once it is there, the earliest first. */
@Injectable()
export class ReconcileJobs implements OnModuleInit {
  constructor(private readonly board: JobBoard, private readonly reconcile: ReconcileDay, @Inject(CLOCK) private readonly clock: Clock, @Inject(WECHAT) private readonly wechat: Wechat | null) {}

  onModuleInit(): void {
    this.board.handle(RECONCILE, (tx, { cityCode, payload }) => this.reconcile.run(tx, { cityCode, date: civilDate(String(payload['date'])), subMchId: String(payload['subMchId']) }));
    this.board.sweep((tx) => this.due(tx));
  }

  private async due(tx: Tx): Promise<JobRequest[]> {
    if (this.wechat === null) return [];
    const now = this.clock.now();
    const last = addDays(chinaDate(now), chinaMinute(now) >= READY_MINUTE ? -1 : -2);
    const days = await daysWithoutBill(tx, addDays(last, -LOOK_BACK_DAYS), last);
    // A job that finds no bill ends well; the next one is another piece of work.
    return days.map(({ cityCode, date, subMchId }) => ({ cityCode, job: RECONCILE, key: `${date} ${subMchId} ${Math.floor(now / AGAIN_MS)}`, payload: { date, subMchId } }));
  }
}
