import type { TillRow } from '../../src/till/domain/roster.js';
import type { Credential, MealPeriod } from './journal/entry.js';
import { Refused } from './journal/link.js';
import type { PassRead } from './roster/roster.js';
import { takenBackIds, type Listed, type Outcome, type Person } from './view.js';
import { PASS_TROUBLE } from './words.js';

/** Whose meal is sold: what stands for the card, and what the till knows beside it. */
export interface Eating {
  readonly credential: Credential;
  /** The row of somebody whom the till knows by a search or a code, and not by a card. */
  readonly row?: TillRow;
  /** The pass that the sale uses up. */
  readonly pass?: string;
}

/** What the service gives for a code: the note that stands for the card, and the row to decide with. */
export interface Redeemed {
  readonly note: string;
  readonly row: TillRow;
}

const NEXT = '没有记账。按“确认”；也可请老人刷卡，或按散客原价收。';

export const CODE_NEEDS_NETWORK: Outcome = { is: 'wait', sentence: '断网时不能用这个码', next: '没有记账。按“确认”，请老人打开断网用的通行码，或刷卡；也可按散客原价收。' };

/** Asks the service whose code it is. @param redeem throws Refused with the reason, and Away */
export async function eaterByCode(redeem: (code: string, mealPeriod: MealPeriod) => Promise<Redeemed>, code: string, mealPeriod: MealPeriod): Promise<Eating | Outcome> {
  try {
    const { note, row } = await redeem(code, mealPeriod);
    return { credential: { kind: 'code', note }, row };
  } catch (error) {
    if (error instanceof Refused) return { is: 'wait', sentence: error.sentence.replace(/。$/, ''), next: NEXT };
    return { is: 'wait', sentence: '用餐码没有等到答复', next: '没有记账。按“确认”，再扫一次，或请老人刷卡。' };
  }
}

/** Passes that sales of this till used up; those that were taken back, or that the service refused, did not. */
export function usedPasses(entries: readonly Listed[]): Set<string> {
  const back = takenBackIds({ entries });
  return new Set(entries.flatMap(({ id, about, fate }) => (about.kind === 'sale' && about.pass !== undefined && !back.has(id) && fate.is !== 'refused' ? [about.pass] : [])));
}

/** What a pass comes to: somebody to sell to, somebody whose card is waited for, or why it cannot be used. */
export function eaterByPass(read: PassRead, entries: readonly Listed[]): Eating | Person | Outcome {
  if (!read.ok) return { is: 'wait', sentence: PASS_TROUBLE[read.code] ?? '通行码不能用', next: '没有记账。按“确认”，请老人出示助餐卡。' };
  if (read.note === undefined) return read.person;
  if (usedPasses(entries).has(read.nonce)) return { is: 'wait', sentence: '这个通行码已经用过了', next: NEXT };
  return { credential: { kind: 'code', note: read.note }, row: read.row, pass: read.nonce };
}
