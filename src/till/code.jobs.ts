import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { chinaTime, type Clock } from '../kernel/index.js';
import { CLOCK, JobBoard } from '../platform/index.js';
import { citiesWithOldCodes, forgetShown } from './eating-code.store.js';

const FORGET = 'till.forget-codes';

/** Forgets the codes that phones showed, once no till can sell by them any more. */
@Injectable()
export class CodeJobs implements OnModuleInit {
  constructor(private readonly board: JobBoard, @Inject(CLOCK) private readonly clock: Clock) {}

  onModuleInit(): void {
    this.board.handle(FORGET, (tx, { cityCode }) => forgetShown(tx, cityCode, this.clock.now()));
    // Once an hour at most: its key is the hour.
    this.board.sweep(async (tx) => {
      const now = this.clock.now();
      return (await citiesWithOldCodes(tx, now)).map((cityCode) => ({ cityCode, job: FORGET, key: chinaTime(now).slice(0, 13), payload: {} }));
    });
  }
}
