import { randomUUID } from 'node:crypto';
import { verifyAuditChain, type NewPerson } from '../../src/access/index.js';
import { checkDigit } from '../../src/elder/domain/index.js';
import { factsOf } from '../../src/elder/index.js';
import { CITY, MINUTE, StaffedCity } from '../support/staffed-city.js';

let place: StaffedCity;
let worker: string;
let township: string;
let county: string;
let county2: string;
let other: string;
let auditor: string;

let made = 0;
function identityNumber(born = '19400601'): string {
  made += 1;
  const first17 = `371502${born}${String(made % 1000).padStart(3, '0')}`;
  return first17 + checkDigit(first17);
}

const post = (url: string, token: string, body: object) => place.call('POST', url, { token, body });
const get = (url: string, token: string) => place.call('GET', url, { token });

async function register(more: object = {}): Promise<string> {
  const { status, body } = await post('/v1/elders', county, { id: randomUUID(), name: '张三丰', identityNumber: identityNumber(), residenceCode: '371502001', ...more });
  expect(status).toBe(200);
  return body.elderId;
}

const transact = <T>(work: Parameters<typeof place.service.parts.transactor.run<T>>[0]) => place.service.parts.transactor.run(work);
const current = async (elderId: string) => (await transact((tx) => factsOf(tx, CITY, [elderId]))).get(elderId);
/** Lets a minute pass, so that what follows is known later. */
const later = (): string => {
  const moment = new Date(place.clock.now()).toISOString();
  place.clock.set(place.clock.now() + MINUTE);
  return moment;
};

beforeAll(async () => {
  place = await StaffedCity.start();
  for (const [account, roles, division] of [
    ['worker', ['communityWorker'], '371502001'], ['township', ['townshipOfficer'], '371502001'], ['county', ['countyOfficer'], '371502'], ['county2', ['countyOfficer'], '371502'],
    ['other', ['countyOfficer'], '371521'], ['auditor', ['auditor'], CITY],
  ] as [string, NewPerson['roles'], string][]) await place.add(account, roles, division);
  [worker, township, county, county2, other, auditor] = await Promise.all(['worker', 'township', 'county', 'county2', 'other', 'auditor'].map((account) => place.tokenOf(account))) as [string, string, string, string, string, string];
}, 60_000);

afterAll(() => place?.close());

describe('who decides a category', () => {
  const entry = (code: string, more: object = {}) => ({ id: randomUUID(), code, from: '2024-01-01', source: '县残联名单', evidence: '聊残字〔2024〕3号', ...more });

  it('a community worker records the survey of the community and no decision of an authority', async () => {
    const elderId = await register();
    expect((await post(`/v1/elders/${elderId}/categories`, worker, entry('livingAlone'))).status).toBe(200);
    const refused = await post(`/v1/elders/${elderId}/categories`, worker, entry('disability', { grade: '2' }));
    expect(refused).toMatchObject({ status: 403, body: { code: 'category-not-yours', detail: { authority: 'disabledFederation', authorityName: '残联' } } });
    expect(await post('/v1/elders', worker, { id: randomUUID(), name: '李四', identityNumber: identityNumber(), residenceCode: '371502001', categories: [{ ...entry('minLivingRecipient'), id: undefined }] })).toMatchObject({ status: 403, body: { code: 'category-not-yours' } });
  });

  it('nor may one be taken away by who may not decide it, or turned into another', async () => {
    const elderId = await register();
    const low = entry('minLivingRecipient');
    expect((await post(`/v1/elders/${elderId}/categories`, county, low)).status).toBe(200);
    expect(await post(`/v1/elders/${elderId}/categories`, worker, entry('livingAlone', { corrects: low.id }))).toMatchObject({ status: 422, body: { code: 'category-differs' } });
    expect(await post(`/v1/elders/${elderId}/categories`, worker, { ...low, id: randomUUID(), corrects: low.id, withdrawn: true })).toMatchObject({ status: 403 });
    expect((await current(elderId))?.categories).toMatchObject([{ code: 'minLivingRecipient' }]);
  });

  it('keeps grade, kind and authority of a disability, and refuses grades that there are not', async () => {
    const elderId = await register();
    const url = `/v1/elders/${elderId}/categories`;
    expect(await post(url, county, entry('disability'))).toMatchObject({ status: 422, body: { code: 'category-grade-wrong' } });
    expect(await post(url, county, entry('disability', { grade: '5' }))).toMatchObject({ status: 422 });
    expect((await post(url, county, entry('disability', { grade: '2', kind: 'limb' }))).status).toBe(200);
    const { body } = await get(`/v1/elders/${elderId}`, county);
    expect(body.categoryEntries).toMatchObject([{ code: 'disability', grade: '2', kind: 'limb', authority: 'disabledFederation', batchId: null }]);
    expect(body).toMatchObject({ age: 84, ageCategories: ['advancedAge'] });
  });

  it.each(['abilityAssessment', 'mealApproval', 'advancedAge', 'centenarian'])('%s is recorded by nobody by hand', async (code) => {
    expect(await post(`/v1/elders/${await register()}/categories`, county, entry(code, { grade: '1' }))).toMatchObject({ status: 400, body: { code: 'fields-wrong' } });
  });
});

describe('a dispute', () => {
  const dispute = (more: object = {}) => ({ id: randomUUID(), code: 'minLivingRecipient', raisedBy: 'elder', openedOn: '2024-12-02', reason: '低保止日登记错了', ...more });
  const move = (name: string, more: object = {}) => ({ id: randomUUID(), move: name, onDate: '2024-12-03', reason: '按程序办理', ...more });
  const held = async () => {
    const elderId = await register();
    const entry = { id: randomUUID(), code: 'minLivingRecipient', from: '2024-01-01', to: '2024-10-31', source: '低保系统', evidence: '2024-17' };
    expect((await post(`/v1/elders/${elderId}/categories`, county, entry)).status).toBe(200);
    return { elderId, entryId: entry.id };
  };

  it('is sent to the authority, and only its answer corrects the entry', async () => {
    const { elderId, entryId } = await held();
    const opened = dispute({ entryId });
    expect(await post(`/v1/elders/${elderId}/disputes`, worker, opened)).toMatchObject({ status: 200, body: { disputeId: opened.id } });
    expect(await post(`/v1/elders/${elderId}/disputes`, worker, dispute())).toMatchObject({ status: 409, body: { code: 'dispute-running' } });
    const url = `/v1/disputes/${opened.id}/moves`;
    const correction = { from: '2024-01-01', source: '低保系统', evidence: '县民政局答复' };
    expect(await post(url, worker, move('uphold', { document: '答复1号', correction }))).toMatchObject({ status: 403, body: { code: 'dispute-role-wrong' } });
    expect(await post(url, county, move('uphold', { document: '答复1号', correction }))).toMatchObject({ status: 409, body: { code: 'dispute-move-wrong', detail: { allowed: ['forward', 'withdraw'] } } });
    expect(await post(url, township, move('forward', { document: '转办函1号' }))).toMatchObject({ status: 200, body: { state: 'forwarded' } });
    expect(await post(url, county, move('uphold', { onDate: '2024-12-01', document: '答复1号', correction }))).toMatchObject({ status: 422, body: { code: 'dispute-date-wrong' } });
    expect(await post(url, county, move('uphold', { correction }))).toMatchObject({ status: 422, body: { code: 'dispute-document-missing' } });
    expect(await post(url, county, move('uphold', { document: '答复1号' }))).toMatchObject({ status: 422, body: { code: 'dispute-correction-missing' } });
    expect((await current(elderId))?.categories).toMatchObject([{ to: '2024-10-31' }]);
    const answered = move('uphold', { document: '答复1号', correction });
    expect(await post(url, county, answered)).toMatchObject({ status: 200, body: { state: 'upheld' } });
    expect(await post(url, county, answered)).toMatchObject({ status: 200, body: { state: 'upheld' } });
    expect((await current(elderId))?.categories).toMatchObject([{ from: '2024-01-01', to: null }]);
    const { items } = (await get(`/v1/elders/${elderId}/disputes`, auditor)).body;
    expect(items).toMatchObject([{ state: 'upheld', authority: 'civilAffairs', authorityName: '民政部门', steps: [{ move: 'open' }, { move: 'forward' }, { move: 'uphold', document: '答复1号', entryId: expect.any(String) }] }]);
  });

  it('that is rejected leaves the entry, and a missing entry may be disputed too', async () => {
    const { elderId } = await held();
    const opened = dispute({ code: 'specialFamily', reason: '失独家庭未登记' });
    expect((await post(`/v1/elders/${elderId}/disputes`, worker, opened)).status).toBe(200);
    expect((await post(`/v1/disputes/${opened.id}/moves`, township, move('forward'))).status).toBe(200);
    expect((await post(`/v1/disputes/${opened.id}/moves`, county, move('reject', { document: '卫健局答复2号' }))).body).toMatchObject({ state: 'rejected' });
    expect(await post(`/v1/disputes/${opened.id}/moves`, county, move('withdraw'))).toMatchObject({ status: 409 });
    expect((await current(elderId))?.categories).toHaveLength(1);
    expect((await get('/v1/disputes?state=rejected', county)).body.items).toMatchObject([{ disputeId: opened.id, authority: 'health' }]);
    expect((await get('/v1/disputes', other)).body.items).toEqual([]);
    expect(await post(`/v1/disputes/${opened.id}/moves`, other, move('withdraw'))).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await post(`/v1/disputes/${randomUUID()}/moves`, county, move('withdraw'))).toMatchObject({ status: 404 });
    expect(await post(`/v1/elders/${elderId}/disputes`, worker, dispute({ entryId: randomUUID() }))).toMatchObject({ status: 404, body: { code: 'entry-unknown' } });
  });
});

describe('an ability assessment', () => {
  const assessment = (more: object = {}) => ({ id: randomUUID(), level: 3, assessor: '评估员0012', institution: '东昌府区评估中心', assessedOn: '2024-06-01', validUntil: '2026-05-31', evidence: '报告0601', ...more });
  const levels = async (elderId: string) => (await current(elderId))?.categories.map(({ code, grade, from, to }) => [code, grade, from, to]);

  it('is seen by rules until it expires or the next one is made', async () => {
    const elderId = await register();
    const url = `/v1/elders/${elderId}/assessments`;
    expect((await post(url, township, assessment())).status).toBe(200);
    expect(await levels(elderId)).toEqual([['abilityAssessment', '3', '2024-06-01', '2026-05-31']]);
    const second = assessment({ level: 4, assessedOn: '2024-11-01', validUntil: '2026-10-31' });
    expect((await post(url, township, second)).status).toBe(200);
    expect(await levels(elderId)).toEqual([['abilityAssessment', '3', '2024-06-01', '2024-10-31'], ['abilityAssessment', '4', '2024-11-01', '2026-10-31']]);
    expect(await post(url, township, assessment({ assessedOn: '2024-11-01' }))).toMatchObject({ status: 409, body: { code: 'assessment-known' } });
    expect((await post(url, township, { ...second, id: randomUUID(), corrects: second.id, withdrawn: true })).status).toBe(200);
    expect(await levels(elderId)).toEqual([['abilityAssessment', '3', '2024-06-01', '2026-05-31']]);
    expect((await get(`/v1/elders/${elderId}`, county)).body.assessmentEntries).toHaveLength(3);
    expect((await get(`/v1/elders/${elderId}/facts`, county)).body.categories).toMatchObject([{ code: 'abilityAssessment', name: '老年人能力评估等级', grade: '3', authority: 'assessment' }]);
  });

  it('is refused with days that cannot be, with no level of the standard, and from a community worker', async () => {
    const url = `/v1/elders/${await register()}/assessments`;
    expect(await post(url, county, assessment({ assessedOn: '2024-12-04', validUntil: '2026-12-03' }))).toMatchObject({ status: 422, body: { code: 'assessment-dates-wrong' } });
    expect(await post(url, county, assessment({ validUntil: '2024-05-31' }))).toMatchObject({ status: 422 });
    expect(await post(url, county, assessment({ level: 5 }))).toMatchObject({ status: 400 });
    expect((await post(url, worker, assessment())).status).toBe(403);
  });
});

describe('homes', () => {
  const move = (more: object = {}) => ({ id: randomUUID(), kind: 'residence', divisionCode: '371521', from: '2024-11-15', source: '派出所户籍变动', ...more });

  it('become a history, and each day has the home that held on it', async () => {
    const elderId = await register({ hukouCode: '371502001' });
    const url = `/v1/elders/${elderId}/homes`;
    const first = move();
    expect(await post(url, worker, first)).toMatchObject({ status: 200, body: { entryId: first.id } });
    expect(await current(elderId)).toMatchObject({ hukouCode: '371502001', residenceCode: '371521', homes: [{ kind: 'hukou', from: null }, { code: '371502001', from: null }, { code: '371521', from: '2024-11-15' }] });
    expect((await get(`/v1/elders/${elderId}/facts?on=2024-11-14`, county)).body).toMatchObject({ residenceCode: '371502001' });
    expect((await get(`/v1/elders/${elderId}/facts?on=2024-11-15`, county)).body).toMatchObject({ residenceCode: '371521' });
    expect(await post(url, county, move())).toMatchObject({ status: 409, body: { code: 'home-known' } });
    expect(await post(url, county, move({ from: '2024-12-04' }))).toMatchObject({ status: 422, body: { code: 'home-from-wrong' } });
    expect(await post(url, county, move({ divisionCode: '371599' }))).toMatchObject({ status: 422, body: { code: 'division-unknown' } });
    expect((await post(url, county, move({ from: '2024-11-20', corrects: first.id }))).status).toBe(200);
    expect((await get(`/v1/elders/${elderId}/facts?on=2024-11-15`, county)).body).toMatchObject({ residenceCode: '371502001' });
    expect((await get(`/v1/elders/${elderId}`, county)).body.homeEntries).toHaveLength(4);
  });

  it('elsewhere keep the elder with the staff who had them last', async () => {
    const elderId = await register();
    expect((await post(`/v1/elders/${elderId}/homes`, worker, move({ divisionCode: '110105' }))).status).toBe(200);
    expect((await get(`/v1/elders/${elderId}`, county)).status).toBe(200);
    expect((await get(`/v1/elders/${elderId}`, other)).status).toBe(403);
    const within = await register();
    expect((await post(`/v1/elders/${within}/homes`, worker, move())).status).toBe(200);
    expect((await get(`/v1/elders/${within}`, other)).status).toBe(200);
    expect(await get(`/v1/elders/${within}`, county)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await post(`/v1/elders/${await register()}/homes`, worker, move({ divisionCode: null }))).toMatchObject({ status: 422, body: { code: 'place-missing' } });
  });
});

describe('contacts and consents', () => {
  it('are kept sealed and shown masked; each relative has a consent of its own, in versions', async () => {
    const elderId = await register();
    const contact = { id: randomUUID(), name: '欧阳小红', phone: '139 1234 5678', relation: 'child', emergency: true };
    expect(await post(`/v1/elders/${elderId}/contacts`, worker, contact)).toMatchObject({ status: 200, body: { contactId: contact.id } });
    expect((await get(`/v1/elders/${elderId}/contacts`, worker)).body.items).toMatchObject([{ name: '欧阳**', phone: '139****5678', relation: 'child', emergency: true }]);
    const changed = { ...contact, id: randomUUID(), phone: '13700000001', corrects: contact.id };
    expect((await post(`/v1/elders/${elderId}/contacts`, worker, changed)).body).toMatchObject({ contactId: contact.id, entryId: changed.id });
    const dump = JSON.stringify(await transact((tx) => tx.query('SELECT (SELECT json_agg(c) FROM elder_contact c)::text AS contacts, (SELECT json_agg(d) FROM deed d)::text AS deeds')));
    for (const secret of ['欧阳小红', '13912345678', '13700000001']) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
    }
    expect((await post(`/v1/elders/${elderId}/disclosures`, county, { id: randomUUID(), reason: '紧急联系家人' })).body.contacts).toMatchObject([{ name: '欧阳小红', phone: '13700000001' }]);

    const consent = (more: object = {}) => ({ id: randomUUID(), grantee: 'relative', contactId: contact.id, scopes: ['meals', 'ordering'], until: '2025-12-31', givenOn: '2024-12-03', givenHow: 'paper', notice: '授权告知书 2024-1 版', helper: '社区工作人员宣读', ...more });
    expect((await post(`/v1/elders/${elderId}/consents`, worker, consent())).body).toMatchObject({ version: 1 });
    expect((await post(`/v1/elders/${elderId}/consents`, worker, consent({ scopes: ['meals'] }))).body).toMatchObject({ version: 2 });
    expect((await post(`/v1/elders/${elderId}/consents`, worker, consent({ grantee: 'canteen', contactId: null, scopes: ['photo'] }))).body).toMatchObject({ version: 1 });
    expect((await post(`/v1/elders/${elderId}/consents`, worker, consent({ scopes: [] }))).body).toMatchObject({ version: 3 });
    expect(await post(`/v1/elders/${elderId}/consents`, worker, consent({ scopes: [] }))).toMatchObject({ status: 409, body: { code: 'consent-unknown' } });
    const { items } = (await get(`/v1/elders/${elderId}/consents`, auditor)).body;
    expect(items.map((item: { grantee: string; version: number; inForce: boolean; withdrawn: boolean }) => [item.grantee, item.version, item.inForce, item.withdrawn]).sort()).toEqual(
      [['canteen', 1, true, false], ['relative', 1, false, false], ['relative', 2, false, false], ['relative', 3, false, true]]);
    expect(await post(`/v1/elders/${elderId}/consents`, worker, consent({ contactId: null }))).toMatchObject({ status: 422, body: { code: 'contact-needed' } });
    expect(await post(`/v1/elders/${elderId}/consents`, worker, consent({ contactId: randomUUID() }))).toMatchObject({ status: 404, body: { code: 'contact-unknown' } });
    expect(await post(`/v1/elders/${elderId}/consents`, worker, consent({ until: '2024-12-02' }))).toMatchObject({ status: 422, body: { code: 'consent-dates-wrong' } });
    expect(await post(`/v1/elders/${elderId}/contacts`, worker, { ...contact, id: randomUUID(), phone: '12' })).toMatchObject({ status: 422, body: { code: 'contact-phone-wrong' } });
  });
});

describe('a wrong name, number or birth date', () => {
  it('is put right by two people, and what was known before stays known', async () => {
    const elderId = await register();
    const wrongNumber = identityNumber('19440601');
    const before = later();
    const form = { id: randomUUID(), name: '张三峰', identityNumber: wrongNumber, reason: '登记时看错证件', evidence: '户籍证明2024-9' };
    expect(await post(`/v1/elders/${elderId}/revisions`, county, form)).toMatchObject({ status: 200, body: { revisionId: form.id } });
    expect(await post(`/v1/elders/${elderId}/revisions`, county, { ...form, id: randomUUID() })).toMatchObject({ status: 409, body: { code: 'revision-pending' } });
    const decision = { id: randomUUID(), decision: 'confirmed', reason: '与户籍档案一致' };
    expect(await post(`/v1/revisions/${form.id}/decision`, county, decision)).toMatchObject({ status: 403, body: { code: 'second-person-needed' } });
    expect(await post(`/v1/revisions/${form.id}/decision`, other, decision)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect((await post(`/v1/elders/${elderId}/disclosures`, county2, { id: randomUUID(), reason: '复核更正' })).body.pendingRevision).toMatchObject({ name: '张三峰', identityNumber: wrongNumber, born: '1944-06-01' });
    expect((await get(`/v1/elders/${elderId}/facts`, county)).body.age).toBe(84);
    expect(await post(`/v1/revisions/${form.id}/decision`, county2, decision)).toMatchObject({ status: 200, body: { decision: 'confirmed' } });
    expect((await current(elderId))?.born).toBe('1944-06-01');
    expect((await get(`/v1/elders/${elderId}/facts`, county)).body.age).toBe(80);
    expect((await get(`/v1/elders/${elderId}/facts?knownAt=${before}`, county)).body.age).toBe(84);
    expect((await post('/v1/elders/search', county, { identityNumber: wrongNumber })).body.items).toMatchObject([{ elderId, name: '张**' }]);
    expect(await post(`/v1/revisions/${form.id}/decision`, county2, { ...decision, id: randomUUID() })).toMatchObject({ status: 409, body: { code: 'revision-decided' } });
    expect((await get(`/v1/elders/${elderId}/revisions`, auditor)).body.items).toMatchObject([{ decision: 'confirmed', name: '张**' }]);
    expect(await transact((tx) => tx.query("SELECT FROM deed WHERE body_hash || answer::text LIKE '%' || $1 || '%'", [wrongNumber]))).toEqual([]);
  });

  it('is refused where nothing changes or the number is somebody else’s, and may be rejected', async () => {
    const taken = identityNumber();
    await register({ identityNumber: taken });
    const elderId = await register();
    const propose = (more: object) => post(`/v1/elders/${elderId}/revisions`, county, { id: randomUUID(), reason: '登记有误', evidence: '户籍证明', ...more });
    expect(await propose({})).toMatchObject({ status: 422, body: { code: 'revision-empty' } });
    expect(await propose({ identityNumber: taken })).toMatchObject({ status: 409, body: { code: 'identity-known' } });
    expect(await propose({ identityNumber: '11010519491231002' })).toMatchObject({ status: 422, body: { code: 'identity-number-wrong' } });
    expect(await propose({ born: '2024-12-04' })).toMatchObject({ status: 422, body: { code: 'birth-date-wrong' } });
    const { body } = await propose({ born: '1941-06-01' });
    expect((await post(`/v1/revisions/${body.revisionId}/decision`, county2, { id: randomUUID(), decision: 'rejected', reason: '档案不符' })).body).toMatchObject({ decision: 'rejected' });
    expect((await current(elderId))?.born).toBe('1940-06-01');
  });
});

describe('what was known when', () => {
  it('answers as known on 5 May and as known today', async () => {
    const elderId = await register();
    const registered = later();
    expect((await post(`/v1/elders/${elderId}/categories`, county, { id: randomUUID(), code: 'minLivingRecipient', from: '2024-01-01', source: '低保系统', evidence: '2024-17' })).status).toBe(200);
    expect((await post(`/v1/elders/${elderId}/death`, county, { id: randomUUID(), diedOn: '2024-12-01', source: '死亡证明' })).status).toBe(200);
    const then = (await get(`/v1/elders/${elderId}/facts?on=2024-06-01&knownAt=${registered}`, county)).body;
    expect(then).toMatchObject({ categories: [], died: null, knownAt: registered });
    expect((await get(`/v1/elders/${elderId}/facts?on=2024-06-01`, county)).body).toMatchObject({ categories: [{ code: 'minLivingRecipient', authority: 'civilAffairs' }], died: '2024-12-01' });
    expect(await get(`/v1/elders/${elderId}/facts?knownAt=2024-05-05T00:00:00Z`, county)).toMatchObject({ status: 404, body: { code: 'not-known-then' } });
    expect(await get(`/v1/elders/${elderId}/facts?knownAt=2034-05-05T00:00:00Z`, county)).toMatchObject({ status: 422, body: { code: 'moment-in-future' } });
    expect((await get(`/v1/elders/${elderId}/facts`, other)).status).toBe(403);
    expect((await get(`/v1/elders/${elderId}/facts`, county)).headers['cache-control']).toBe('no-store');
  });

  it('leaves an unbroken audit chain that holds every change', async () => {
    expect(await transact((tx) => verifyAuditChain(tx, CITY))).toMatchObject({ brokenAt: null });
    const actions = await transact((tx) => tx.query<{ action: string }>('SELECT DISTINCT action FROM audit WHERE city_code = $1', [CITY]));
    expect(actions.map(({ action }) => action)).toEqual(expect.arrayContaining([
      'elder.home', 'elder.assessment', 'elder.assessment-withdrawn', 'elder.contact', 'elder.consent', 'elder.consent-withdrawn', 'elder.dispute-open',
      'elder.dispute-forward', 'elder.dispute-uphold', 'elder.dispute-reject', 'elder.revision', 'elder.revision-confirmed', 'elder.revision-rejected',
    ]));
  });
});
