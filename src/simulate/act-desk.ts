import { chinaDate } from '../kernel/index.js';
import { ELDERS, SAMPLE, SITES, type Deed, type Rates } from './domain/index.js';
import { answerOf, type Month } from './month.js';
import { draftRule, rosterOf } from './papers.js';
import { pricesAt } from './template.js';

type Of<What extends Deed['do']> = Extract<Deed, { do: What }>;

async function cardId(month: Month, elder: number): Promise<string> {
  const card = month.cards.get(elder) as { cardId: string | null };
  if (card.cardId === null) {
    const { body } = await month.office.get('city', `/v1/elders/${ELDERS[elder]?.elderId}`);
    card.cardId = (body['cards'] as { cardId: string; state: string }[]).find(({ state }) => state === 'active' || state === 'lost')?.cardId ?? null;
  }
  return card.cardId as string;
}

/** A card is reported lost. */
export async function lose(month: Month, { elder, id }: { elder: number; id: string }): Promise<void> {
  const card = month.cards.get(elder) as { number: string; lost: boolean };
  if (card.lost) return;
  const { number } = card;
  await month.deed(id, ({ at }) => [{ what: 'lost', card: number, at }], `/v1/cards/${await cardId(month, elder)}/events`, { kind: 'lost', reason: '电话挂失' });
  card.lost = true;
}

/** The elder gets another card in the place of the lost one. */
export async function replace(month: Month, { elder, id }: { elder: number; id: string }): Promise<void> {
  const { number: old } = month.cards.get(elder) as { number: string };
  const number = `SN${String(20_000_000 + elder)}`;
  await month.deed(id, ({ at }) => [{ what: 'replaced', card: old, by: number, at }], `/v1/elders/${ELDERS[elder]?.elderId}/cards`, { cardNumber: number, replaces: await cardId(month, elder), reason: '挂失补卡' });
  month.cards.set(elder, { number, cardId: id, lost: false });
}

/** A death that is registered late. */
export async function die(month: Month, { elder, diedOn, id }: Of<'death'>): Promise<void> {
  if (month.diedOn.has(elder)) return;
  await month.deed(id, () => [{ what: 'death', elder, diedOn }], `/v1/elders/${ELDERS[elder]?.elderId}/death`, { diedOn, source: '殡葬数据' });
  month.diedOn.set(elder, diedOn);
}

/** Takes the subsidies of meals after a death off their funders. */
export async function adjust(month: Month, { elder, id }: Of<'adjust'>): Promise<void> {
  const died = month.diedOn.get(elder);
  const { number } = month.cards.get(elder) as { number: string };
  if (died === undefined) return;
  for (const entry of month.tills.flatMap((till) => till.entries)) {
    const answer = answerOf(entry);
    if (answer === undefined || entry.voided || entry.sale.card !== number || answer.subsidyFen === 0 || answer.mealDate <= died) continue;
    const { tapId, site } = entry.sale;
    const own = `${id.slice(0, 24)}${tapId.slice(24)}`;
    await month.deed(own, () => [{ what: 'adjust', tapId }], `/v1/taps/${tapId}/adjustments`, { cause: 'death', reason: '去世后用餐' }, `county.${SITES[site]?.countyCode}`);
    month.count('deathLate');
  }
}

/** A canteen publishes other prices from a day to come. */
export async function publishPrices(month: Month, { site, from, percent, id }: Of<'prices'>): Promise<void> {
  if (from <= chinaDate(month.parts.clock.now()) || (month.lists[site]?.length ?? 0) > 1) return;
  const prices = pricesAt(percent);
  const fen = Object.fromEntries(prices.map((price) => [price.itemCode, price.fen]));
  await month.deed(id, () => [{ what: 'prices', site, version: 2, from, fen }], `/v1/sites/${SITES[site]?.siteId}/price-lists`, { effectiveFrom: from, prices }, `manager.${site}`);
  month.lists[site]?.push({ version: 2, from, percent });
  month.refresh();
}

/** Two people publish another rule from a day to come. */
export async function publishRule(month: Month, { from, id }: Of<'rule'>): Promise<void> {
  const rates: Rates = { from, byAge: SAMPLE.byAge.map(([age, fen]) => [age, fen + 51] as const), weights: [2, 1] };
  const draft = await month.office.post('city', '/v1/policies/drafts', { id, ...draftRule(month.parts.template, rates) });
  if (draft.status !== 201) throw new Error(`the draft of a rule: ${draft.status} ${JSON.stringify(draft.body).slice(0, 500)}`);
  const { contentSha256 } = draft.body as { contentSha256: string };
  await month.deed(`${id.slice(0, 34)}01`, () => [], `/v1/policies/drafts/${id}/submit`, { contentSha256 });
  await month.deed(`${id.slice(0, 34)}02`, () => [{ what: 'rule', rates }], `/v1/policies/drafts/${id}/countersign`, { contentSha256 }, 'approve.371500');
  month.rules.push(rates);
  month.refresh();
}

/** A list of people is brought in as a file and checked by a job. */
export async function uploadRoster(month: Month, { id }: Of<'roster'>): Promise<void> {
  const { status, body } = await month.office.post('county.371502', `/v1/roster-files/${id}?division=371502`, rosterOf());
  if (status >= 300) throw new Error(`the roster: ${status} ${JSON.stringify(body).slice(0, 300)}`);
  await month.deed(`${id.slice(0, 34)}01`, () => [], '/v1/rosters', { fileId: id, purpose: 'elders', asOf: '2024-12-01', source: '模拟名单' }, 'county.371502');
}
