import { randomUUID } from 'node:crypto';
import { verifyAuditChain } from '../../src/access/index.js';
import { checkDigit } from '../../src/elder/domain/index.js';
import { chinaInstant, civilDate, civilMonth } from '../../src/kernel/index.js';
import { imbalance } from '../../src/ledger/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { JobBoard, JobRunner } from '../../src/platform/index.js';
import { mealLines } from '../../src/tap/index.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

const HOUR = 3_600_000;
const NAMES = ['diedOnline', 'diedOffline', 'rejected', 'alive', 'moved', 'lives', 'diedFraud', 'diedLate', 'unseen'] as const;
type Name = (typeof NAMES)[number];

let city: TappingCity;
let till: TestTill;
let runner: JobRunner;
let tokens: Record<string, string> = {};
const elders = {} as Record<Name, { elderId: string; card: string; number: string }>;
const meals = {} as Record<Name, string>;
let comparisonId: string;

const STAFF = [['maker', 'countyOfficer'], ['decider', 'countyOfficer'], ['reviewer', 'financeReviewer'], ['approver', 'financeApprover'], ['worker', 'communityWorker']] as const;

async function logIn(): Promise<void> {
  tokens = {};
  for (const [name] of STAFF) tokens[name] = await city.staffed.tokenOf(name);
  tokens['far'] = await city.staffed.tokenOf('far');
}

const post = (who: string, url: string, body: object = {}) => city.staffed.call('POST', url, { token: tokens[who] as string, body: { id: randomUUID(), ...body } });
const get = (who: string, url: string) => city.staffed.call('GET', url, { token: tokens[who] as string });

/** Hands a register in and waits until it is checked. */
async function register(purpose: string, lines: string[]): Promise<{ rosterId: string; counts: Record<string, number> }> {
  const fileId = randomUUID();
  const response = await city.service.app.inject({
    method: 'PUT', url: `/v1/roster-files/${fileId}?division=371502`, headers: { authorization: `Bearer ${tokens['maker']}`, 'content-type': 'application/octet-stream' }, payload: Buffer.from(`${lines.join('\n')}\n`),
  });
  expect(response.statusCode).toBe(200);
  const { body } = await post('maker', '/v1/rosters', { fileId, purpose, asOf: '2024-12-03', source: '县卫生健康局' });
  await runner.waitUntilIdle();
  const roster = await get('maker', `/v1/rosters/${body.rosterId}`);
  expect(roster.body).toMatchObject({ state: 'checked' });
  return roster.body;
}

const all = async (kind: 'proposals' | 'lines', id = comparisonId) => (await get('maker', `/v1/comparisons/${id}/${kind}`)).body.items;
const lineOf = async (name: Name, id = comparisonId) => (await all('lines', id)).find((line: { tapId: string }) => line.tapId === meals[name]);

beforeAll(async () => {
  city = await TappingCity.start();
  for (const [name, role] of STAFF) await city.staffed.add(name, [role], '371502');
  await city.staffed.add('far', ['countyOfficer'], '371521');
  await logIn();
  const { app, parts, ground } = city.service;
  runner = new JobRunner({ ...parts, board: app.get(JobBoard), ownerUrl: ground.ownerUrl, redisUrl: undefined, pace: { pollMs: 20, sweepMs: 100 } });
  await runner.start();
  till = await city.till(0);
  for (const [index, name] of NAMES.entries()) {
    const { elderId, card } = await city.elder();
    const first17 = `37150219400601${String(index + 1).padStart(3, '0')}`;
    elders[name] = { elderId, card, number: first17 + checkDigit(first17) };
  }
  for (const name of ['diedOnline', 'rejected', 'alive', 'moved'] as const) meals[name] = (await till.tap({ card: elders[name].card })).body.tapId;
  // Sold offline for longer than a list is good for: it counts, and is marked.
  for (const name of ['diedOffline', 'diedFraud', 'diedLate'] as const) {
    const body = till.body({ card: elders[name].card, deviceTime: new Date(city.clock.now() - 30 * HOUR).toISOString() });
    const sent = await till.send('/v1/taps/upload', { taps: [body] });
    expect(sent.body.results[0].answer).toMatchObject({ outcome: 'accepted', subsidyFen: 300, flags: ['review'] });
    meals[name] = body.id;
  }
  // What is found out is found out after the meals.
  city.clock.set(city.clock.now() + HOUR / 6);
}, 90_000);

afterAll(async () => {
  await runner?.stop();
  await city?.close();
});

describe('a comparison with the death register', () => {
  it('proposes stops and lists what was paid after, and stops nothing itself', async () => {
    const died = (name: Name, day: string): string => `张三丰,${elders[name].number},${day}`;
    const roster = await register('deaths', [
      '死亡人员名单,,', '姓名,身份证号码,死亡日期', died('diedOnline', '2024.12.2'), died('diedOffline', '20241130'), died('rejected', '2024-12-01'), died('alive', '2024-12-03'), died('diedFraud', '2024-11-30'),
      '李四,371502194006019999,2024-12-01', `王五,${elders.lives.number},2024-12-01`, '合计,,6人',
    ]);
    expect(roster.counts).toMatchObject({ proposed: 5, wrong: 2, skipped: 1, rows: 8 });
    expect(await post('far', '/v1/comparisons', { rosterId: roster.rosterId })).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    const { status, body } = await post('maker', '/v1/comparisons', { rosterId: roster.rosterId });
    expect({ status, ...body }).toMatchObject({ status: 200, proposals: 5, lines: 4 });
    ({ comparisonId } = body);
    expect(await post('maker', '/v1/comparisons', { rosterId: roster.rosterId })).toMatchObject({ status: 409, body: { code: 'register-compared' } });
    expect((await get('maker', `/v1/comparisons/${comparisonId}`)).body).toMatchObject({ openProposals: 5, openLines: 4, siteFen: 600, fundFen: 600 });
    expect(await city.rows('SELECT 1 FROM elder_death')).toEqual([]);
    expect(await post('maker', `/v1/rosters/${roster.rosterId}/apply`, { skipWrong: true })).toMatchObject({ status: 409, body: { code: 'roster-not-elders' } });
  });

  it('asks the site only where the list had reached it or it did not check', async () => {
    expect(await lineOf('diedOnline')).toMatchObject({ bearer: 'fund', ground: 'not-reached', fen: 300 });
    expect(await lineOf('diedOffline')).toMatchObject({ bearer: 'site', ground: 'check-skipped', fen: 300, budgetYear: 2024 });
    // Eaten on the day of the death: the day counts.
    expect(await lineOf('alive')).toBeUndefined();
  });

  it('is decided by another person, facts first', async () => {
    const url = `/v1/comparisons/${comparisonId}`;
    expect(await post('maker', `${url}/proposal-decisions`, { decision: 'accept' })).toMatchObject({ status: 403, body: { code: 'maker-is-checker' } });
    expect(await post('reviewer', `${url}/proposal-decisions`, { decision: 'accept' })).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await post('decider', `${url}/line-decisions`, { decision: 'accept' })).toMatchObject({ status: 409, body: { code: 'proposal-first' } });
    const rejected = (await all('proposals')).find((proposal: { elderId: string }) => proposal.elderId === elders.rejected.elderId);
    expect(await post('decider', `${url}/proposal-decisions`, { decision: 'reject', ids: [rejected.proposalId] })).toMatchObject({ status: 422, body: { code: 'reason-missing' } });
    expect(await post('decider', `${url}/proposal-decisions`, { decision: 'reject', ids: [rejected.proposalId], reason: '本人健在，已上门核实' })).toMatchObject({ status: 200, body: { decided: 1 } });
    const id = randomUUID();
    expect(await post('decider', `${url}/proposal-decisions`, { id, decision: 'accept' })).toMatchObject({ status: 200, body: { decided: 4 } });
    expect(await post('decider', `${url}/proposal-decisions`, { id, decision: 'accept' })).toMatchObject({ status: 200, body: { decided: 4 } });
    const deaths = await city.rows<{ died: string }>('SELECT died_on AS died FROM elder WHERE died_on IS NOT NULL ORDER BY died_on');
    expect(deaths.map((row) => row.died)).toEqual(['2024-11-30', '2024-11-30', '2024-12-02', '2024-12-03']);
    expect(await post('decider', `${url}/proposal-decisions`, { decision: 'accept' })).toMatchObject({ status: 409, body: { code: 'proposals-not-open' } });
  });

  it('takes lines one by one or all, and calls nobody without fault a fraud', async () => {
    const url = `/v1/comparisons/${comparisonId}/line-decisions`;
    const [fund, fraud, rejected] = [await lineOf('diedOnline'), await lineOf('diedFraud'), await lineOf('rejected')];
    expect(await post('decider', url, { decision: 'accept', ids: [fund.lineId], suspectedFraud: true, reason: '疑' })).toMatchObject({ status: 422, body: { code: 'fraud-of-nobody' } });
    expect(await post('decider', url, { decision: 'accept', ids: [fraud.lineId], suspectedFraud: true })).toMatchObject({ status: 422, body: { code: 'reason-missing' } });
    expect(await post('decider', url, { decision: 'accept', ids: [fraud.lineId], suspectedFraud: true, reason: '收银员代刷' })).toMatchObject({ status: 200, body: { decided: 1 } });
    expect(await post('decider', url, { decision: 'reject', ids: [rejected.lineId], reason: '老人健在' })).toMatchObject({ status: 200 });
    expect(await post('decider', url, { decision: 'accept' })).toMatchObject({ status: 200, body: { decided: 2 } });
    expect(await lineOf('diedFraud')).toMatchObject({ suspectedFraud: true, state: 'accepted' });
    expect(await city.rows('SELECT 1 FROM meal_adjustment')).toEqual([]);
  });

  it('is matched when it comes again', async () => {
    expect((await register('deaths', ['姓名,身份证号码,死亡日期', `张三丰,${elders.diedOnline.number},2024-12-02`])).counts).toMatchObject({ matched: 1, proposed: 0 });
  });
});

describe('a notice', () => {
  const notice = (kind: string, budgetYear = 2024, who = 'decider') => post(who, '/v1/recovery-notices', { siteId: city.sites[0], kind, budgetYear });
  let netting: string;

  it('is of the kind that its year asks for', async () => {
    expect(await notice('recovery')).toMatchObject({ status: 422, body: { code: 'notice-kind-wrong', detail: { right: 'netting' } } });
    expect(await notice('netting', 2023)).toMatchObject({ status: 422, body: { code: 'notice-kind-wrong', detail: { right: 'recovery' } } });
    expect(await post('far', '/v1/recovery-notices', { siteId: city.sites[0], kind: 'netting', budgetYear: 2024 })).toMatchObject({ status: 403 });
    const made = await notice('netting');
    expect(made).toMatchObject({ status: 200, body: { noticeNumber: '371502-2024-H0001', lines: 1, fen: 300 } });
    netting = made.body.noticeId;
    expect(await notice('netting')).toMatchObject({ status: 409, body: { code: 'notice-empty' } });
  });

  it('moves nothing before another person has signed it, then nets the open month', async () => {
    expect(await city.rows('SELECT 1 FROM meal_adjustment')).toEqual([]);
    expect(await post('decider', `/v1/recovery-notices/${netting}/sign`)).toMatchObject({ status: 403 });
    const letter = await city.service.app.inject({ method: 'GET', url: `/v1/recovery-notices/${netting}/letter`, headers: { authorization: `Bearer ${tokens['approver']}` } });
    expect(letter.body).toMatch(/草稿[\s\S]*不得向老人或其家人追索/);
    expect(letter.body).not.toMatch(/张三丰|37150219/);
    const id = randomUUID();
    const both = await Promise.all([1, 2].map(() => post('approver', `/v1/recovery-notices/${netting}/sign`, { id })));
    expect(both.map((answer) => answer.status)).toEqual([200, 200]);
    const adjusted = await city.rows<{ tapId: string; fen: number }>('SELECT tap_id AS "tapId", sum(fen)::bigint AS fen FROM meal_adjustment GROUP BY tap_id');
    expect(adjusted).toEqual([{ tapId: meals.diedOffline, fen: -300 }]);
    const lines = await city.service.parts.transactor.run((tx) => mealLines(tx, CITY, civilMonth('2024-12'), city.sites[0] as string));
    expect(lines.reduce((sum, line) => sum + line.subsidyFen, 0)).toBe(2100 - 300);
    expect(await post('approver', `/v1/recovery-notices/${netting}/repaid`, { serial: 'S1', paidOn: '2024-12-03' })).toMatchObject({ status: 409, body: { code: 'notice-not-signed' } });
  });

  it('of suspected fraud stays out of the claims, and the treasury\'s receipt ends it', async () => {
    const made = await notice('fraud');
    expect(made).toMatchObject({ status: 200, body: { noticeNumber: '371502-2024-H0002', fen: 300 } });
    const url = `/v1/recovery-notices/${made.body.noticeId}`;
    expect(await post('approver', `${url}/sign`)).toMatchObject({ status: 200 });
    expect(await city.rows('SELECT 1 FROM meal_adjustment WHERE tap_id = $1', [meals.diedFraud])).toEqual([]);
    const owed = (kind: string) => city.rows<{ fen: number }>(`SELECT sum(fen)::bigint AS fen FROM ledger_transfer WHERE kind = $1`, [kind]);
    expect(await owed('recovery')).toEqual([{ fen: 300 }]);
    expect(await post('approver', `${url}/repaid`, { serial: 'S1', paidOn: '2024-12-03' })).toMatchObject({ status: 403, body: { code: 'maker-is-checker' } });
    expect(await post('reviewer', `${url}/repaid`, { serial: 'S1', paidOn: '2025-12-03' })).toMatchObject({ status: 422, body: { code: 'paid-date-wrong' } });
    expect(await post('reviewer', `${url}/repaid`, { serial: 'S1', paidOn: '2024-12-03' })).toMatchObject({ status: 200, body: { state: 'repaid' } });
    expect(await owed('repayment')).toEqual([{ fen: 300 }]);
    expect(await city.service.parts.transactor.run((tx) => imbalance(tx, CITY))).toBe(0);
  });
});

describe('registers of care homes and of moves', () => {
  it('propose a stay and a move, recorded once accepted', async () => {
    const homes = await register('careHomes', ['姓名,身份证号,入住日期,退住日期,机构名称', `张三丰,${elders.lives.number},2024-11-01,,某敬老院`]);
    const stay = (await post('maker', '/v1/comparisons', { rosterId: homes.rosterId })).body;
    expect(stay).toMatchObject({ proposals: 1, lines: 0 });
    expect(await post('decider', `/v1/comparisons/${stay.comparisonId}/proposal-decisions`, { decision: 'accept' })).toMatchObject({ status: 200 });
    expect(await city.rows('SELECT from_date FROM elder_care_home WHERE elder_id = $1', [elders.lives.elderId])).toHaveLength(1);

    const moves = await register('hukouMoves', ['姓名,身份证号,迁出日期,迁往地', `张三丰,${elders.moved.number},2024-12-02,河南省郑州市`, `张三丰,${elders.lives.number},2024-12-02,聊城市阳谷县`]);
    const moved = (await post('maker', '/v1/comparisons', { rosterId: moves.rosterId })).body;
    expect((await all('proposals', moved.comparisonId)).map((one: { kind: string; placeCode: string | null }) => [one.kind, one.placeCode])).toEqual([['move', '371521']]);
    // Nobody knew of a hukou of the other one, so that it left is no news.
    expect(moves.counts).toMatchObject({ matched: 1, proposed: 1 });
    expect(await post('decider', `/v1/comparisons/${moved.comparisonId}/proposal-decisions`, { decision: 'accept' })).toMatchObject({ status: 200 });
    expect(await city.rows('SELECT hukou_code AS hukou FROM elder WHERE elder_id = $1', [elders.lives.elderId])).toEqual([{ hukou: '371521' }]);
  });

  it('take nothing in when one of them contradicts the registry', async () => {
    const homes = await register('careHomes', ['姓名,身份证号,入住日期,退住日期', `张三丰,${elders.lives.number},2024-11-15,2024-11-20`, `张三丰,${elders.moved.number},2024-11-15,`]);
    const stay = (await post('maker', '/v1/comparisons', { rosterId: homes.rosterId })).body;
    // Liaocheng's rule leaves residents of care homes out, so what the second one ate was paid for nothing.
    expect((await all('lines', stay.comparisonId)).map((line: { tapId: string; bearer: string; fen: number }) => [line.tapId, line.bearer, line.fen])).toEqual([[meals.moved, 'fund', 300]]);
    const before = await city.rows('SELECT 1 FROM elder_care_home');
    expect(await post('decider', `/v1/comparisons/${stay.comparisonId}/proposal-decisions`, { decision: 'accept' })).toMatchObject({ status: 409, body: { code: 'proposal-clashes', detail: { row: 2, code: 'stay-overlaps' } } });
    expect(await city.rows('SELECT 1 FROM elder_care_home')).toEqual(before);
  });
});

describe('services find people', () => {
  it('who are entitled, live, and have never eaten', async () => {
    const young = (await city.elder('19700101')).elderId;
    const found = await get('worker', '/v1/elders-never-eaten?limit=1');
    expect(found).toMatchObject({ status: 200, body: { items: [{ elderId: elders.unseen.elderId, name: '张**', age: 84, hasCard: true, pack: 'liaocheng' }] } });
    const rest = await get('worker', `/v1/elders-never-eaten?cursor=${found.body.nextCursor}`);
    // Not the young one, nor who lives in a care home, nor who has eaten or died.
    expect(rest.body).toEqual({ items: [], nextCursor: null });
    expect(young).toBeDefined();
    expect(JSON.stringify(found.body)).not.toMatch(/37150219|三丰|born/);
    expect(await get('far', '/v1/elders-never-eaten?division=371502')).toMatchObject({ status: 403 });
  });
});

describe('in a new year', () => {
  it('what is left of the old one goes back on a notice of its own', async () => {
    city.clock.set(chinaInstant(civilDate('2025-01-05'), 720));
    await logIn();
    const roster = await register('deaths', ['姓名,身份证号码,死亡日期', `张三丰,${elders.rejected.number},2024-12-01`, `张三丰,${elders.diedLate.number},2024-12-01`]);
    const { body } = await post('maker', '/v1/comparisons', { rosterId: roster.rosterId });
    // A line that was rejected may be found again; so may its elder.
    expect(body).toMatchObject({ proposals: 2, lines: 2 });
    await post('decider', `/v1/comparisons/${body.comparisonId}/proposal-decisions`, { decision: 'accept' });
    await post('decider', `/v1/comparisons/${body.comparisonId}/line-decisions`, { decision: 'accept' });
    const asked = { siteId: city.sites[0], budgetYear: 2024 };
    expect(await post('decider', '/v1/recovery-notices', { ...asked, kind: 'netting' })).toMatchObject({ status: 422, body: { code: 'notice-kind-wrong', detail: { right: 'recovery' } } });
    const draft = await post('decider', '/v1/recovery-notices', { ...asked, kind: 'recovery' });
    expect(draft).toMatchObject({ status: 200, body: { noticeNumber: '371502-2025-H0001', lines: 1, fen: 300 } });
    expect(await post('decider', `/v1/recovery-notices/${draft.body.noticeId}/withdraw`, { reason: '抬头有误' })).toMatchObject({ status: 200, body: { state: 'withdrawn' } });
    expect(await post('approver', `/v1/recovery-notices/${draft.body.noticeId}/sign`)).toMatchObject({ status: 409, body: { code: 'notice-not-drafted' } });
    const again = await post('decider', '/v1/recovery-notices', { ...asked, kind: 'recovery' });
    expect(again).toMatchObject({ status: 200, body: { noticeNumber: '371502-2025-H0002', lines: 1, fen: 300 } });
    const before = await city.rows('SELECT 1 FROM meal_adjustment');
    expect(await post('approver', `/v1/recovery-notices/${again.body.noticeId}/sign`)).toMatchObject({ status: 200 });
    expect(await city.rows('SELECT 1 FROM meal_adjustment')).toEqual(before);
    const [booked] = await city.rows<{ month: string; debit: string; fen: number }>(
      `SELECT booked_month AS month, debit_account AS debit, sum(fen)::bigint AS fen FROM ledger_transfer WHERE cause_id = $1 GROUP BY 1, 2`, [again.body.noticeId]);
    expect(booked).toEqual({ month: '2025-01', debit: `recovery/${city.sites[0]}`, fen: 300 });
    expect((await get('approver', '/v1/recovery-notices?limit=2')).body.items.map((one: { state: string }) => one.state)).toEqual(['signed', 'withdrawn']);
  });

  it('leaves books of which everything holds that must', async () => {
    expect((await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY))).violations).toEqual([]);
  });

  it('every deed is in the audit, and the chain holds', async () => {
    expect(await city.service.parts.transactor.run((tx) => verifyAuditChain(tx, CITY))).toMatchObject({ brokenAt: null });
    const actions = (await city.rows<{ action: string }>(`SELECT DISTINCT action FROM audit WHERE action LIKE 'recovery.%'`)).map((row) => row.action).toSorted();
    expect(actions).toEqual(['recovery.compare', 'recovery.lines-accepted', 'recovery.lines-rejected', 'recovery.notice', 'recovery.proposals-accepted', 'recovery.proposals-rejected', 'recovery.repaid', 'recovery.sign', 'recovery.withdraw']);
  });
});
