import type { Trace } from './roster/own-meals.js';
import type { Credential, Sale, ShownSplit } from './journal/entry.js';
import type { TillRow } from '../../src/till/domain/roster.js';
import type { Person } from './view.js';

/** What a till makes of a sale before it is written down. */
export interface Judged {
  /** What the eater pays by what this till knows; null where it does not know, and the bill is taken until the service has said it. */
  readonly split: ShownSplit | null;
  /** The eater as the cashier may address them; null for guests and strangers. */
  readonly person: Person | null;
  /** They had a subsidised meal of this kind already. */
  readonly second: boolean;
  /** The pack asks for a second proof that the elder is here. */
  readonly needsProof: boolean;
  /** The card is not to be taken as one; its code as answers of the service have it. */
  readonly trouble: string | null;
  /** What the sale takes of the elder's rights. */
  readonly trace: Trace | null;
}

/** Who eats: the credential, and the row of somebody whom a search found. */
export interface Eater {
  readonly credential: Credential;
  readonly row?: TillRow;
  /** What the card of somebody's booking is called at this till. */
  readonly handle?: string;
}

/** What is asked about a sale. */
export interface Question extends Omit<Sale, 'shown' | 'credential'>, Eater {
  readonly priceFen: number;
  /** Part of the price: what relatives and guests eat along, which no rule looks at and the eater pays whole; `othersFen` of the cart. */
  readonly othersFen: number;
  /** Whether the service cannot be asked: then the till's own limits hold. */
  readonly away: boolean;
}

export type Decide = (question: Question) => Promise<Judged>;

/** A till that knows nothing of the eater. */
export const UNKNOWN: Judged = { split: null, person: null, second: false, needsProof: false, trouble: null, trace: null };

/** What a price list alone can say: a guest pays the bill. */
export function decideByPrices({ credential, priceFen }: Pick<Question, 'credential' | 'priceFen'>): Judged {
  return credential.kind === 'guest' ? { ...UNKNOWN, split: { selfPayFen: priceFen, subsidyFen: 0 } } : UNKNOWN;
}
