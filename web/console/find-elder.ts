import { Problem, send } from '../lib/api.js';

/** An elder as a desk sees one: all but the surname starred out. */
export interface FoundElder {
  readonly elderId: string;
  readonly name: string;
  /** Last signs of the card that the elder has now; null without one. */
  readonly cardTail: string | null;
}

type Asked = { readonly name: string } | { readonly cardNumber: string };

const search = async (asked: Asked) => (await send('post', '/v1/elders/search', { body: asked })).items;

/** The one elder that a card or a whole name finds, or both of one elder. @throws Problem where it is none, or several */
export async function findElder(card: string, name: string): Promise<FoundElder> {
  if (card === '' && name === '') throw new Problem(422, 'nobody', '请填卡号或姓名。');
  const [byCard, byName] = await Promise.all([card === '' ? null : search({ cardNumber: card }), name === '' ? null : search({ name })]);
  const found = byCard ?? byName ?? [];
  const items = found.filter(({ elderId }) => byName === null || byName.some((one) => one.elderId === elderId));
  const [only] = items;
  if (only === undefined && found.length > 0) throw new Problem(409, 'two', '卡号和姓名不是同一位老人，请再问一遍。');
  if (only === undefined) throw new Problem(404, 'none', '没有查到这位老人，请核对卡号或姓名。');
  if (items.length > 1) throw new Problem(409, 'several', '查到几位同名的老人，请改用卡号。');
  const live = only.cards.find(({ state }) => state !== 'replaced' && state !== 'cancelled');
  return { elderId: only.elderId, name: only.name, cardTail: live?.tail ?? null };
}
