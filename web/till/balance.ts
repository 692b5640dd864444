import { yuanText } from '../lib/amount.js';
import type { Entry } from './journal/entry.js';
import type { Journal } from './journal/journal.js';
import { Refused } from './journal/link.js';
import type { Board, Listed, Outcome } from './view.js';
import { NO_ANSWER_REASON, NOT_PAID_REASON } from './words.js';

/** So long a balance stays in sight. */
const SHOWN_MS = 6_000;

export const NOT_BY_BALANCE: Outcome = { is: 'wait', sentence: '断网时不能用余额支付', next: '没有记账，也没有扣款。按“确认”，改收现金，再刷一次卡。' };

export const NOT_ANSWERED: Outcome = { is: 'wait', sentence: '余额支付没有等到答复，这一笔已作废', next: '没有扣款；万一已扣，会自动退回卡里。按“确认”，改收现金，再刷一次卡。' };

/** Tells the cashier for a moment what a card holds, because its elder asks; nothing is sold. */
export async function tellBalance(board: Board, balanceOf: (number: string) => Promise<number>, number: string): Promise<void> {
  const says = await balanceOf(number).then((fen) => `卡内余额 ${yuanText(fen)} 元`, (error: unknown) => (error instanceof Refused ? error.sentence : '没有等到答复，请稍后再查。'));
  const mode = { is: 'balance', says } as const;
  board.show({ mode });
  setTimeout(() => board.view().mode === mode && board.show({ mode: { is: 'sell' } }), SHOWN_MS);
}

/**
 * Takes back sales by balance that were cut off before their answer, and those by WeChat before the money was there: nobody knows what the eater was told, and whatever
 * they took is returned. One that the service had said yes to, and asks for again, is none of these.
 * @returns the voids
 */
export async function takeBackUnanswered(journal: Pick<Journal, 'takeBack'>, entries: readonly Listed[]): Promise<Entry[]> {
  const back = new Set(entries.flatMap(({ about }) => (about.kind === 'void' ? [about.tapId] : [])));
  const voids: Entry[] = [];
  for (const { id, about, fate, told, takenFen } of entries) {
    if (about.kind !== 'sale' || told !== undefined || takenFen !== null || back.has(id)) continue;
    const isCutOff = about.byWechat === true ? fate.is === 'unsent' || fate.is === 'accepted' : about.tender === 'balance' && fate.is === 'unsent';
    if (isCutOff) voids.push(await journal.takeBack({ tapId: id, reason: about.byWechat === true ? NOT_PAID_REASON : NO_ANSWER_REASON }));
  }
  return voids;
}
