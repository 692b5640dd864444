import { randomUUID } from 'node:crypto';
import ExcelJS from 'exceljs';
import pg from 'pg';
import { civilDate } from '../../src/kernel/index.js';
import { JobBoard, JobRunner } from '../../src/platform/index.js';
import { policyTexts } from '../support/policy-texts.js';
import { SCAN } from '../support/publish-shipped.js';
import { CITY, MINUTE, TappingCity } from '../support/tapping-city.js';

const COUNTY = '371502';
const PEOPLE = [
  ['boss', ['cityOfficer'], CITY], ['small', ['countyOfficer'], COUNTY], ['far', ['countyOfficer'], '371521'], ['reviewer', ['financeReviewer'], CITY],
  ['approver', ['financeApprover'], CITY], ['auditor', ['auditor'], CITY], ['system', ['systemAdministrator'], CITY],
] as const;
/** Tables that a replay must leave as they are. */
const TABLES = ['meal', 'meal_share', 'meal_void', 'meal_adjustment', 'subsidy_use', 'tap_claim', 'ledger_transfer', 'ledger_balance', 'ledger_month', 'elder', 'elder_category', 'policy_draft', 'policy_publication'];

let city: TappingCity;
let runner: JobRunner;
let draftId: string;
const tokens: Record<string, string> = {};
/** Elders by what the draft makes of them. */
const elders: Record<'loses' | 'same' | 'gains' | 'moved' | 'none', { elderId: string; card: string }> = {} as never;
const taps: Record<string, string> = {};

const post = (who: string, url: string, body: object = {}) => city.staffed.call('POST', url, { token: tokens[who] as string, body: { id: randomUUID(), ...body } });
const get = (who: string, url: string) => city.staffed.call('GET', url, { token: tokens[who] as string });

async function moveTo(date: string): Promise<void> {
  city.clock.setTo(civilDate(date), 720);
  city.county = await city.staffed.tokenOf('county');
  for (const [name] of PEOPLE) tokens[name] = await city.staffed.tokenOf(name);
}

/** 2.5 yuan in place of 3 from 80 on, 1.5 in place of 1 from 70 on. */
const changed = (text: string): string => text.replace('amount: {fen: 300}', 'amount: {fen: 250}').replace('amount: {fen: 100}', 'amount: {fen: 150}');

async function rowHashes(): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: city.service.ground.ownerUrl });
  await client.connect();
  const hashes: Record<string, string> = {};
  for (const table of TABLES) {
    const { rows } = await client.query(`SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) AS hash, count(*) AS rows FROM ${table} t`);
    hashes[table] = `${rows[0].rows} ${rows[0].hash}`;
  }
  await client.end();
  return hashes;
}

const PERIOD = { from: '2024-12-01', to: '2024-12-05' };

async function replayed(who: string, asked: object) {
  const started = await post(who, '/v1/replays', { ...PERIOD, draftId, ...asked });
  expect(started).toMatchObject({ status: 202, body: { state: 'running', done: 0, resultSha256: null } });
  await runner.waitUntilIdle();
  const { body } = await get(who, `/v1/replays/${started.body.replayId}`);
  expect(body.state).toBe('done');
  return body;
}

beforeAll(async () => {
  city = await TappingCity.start();
  for (const [name, roles, division] of PEOPLE) await city.staffed.add(name, [...roles], division);
  const { app, parts, ground } = city.service;
  runner = new JobRunner({ ...parts, board: app.get(JobBoard), ownerUrl: ground.ownerUrl, redisUrl: undefined, pace: { pollMs: 20, sweepMs: 200 } });
  await runner.start();
  await moveTo('2024-12-03');
  for (const [name, born] of [['loses', '19400601'], ['same', '19300601'], ['gains', '19520601'], ['moved', '19400601'], ['none', '19560601']] as const) elders[name] = await city.elder(born);
  for (const date of ['2024-12-03', '2024-12-04', '2024-12-05']) {
    await moveTo(date);
    const [here, there] = [await city.till(0), await city.till(1)];
    for (const name of ['loses', 'same', 'gains', 'none'] as const) taps[`${name} ${date}`] = (await here.tap({ card: elders[name].card })).body.tapId;
    taps[`moved ${date}`] = (await there.tap({ card: elders.moved.card })).body.tapId;
    // Later: a second meal of the day, a guest's, and one that is taken back.
    city.clock.set(city.clock.now() + MINUTE);
    await there.tap({ card: elders.loses.card });
    await here.tap();
    const wrong = await there.tap({ card: elders.same.card });
    await there.send(`/v1/taps/${wrong.body.tapId}/void`, { id: randomUUID(), reason: '按错键' });
  }
  await moveTo('2024-12-06');
  const late = await city.staffed.call('POST', `/v1/elders/${elders.moved.elderId}/care-home-stays`, { token: city.county, body: { id: randomUUID(), from: '2024-12-04', to: null, source: '机构名单' } });
  expect(late.status).toBeLessThan(300);
  await moveTo('2024-12-07');
  const drafted = await post('boss', '/v1/policies/drafts', { documentNumber: '聊民〔2024〕6号', documentTitle: '征求意见稿', scan: SCAN, texts: policyTexts({ expects: 250, edit: changed }) });
  expect(drafted.status).toBe(201);
  draftId = drafted.body.draftId;
}, 120_000);

afterAll(async () => {
  await runner?.stop();
  await city?.close();
});

describe('a replay', () => {
  it('says what the draft would have cost on the meals that were eaten, and changes nothing', async () => {
    const before = await rowHashes();
    const replay = await replayed('boss', {});
    expect(await rowHashes()).toEqual(before);
    // Three days of five elders, and the second meals; the guests' are left out, the one taken back was never eaten.
    expect(replay).toMatchObject({ total: 21, done: 21, counters: 'empty-at-start', facts: 'now', draftId, version: '2025' });
    const { result } = replay;
    // 3 days: 300 + 400 + 100 at one site; 300 on the first day, and on the two that the home swallowed as well, at the other.
    expect(result.all).toMatchObject({ meals: 18, paidMeals: 12, paidFen: 3 * 1100, draftMeals: 10, draftFen: 3 * (250 + 400 + 150) + 250 });
    expect(result.months).toMatchObject([{ key: '2024-12', paidFen: 3300, draftFen: 2650 }]);
    expect(result.counties).toMatchObject([{ key: COUNTY, meals: 18, draftFen: 2650, name: expect.stringContaining('东昌府') }]);
    const sites = Object.fromEntries(result.sites.map((site: { key: string }) => [site.key, site]));
    expect(sites[city.sites[0] as string]).toMatchObject({ meals: 12, paidFen: 2400, draftFen: 2400, name: '测试幸福食堂' });
    expect(sites[city.sites[1] as string]).toMatchObject({ meals: 6, paidFen: 900, draftFen: 250 });
    expect(result.funds).toMatchObject([{ key: 'city@371500', paidFen: 1650, draftFen: 1325 }, { key: 'county@371502', paidFen: 1650, draftFen: 1325 }]);
    expect(result.elders).toEqual({ all: 5, gain: 1, gainFen: 150, lose: 2, loseFen: 150 + 650, same: 2 });
    expect(result.losers).toMatchObject([{ meals: 3, paidFen: 900, draftFen: 250 }, { meals: 6, paidFen: 900, draftFen: 750 }]);
    expect(JSON.stringify(result)).not.toContain(elders.loses.elderId);
    expect(result.gainers).toMatchObject([{ elderId: `${elders.gains.elderId.slice(0, 4)}****${elders.gains.elderId.slice(-4)}` }]);
    expect(result.classes).toMatchObject([
      { key: '-', elders: 1, draftFen: 0 }, { key: expect.stringContaining('/age70'), elders: 1, gainElders: 1, gainFen: 150 },
      { key: expect.stringContaining('/age80'), elders: 2, loseElders: 2, loseFen: 800 }, { key: expect.stringContaining('/age90'), elders: 1 },
    ]);
    expect(result.draftCodes).toEqual(expect.arrayContaining([{ key: 'second-meal-today', meals: 3 }, { key: 'in-care-home', meals: 2 }]));
  });

  it('gives the same hash twice, another one for other facts, another draft or another period', async () => {
    const first = await replayed('boss', {});
    await moveTo('2024-12-08');
    const second = await replayed('boss', {});
    expect(second.replayId).not.toBe(first.replayId);
    expect(second.resultSha256).toBe(first.resultSha256);
    expect(second.result).toEqual(first.result);
    const then = await replayed('boss', { facts: 'then' });
    expect(then.result.all).toMatchObject({ draftMeals: 12, draftFen: 3 * (250 + 400 + 150 + 250) });
    const shorter = await replayed('boss', { to: '2024-12-04' });
    const other = await replayed('reviewer', { draftId: null, texts: withoutCases(policyTexts({ expects: 250, edit: (text) => changed(text).replace('fen: 250', 'fen: 260') })) });
    expect(other.result.all.draftFen).toBe(2650 + 4 * 10);
    expect(new Set([first, then, shorter, other].map(({ resultSha256 }) => resultSha256)).size).toBe(4);
  });

  it('looks at nothing that came after it was asked for', async () => {
    await runner.stop();
    const { body } = await post('boss', '/v1/replays', { ...PERIOD, draftId });
    expect((await post('boss', '/v1/replays', { ...PERIOD, draftId })).body.code).toBe('replay-running');
    expect((await get('boss', `/v1/replays/${body.replayId}/export.xlsx`)).body).toMatchObject({ code: 'replay-not-done' });
    city.clock.set(city.clock.now() + 1000);
    await post('small', `/v1/taps/${taps['loses 2024-12-03']}/void`, { reason: '老人未取餐' });
    const { app, parts, ground } = city.service;
    runner = new JobRunner({ ...parts, board: app.get(JobBoard), ownerUrl: ground.ownerUrl, redisUrl: undefined, pace: { pollMs: 20, sweepMs: 200 } });
    await runner.start();
    await runner.waitUntilIdle();
    expect((await get('boss', `/v1/replays/${body.replayId}`)).body.result.all).toMatchObject({ meals: 18, paidFen: 3300 });
    expect((await replayed('boss', {})).result.all).toMatchObject({ meals: 17, paidFen: 3000, draftFen: 2650 });
  });

  it('hands its result out as a spreadsheet that adds up', async () => {
    const { replayId, result } = await replayed('approver', {});
    const answer = await city.service.app.inject({ method: 'GET', url: `/v1/replays/${replayId}/export.xlsx`, headers: { authorization: `Bearer ${tokens['auditor']}` } });
    expect(answer.statusCode).toBe(200);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(answer.rawPayload as unknown as ArrayBuffer);
    expect(book.worksheets.map(({ name }) => name)).toEqual(['汇总', '按资金方', '按区县', '按场所', '按月', '按档次', '增减较多的老人', '未补贴原因']);
    for (const name of ['按区县', '按场所', '按月']) {
      const rows = book.getWorksheet(name)?.getSheetValues().slice(2) as unknown[][];
      const drafts = rows.map((row) => Math.round(Number(row[8]) * 100));
      expect([name, drafts.at(-1)]).toEqual([name, result.all.draftFen]);
      expect(drafts.slice(0, -1).reduce((sum, fen) => sum + fen, 0)).toBe(result.all.draftFen);
    }
  });
});

describe('who may ask, and for what', () => {
  it('counts only meals at sites inside the division of who asks', async () => {
    expect((await replayed('small', {})).result.all.meals).toBe(17);
    const far = await replayed('far', {});
    expect([far.total, far.result.all.meals, far.result.elders.all]).toEqual([21, 0, 0]);
    expect(await get('far', `/v1/replays/${(await get('boss', '/v1/replays')).body.items.find((one: { scopeCode: string }) => one.scopeCode === CITY).replayId}`)).toMatchObject({ status: 403 });
    expect((await get('far', '/v1/replays')).body.items).toHaveLength(1);
  });

  it.each(['system', 'auditor'])('%s does not', async (who) => {
    expect(await post(who, '/v1/replays', { ...PERIOD, draftId })).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
  });

  it.each([
    ['a period that is not over', { to: '2024-12-08' }, 'replay-period-wrong'],
    ['a period the wrong way round', { from: '2024-12-05', to: '2024-12-04' }, 'replay-period-wrong'],
    ['fourteen months', { from: '2023-11-30', to: '2024-12-05' }, 'replay-period-wrong'],
    ['a draft that there is none of', { draftId: randomUUID() }, 'not-found'],
    ['neither draft nor texts', { draftId: null }, 'replay-source-wrong'],
  ])('%s is refused', async (_name, change, code) => {
    expect((await post('boss', '/v1/replays', { ...PERIOD, draftId, ...change })).body.code).toBe(code);
  });

  it('a text with a mistake is refused with file, line and remedy', async () => {
    const texts = withoutCases(policyTexts({ edit: (text) => text.replace('excludeCareHome', 'excludeCareHomes') }));
    const { body } = await post('boss', '/v1/replays', { ...PERIOD, texts });
    expect([body.code, body.title]).toEqual(['policy-text-wrong', expect.stringMatching(/2025-01-01-2025\.yaml:\d+.*excludeCareHome/)]);
  });

  it('leaves a row in the audit chain', async () => {
    expect((await city.rows<{ n: number }>(`SELECT count(*) AS n FROM audit WHERE action = 'replay.ask'`))[0]?.n).toBeGreaterThan(5);
  });
});

it('a finished replay cannot be changed, not even by the owner', async () => {
  const client = new pg.Client({ connectionString: city.service.ground.ownerUrl });
  await client.connect();
  await expect(client.query(`UPDATE replay SET result = '{}'`)).rejects.toThrow(/never changed/);
  await expect(client.query('DELETE FROM replay')).rejects.toThrow(/never changed/);
  await client.end();
});

function withoutCases({ packYaml, version }: ReturnType<typeof policyTexts>) {
  return { packYaml, version };
}
