import { randomUUID } from 'node:crypto';
import { verifyAuditChain, type NewPerson } from '../../src/access/index.js';
import { checkDigit } from '../../src/elder/domain/index.js';
import { EligibilityJobs, STOP_SWEEP } from '../../src/eligibility/eligibility.jobs.js';
import { factsOf } from '../../src/elder/index.js';
import { addDays, civilDate, type CivilDate } from '../../src/kernel/index.js';
import { JobBoard } from '../../src/platform/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { policyTexts } from '../support/policy-texts.js';
import { LIAOCHENG, publishShipped, SCAN } from '../support/publish-shipped.js';
import { CITY, StaffedCity } from '../support/staffed-city.js';

/** From this day on the city's rules ask for an application; the days before, age alone entitled. */
const FROM = civilDate('2025-01-02');
const APPLICATION = 'application: {streetDays: 5, countyDays: 10, appealDays: 60, document: liaocheng-2024, clause: 第四条}';

let place: StaffedCity;
const tokens: Record<string, string> = {};

let made = 0;
function identityNumber(born = '19400601'): string {
  made += 1;
  const first17 = `371502${born}${String(made % 1000).padStart(3, '0')}`;
  return first17 + checkDigit(first17);
}

const PEOPLE: [string, NewPerson['roles'], string][] = [
  ['worker', ['communityWorker'], '371502001'], ['street', ['townshipOfficer'], '371502001'], ['street2', ['townshipOfficer'], '371502001'], ['county', ['countyOfficer'], '371502'],
  ['county2', ['countyOfficer'], '371502'], ['both', ['communityWorker', 'townshipOfficer'], '371502001'], ['all', ['townshipOfficer', 'countyOfficer'], '371502'],
  ['other', ['countyOfficer'], '371521'], ['city', ['cityOfficer'], CITY], ['auditor', ['auditor'], CITY],
];

const as = (who: string): string => tokens[who] as string;
const post = (url: string, who: string, body: object) => place.call('POST', url, { token: as(who), body: { id: randomUUID(), ...body } });
const get = (url: string, who: string) => place.call('GET', url, { token: as(who) });
const transact = <T>(work: Parameters<typeof place.service.parts.transactor.run<T>>[0]) => place.service.parts.transactor.run(work);
const approvals = async (elderId: string) => (await transact((tx) => factsOf(tx, CITY, [elderId]))).get(elderId)?.categories.map(({ code, grade, from, to }) => [code, grade, from, to]);

/** A later day, at ten in the morning, with everybody at work again. */
async function goTo(day: string): Promise<void> {
  place.clock.setTo(civilDate(day), 600);
  for (const [account] of PEOPLE) tokens[account] = await place.tokenOf(account);
}

async function publishWithApplication(): Promise<void> {
  await place.add('drafter', ['cityOfficer']);
  await place.add('signer', ['financeApprover']);
  const [drafter, signer] = [await place.tokenOf('drafter'), await place.tokenOf('signer')];
  const drafted = await place.call('POST', '/v1/policies/drafts', { token: drafter, body: {
    id: randomUUID(), texts: policyTexts({ version: '2025', from: FROM, lines: [APPLICATION], expects: 0 }), documentNumber: '聊民〔2024〕9号', documentTitle: '申请办法', scan: SCAN,
  } });
  expect(drafted).toMatchObject({ status: 201 });
  const { draftId, contentSha256 } = drafted.body;
  const sign = (token: string, step: string) => place.call('POST', `/v1/policies/drafts/${draftId}/${step}`, { token, body: { id: randomUUID(), contentSha256 } });
  expect(await sign(drafter, 'submit')).toMatchObject({ status: 200 });
  expect(await sign(signer, 'countersign')).toMatchObject({ status: 200, body: { state: 'published' } });
}

async function register(more: object = {}): Promise<string> {
  const { status, body } = await post('/v1/elders', 'county', { name: '张三丰', identityNumber: identityNumber(), residenceCode: '371502001', hukouCode: '371502001', ...more });
  expect(status).toBe(200);
  return body.elderId;
}

async function submit(elderId: string, more: object = {}, who = 'worker'): Promise<string> {
  const { status, body } = await post('/v1/applications', who, { elderId, appliedBy: 'elder', appliedOn: '2025-01-20', materials: ['申请表', '户口簿复印件'], ...more });
  expect({ status, body }).toMatchObject({ status: 200 });
  return body.applicationId;
}

const review = (id: string, who = 'street') => post(`/v1/applications/${id}/review`, who, { opinion: 'approve', reason: '入户核实属实' });
const decide = (id: string, more: object = {}, who = 'county') => post(`/v1/applications/${id}/decision`, who, { outcome: 'approve', reason: '符合条件', ...more });

async function approved(elderId: string): Promise<string> {
  const id = await submit(elderId);
  expect(await review(id)).toMatchObject({ status: 200, body: { state: 'reviewed' } });
  expect(await decide(id)).toMatchObject({ status: 200, body: { state: 'approved' } });
  return id;
}

beforeAll(async () => {
  place = await StaffedCity.start();
  for (const [account, roles, division] of PEOPLE) await place.add(account, roles, division);
  await publishShipped(place, LIAOCHENG);
  await publishWithApplication();
  await goTo('2024-12-03');
}, 120_000);
afterAll(() => place?.close());

describe('where age alone entitles', () => {
  it('nobody applies, and the answer says so', async () => {
    const elderId = await register();
    const { body } = await get(`/v1/elders/${elderId}/application-need`, 'worker');
    expect(body).toMatchObject({ needed: false, pack: 'liaocheng', entitled: true });
    expect(body.sentence).toMatch(/不需要申请/);
    expect(await post('/v1/applications', 'worker', { elderId, appliedBy: 'elder', appliedOn: '2024-12-03', materials: [] })).toMatchObject({ status: 409, body: { code: 'application-not-needed' } });
    expect((await get(`/v1/elders/${elderId}/application-need`, 'other')).status).toBe(403);
    expect((await get(`/v1/elders/${randomUUID()}/application-need`, 'worker')).status).toBe(404);
  });
});

describe('where an application is asked for', () => {
  beforeAll(() => goTo('2025-01-20'));

  it('it is reviewed by the street and decided by the county, by different people, with the rule that made it', async () => {
    const elderId = await register();
    expect((await get(`/v1/elders/${elderId}/application-need`, 'worker')).body).toMatchObject({ needed: true, streetDays: 5, countyDays: 10, appealDays: 60, entitled: true });
    const id = await submit(elderId, { appliedBy: 'relative', relation: '女儿' });
    // Monday 20 January: the 26th, a Sunday, is worked, and from the 28th to 4 February it is the Spring Festival; Saturday 8 February is worked.
    expect((await get(`/v1/applications/${id}`, 'street')).body).toMatchObject({ state: 'submitted', stateName: '待街道（镇）初审', dueOn: '2025-01-26', appliedBy: 'relative', relation: '女儿' });
    expect(await post('/v1/applications', 'worker', { elderId, appliedBy: 'elder', appliedOn: '2025-01-20', materials: [] })).toMatchObject({ status: 409, body: { code: 'application-running' } });
    expect(await decide(id)).toMatchObject({ status: 409, body: { code: 'application-move-wrong' } });
    expect((await review(id, 'county')).status).toBe(403);
    expect(await review(id)).toMatchObject({ status: 200, body: { state: 'reviewed' } });
    expect((await get(`/v1/applications/${id}`, 'county')).body.dueOn).toBe('2025-02-08');
    expect(await decide(id, {}, 'street')).toMatchObject({ status: 403, body: { code: 'application-role-wrong' } });
    expect(await decide(id, {}, 'other')).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await approvals(elderId)).toEqual([]);
    expect(await decide(id)).toMatchObject({ status: 200, body: { state: 'approved' } });
    expect(await approvals(elderId)).toEqual([['mealApproval', 'liaocheng', '2025-01-20', null]]);
    const { body } = await get(`/v1/applications/${id}`, 'auditor');
    expect(body).toMatchObject({ approvedFrom: '2025-01-20', dueOn: null, steps: [{ move: 'submit' }, { move: 'review', opinion: 'approve' }, { move: 'approve', lateDays: 0 }] });
    expect(body.decisions).toMatchObject([{
      outcome: 'approved', appeal: false, pack: 'liaocheng', version: '2025', versionSha256: expect.stringMatching(/^[0-9a-f]{64}$/), refusal: null,
      rules: [{ ruleId: expect.stringContaining('liaocheng/'), className: expect.any(String), clause: expect.any(String) }], document: { title: expect.any(String) },
      facts: expect.arrayContaining([expect.objectContaining({ fact: 'age', value: '84', source: '身份证登记' })]),
    }]);
    expect(body.decisions[0].sentence).toMatch(/批准享受助餐补贴，自 2025-01-20 起/);
    expect(JSON.stringify(body)).not.toMatch(/1940|张三丰/);
  });

  it('nobody takes two steps that check each other', async () => {
    const own = await submit(await register(), {}, 'both');
    expect(await review(own, 'both')).toMatchObject({ status: 403, body: { code: 'same-person-twice' } });
    const id = await submit(await register());
    expect((await review(id, 'all')).status).toBe(200);
    expect(await decide(id, {}, 'all')).toMatchObject({ status: 403, body: { code: 'same-person-twice' } });
    expect((await decide(id)).status).toBe(200);
  });

  it('a repeat is answered as the first time, and another body is refused', async () => {
    const elderId = await register();
    const body = { id: randomUUID(), elderId, appliedBy: 'elder', appliedOn: '2025-01-20', materials: [] };
    const first = await post('/v1/applications', 'worker', body);
    expect(first).toMatchObject({ status: 200, body: { applicationId: body.id } });
    expect((await post('/v1/applications', 'worker', body)).body).toEqual(first.body);
    expect(await post('/v1/applications', 'worker', { ...body, materials: ['别的'] })).toMatchObject({ status: 409, body: { code: 'id-taken' } });
  });

  it.each([
    ['relation-needed', { appliedBy: 'relative' }], ['relation-needed', { appliedBy: 'elder', relation: '女儿' }],
    ['application-date-wrong', { appliedOn: '2025-01-21' }], ['application-date-wrong', { appliedOn: '2024-12-20' }],
  ])('an application is refused with %s', async (code, wrong) => {
    expect(await post('/v1/applications', 'worker', { elderId: await register(), appliedBy: 'elder', appliedOn: '2025-01-20', materials: [], ...wrong })).toMatchObject({ status: 422, body: { code } });
  });

  it('whom the rules do not entitle nobody approves, and whom they do nobody refuses as not entitled', async () => {
    const young = await submit(await register({ identityNumber: identityNumber('19700601') }));
    expect((await review(young)).status).toBe(200);
    expect(await decide(young)).toMatchObject({ status: 409, body: { code: 'rule-not-met', detail: { refusal: 'too-young' } } });
    expect(await decide(young, { outcome: 'refuse' })).toMatchObject({ status: 422, body: { code: 'reason-code-missing' } });
    expect(await decide(young, { outcome: 'refuse', reasonCode: 'not-entitled', reason: '年龄 54 周岁' })).toMatchObject({ status: 200, body: { state: 'refused' } });
    const { body } = await get(`/v1/applications/${young}`, 'worker');
    expect(body).toMatchObject({ appealUntil: '2025-03-21', decisions: [{ outcome: 'refused', reasonCode: 'not-entitled', refusal: 'too-young', rules: [], facts: expect.arrayContaining([expect.objectContaining({ fact: 'age', value: '54' })]) }] });
    expect(body.decisions[0].sentence).toMatch(/未达到文件规定的年龄：年龄 54 周岁。如不服本决定，可在 2025-03-21 前/);
    const old = await submit(await register());
    expect((await review(old)).status).toBe(200);
    expect(await decide(old, { outcome: 'refuse', reasonCode: 'not-entitled', reason: '不行' })).toMatchObject({ status: 409, body: { code: 'rule-is-met' } });
  });
});

describe('time limits', () => {
  it('stand still while something is asked for, and what is late is listed', async () => {
    await goTo('2025-02-10');
    const id = await submit(await register(), { appliedOn: '2025-02-10' });
    expect((await get(`/v1/applications/${id}`, 'street')).body.dueOn).toBe('2025-02-17');
    await goTo('2025-02-12');
    expect(await post(`/v1/applications/${id}/supplement-requests`, 'street', { reason: '缺照片', materials: ['一寸照片'] })).toMatchObject({ status: 200, body: { state: 'streetSupplement' } });
    expect((await get(`/v1/applications/${id}`, 'street')).body.dueOn).toBeNull();
    await goTo('2025-03-03');
    expect((await get('/v1/applications?overdue=true', 'street')).body.items.map((item: { applicationId: string }) => item.applicationId)).not.toContain(id);
    expect(await post(`/v1/applications/${id}/supplements`, 'worker', { reason: '已补', materials: ['一寸照片'] })).toMatchObject({ status: 200, body: { state: 'submitted' } });
    expect((await get(`/v1/applications/${id}`, 'street')).body.dueOn).toBe('2025-03-06');
    await goTo('2025-03-10');
    const late = (await get('/v1/applications?overdue=true', 'street')).body.items;
    expect(late).toEqual(expect.arrayContaining([expect.objectContaining({ applicationId: id, lateDays: 2 })]));
    expect((await get('/v1/applications?overdue=true', 'other')).body.items).toEqual([]);
    expect((await review(id)).status).toBe(200);
    expect((await get(`/v1/applications/${id}`, 'street')).body.steps.at(-1)).toMatchObject({ move: 'review', lateDays: 2 });
    expect((await post(`/v1/applications/${id}/withdrawal`, 'worker', { reason: '老人改主意' })).body).toMatchObject({ state: 'withdrawn' });
    expect(await post(`/v1/applications/${id}/withdrawal`, 'worker', { reason: '老人改主意' })).toMatchObject({ status: 409 });
  });
});

describe('an appeal', () => {
  const refused = async (elderId: string, on: CivilDate): Promise<string> => {
    await goTo(on);
    const id = await submit(elderId, { appliedOn: on });
    expect((await review(id)).status).toBe(200);
    expect((await decide(id, { outcome: 'refuse', reasonCode: 'not-verified', reason: '两次上门无人' })).status).toBe(200);
    return id;
  };

  it('is decided by somebody else, and one that is granted counts from the refusal', async () => {
    const elderId = await register();
    const id = await refused(elderId, civilDate('2025-03-12'));
    await goTo('2025-04-01');
    expect(await post(`/v1/applications/${id}/appeal`, 'worker', { reason: '当时住院' })).toMatchObject({ status: 200, body: { state: 'appealed' } });
    const granting = { outcome: 'approve', reason: '住院证明属实' };
    expect(await post(`/v1/applications/${id}/appeal-decision`, 'county', granting)).toMatchObject({ status: 403, body: { code: 'same-person-twice' } });
    expect(await post(`/v1/applications/${id}/appeal-decision`, 'county2', granting)).toMatchObject({ status: 200, body: { state: 'approved' } });
    expect(await approvals(elderId)).toEqual([['mealApproval', 'liaocheng', '2025-03-12', null]]);
    expect((await get(`/v1/applications/${id}`, 'auditor')).body.decisions).toMatchObject([{ outcome: 'refused' }, { outcome: 'approved', appeal: true }]);
  });

  it('that is rejected is the end, and one after the deadline is refused', async () => {
    const elderId = await register();
    const id = await refused(elderId, civilDate('2025-04-02'));
    expect((await post(`/v1/applications/${id}/appeal`, 'worker', { reason: '不服' })).status).toBe(200);
    expect(await post(`/v1/applications/${id}/appeal-decision`, 'city', { outcome: 'refuse', reasonCode: 'not-verified', reason: '仍无法核实' })).toMatchObject({ body: { state: 'refusalUpheld' } });
    expect((await post(`/v1/applications/${id}/appeal`, 'worker', { reason: '不服' })).status).toBe(409);
    const late = await refused(elderId, civilDate('2025-04-03'));
    await goTo('2025-06-02');
    const again = await submit(elderId, { appliedOn: '2025-06-02' });
    expect(await post(`/v1/applications/${late}/appeal`, 'worker', { reason: '不服' })).toMatchObject({ status: 409, body: { code: 'application-running' } });
    expect((await post(`/v1/applications/${again}/withdrawal`, 'worker', { reason: '改为复核' })).status).toBe(200);
    await goTo('2025-06-03');
    expect(await post(`/v1/applications/${late}/appeal`, 'worker', { reason: '不服' })).toMatchObject({ status: 409, body: { code: 'appeal-too-late' } });
  });
});

describe('the end of an approval', () => {
  it('is proposed for the dead and for who moved away, and decided by a person', async () => {
    await goTo('2025-01-20');
    const [dead, gone, stays] = [await register(), await register(), await register()];
    const ids = [await approved(dead), await approved(gone), await approved(stays)];
    await goTo('2025-01-26');
    expect((await post(`/v1/elders/${dead}/death`, 'county', { diedOn: '2025-01-24', source: '死亡证明' })).status).toBe(200);
    for (const kind of ['hukou', 'residence']) expect((await post(`/v1/elders/${gone}/homes`, 'county', { kind, divisionCode: '110105', from: '2025-01-23', source: '派出所' })).status).toBe(200);
    expect((await post('/v1/applications/stop-sweeps', 'county', {})).status).toBe(403);
    expect(await post('/v1/applications/stop-sweeps', 'city', {})).toMatchObject({ status: 200, body: { proposed: 2 } });
    expect(await post('/v1/applications/stop-sweeps', 'city', {})).toMatchObject({ body: { proposed: 0 } });
    const [first, second, third] = await Promise.all(ids.map(async (id) => (await get(`/v1/applications/${id}`, 'county')).body));
    expect(first).toMatchObject({ state: 'stopProposed', steps: expect.arrayContaining([expect.objectContaining({ move: 'proposeStop', reasonCode: 'deceased', reason: expect.stringContaining('2025-01-24') })]) });
    expect(second.steps.at(-1)).toMatchObject({ move: 'proposeStop', reason: expect.stringContaining('2025-01-22') });
    expect(third.state).toBe('approved');
    expect(await approvals(dead)).toEqual([['mealApproval', 'liaocheng', '2025-01-20', null]]);
    const stop = (id: string, more: object = {}) => post(`/v1/applications/${id}/stop-decision`, 'county', { outcome: 'stop', cause: 'deceased', lastDay: '2025-01-24', reason: '死亡登记属实', ...more });
    expect(await stop(ids[0] as string, { lastDay: '2025-01-27' })).toMatchObject({ status: 422, body: { code: 'stop-date-wrong' } });
    expect(await stop(ids[0] as string, { lastDay: '2025-01-18' })).toMatchObject({ status: 422, body: { code: 'stop-date-wrong' } });
    expect(await stop(ids[0] as string, { cause: null })).toMatchObject({ status: 422, body: { code: 'reason-code-missing' } });
    expect(await stop(ids[0] as string)).toMatchObject({ status: 200, body: { state: 'stopped' } });
    expect(await approvals(dead)).toEqual([['mealApproval', 'liaocheng', '2025-01-20', '2025-01-24']]);
    expect((await get(`/v1/applications/${ids[0] as string}`, 'auditor')).body).toMatchObject({ lastDay: '2025-01-24', appealUntil: '2025-03-27', decisions: [{ outcome: 'approved' }, { outcome: 'stopped', reasonCode: 'deceased', sentence: expect.stringContaining('享受至 2025-01-24') }] });
    expect((await post(`/v1/applications/${ids[1] as string}/stop-decision`, 'county', { outcome: 'keep', reason: '只是探亲' })).body).toMatchObject({ state: 'approved' });
  });

  it('that was never right is withdrawn, needs two people, and may be appealed', async () => {
    const elderId = await register();
    const id = await approved(elderId);
    expect(await post(`/v1/applications/${id}/stop-proposals`, 'county', { cause: 'materials-false', reason: '材料造假举报' })).toMatchObject({ status: 200, body: { state: 'stopProposed' } });
    const stop = { outcome: 'stop', cause: 'materials-false', lastDay: addDays(civilDate('2025-01-26'), -1), reason: '核查属实' };
    expect(await post(`/v1/applications/${id}/stop-decision`, 'county', stop)).toMatchObject({ status: 403, body: { code: 'same-person-twice' } });
    expect((await post(`/v1/applications/${id}/stop-decision`, 'county2', stop)).body).toMatchObject({ state: 'stopped' });
    expect(await approvals(elderId)).toEqual([]);
    expect((await post(`/v1/applications/${id}/appeal`, 'worker', { reason: '材料是真的' })).body).toMatchObject({ state: 'appealed' });
    expect((await post(`/v1/applications/${id}/appeal-decision`, 'city', { outcome: 'approve', reason: '复核属实' })).body).toMatchObject({ state: 'approved' });
    expect(await approvals(elderId)).toEqual([['mealApproval', 'liaocheng', '2025-01-26', null]]);
  });

  it('is also looked for once a night', async () => {
    const elderId = await register();
    const id = await approved(elderId);
    expect((await post(`/v1/elders/${elderId}/death`, 'county', { diedOn: '2025-01-26', source: '死亡证明' })).status).toBe(200);
    const board = new JobBoard();
    new EligibilityJobs(board, place.service.app.get(PolicyLibrary), place.clock).onModuleInit();
    const due = () => transact(async (tx) => (await Promise.all(board.finders.map((finder) => finder(tx)))).flat());
    expect(await due()).toEqual([]);
    place.clock.setTo(civilDate('2025-01-27'), 120);
    const [job, ...others] = await due();
    expect(job).toEqual({ cityCode: CITY, job: STOP_SWEEP, key: '2025-01-27', payload: { date: '2025-01-27' } });
    expect(others).toEqual([]);
    await transact(async (tx) => board.handlerOf(STOP_SWEEP)?.(tx, job as NonNullable<typeof job>));
    expect(await due()).toEqual([]);
    await goTo('2025-01-27');
    expect((await get(`/v1/applications/${id}`, 'county')).body).toMatchObject({ state: 'stopProposed' });
    expect(await approvals(elderId)).toMatchObject([['mealApproval', 'liaocheng', '2025-01-26', null]]);
  });

  it('leaves an unbroken audit chain with every step', async () => {
    expect(await transact((tx) => verifyAuditChain(tx, CITY))).toMatchObject({ brokenAt: null });
    const actions = (await transact((tx) => tx.query<{ action: string }>("SELECT DISTINCT action FROM audit WHERE city_code = $1 AND object_kind = 'application'", [CITY]))).map(({ action }) => action);
    expect(actions.sort()).toEqual(['appeal', 'apply', 'approve', 'askSupplement', 'grantAppeal', 'keep', 'proposeStop', 'refuse', 'rejectAppeal', 'review', 'stop', 'supplement', 'withdraw'].map((move) => `eligibility.${move}`).sort());
  });
});
