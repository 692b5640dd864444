import { done, refuse, type Outcome } from '../../kernel/index.js';

/** Where an application stands. */
export const APPLICATION_STATES = [
  'submitted', 'streetSupplement', 'reviewed', 'countySupplement', 'approved', 'refused', 'appealed', 'refusalUpheld', 'stopProposed', 'stopped', 'withdrawn',
] as const;
export type ApplicationState = (typeof APPLICATION_STATES)[number];

/** States in the words of screens and messages. */
export const STATE_NAMES: Readonly<Record<ApplicationState, string>> = {
  submitted: '待街道（镇）初审', streetSupplement: '初审待补充材料', reviewed: '待审批', countySupplement: '审批待补充材料', approved: '已批准', refused: '不予批准',
  appealed: '复核中', refusalUpheld: '复核维持原决定', stopProposed: '拟停止', stopped: '已停止', withdrawn: '已撤回',
};

export const APPLICATION_MOVES = [
  'review', 'askSupplement', 'supplement', 'approve', 'refuse', 'appeal', 'grantAppeal', 'rejectAppeal', 'withdraw', 'proposeStop', 'keep', 'stop',
] as const;
export type ApplicationMove = (typeof APPLICATION_MOVES)[number];

/**
 * Every move of an application. The street reviews and never decides; a refusal and a stop can be appealed once; what
 * was approved ends only by a proposal that a person decides.
 */
export const APPLICATION_TABLE: Readonly<Record<ApplicationState, Partial<Record<ApplicationMove, ApplicationState>>>> = {
  submitted: { review: 'reviewed', askSupplement: 'streetSupplement', withdraw: 'withdrawn' },
  streetSupplement: { supplement: 'submitted', withdraw: 'withdrawn' },
  reviewed: { approve: 'approved', refuse: 'refused', askSupplement: 'countySupplement', withdraw: 'withdrawn' },
  countySupplement: { supplement: 'reviewed', withdraw: 'withdrawn' },
  approved: { proposeStop: 'stopProposed' },
  refused: { appeal: 'appealed' },
  appealed: { grantAppeal: 'approved', rejectAppeal: 'refusalUpheld' },
  refusalUpheld: {},
  stopProposed: { keep: 'approved', stop: 'stopped' },
  stopped: { appeal: 'appealed' },
  withdrawn: {},
};

/** States in which an authority owes the next step, within its working days. */
export const DUE_STATES: readonly ApplicationState[] = ['submitted', 'reviewed', 'appealed'];

/** States after which the same elder may apply again under the same pack. */
export const ENDED_STATES: readonly ApplicationState[] = ['refused', 'refusalUpheld', 'stopped', 'withdrawn'];

/** Whether somebody's step; the deciding level is the pack's. */
export function rolesOf(move: ApplicationMove, state: ApplicationState, level: 'township' | 'county'): readonly string[] {
  const county = ['countyOfficer', 'cityOfficer'];
  const deciders = level === 'township' ? ['townshipOfficer'] : county;
  switch (move) {
    case 'review': return ['townshipOfficer'];
    case 'askSupplement': return state === 'submitted' ? ['townshipOfficer'] : deciders;
    case 'approve': case 'refuse': return deciders;
    case 'grantAppeal': case 'rejectAppeal': return county;
    case 'keep': case 'stop': return deciders;
    case 'proposeStop': return ['communityWorker', 'townshipOfficer', ...county];
    case 'supplement': case 'appeal': case 'withdraw': return ['communityWorker', 'townshipOfficer'];
  }
}

/** The state after a move, or `application-move-wrong` with the moves that the state allows. */
export function moveApplication(state: ApplicationState, move: ApplicationMove): Outcome<ApplicationState> {
  const next = APPLICATION_TABLE[state][move];
  return next === undefined ? refuse('application-move-wrong', { state: STATE_NAMES[state], allowed: Object.keys(APPLICATION_TABLE[state]) }) : done(next);
}

/** The table of moves as a Mermaid state diagram, for the documentation and for reading. */
export function drawMoves(): string {
  const lines = APPLICATION_STATES.flatMap((state) => Object.entries(APPLICATION_TABLE[state]).map(([move, next]) => `  ${state} --> ${next}: ${move}`));
  return ['stateDiagram-v2', '  [*] --> submitted', ...lines].join('\n');
}
