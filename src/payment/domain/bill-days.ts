import { addDays, chinaDate, chinaMinute, type CivilDate, type Instant } from '../../kernel/index.js';

/** A bill is there from about ten o'clock of the next day. */
const READY_MINUTE = 10 * 60 + 15;
/** WeChat keeps bills for three months. */
const KEPT_DAYS = 85;
/** After so many more days without its bill a day is for a person to look at. */
const LATE_DAYS = 2;

/** Days whose bills should be there at a moment and can still be had. */
export interface BillDays {
  readonly first: CivilDate;
  readonly last: CivilDate;
  /** The last of those whose bill is late. */
  readonly late: CivilDate;
}

/** Which days' bills should be there. */
export function billDays(now: Instant): BillDays {
  const last = addDays(chinaDate(now), chinaMinute(now) >= READY_MINUTE ? -1 : -2);
  return { first: addDays(last, -KEPT_DAYS), last, late: addDays(last, -LATE_DAYS) };
}
