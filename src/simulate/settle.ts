import { SITES } from './domain/index.js';
import type { CivilMonth } from '../kernel/index.js';
import type { Month } from './month.js';

interface Claim {
  readonly claimId: string;
  readonly siteId: string;
  readonly state: string;
}

/** Takes the month's claims from their canteens through review, approval, batch and release to the treasury's receipt. */
export async function settleMonth(month: Month, settled: CivilMonth): Promise<void> {
  const { body } = await month.office.get('city', `/v1/claims?month=${settled}&limit=100`);
  const claims = (body['items'] as Claim[]).filter((claim) => claim.state === 'draft');
  for (const countyCode of new Set(SITES.map((site) => site.countyCode))) {
    const here = claims.filter((claim) => SITES.find((site) => site.siteId === claim.siteId)?.countyCode === countyCode);
    if (here.length > 0) await settleCounty(month, settled, countyCode, here);
  }
}

async function settleCounty(month: Month, settled: CivilMonth, countyCode: string, claims: readonly Claim[]): Promise<void> {
  const nothing = (): [] => [];
  const id = (place: number, claimId = ''): string => `${countyCode}${String(month.story.seed % 100).padStart(2, '0')}-0000-4000-8000-${String(place).padStart(4, '0')}${claimId.slice(0, 8).padEnd(8, '0')}`;
  for (const { claimId, siteId } of claims) {
    const site = SITES.findIndex((one) => one.siteId === siteId);
    await month.deed(id(1, claimId), nothing, `/v1/claims/${claimId}/submit`, {}, `manager.${site}`);
    await month.deed(id(2, claimId), nothing, `/v1/claims/${claimId}/review`, {}, `street.${SITES[site]?.townshipCode}`);
    await month.deed(id(3, claimId), nothing, `/v1/claims/${claimId}/approve`, {}, `county.${countyCode}`);
  }
  const batchId = id(4);
  const budgets = ['city', 'county'].map((funderKind) => ({ funderKind, budgetYear: 2024, budgetDocument: '模拟财社指〔2024〕1号' }));
  await month.deed(batchId, nothing, '/v1/batches', { month: settled, countyCode, budgets }, `county.${countyCode}`);
  await month.deed(id(5), nothing, `/v1/batches/${batchId}/review`, {}, `review.${countyCode}`);
  await month.deed(id(6), ({ at }) => [{ what: 'release', month: settled, countyCode, on: at }], `/v1/batches/${batchId}/release`, {}, `approve.${countyCode}`);
  const { body } = await month.office.get(`review.${countyCode}`, `/v1/batches/${batchId}/legs?limit=500`);
  const rows = (body['items'] as { legNumber: string; fen: number }[]).map(({ legNumber, fen }) => `${legNumber},${fen},2025-01-05,${legNumber.replace(/\W/g, '-')}-GK`);
  if (rows.length === 0) return;
  const csv = `legNumber,fen,paidOn,serial\r\n${rows.join('\r\n')}\r\n`;
  await month.deed(id(7), ({ at }) => [{ what: 'paid', month: settled, countyCode, on: at }], '/v1/receipts', { csv }, `review.${countyCode}`);
}
