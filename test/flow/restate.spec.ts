import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { civilDate, civilMonth } from '../../src/kernel/index.js';
import { balancesOf } from '../../src/ledger/index.js';
import { JobBoard, JobRunner } from '../../src/platform/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { policyTexts, type TextChange } from '../support/policy-texts.js';
import { SCAN } from '../support/publish-shipped.js';
import { CITY, MINUTE, TappingCity } from '../support/tapping-city.js';

const COUNTY = '371502';
const PEOPLE = [
  ['boss', ['cityOfficer'], CITY], ['first', ['countyOfficer'], COUNTY], ['second', ['countyOfficer'], COUNTY], ['far', ['countyOfficer'], '371521'],
  ['approver', ['financeApprover'], CITY], ['auditor', ['auditor'], CITY],
] as const;
const CITY_FUND = 'city@371500';
const COUNTY_FUND = 'county@371502';
const BOTH = (fen: number) => [{ funderCode: CITY_FUND, fen }, { funderCode: COUNTY_FUND, fen }];

let city: TappingCity;
let runner: JobRunner;
const tokens: Record<string, string> = {};
const NAMES = ['moved', 'younger', 'plain', 'stale', 'offline', 'voided'] as const;
const elders: Record<(typeof NAMES)[number], { elderId: string; card: string }> = {} as never;
const taps: Record<string, string> = {};
let december: unknown;

const post = (who: string, url: string, body: object = {}) => city.staffed.call('POST', url, { token: tokens[who] as string, body: { id: randomUUID(), ...body } });
const get = (who: string, url: string) => city.staffed.call('GET', url, { token: tokens[who] as string });

async function moveTo(date: string): Promise<void> {
  city.clock.setTo(civilDate(date), 720);
  city.county = await city.staffed.tokenOf('county');
  for (const [name] of PEOPLE) tokens[name] = await city.staffed.tokenOf(name);
}

const balances = () => city.service.parts.transactor.run((tx) => balancesOf(tx, CITY, civilMonth('2024-12')));
const violations = async () => (await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY))).violations;

async function look(): Promise<{ facts: number; elders: number }> {
  const { status, body } = await post('first', '/v1/restatements/looks');
  expect(status).toBe(202);
  await runner.waitUntilIdle();
  return body;
}

/** What is proposed and not decided, by elder. */
async function open(): Promise<Map<string, { restatementId: string; meals: number; refundFen: number; differenceFen: number; causes: { kind: string }[] }>> {
  const { body } = await get('boss', '/v1/restatements?state=open');
  return new Map(body.items.map((item: { elderId: string }) => [item.elderId, item]));
}

async function accept(restatementId: string) {
  expect(await post('first', `/v1/restatements/${restatementId}/review`, { decision: 'accept', reason: '核对属实' })).toMatchObject({ status: 200, body: { state: 'reviewed' } });
  return post('second', `/v1/restatements/${restatementId}/confirmation`, { agree: true });
}

async function publish(change: TextChange): Promise<void> {
  const { body, status } = await post('boss', '/v1/policies/drafts', { documentNumber: '聊民〔2024〕7号', documentTitle: '追溯执行', scan: SCAN, texts: policyTexts(change) });
  expect(status).toBe(201);
  const { draftId, contentSha256 } = body;
  expect(await post('boss', `/v1/policies/drafts/${draftId}/submit`, { contentSha256 })).toMatchObject({ status: 200 });
  expect(await post('approver', `/v1/policies/drafts/${draftId}/countersign`, { contentSha256 })).toMatchObject({ status: 200 });
  await runner.waitUntilIdle();
}

beforeAll(async () => {
  city = await TappingCity.start();
  for (const [name, roles, division] of PEOPLE) await city.staffed.add(name, [...roles], division);
  const { app, parts, ground } = city.service;
  runner = new JobRunner({ ...parts, board: app.get(JobBoard), ownerUrl: ground.ownerUrl, redisUrl: undefined, pace: { pollMs: 20, sweepMs: 200 } });
  await runner.start();
  await moveTo('2024-12-03');
  for (const name of NAMES) elders[name] = await city.elder(name === 'younger' ? '19560601' : '19400601');
  for (const date of ['2024-12-03', '2024-12-04', '2024-12-05']) {
    await moveTo(date);
    const till = await city.till(0);
    for (const name of NAMES) {
      city.clock.set(city.clock.now() + MINUTE);
      if (name === 'offline') {
        const shown = { selfPayFen: 1000, subsidyFen: 500 };
        const { body } = await till.send('/v1/taps/upload', { taps: [till.body({ card: elders[name].card, shown })] });
        expect(body.results[0].answer).toMatchObject({ outcome: 'accepted', flags: ['fund-changed'] });
        taps[`${name} ${date}`] = body.results[0].answer.tapId;
        continue;
      }
      const { body } = await till.tap({ card: elders[name].card });
      expect(body).toMatchObject({ outcome: 'accepted', subsidyFen: name === 'younger' ? 0 : 300 });
      taps[`${name} ${date}`] = body.tapId;
      if (name !== 'voided') continue;
      // The second meal of the day is at the full price; the first is taken back afterwards, which does not re-decide the second.
      city.clock.set(city.clock.now() + MINUTE);
      taps[`again ${date}`] = (await till.tap({ card: elders[name].card })).body.tapId;
      city.clock.set(city.clock.now() + MINUTE);
      expect(await till.send(`/v1/taps/${body.tapId}/void`, { id: randomUUID(), reason: '按错键' })).toMatchObject({ status: 200 });
    }
  }
  await moveTo('2025-01-03');
  await post('boss', '/v1/settlement/months/2024-12/close');
  await runner.waitUntilIdle();
  december = await balances();
}, 180_000);

afterAll(async () => {
  await runner?.stop();
  await city?.close();
});

it('finds nothing where nothing came late', async () => {
  expect(await look()).toMatchObject({ elders: 0 });
  expect((await open()).size).toBe(0);
});

it('decides a receipt anew as it was recorded, by what was known then', async () => {
  for (const [name, tapId] of Object.entries(taps)) {
    const { status, body } = await get('auditor', `/v1/taps/${tapId}/decision-anew`);
    expect([name, status, body.equal, body.differences, body.wrongParts]).toEqual([name, 200, true, [], []]);
  }
  expect((await get('auditor', `/v1/taps/${taps['again 2024-12-04']}/decision-anew`)).body.recomputed).toMatchObject({ code: 'second-meal-today', subsidyFen: 0 });
  expect(await get('far', `/v1/taps/${taps['moved 2024-12-04']}/decision-anew`)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
});

describe('a stay in a care home that is heard of late', () => {
  let restatementId: string;

  it('is proposed for the meals from its first day, with who bore and who is to bear what', async () => {
    const late = await city.staffed.call('POST', `/v1/elders/${elders.moved.elderId}/care-home-stays`, { token: city.county, body: { id: randomUUID(), from: '2024-12-04', to: null, source: '机构名单' } });
    expect(late.status).toBeLessThan(300);
    city.clock.set(city.clock.now() + MINUTE);
    expect(await look()).toMatchObject({ elders: 1 });
    const found = (await open()).get(elders.moved.elderId);
    expect(found).toMatchObject({ meals: 2, beforeFen: 600, afterFen: 0, differenceFen: -600, refundFen: 0, countyCode: COUNTY, causes: [{ kind: 'careHome', firstDay: '2024-12-04' }] });
    restatementId = found?.restatementId as string;
    const { body } = await get('auditor', `/v1/restatements/${restatementId}`);
    expect(body.lines).toMatchObject(['2024-12-04', '2024-12-05'].map((mealDate) => ({ mealDate, tapId: taps[`moved ${mealDate}`], code: 'in-care-home', before: BOTH(150), after: [], mark: null })));
    expect(await balances()).toEqual(december);
  });

  it('is noticed once', async () => {
    expect(await look()).toMatchObject({ elders: 0 });
    expect((await open()).get(elders.moved.elderId)?.restatementId).toBe(restatementId);
  });

  it('is decided by two people of the county', async () => {
    const review = { decision: 'accept', reason: '核对属实' };
    expect(await post('far', `/v1/restatements/${restatementId}/review`, review)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await post('auditor', `/v1/restatements/${restatementId}/review`, review)).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await post('second', `/v1/restatements/${restatementId}/confirmation`, { agree: true })).toMatchObject({ status: 409, body: { code: 'restatement-state' } });
    expect(await post('first', `/v1/restatements/${restatementId}/review`, review)).toMatchObject({ status: 200 });
    expect(await post('first', `/v1/restatements/${restatementId}/confirmation`, { agree: true })).toMatchObject({ status: 403, body: { code: 'maker-is-checker' } });
    const client = new pg.Client({ connectionString: city.service.ground.ownerUrl });
    await client.connect();
    await expect(client.query(`UPDATE restatement SET state = 'accepted', decided_by = reviewed_by WHERE restatement_id = '${restatementId}'`)).rejects.toMatchObject({ constraint: 'restatement_two_people' });
    await client.end();
  });

  it('is booked in the open month, once; the closed one and the elder stay as they were', async () => {
    const request = { id: randomUUID(), agree: true };
    const url = `/v1/restatements/${restatementId}/confirmation`;
    const answer = await post('second', url, request);
    expect(answer).toMatchObject({ status: 200, body: { state: 'accepted', booked: 2 } });
    expect((await post('second', url, request)).body).toEqual(answer.body);
    expect(await post('second', url, { agree: true })).toMatchObject({ status: 409, body: { code: 'restatement-state' } });
    const rows = await city.rows(`SELECT booked_month AS month, funder_code AS funder, fen, cause FROM meal_adjustment WHERE tap_id = '${taps['moved 2024-12-04']}' ORDER BY funder_code`);
    expect(rows).toEqual([CITY_FUND, COUNTY_FUND].map((funder) => ({ month: '2025-01', funder, fen: -150, cause: 'lateFact' })));
    expect(await city.rows(`SELECT DISTINCT split_part(debit_account, '/', 1) AS debit, split_part(credit_account, '/', 1) AS credit FROM ledger_transfer WHERE kind = 'adjustment'`)).toEqual([{ debit: 'borne', credit: 'due' }]);
    expect(await balances()).toEqual(december);
    expect(await violations()).toEqual([]);
    expect(await look()).toMatchObject({ elders: 0 });
  });
});

describe('a birth date that is put right in the elder’s favour', () => {
  it('gives the site adjustment lines that are marked as due to the elder', async () => {
    const revised = await city.staffed.call('POST', `/v1/elders/${elders.younger.elderId}/revisions`, { token: city.county, body: { id: randomUUID(), born: '1940-06-01', reason: '户口簿更正', evidence: '派出所证明' } });
    expect(revised.status).toBeLessThan(300);
    expect((await post('boss', `/v1/revisions/${revised.body.revisionId}/decision`, { decision: 'confirmed', reason: '属实' })).status).toBeLessThan(300);
    city.clock.set(city.clock.now() + MINUTE);
    await look();
    const found = (await open()).get(elders.younger.elderId);
    expect(found).toMatchObject({ meals: 3, differenceFen: 900, refundFen: 900, causes: [{ kind: 'revision' }] });
    const { body } = await get('first', `/v1/restatements/${found?.restatementId}`);
    expect(body.lines[0]).toMatchObject({ before: [], after: BOTH(150), refundFen: 300, mark: '应退老人', code: null });
    expect(await accept(found?.restatementId as string)).toMatchObject({ status: 200, body: { booked: 3 } });
    expect(await city.rows(`SELECT count(*) AS rows, sum(fen)::bigint AS fen FROM meal_adjustment WHERE booked_month = '2025-01' AND fen > 0`)).toEqual([{ rows: 6, fen: 900 }]);
    // What the elder paid stays what it was.
    expect(await city.rows(`SELECT self_pay_fen AS fen FROM meal WHERE tap_id = '${taps['younger 2024-12-03']}'`)).toEqual([{ fen: 1500 }]);
    expect(await violations()).toEqual([]);
  });

  it('and a meal that is taken back afterwards leaves no account with anything', async () => {
    expect(await post('first', `/v1/taps/${taps['younger 2024-12-03']}/void`, { reason: '登记错误' })).toMatchObject({ status: 200 });
    expect(await city.rows(
      `SELECT side.account, sum(side.fen)::bigint AS fen FROM ledger_transfer t, LATERAL (VALUES (t.debit_account, t.fen), (t.credit_account, -t.fen)) AS side (account, fen)
       WHERE t.cause_id = $1 GROUP BY side.account HAVING sum(side.fen) <> 0`, [taps['younger 2024-12-03'] as string])).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it('is still what was known when the meal was eaten: the receipt is as it was', async () => {
    expect((await get('auditor', `/v1/taps/${taps['younger 2024-12-04']}/decision-anew`)).body).toMatchObject({ equal: true, recomputed: { subsidyFen: 0, code: 'too-young' } });
  });
});

describe('a version that rules from a past day', () => {
  it('proposes every meal since then that comes out otherwise, and leaves what was settled by a person or by the till', async () => {
    expect(await post('first', `/v1/taps/${taps['stale 2024-12-03']}/adjustments`, { cause: 'inspection', reason: '检查' })).toMatchObject({ status: 200 });
    await publish({
      version: 'back', from: '2024-12-04', expects: 250, lines: ['backdated: {document: press-2023-09-06, clause: 自公布之日起追溯执行}'],
      edit: (text) => text.replace('amount: {fen: 300}', 'amount: {fen: 250}'),
    });
    const found = await open();
    expect(found.get(elders.plain.elderId)).toMatchObject({ meals: 2, differenceFen: -100, refundFen: 0, causes: [{ kind: 'rule', causeId: 'liaocheng/back', firstDay: '2024-12-04' }] });
    // What was taken off for the care home is not taken off again; full price stays full price.
    expect(found.has(elders.moved.elderId)).toBe(false);
    expect(found.has(elders.voided.elderId)).toBe(false);
    expect(found.get(elders.younger.elderId)).toMatchObject({ meals: 2, differenceFen: -100, refundFen: 0 });
    expect(found.get(elders.stale.elderId)).toMatchObject({ meals: 2 });
    expect(found.get(elders.offline.elderId)).toMatchObject({ meals: 2, differenceFen: -100 });
    expect(await balances()).toEqual(december);
  });

  it('is named where a receipt is decided anew', async () => {
    const { body } = await get('auditor', `/v1/taps/${taps['plain 2024-12-05']}/decision-anew`);
    expect(body).toMatchObject({ equal: false, recorded: { version: 'sample-2023', subsidyFen: 300 }, recomputed: { version: 'back', subsidyFen: 250 } });
    expect(body.differences.map((one: { what: string }) => one.what)).toEqual(['version', 'subsidy', 'share', 'share']);
    expect(body.sentence).toContain('版本');
    expect((await get('auditor', `/v1/taps/${taps['plain 2024-12-03']}/decision-anew`)).body.equal).toBe(true);
  });

  it('is sent back by who does not agree, and proposed anew', async () => {
    const before = (await open()).get(elders.plain.elderId)?.restatementId as string;
    await post('first', `/v1/restatements/${before}/review`, { decision: 'reject', reason: '暂缓' });
    expect(await post('second', `/v1/restatements/${before}/confirmation`, { agree: false })).toMatchObject({ status: 200, body: { state: 'open' } });
    await runner.waitUntilIdle();
    expect((await get('boss', `/v1/restatements/${before}`)).body.state).toBe('superseded');
    const again = (await open()).get(elders.plain.elderId);
    expect(again?.restatementId).not.toBe(before);
    expect(again).toMatchObject({ meals: 2, differenceFen: -100 });
  });

  it('is not booked over what a person did since', async () => {
    const { restatementId } = (await open()).get(elders.stale.elderId) as { restatementId: string };
    expect(await post('first', `/v1/taps/${taps['stale 2024-12-04']}/adjustments`, { cause: 'inspection', reason: '检查' })).toMatchObject({ status: 200 });
    const books = await city.books();
    expect(await accept(restatementId)).toMatchObject({ status: 409, body: { code: 'restatement-stale', title: expect.stringContaining('2024-12-04') } });
    expect(await city.books()).toEqual(books);
    await post('second', `/v1/restatements/${restatementId}/confirmation`, { agree: false });
    await runner.waitUntilIdle();
    expect((await open()).get(elders.stale.elderId)).toMatchObject({ meals: 1, differenceFen: -50 });
  });

  it('once rejected stays rejected, with its reason, whatever else comes', async () => {
    const { restatementId } = (await open()).get(elders.plain.elderId) as { restatementId: string };
    await post('first', `/v1/restatements/${restatementId}/review`, { decision: 'reject', reason: '不追溯到个人' });
    expect(await post('second', `/v1/restatements/${restatementId}/confirmation`, { agree: true })).toMatchObject({ status: 200, body: { state: 'rejected', booked: 0 } });
    expect((await get('auditor', `/v1/restatements/${restatementId}`)).body).toMatchObject({ state: 'rejected', reason: '不追溯到个人' });
    await city.staffed.call('POST', `/v1/elders/${elders.plain.elderId}/care-home-stays`, { token: city.county, body: { id: randomUUID(), from: '2024-12-05', to: null, source: '机构名单' } });
    city.clock.set(city.clock.now() + MINUTE);
    await look();
    expect((await open()).get(elders.plain.elderId)).toMatchObject({ meals: 1, differenceFen: -300, causes: [{ kind: 'careHome' }] });
  });

  it('and accepted leaves the books in order', async () => {
    for (const { restatementId } of (await open()).values()) expect(await accept(restatementId)).toMatchObject({ status: 200, body: { state: 'accepted' } });
    expect(await balances()).toEqual(december);
    expect(await violations()).toEqual([]);
    expect(await look()).toMatchObject({ elders: 0 });
    expect((await open()).size).toBe(0);
  });
});

it('lines and decided restatements are never changed, and each step is in the audit chain', async () => {
  const client = new pg.Client({ connectionString: city.service.ground.ownerUrl });
  await client.connect();
  await expect(client.query('UPDATE restatement_line SET after_fen = 0')).rejects.toThrow(/append-only/);
  await expect(client.query(`UPDATE restatement SET reason = 'x' WHERE state = 'accepted'`)).rejects.toThrow(/never changed/);
  await client.end();
  const actions = await city.rows<{ action: string }>(`SELECT DISTINCT action FROM audit WHERE action LIKE 'restatement.%' ORDER BY action`);
  expect(actions.map(({ action }) => action)).toEqual(['restatement.confirm', 'restatement.look', 'restatement.review']);
});

it('looks by itself, once a night', async () => {
  city.clock.setTo(civilDate('2025-01-06'), 120);
  await city.rows(`SELECT 1`);
  await new Promise((done) => setTimeout(done, 1_000));
  await runner.waitUntilIdle();
  expect(await city.rows(`SELECT looked_for AS day, asked_by AS by FROM restatement_look WHERE looked_for = '2025-01-06'`)).toEqual([{ day: '2025-01-06', by: 'system' }]);
});
