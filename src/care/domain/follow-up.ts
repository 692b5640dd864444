/** What somebody who asks after an elder notes: 已联系, 没接, 需要上门, 已上门. */
export const FOLLOW_UP_OUTCOMES = ['reached', 'noAnswer', 'visitNeeded', 'visited'] as const;
export type FollowUpOutcome = (typeof FOLLOW_UP_OUTCOMES)[number];

/** `visit`: a call does not do, somebody has to go there. */
export const FOLLOW_UP_STATES = ['open', 'visit', 'closed'] as const;
export type FollowUpState = (typeof FOLLOW_UP_STATES)[number];

/** A follow-up as far as its next step asks. */
export interface FollowUpStanding {
  readonly state: FollowUpState;
  /** Calls that nobody took. */
  readonly unanswered: number;
}

const MOST_CALLS = 3;

/**
 * What a follow-up is after a step. Only having spoken with the elder, having been there, or a meal that was eaten since
 * (`ate`) closes it; the third call that nobody takes asks for a visit by itself.
 * @returns `follow-up-closed` where there is nothing to note any more
 */
export function stepFollowUp({ state, unanswered }: FollowUpStanding, step: FollowUpOutcome | 'ate'): FollowUpStanding | 'follow-up-closed' {
  if (state === 'closed') return 'follow-up-closed';
  if (step === 'noAnswer') return { state: unanswered + 1 >= MOST_CALLS ? 'visit' : state, unanswered: unanswered + 1 };
  if (step === 'visitNeeded') return { state: 'visit', unanswered };
  return { state: 'closed', unanswered };
}
