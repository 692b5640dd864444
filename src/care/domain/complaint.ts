/** What complaints are about, in the order of the buttons. */
export const COMPLAINT_CATEGORIES = ['taste', 'portion', 'wait', 'attitude', 'hygiene', 'money', 'notEaten', 'other'] as const;
export type ComplaintCategory = (typeof COMPLAINT_CATEGORIES)[number];

/** Who answers. */
export const COMPLAINT_LEVELS = ['site', 'township', 'county'] as const;
export type ComplaintLevel = (typeof COMPLAINT_LEVELS)[number];

/** Open waits for an answer; answered may be objected to; settled is what whoever complained said is well. */
export const COMPLAINT_STATES = ['open', 'answered', 'settled'] as const;
export type ComplaintState = (typeof COMPLAINT_STATES)[number];

export type ComplaintStepKind = 'made' | 'answered' | 'told' | 'objected' | 'settled' | 'late';

/** A complaint as far as its next step asks. */
export interface ComplaintStanding {
  readonly level: ComplaintLevel;
  readonly state: ComplaintState;
  /** 不满意 was said once. */
  readonly objected: boolean;
  /** The answer was told to who has no mini-program. */
  readonly told: boolean;
  readonly late: boolean;
  readonly dueAt: number;
  readonly answeredAt: number | null;
}

/** Days a city gives: for an answer, and for saying that it does not satisfy. */
export interface ComplaintTimes {
  readonly answerDays: number;
  readonly replyDays: number;
}

const DAY_MS = 86_400_000;
/** Nobody judges what concerns their own books or kitchen: these go past the canteen's manager, who does not see them. */
const PAST_THE_SITE: readonly ComplaintCategory[] = ['hygiene', 'money', 'notEaten'];

/** Where a complaint begins. */
export function firstLevel(category: ComplaintCategory): 'site' | 'township' {
  return PAST_THE_SITE.includes(category) ? 'township' : 'site';
}

/** The standing of a new complaint. */
export function madeAt(level: ComplaintLevel, now: number, { answerDays }: ComplaintTimes): ComplaintStanding {
  return { level, state: 'open', objected: false, told: false, late: false, dueAt: now + answerDays * DAY_MS, answeredAt: null };
}

/** Whether an open complaint has waited too long. County is where it ends. */
export function isLate({ state, level, dueAt }: ComplaintStanding, now: number): boolean {
  return state === 'open' && level !== 'county' && now > dueAt;
}

const UP: Readonly<Record<ComplaintLevel, ComplaintLevel>> = { site: 'township', township: 'county', county: 'county' };

/**
 * What a complaint is after a step, or the code of why the step is not possible.
 * Late goes to the county at once; an objection, which can be made once, one level up.
 */
export function stepComplaint(from: ComplaintStanding, kind: Exclude<ComplaintStepKind, 'made'>, now: number, times: ComplaintTimes): ComplaintStanding | ComplaintStepProblem {
  const again = { state: 'open', told: false, dueAt: now + times.answerDays * DAY_MS } as const;
  switch (kind) {
    case 'answered':
      return from.state === 'open' ? { ...from, state: 'answered', answeredAt: now } : 'complaint-answered';
    case 'told':
      return from.state === 'open' ? 'complaint-not-answered' : { ...from, told: true };
    case 'settled':
      return from.state === 'answered' ? { ...from, state: 'settled' } : from.state === 'open' ? 'complaint-not-answered' : 'complaint-settled';
    case 'objected':
      if (from.state === 'open') return 'complaint-not-answered';
      if (from.state === 'settled') return 'complaint-settled';
      if (from.objected) return 'complaint-objected';
      if (now > (from.answeredAt ?? now) + times.replyDays * DAY_MS) return 'complaint-reply-late';
      return { ...from, ...again, objected: true, level: UP[from.level] };
    case 'late':
      return isLate(from, now) ? { ...from, ...again, late: true, level: 'county' } : 'complaint-answered';
  }
}

export type ComplaintStepProblem = 'complaint-answered' | 'complaint-not-answered' | 'complaint-settled' | 'complaint-objected' | 'complaint-reply-late';

/**
 * Whether a text holds a telephone's or an identity number. Days of the calendar are no such thing.
 */
export function holdsNumber(text: string): boolean {
  const bare = text.normalize('NFKC').replace(/\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?/g, '，');
  return /\d(?:[\s-]?\d){6,}/.test(bare);
}
