import { randomUUID } from 'node:crypto';
import { civilDate } from '../../src/kernel/index.js';
import { policyTexts } from '../support/policy-texts.js';
import { SCAN } from '../support/publish-shipped.js';
import { TappingCity, type TestTill } from '../support/tapping-city.js';

const PEOPLE = { worker: 'communityWorker', street: 'townshipOfficer', county: 'countyOfficer', drafter: 'cityOfficer', signer: 'financeApprover' } as const;

let city: TappingCity;
let till: TestTill;

const post = async (who: keyof typeof PEOPLE, url: string, body: object) => city.staffed.call('POST', url, { token: await city.staffed.tokenOf(who), body: { id: randomUUID(), ...body } });

/** From 5 December on the city's rules ask for an application. */
async function publish(): Promise<void> {
  const lines = ['application: {streetDays: 5, countyDays: 10, appealDays: 60, document: liaocheng-2024, clause: 第四条}'];
  const drafted = await post('drafter', '/v1/policies/drafts', { texts: policyTexts({ version: '2025', from: '2024-12-05', lines, expects: 0 }), documentNumber: '聊民〔2024〕9号', documentTitle: '申请办法', scan: SCAN });
  const { draftId, contentSha256 } = drafted.body;
  expect(await post('drafter', `/v1/policies/drafts/${draftId}/submit`, { contentSha256 })).toMatchObject({ status: 200 });
  expect(await post('signer', `/v1/policies/drafts/${draftId}/countersign`, { contentSha256 })).toMatchObject({ status: 200, body: { state: 'published' } });
}

beforeAll(async () => {
  city = await TappingCity.start();
  for (const [account, role] of Object.entries(PEOPLE)) if (account !== 'county') await city.staffed.add(account, [role], account === 'worker' || account === 'street' ? '371502001' : undefined);
  await publish();
}, 120_000);
afterAll(() => city?.close());

it('where an application is asked for, a meal is subsidised from the day of the approval to that of the stop', async () => {
  const { elderId, card } = await city.elder();
  const eat = async (day: string) => {
    city.clock.setTo(civilDate(day), 720);
    city.staffed.security = await city.staffed.tokenOf('security');
    city.county = await city.staffed.tokenOf('county');
    till = await city.till();
    return (await till.tap({ card })).body;
  };
  expect(await eat('2024-12-04')).toMatchObject({ subsidyFen: 300 });
  expect(await eat('2024-12-05')).toMatchObject({ outcome: 'accepted', subsidyFen: 0, selfPayFen: 1500, code: 'not-approved' });
  city.clock.setTo(civilDate('2024-12-06'), 600);
  const { body } = await post('worker', '/v1/applications', { elderId, appliedBy: 'elder', appliedOn: '2024-12-06', materials: ['申请表'] });
  expect(await post('street', `/v1/applications/${body.applicationId}/review`, { opinion: 'approve', reason: '属实' })).toMatchObject({ status: 200 });
  expect(await post('county', `/v1/applications/${body.applicationId}/decision`, { outcome: 'approve', reason: '符合条件' })).toMatchObject({ status: 200 });
  expect(await eat('2024-12-06')).toMatchObject({ subsidyFen: 300 });
  expect(await post('worker', `/v1/applications/${body.applicationId}/stop-proposals`, { cause: 'at-own-wish', reason: '老人不再需要' })).toMatchObject({ status: 200 });
  expect(await post('county', `/v1/applications/${body.applicationId}/stop-decision`, { outcome: 'stop', cause: 'at-own-wish', lastDay: '2024-12-06', reason: '同意' })).toMatchObject({ status: 200 });
  expect(await eat('2024-12-07')).toMatchObject({ subsidyFen: 0, code: 'not-approved' });
});
