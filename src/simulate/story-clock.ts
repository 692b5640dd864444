import type { Instant } from '../kernel/index.js';

/** The story's time: set by its steps, it runs on between them as real time does. The server's may be a step off. */
export class StoryClock {
  private offset = 0;
  private step = 0;

  /** The time of everybody whose clock is right. */
  now(): Instant {
    return Math.round(Date.now() + this.offset);
  }

  /** The time that the product's processes have. */
  serverNow(): Instant {
    return this.now() + this.step;
  }

  set(instant: Instant): void {
    this.offset = instant - Date.now();
  }

  /** Lets the server's clock go wrong by so much. */
  stepServer(byMs: number): void {
    this.step += byMs;
  }

  /** What a process adds to its own time. */
  get offsetMs(): number {
    return this.offset + this.step;
  }
}
