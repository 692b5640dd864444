import { chinaDate, chinaInstant, chinaMinute, type CivilDate, type Instant } from './civil-date.js';

/** Where the time comes from. Use cases take it as an argument, so that tests and the demo can set it. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands until it is moved. */
export class SettableClock implements Clock {
  constructor(private instant: Instant) {}

  /** A clock that stands at a minute since midnight of a day in China. */
  static at(date: CivilDate, minute = 0): SettableClock {
    return new SettableClock(chinaInstant(date, minute));
  }

  now(): Instant {
    return this.instant;
  }

  set(instant: Instant): void {
    this.instant = instant;
  }

  setTo(date: CivilDate, minute = 0): void {
    this.instant = chinaInstant(date, minute);
  }
}

/** The system's clock, which can be set to another time for a while: the demo city's history is told before its service opens. */
export class SwitchableClock implements Clock {
  private story: SettableClock | undefined;

  now(): Instant {
    return (this.story ?? systemClock).now();
  }

  /** Goes by the story's clock while the work runs. */
  async during<T>(story: SettableClock, work: () => Promise<T>): Promise<T> {
    this.story = story;
    try {
      return await work();
    } finally {
      this.story = undefined;
    }
  }
}

/** The civil date in China now. */
export function today(clock: Clock): CivilDate {
  return chinaDate(clock.now());
}

/** The hours in which no canteen of China serves, in minutes since midnight. */
const NIGHT = { from: 2 * 60, to: 5 * 60 };

/** The civil date of the night that it is in China, for work that may not meet a meal; null by day. */
export function nightOf(clock: Clock): CivilDate | null {
  const now = clock.now();
  const minute = chinaMinute(now);
  return minute < NIGHT.from || minute >= NIGHT.to ? null : chinaDate(now);
}
