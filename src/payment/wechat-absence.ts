import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Instant } from '../kernel/index.js';
import { CLOCK } from '../platform/index.js';

/** After no answer nothing is asked for so long: each question that waits in vain holds up other jobs. */
const AWAY_MS = 5_000;

/** Whether WeChat Pay gave no answer just now; what looks after orders and after refunds know it from each other. */
@Injectable()
export class WechatAbsence {
  private until: Instant = 0;

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** When it may be asked again; null for now. */
  get awayUntil(): Instant | null {
    return this.clock.now() < this.until ? this.until : null;
  }

  /** Hears the code of an answer. */
  hear(code: string): void {
    if (code === 'NO_ANSWER') this.until = this.clock.now() + AWAY_MS;
  }
}
