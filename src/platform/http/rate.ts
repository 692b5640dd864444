import type { Instant } from '../../kernel/index.js';

const MOST_NAMES = 20_000;

interface Window {
  from: Instant;
  times: number;
}

/** Counts what somebody does in a stretch of time, in this process alone: enough against guessing, and costs no row. */
export class RateLimit {
  private readonly windows = new Map<string, Window>();

  constructor(private readonly most: number, private readonly stretchMs: number) {}

  /** @returns 0 where it may be done, else the seconds to wait */
  wait(name: string, now: Instant): number {
    const window = this.windows.get(name);
    if (window === undefined || now - window.from >= this.stretchMs || now < window.from) {
      if (this.windows.size >= MOST_NAMES) this.windows.clear();
      this.windows.set(name, { from: now, times: 1 });
      return 0;
    }
    window.times += 1;
    return window.times <= this.most ? 0 : Math.ceil((window.from + this.stretchMs - now) / 1000);
  }
}
