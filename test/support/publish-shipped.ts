import { randomUUID } from 'node:crypto';
import { addDays, civilDate, type CivilDate } from '../../src/kernel/index.js';
import type { StaffedCity } from './staffed-city.js';

/** A scan that says nothing, and is a PDF by its first bytes. */
export const SCAN = Buffer.from('%PDF-1.4\n% 样例\n').toString('base64');

/** A version that the product ships, and the first day that it rules. */
export interface Shipped {
  readonly pack: string;
  readonly version: string;
  readonly from: CivilDate;
}

export const LIAOCHENG: Shipped = { pack: 'liaocheng', version: 'sample-2023', from: civilDate('2023-09-06') };

/**
 * Publishes shipped versions in a city as its bureaus would: drafted by civil affairs, countersigned by finance, each
 * the day before it takes force. The clock is back afterwards where it was.
 */
export async function publishShipped(city: StaffedCity, ...versions: readonly Shipped[]): Promise<void> {
  const now = city.clock.now();
  const people = { drafter: `drafter.${randomUUID().slice(0, 8)}`, signer: `signer.${randomUUID().slice(0, 8)}` };
  await city.add(people.drafter, ['cityOfficer']);
  await city.add(people.signer, ['financeApprover']);
  for (const shipped of versions.length === 0 ? [LIAOCHENG] : versions) {
    city.clock.setTo(addDays(shipped.from, -1), 600);
    const [drafter, signer] = [await city.tokenOf(people.drafter), await city.tokenOf(people.signer)];
    const { pack, version } = shipped;
    const drafted = await city.call('POST', '/v1/policies/drafts', { token: drafter, body: { id: randomUUID(), shipped: { pack, version }, documentNumber: '测试文号', documentTitle: '测试文件', scan: SCAN } });
    expect(drafted).toMatchObject({ status: 201 });
    const { draftId, contentSha256 } = drafted.body;
    const sign = (token: string, step: string) => city.call('POST', `/v1/policies/drafts/${draftId}/${step}`, { token, body: { id: randomUUID(), contentSha256 } });
    expect(await sign(drafter, 'submit')).toMatchObject({ status: 200 });
    expect(await sign(signer, 'countersign')).toMatchObject({ status: 200, body: { state: 'published' } });
  }
  city.clock.set(now);
}
