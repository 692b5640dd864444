/** What the service said about a sale, as far as the till needs it. Amounts in fen. */
export interface SettledAmounts {
  readonly priceFen: number;
  readonly selfPayFen: number;
}

/**
 * What became of an entry. `unsent` is all that is not known to be at the service; everything else is its last word.
 * `blocked`: the service cannot take it, and a person must look into it; it is kept here with its body.
 */
export type Fate =
  | { readonly is: 'unsent'; readonly tries: number }
  | ({ readonly is: 'accepted'; readonly repeated: boolean; readonly code: string | null; readonly review: readonly string[]; readonly subsidyFen?: number; readonly dueFen?: number } & SettledAmounts)
  | { readonly is: 'refused'; readonly code: string; readonly sentence: string }
  | { readonly is: 'taken-back'; readonly returnedFen: number }
  | { readonly is: 'blocked'; readonly code: string; readonly sentence: string };

export const UNSENT: Fate = { is: 'unsent', tries: 0 };

/** An answer of the service to one entry. */
export interface EntryAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What to do about an answer: keep the entry's fate, send again later, or renew the session first. */
export type Verdict =
  | { readonly next: 'settle'; readonly fate: Fate }
  | { readonly next: 'later' }
  | { readonly next: 'session' }
  | { readonly next: 'stop'; readonly code: string; readonly sentence: string };

interface TapAnswerBody {
  readonly outcome: 'accepted' | 'refused';
  readonly code: string | null;
  readonly sentence: string;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly subsidyFen: number;
  readonly flags: readonly string[];
  /** Of a sale that was paid when it was booked: what is due in cash. */
  readonly dueFen?: number;
}

interface ProblemBody {
  readonly code?: string;
  readonly title?: string;
}

/** Marks of a meal that a person at the bureau looks at. */
const REVIEWED = ['fund-changed', 'review', 'sent-too-late', 'clock-skew', 'chain-broken', 'price-list-old', 'tender-missing', 'overpaid', 'entered-for', 'by-file', 'proof-missing', 'booking-short'];

/** The terminal itself is out: nothing of what it sends is taken. */
const OUT = ['terminal-revoked', 'terminal-unknown', 'not-allowed'];

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function problem(body: unknown): Required<ProblemBody> {
  const { code, title } = isObject(body) ? (body as ProblemBody) : {};
  return { code: code ?? 'unknown', title: title ?? '服务没有正常答复。' };
}

/**
 * Reads an answer to a sale, sent by itself or held back.
 * @param tries how often it was sent before: what was sent before may be known already
 */
export function verdictOnSale(answer: EntryAnswer, tries: number): Verdict {
  if (answer.status === 200 && isObject(answer.body)) {
    const { outcome, code, sentence, priceFen, selfPayFen, subsidyFen, flags, dueFen } = answer.body as TapAnswerBody;
    if (outcome === 'accepted') return settle({ is: 'accepted', repeated: tries > 0, code, review: flags.filter((flag) => REVIEWED.includes(flag)), priceFen, selfPayFen, subsidyFen, ...(dueFen === undefined ? {} : { dueFen }) });
    if (outcome === 'refused') return settle({ is: 'refused', code: code ?? 'unknown', sentence });
  }
  return verdictOnProblem(answer);
}

/** Reads an answer to a void. */
export function verdictOnVoid(answer: EntryAnswer): Verdict {
  if (answer.status === 200 && isObject(answer.body)) return settle({ is: 'taken-back', returnedFen: (answer.body as { returnedFen: number }).returnedFen });
  // What was never booked has nothing to be taken back.
  if (problem(answer.body).code === 'tap-refused-already') return settle({ is: 'taken-back', returnedFen: 0 });
  return verdictOnProblem(answer);
}

function verdictOnProblem({ status, body }: EntryAnswer): Verdict {
  const { code, title } = problem(body);
  if (code === 'terminal-session-ended' || code === 'terminal-replayed') return { next: 'session' };
  if (OUT.includes(code) || code === 'terminal-clock-wrong') return { next: 'stop', code, sentence: title };
  // Shown amounts that no longer hold are settled by the way of held-back sales: the eater has paid and gone.
  if (code === 'split-changed') return { next: 'later' };
  if (status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429 && code !== 'unknown') return settle({ is: 'blocked', code, sentence: title });
  return { next: 'later' };
}

const settle = (fate: Fate): Verdict => ({ next: 'settle', fate });

/** What is to be taken at the counter by an accepted sale's answer: the own share, or what a booking's money leaves of it. */
export function dueOf({ selfPayFen, dueFen }: { readonly selfPayFen: number; readonly dueFen?: number }): number {
  return dueFen ?? selfPayFen;
}

/** What the elder gets back of a sale whose share was taken at the full price before it was known. Never below zero. */
export function toReturnFen(takenFen: number | null, fate: Fate): number {
  return takenFen !== null && fate.is === 'accepted' ? Math.max(0, takenFen - dueOf(fate)) : 0;
}
