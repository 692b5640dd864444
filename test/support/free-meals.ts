import { randomUUID } from 'node:crypto';
import { civilDate } from '../../src/kernel/index.js';
import { policyTexts } from './policy-texts.js';
import { SCAN } from './publish-shipped.js';
import type { StaffedCity } from './staffed-city.js';

/** From 2024-12-02 on an elder of 80 to 89 eats for nothing, and the pack asks for a second proof of presence then. */
export async function publishFreeMeals(staffed: StaffedCity): Promise<void> {
  const now = staffed.clock.now();
  await staffed.add('drafter', ['cityOfficer']);
  await staffed.add('signer', ['financeApprover']);
  staffed.clock.setTo(civilDate('2024-12-01'), 600);
  const [drafter, signer] = [await staffed.tokenOf('drafter'), await staffed.tokenOf('signer')];
  const texts = policyTexts({
    version: '2024-free', from: '2024-12-02', expects: 1200, lines: ['choices: {secondMealByMistake: nobody, proofForFreeMeal: true, assumed: true, note: 样例}'],
    edit: (text) => text.replace('amount: {fen: 300}', 'amount: {fen: 1500}'),
  });
  const drafted = await staffed.call('POST', '/v1/policies/drafts', { token: drafter, body: { id: randomUUID(), texts, documentNumber: '测试文号', documentTitle: '测试文件', scan: SCAN } });
  expect(drafted).toMatchObject({ status: 201 });
  const { draftId, contentSha256 } = drafted.body;
  for (const [token, step] of [[drafter, 'submit'], [signer, 'countersign']] as const) {
    expect(await staffed.call('POST', `/v1/policies/drafts/${draftId}/${step}`, { token, body: { id: randomUUID(), contentSha256 } })).toMatchObject({ status: 200 });
  }
  staffed.clock.set(now);
}
