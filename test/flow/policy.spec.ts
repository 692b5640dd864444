import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { civilDate } from '../../src/kernel/index.js';
import { ROLES, type Role } from '../../src/platform/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { policyTexts, type TextChange } from '../support/policy-texts.js';
import { SCAN } from '../support/publish-shipped.js';
import { until } from '../support/signal.js';
import { CITY, TappingCity } from '../support/tapping-city.js';

const COUNTY = '371502';
const PEOPLE = [
  ['city', ['cityOfficer'], CITY], ['colleague', ['cityOfficer'], CITY], ['finance', ['financeApprover'], CITY], ['second', ['financeApprover'], CITY],
  ['both', ['cityOfficer', 'financeApprover'], CITY], ['small', ['countyOfficer'], COUNTY], ['purse', ['financeApprover'], COUNTY], ['reviewer', ['financeReviewer'], CITY],
  ['audit', ['auditor'], CITY],
] as const;
const DRAFTERS: readonly Role[] = ['cityOfficer', 'countyOfficer'];

let city: TappingCity;
/** The service once more, on the same database. */
let other: TestApp;
const tokens: Record<string, string> = {};
let owner: pg.Client;
/** A meal of 2024-12-03 under the sample, and one of 2024-12-04 under the version that came between. */
let meals: string[] = [];

beforeAll(async () => {
  city = await TappingCity.start();
  other = await startApp({ databaseUrl: city.service.ground.ownerUrl, clock: city.clock });
  for (const [name, roles, division] of PEOPLE) {
    await city.staffed.add(name, [...roles], division);
    tokens[name] = await city.staffed.tokenOf(name);
  }
  owner = new pg.Client({ connectionString: city.service.ground.ownerUrl });
  await owner.connect();
}, 120_000);

afterAll(async () => {
  await owner?.end();
  await other?.close();
  await city?.close();
});

const post = (who: string, url: string, body: object = {}) => city.staffed.call('POST', url, { token: tokens[who] ?? who, body });
const get = (who: string, url: string) => city.staffed.call('GET', url, { token: tokens[who] ?? who });
const paper = () => ({ id: randomUUID(), documentNumber: '聊民〔2024〕5号', documentTitle: '关于调整就餐补贴的通知', scan: SCAN });
const draft = (change: TextChange = {}, who = 'city') => post(who, '/v1/policies/drafts', { ...paper(), texts: policyTexts(change) });
const sign = (who: string, { draftId, contentSha256 }: { draftId: string; contentSha256: string }, step: string) => post(who, `/v1/policies/drafts/${draftId}/${step}`, { id: randomUUID(), contentSha256 });
const codes = async (draftId: string) => (await post('city', `/v1/policies/drafts/${draftId}/checks`)).body.findings.filter((one: { severity: string }) => one.severity === 'error').map((one: { code: string }) => one.code);
const published = async () => (await city.staffed.call('GET', `/v1/public/${CITY}/policies`)).body.items;

async function submitted(change: TextChange = {}): Promise<{ draftId: string; contentSha256: string }> {
  const { body, status } = await draft(change);
  expect(status).toBe(201);
  expect(await sign('city', body, 'submit')).toMatchObject({ status: 200, body: { state: 'submitted' } });
  return body;
}

describe('a version', () => {
  it('is drafted, checked, signed twice and published; its forerunner ends the day before', async () => {
    const drafted = (await draft()).body;
    expect(drafted).toMatchObject({ pack: 'liaocheng', version: '2025', from: '2025-01-01', to: null, divisionCode: CITY, state: 'drafted', documentNumber: '聊民〔2024〕5号' });
    expect((await post('finance', `/v1/policies/drafts/${drafted.draftId}/checks`, {})).body).toMatchObject({ ready: true, cases: 1, failed: 0 });
    expect(await sign('finance', drafted, 'countersign')).toMatchObject({ status: 409, body: { code: 'policy-state' } });
    expect(await sign('city', drafted, 'submit')).toMatchObject({ status: 200 });
    expect(await sign('finance', drafted, 'countersign')).toMatchObject({ status: 200, body: { state: 'published' } });
    const seen = (await get('reviewer', `/v1/policies/drafts/${drafted.draftId}`)).body;
    expect(seen.signatures).toMatchObject([{ step: 'civilAffairs', role: 'cityOfficer' }, { step: 'finance', role: 'financeApprover' }]);
    expect(seen.texts.version.text).toBe(policyTexts().version.text);
    expect((await get('reviewer', '/v1/policies/drafts')).body.items.map((item: { draftId: string }) => item.draftId)).toContain(drafted.draftId);
    expect(await published()).toMatchObject([
      { version: 'sample-2023', from: '2023-09-06', to: '2024-12-31', inForce: true, sample: expect.stringContaining('样例') },
      { version: '2025', from: '2025-01-01', to: null, inForce: false, documentNumber: '聊民〔2024〕5号', documentSha256: drafted.scanSha256 },
    ]);
    expect(await city.rows(`SELECT action FROM audit WHERE object_id = '${drafted.draftId}' ORDER BY seq`)).toEqual([{ action: 'policy.draft' }, { action: 'policy.civilAffairs' }, { action: 'policy.finance' }]);
    expect(await city.rows(`SELECT payload FROM outbox WHERE job = 'policy.published' AND job_key = 'liaocheng 2025'`)).toMatchObject([{ payload: { cityCode: CITY, pack: 'liaocheng', version: '2025', from: '2025-01-01' } }]);
  });

  it('hands out its scan as a file, never as a page', async () => {
    const { draftId } = (await draft({ version: 'scan' })).body;
    const answer = await city.service.app.inject({ method: 'GET', url: `/v1/policies/drafts/${draftId}/scan`, headers: { authorization: `Bearer ${tokens['reviewer']}` } });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${draftId}.pdf"`, 'x-content-type-options': 'nosniff' });
    expect(answer.rawPayload.toString('base64')).toBe(SCAN);
  });

  it('is published once by two who countersign at the same moment', async () => {
    const ready = await submitted({ version: 'race', from: '2026-01-01' });
    // Whoever writes waits for the audit chain at the end: held here until both are under way.
    await owner.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtext('audit'), ${CITY})`);
    const both = Promise.all([sign('finance', ready, 'countersign'), sign('second', ready, 'countersign')]);
    const waiting = async () => (await owner.query(`SELECT FROM pg_locks l JOIN pg_database d ON d.datname = current_database() AND (l.database = d.oid OR l.locktype = 'transactionid') WHERE NOT l.granted`)).rowCount === 2;
    await until(waiting, 'both countersignatures wait').finally(() => owner.query('COMMIT'));
    const answers = await both;
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await city.rows(`SELECT FROM policy_publication WHERE draft_id = '${ready.draftId}'`)).length).toBe(1);
  });

  it('that is withdrawn or declined goes no further', async () => {
    const ready = await submitted({ version: 'gone', from: '2026-02-01' });
    expect(await post('finance', `/v1/policies/drafts/${ready.draftId}/withdraw`, { id: randomUUID(), reason: '预算未安排' })).toMatchObject({ status: 200, body: { state: 'withdrawn' } });
    expect(await sign('finance', ready, 'countersign')).toMatchObject({ status: 409, body: { code: 'policy-state' } });
  });

  it('rules at the tills of every process from its first day, whoever published it', async () => {
    const till = await city.till();
    const { card } = await city.elder();
    const before = (await till.tap({ card })).body;
    expect(before).toMatchObject({ subsidyFen: 300 });
    const twice = (text: string) => text.replace('{fen: 300}', '{fen: 250}');
    const ready = await submitted({ version: 'tomorrow', from: '2024-12-04', expects: 250, edit: twice });
    const { draftId, contentSha256 } = ready;
    const answer = await other.app.inject({ method: 'POST', url: `/v1/policies/drafts/${draftId}/countersign`, headers: { authorization: `Bearer ${tokens['finance']}` }, payload: { id: randomUUID(), contentSha256 } });
    expect(answer.statusCode).toBe(200);
    const read = (app: TestApp) => app.parts.transactor.run(async (tx) => (await app.app.get(PolicyLibrary).of(tx, CITY)).versionOn('liaocheng', civilDate('2024-12-04'))?.version);
    expect(await Promise.all([read(city.service), read(other)])).toEqual(['tomorrow', 'tomorrow']);
    city.clock.setTo(civilDate('2024-12-04'), 720);
    city.staffed.security = await city.staffed.tokenOf('security');
    city.county = await city.staffed.tokenOf('county');
    for (const [name] of PEOPLE) tokens[name] = await city.staffed.tokenOf(name);
    const next = await city.till(1);
    const tap = await next.tap({ card });
    expect(tap.body).toMatchObject({ subsidyFen: 250 });
    meals = [before.tapId, tap.body.tapId];
    expect(await city.rows(`SELECT pack_version AS version FROM meal WHERE tap_id = '${tap.body.tapId}'`)).toEqual([{ version: 'tomorrow' }]);
  });
});

describe('who may not', () => {
  it.each(ROLES.filter((role) => !DRAFTERS.includes(role)))('a %s drafts or submits nothing', async (role) => {
    const atSite = role === 'cashier' || role === 'canteenManager';
    await city.staffed.add(`role.${role.toLowerCase()}`, [role], atSite ? COUNTY : CITY, atSite ? (city.sites[0] as string) : null);
    const token = await city.staffed.tokenOf(`role.${role.toLowerCase()}`);
    expect(await draft({}, token)).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await post(token, `/v1/policies/drafts/${randomUUID()}/submit`)).toMatchObject({ status: 403 });
    if (role !== 'financeApprover') expect(await post(token, `/v1/policies/drafts/${randomUUID()}/countersign`)).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
  });

  it('one person does not sign twice, even with both roles', async () => {
    const { body } = await draft({ version: 'alone', from: '2027-01-01' }, 'both');
    expect(await sign('both', body, 'submit')).toMatchObject({ status: 200 });
    expect(await sign('both', body, 'countersign')).toMatchObject({ status: 403, body: { code: 'maker-is-checker' } });
    expect(await sign('colleague', body, 'countersign')).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await sign('finance', body, 'countersign')).toMatchObject({ status: 200 });
  });

  it('nobody submits another’s draft, and nobody acts outside their division', async () => {
    const { body } = await draft({ version: 'scope', from: '2028-01-01' });
    expect(await sign('colleague', body, 'submit')).toMatchObject({ status: 403, body: { code: 'policy-not-drafter' } });
    expect(await draft({ version: 'scope' }, 'small')).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await sign('city', body, 'submit')).toMatchObject({ status: 200 });
    expect(await sign('purse', body, 'countersign')).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await get('small', `/v1/policies/drafts/${body.draftId}`)).toMatchObject({ status: 403 });
    expect((await get('small', '/v1/policies/drafts')).body.items).toEqual([]);
  });
});

describe('what is not published', () => {
  it.each([
    ['no scan', { scan: undefined }, 'fields-wrong'],
    ['no document number', { documentNumber: '' }, 'fields-wrong'],
    ['a page in place of a scan', { scan: Buffer.from('<script>alert(1)</script>').toString('base64') }, 'scan-unknown'],
    ['a scan too large', { scan: Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(2 * 1024 * 1024)]).toString('base64') }, 'scan-too-large'],
    ['texts and a shipped version at once', { shipped: { pack: 'liaocheng', version: 'sample-2023' } }, 'fields-wrong'],
    ['a shipped version that there is none of', { texts: null, shipped: { pack: 'liaocheng', version: '1999' } }, 'policy-shipped-unknown'],
  ])('a draft with %s', async (_name, change, code) => {
    expect((await post('city', '/v1/policies/drafts', { ...paper(), texts: policyTexts({ version: 'x' }), ...change })).body.code).toBe(code);
  });

  it('a text with an unknown key: file, line and remedy are named, nothing is kept', async () => {
    const { status, body } = await draft({ version: 'typo', edit: (text) => text.replace('excludeCareHome', 'excludeCareHomes') });
    expect([status, body.code]).toEqual([400, 'policy-text-wrong']);
    expect(body.title).toMatch(/2025-01-01-typo\.yaml:\d+.*excludeCareHome/);
    expect(await city.rows(`SELECT FROM policy_draft WHERE version = 'typo'`)).toEqual([]);
  });

  it.each<[string, TextChange, string]>([
    ['a first day that is past', { version: 'late', from: '2024-12-01' }, 'from-past'],
    ['a case that fails', { version: 'wrong', from: '2029-01-01', expects: 299 }, 'case-failed'],
    ['no case of its own days', { version: 'none', from: '2029-01-01', caseOn: '2024-12-10' }, 'no-cases'],
    ['the name of a published version', { version: '2025', from: '2029-01-01' }, 'version-published'],
    ['the first day of a published version', { version: 'twin', from: '2025-01-01' }, 'from-taken'],
    ['a last day inside the next version', { version: 'long', from: '2024-12-20', lines: ['to: 2025-01-01'] }, 'overlap'],
  ])('%s', async (_name, change, code) => {
    const { body } = await draft(change);
    expect(await codes(body.draftId)).toEqual([code]);
    expect(await sign('city', body, 'submit')).toMatchObject({ status: 409, body: { code: 'policy-checks-failed', detail: { codes: [code] } } });
  });

  it('what became wrong between the two signatures', async () => {
    const first = await submitted({ version: 'first', from: '2030-01-01' });
    const second = await submitted({ version: 'second', from: '2030-01-01' });
    expect(await sign('finance', first, 'countersign')).toMatchObject({ status: 200 });
    expect(await sign('finance', second, 'countersign')).toMatchObject({ status: 409, body: { detail: { codes: ['from-taken'] } } });
  });

  it('other texts than the signer has before them', async () => {
    const ready = await submitted({ version: 'seen', from: '2031-01-01' });
    expect(await sign('finance', { ...ready, contentSha256: 'a'.repeat(64) }, 'countersign')).toMatchObject({ status: 409, body: { code: 'policy-content-differs' } });
  });
});

it('a meal is computed again from what was kept with it, and names the version that decided', async () => {
  const again = (await get('audit', `/v1/taps/${meals[1]}/recomputation`)).body;
  expect(again).toMatchObject({ decidedBy: { pack: 'liaocheng', version: 'tomorrow' }, ruling: { version: 'tomorrow' }, sameVersion: true, holds: true });
  expect(again.parts.map(({ funder, keptFen, recomputedFen }: Record<string, unknown>) => [funder, keptFen, recomputedFen])).toEqual([['city', 125, 125], ['county', 125, 125]]);
  expect(await get('city', `/v1/taps/${meals[1]}/recomputation`)).toMatchObject({ status: 403 });
});

it('a past first day is published where the version says which clause allows it', async () => {
  const backdated = 'backdated: {document: press-2023-09-06, clause: 自公布之日起追溯执行}';
  const ready = await submitted({ version: 'back', from: '2024-12-01', lines: [backdated] });
  expect(await sign('finance', ready, 'countersign')).toMatchObject({ status: 200, body: { backdated: true } });
  const touched = (await get('audit', `/v1/taps/${meals[0]}/recomputation`)).body;
  expect(touched).toMatchObject({ decidedBy: { version: 'sample-2023' }, ruling: { version: 'back' }, sameVersion: false, holds: true });
});

it('a shipped version that was in force long ago is adopted by the clause that says so, which both signers see', async () => {
  const shipped = { pack: 'liaocheng', version: 'sample-2023' };
  const clause = '自2023年9月6日起施行: “全市通用”';
  const plain = (await post('city', '/v1/policies/drafts', { ...paper(), shipped })).body;
  const adopted = (await post('city', '/v1/policies/drafts', { ...paper(), shipped: { ...shipped, backdated: { document: 'press-2023-09-06', clause } } })).body;
  expect([plain.backdated, adopted.backdated]).toEqual([false, true]);
  expect((await get('finance', `/v1/policies/drafts/${adopted.draftId}`)).body.texts.version.text).toContain(clause.split(' ')[0]);
  expect([await codes(plain.draftId), await codes(adopted.draftId)]).toEqual([['from-past', 'version-published', 'from-taken'], ['version-published', 'from-taken']]);
  const nowhere = await post('city', '/v1/policies/drafts', { ...paper(), shipped: { ...shipped, backdated: { document: 'nowhere', clause } } });
  expect(nowhere).toMatchObject({ status: 400, body: { code: 'policy-text-wrong' } });
});

describe('the database refuses by itself', () => {
  const id = (account: string): string => `(SELECT staff_id FROM access_staff WHERE account = '${account}')`;
  const signature = (draftId: string, step: string, account: string, role: string) =>
    `INSERT INTO policy_signature SELECT city_code, draft_id, '${step}', ${id(account)}, '${role}', content_sha256, NULL, now() FROM policy_draft WHERE draft_id = '${draftId}'`;
  const publication = (draftId: string, signer: string, version = 'd.version') =>
    `INSERT INTO policy_publication SELECT d.city_code, (SELECT max(seq) + 1 FROM policy_publication), d.draft_id, d.content_sha256, d.pack, ${version}, d.from_date, d.backdated, d.drafter_id, ${signer}, now() FROM policy_draft d WHERE draft_id = '${draftId}'`;
  let ready: { draftId: string; drafterId: string };

  beforeAll(async () => {
    ready = (await submitted({ version: 'db', from: '2032-01-01' })) as unknown as typeof ready;
    await city.staffed.add('sysadmin', ['systemAdministrator']);
  });

  it.each([
    ['a countersignature by the drafter', () => signature(ready.draftId, 'finance', 'city', 'financeApprover'), 'policy_signature_role_held'],
    ['a countersignature by a system administrator', () => signature(ready.draftId, 'finance', 'sysadmin', 'systemAdministrator'), 'policy_signature_role_held'],
    ['a role that the signer does not hold', () => signature(ready.draftId, 'finance', 'sysadmin', 'financeApprover'), 'policy_signature_role_held'],
    ['a publication without a countersignature', () => publication(ready.draftId, id('finance')), 'policy_publication_signed'],
    ['a publication signed by its drafter', () => publication(ready.draftId, 'd.drafter_id'), 'policy_publication_signed'],
    ['a publication under another name', () => publication(ready.draftId, id('finance'), `'renamed'`), 'policy_publication_signed'],
  ])('%s', async (_name, sql, constraint) => {
    await expect(owner.query(sql())).rejects.toMatchObject({ constraint });
  });

  it.each(['policy_draft', 'policy_signature', 'policy_publication', 'policy_scan'])('a change of %s', async (table) => {
    await expect(owner.query(`UPDATE ${table} SET city_code = city_code`)).rejects.toThrow(/append-only/);
    await expect(owner.query(`DELETE FROM ${table}`)).rejects.toThrow(/append-only/);
  });

  it('one person with both roles on both sides', async () => {
    const { body } = await draft({ version: 'db-both', from: '2033-01-01' }, 'both');
    expect(await sign('both', body, 'submit')).toMatchObject({ status: 200 });
    await expect(owner.query(signature(body.draftId, 'finance', 'both', 'financeApprover'))).rejects.toMatchObject({ constraint: 'policy_signature_two_people' });
  });
});
