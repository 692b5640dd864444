import { invariant, type CivilDate, type CivilMonth, type Fen } from '../../kernel/index.js';
import { account } from './accounts.js';

/** What a transfer is for. */
export type TransferKind = 'meal' | 'void' | 'adjustment' | 'approval' | 'cut' | 'payment' | 'recovery' | 'repayment';

/** Money that leaves one account for another: whole fen above 0, two dates (the meal's, and the month it is booked in). */
export interface Transfer {
  readonly cityCode: string;
  readonly bookedMonth: CivilMonth;
  /** Transfers of one deed share an id and have legs 1, 2, 3 ... */
  readonly transferId: string;
  readonly leg: number;
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly fen: Fen;
  readonly kind: TransferKind;
  readonly siteId: string | null;
  readonly mealDate: CivilDate | null;
  /** The deed that is the reason: a tap, the tap that is voided or adjusted, a claim. */
  readonly causeId: string;
}

/** What the transfers of one deed have in common. */
export type TransferHead = Omit<Transfer, 'leg' | 'debitAccount' | 'creditAccount' | 'fen'>;

/** One debit against one credit. */
export interface Posting {
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly fen: Fen;
}

/** Who bears the price of a meal; the parts add up to it. */
export interface MealSplit {
  readonly selfPayFen: Fen;
  readonly siteBorneFen: Fen;
  readonly shares: readonly { readonly funderCode: string; readonly fen: Fen }[];
}

/** Numbers the postings of a deed; those of no fen are left out. */
export function toTransfers(head: TransferHead, postings: readonly Posting[]): Transfer[] {
  return postings.filter(({ fen }) => fen !== 0).map((posting, index) => {
    invariant(posting.fen > 0, 'a transfer moves more than nothing');
    return { ...head, ...posting, leg: index + 1 };
  });
}

/** The postings of a meal: its price is sold against what the eater paid, what funders owe and what the site bears. */
export function mealPostings(siteId: string, split: MealSplit): Posting[] {
  const creditAccount = account.sales(siteId);
  return [
    { debitAccount: account.cash(siteId), creditAccount, fen: split.selfPayFen },
    ...split.shares.map(({ funderCode, fen }) => ({ debitAccount: account.due(siteId, funderCode), creditAccount, fen })),
    { debitAccount: account.borne(siteId), creditAccount, fen: split.siteBorneFen },
  ];
}

/** The same postings the other way round: what was booked is never erased, it is booked back. */
export function reversed(postings: readonly Posting[]): Posting[] {
  return postings.map(({ debitAccount, creditAccount, fen }) => ({ debitAccount: creditAccount, creditAccount: debitAccount, fen }));
}
