import type { Instant } from '../../kernel/index.js';

/** What is known of a subsidised meal that was eaten when nothing was due any more. */
export interface LateMeal {
  /** When a stop that covers the meal's day stood in the registry for the first time; null when none did. */
  readonly stopRecordedAt: Instant | null;
  readonly offline: boolean;
  readonly deviceTime: Instant;
  readonly receivedAt: Instant;
  readonly flags: readonly string[];
}

export const GROUNDS = ['list-reached', 'check-skipped', 'not-reached'] as const;
export type Ground = (typeof GROUNDS)[number];

/** Hours within which a till that is offline may go by the list that it has. */
const LIST_AGE_MS = 24 * 3_600_000;
/** Marks of sales that no list was good for any more: sold later than 24 hours offline, or out of a broken journal. */
const SKIPPED = ['review', 'chain-broken'];

/**
 * Who bears the subsidy of a meal that was paid for nothing: the site only where the stop list had reached it or it
 * did not check, else the fund. Never the elder or the family.
 * @returns why; `not-reached` leaves it with the fund
 */
export function groundOf({ stopRecordedAt, offline, deviceTime, receivedAt, flags }: LateMeal): Ground {
  if (flags.some((flag) => SKIPPED.includes(flag))) return 'check-skipped';
  if (stopRecordedAt === null) return 'not-reached';
  // Online the server answers by the registry; offline a list may be a day old.
  const listFrom = offline ? deviceTime - LIST_AGE_MS : receivedAt;
  return stopRecordedAt <= listFrom ? 'list-reached' : 'not-reached';
}

export const BEARERS = ['site', 'fund'] as const;
export type Bearer = (typeof BEARERS)[number];

/** Who bears it on a ground. */
export function bearerOf(ground: Ground): Bearer {
  return ground === 'not-reached' ? 'fund' : 'site';
}

export const NOTICE_KINDS = ['netting', 'recovery', 'fraud'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/**
 * The notice that asks for lines of a budget year: money of the year that is still open may be netted against the next
 * claim, that of a closed year goes back by itself, and suspected fraud is never netted.
 */
export function noticeKindOf(budgetYear: number, openYear: number, suspectedFraud: boolean): NoticeKind {
  if (suspectedFraud) return 'fraud';
  return budgetYear < openYear ? 'recovery' : 'netting';
}
