import { randomUUID } from 'node:crypto';
import ExcelJS from 'exceljs';
import { verifyAuditChain } from '../../src/access/index.js';
import { checkDigit } from '../../src/elder/domain/index.js';
import { civilDate } from '../../src/kernel/index.js';
import { JobBoard, JobRunner, sha256 } from '../../src/platform/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { policyTexts } from '../support/policy-texts.js';
import { SCAN } from '../support/publish-shipped.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

const COUNTY = '371502';
const FUND = `county@${COUNTY}`;
const OTHER = 'county@371503';
const DOCUMENT = '聊财社指〔2024〕12号';
const PEOPLE = [
  ['boss', ['cityOfficer'], CITY], ['purser', ['financeApprover'], CITY], ['clerk', ['financeReviewer'], CITY], ['reviewer', ['financeReviewer'], COUNTY], ['approver', ['financeApprover'], COUNTY],
  ['both', ['financeReviewer', 'financeApprover'], COUNTY], ['jack', ['countyOfficer', 'financeApprover'], COUNTY], ['far', ['financeReviewer'], '371521'], ['neighbour', ['countyOfficer'], '371503'],
  ['street', ['townshipOfficer'], '371502001'], ['auditor', ['auditor'], CITY],
] as const;

let city: TappingCity;
let other: TestApp;
let runner: JobRunner;
let till: TestTill;
let tokens: Record<string, string> = {};
/** Three elders of the site's county, and one of the next. */
let cards: string[] = [];

const post = (who: string, url: string, body: object = {}) => city.staffed.call('POST', url, { token: tokens[who] as string, body: { id: randomUUID(), ...body } });
const get = (who: string, url: string) => city.staffed.call('GET', url, { token: tokens[who] as string });
const entry = (who: string, change: object = {}) => post(who, '/v1/budgets/entries', {
  funderCode: FUND, budgetYear: 2024, kind: 'budget', fen: 1000, documentNumber: DOCUMENT, documentTitle: '关于下达老年助餐补贴资金的通知', documentDate: '2024-11-20', ...change,
});
const fund = async (year = 2024, funder = FUND, who = 'boss') => (await get(who, `/v1/budgets/${year}/${funder}`)).body;
const adjustments = async (show = 'open') => (await get('boss', `/v1/budgets/adjustments?show=${show}`)).body.items;

/** Noon of a day: everybody logs in again, and the till opens a session. */
async function moveTo(date: string, minute = 720): Promise<void> {
  city.clock.setTo(civilDate(date), minute);
  tokens = {};
  for (const name of ['county', 'manager', ...PEOPLE.map(([account]) => account)]) tokens[name] = await city.staffed.tokenOf(name);
  city.county = tokens['county'] as string;
}

async function eat(...who: number[]): Promise<{ tapId: string; subsidyFen: number; sentence: string }[]> {
  const answers = [];
  for (const index of who) answers.push((await till.tap({ card: cards[index] as string })).body);
  return answers;
}

async function day(date: string, ...who: number[]): Promise<void> {
  await moveTo(date);
  till = await city.till(0);
  for (const answer of await eat(...who)) expect(answer).toMatchObject({ outcome: 'accepted', subsidyFen: 300 });
}

/** Rules for residents alone: their own county bears its half, and past zero the subsidy ends as announced, or goes on by order. */
async function publishRules(version: string, from: string, way: 'end' | 'continue'): Promise<void> {
  const texts = policyTexts({
    version, from, lines: [`whenFundsEnd: {then: ${way}, noticeDays: 3, document: press-2023-09-06, clause: 资金用完的办法}`],
    edit: (text) => text.replace(/when:\n {6}any:\n {8}- \{hukou: \[pack\]\}\n {8}- \{residence: \[pack\]\}/, 'when: {residence: [pack]}'),
  });
  const packYaml = texts.packYaml.replace('of: site', 'of: residence').replace('elder: {of: either', 'elder: {of: residence');
  const cases = texts.cases.map(({ name, text }) => ({ name, text: text.replace("hukou: '371502001'", "residence: '371502001'") }));
  const drafted = await post('boss', '/v1/policies/drafts', { texts: { ...texts, packYaml, cases }, documentNumber: '聊民〔2024〕9号', documentTitle: '测试', scan: SCAN });
  expect(drafted).toMatchObject({ status: 201 });
  const { draftId, contentSha256 } = drafted.body;
  expect(await post('boss', `/v1/policies/drafts/${draftId}/submit`, { contentSha256 })).toMatchObject({ status: 200 });
  expect(await post('purser', `/v1/policies/drafts/${draftId}/countersign`, { contentSha256 })).toMatchObject({ status: 200 });
}

async function addElder(residenceCode: string, number: number, who = 'county'): Promise<string> {
  const first17 = `37150219400601${String(900 + number)}`;
  const cardNumber = `LC9${String(number).padStart(7, '0')}`;
  const made = await post(who, '/v1/elders', { name: '李四光', identityNumber: first17 + checkDigit(first17), residenceCode, cardNumber });
  expect(made).toMatchObject({ status: 200 });
  return cardNumber;
}

/** What meals of a year took from each fund, counted meal by meal. */
async function countedOtherwise(year: number): Promise<Record<string, number>> {
  const rows = await city.rows<{ funder: string; fen: number }>(
    `SELECT p.funder, sum(p.fen)::bigint AS fen FROM (
       SELECT h.funder_code AS funder, h.fen, m.tap_id, m.meal_date FROM meal_share h JOIN meal m USING (city_code, booked_month, tap_id) WHERE h.city_code = $1
       UNION ALL SELECT a.funder_code, a.fen, a.tap_id, a.meal_date FROM meal_adjustment a WHERE a.city_code = $1
     ) p WHERE extract(year FROM p.meal_date) = $2::int AND NOT EXISTS (SELECT FROM meal_void v WHERE v.city_code = $1 AND v.tap_id = p.tap_id)
     GROUP BY p.funder ORDER BY p.funder`, [CITY, year]);
  return Object.fromEntries(rows.map(({ funder, fen }) => [funder, fen]));
}

beforeAll(async () => {
  city = await TappingCity.start();
  for (const [name, roles, division] of PEOPLE) await city.staffed.add(name, [...roles], division);
  await city.staffed.add('manager', ['canteenManager'], COUNTY, city.sites[0] as string);
  other = await startApp({ databaseUrl: city.service.ground.ownerUrl, clock: city.clock });
  const { app, parts, ground } = city.service;
  runner = new JobRunner({ ...parts, board: app.get(JobBoard), ownerUrl: ground.ownerUrl, redisUrl: undefined, pace: { pollMs: 20, sweepMs: 50 } });
  await runner.start();
  await moveTo('2024-12-03');
  await publishRules('2024-12', '2024-12-04', 'end');
  const [next] = await city.rows<{ code: string }>(`SELECT min(division_code) AS code FROM region_division WHERE city_code = $1 AND parent_code = '371503'`, [CITY]);
  cards = [await addElder('371502001', 1), await addElder('371502001', 2), await addElder('371502001', 3), await addElder((next as { code: string }).code, 4, 'neighbour')];
}, 120_000);

afterAll(async () => {
  await runner?.stop();
  await other?.close();
  await city?.close();
});

describe('a budget', () => {
  let first: string;

  it('is recorded by finance inside its scope, with its document', async () => {
    expect(await entry('far')).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await entry('boss')).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await entry('reviewer', { funderCode: 'county@999999' })).toMatchObject({ status: 404 });
    expect(await entry('reviewer', { fen: 0 })).toMatchObject({ status: 422, body: { code: 'budget-amount-wrong' } });
    expect(await entry('reviewer', { kind: 'increase' })).toMatchObject({ status: 409, body: { code: 'budget-not-recorded' } });
    const made = await entry('both');
    expect(made).toMatchObject({ status: 200, body: { state: 'recorded', fen: 1000, documentNumber: DOCUMENT } });
    first = made.body.entryId;
    expect(await entry('reviewer')).toMatchObject({ status: 409, body: { code: 'budget-recorded-already' } });
    expect((await fund()).figures).toMatchObject({ budgetFen: 0, pendingFen: 1000 });
  });

  it('counts once another person of the same level has confirmed it', async () => {
    expect(await post('both', `/v1/budgets/entries/${first}/confirm`)).toMatchObject({ status: 403, body: { code: 'maker-is-checker' } });
    expect(await post('purser', `/v1/budgets/entries/${first}/confirm`)).toMatchObject({ status: 403, body: { code: 'budget-other-level' } });
    expect(await post('approver', `/v1/budgets/entries/${first}/confirm`)).toMatchObject({ status: 200, body: { state: 'confirmed' } });
    expect(await post('approver', `/v1/budgets/entries/${first}/confirm`)).toMatchObject({ status: 409, body: { code: 'budget-decided' } });
    expect((await fund()).figures).toMatchObject({ budgetFen: 1000, pendingFen: 0, usedFen: 0, remainingFen: 1000 });
    await expect(city.rows(`INSERT INTO budget_decision SELECT city_code, entry_id, 'confirmed', recorded_by, NULL, recorded_at FROM budget_entry RETURNING 1`)).rejects.toThrow(/who recorded a budget does not decide/);
  });

  it('is raised and lowered by further papers, never below nothing; a rejected one counts for nothing', async () => {
    const more = (await entry('reviewer', { kind: 'increase', fen: 200, documentNumber: '聊财社指〔2024〕30号' })).body;
    expect(await entry('reviewer', { kind: 'increase', fen: 200, documentNumber: '聊财社指〔2024〕30号' })).toMatchObject({ status: 409, body: { code: 'budget-document-used' } });
    expect(await post('approver', `/v1/budgets/entries/${more.entryId}/confirm`)).toMatchObject({ status: 200 });
    const less = (await entry('reviewer', { kind: 'decrease', fen: 5000, documentNumber: '调减1号' })).body;
    expect(less.fen).toBe(-5000);
    expect(await post('approver', `/v1/budgets/entries/${less.entryId}/confirm`)).toMatchObject({ status: 422, body: { code: 'budget-below-zero', detail: { leftFen: 1200 } } });
    expect(await post('approver', `/v1/budgets/entries/${less.entryId}/reject`, { reason: '金额有误' })).toMatchObject({ status: 200, body: { state: 'rejected', reason: '金额有误' } });
    const city1 = (await entry('clerk', { funderCode: 'city@371500', fen: 10_000, documentNumber: '市1号' })).body;
    expect(await post('purser', `/v1/budgets/entries/${city1.entryId}/confirm`)).toMatchObject({ status: 200 });
    expect((await get('reviewer', '/v1/budgets?year=2024')).body.items.map((one: { funderCode: string; figures: { budgetFen: number } }) => [one.funderCode, one.figures.budgetFen])).toEqual([[FUND, 1200]]);
    expect((await get('auditor', '/v1/budgets/entries?year=2024')).body.items).toHaveLength(4);
    expect(await get('far', `/v1/budgets/2024/${FUND}`)).toMatchObject({ status: 404 });
  });
});

describe('figures', () => {
  it('are those of the meals, counted otherwise, less what was voided and corrected', async () => {
    await day('2024-12-04', 0, 1, 2, 3);
    const [voided, corrected] = [(await till.tap({ card: (await city.elder()).card })).body.tapId, (await till.tap({ card: (await city.elder()).card })).body.tapId];
    expect((await fund()).figures).toMatchObject({ committedFen: 750, unclaimedFen: 750, usedFen: 750, remainingFen: 450 });
    expect(await till.send(`/v1/taps/${voided}/void`, { id: randomUUID(), reason: '按错' })).toMatchObject({ status: 200 });
    expect(await post('county', `/v1/taps/${corrected}/adjustments`, { cause: 'eligibility', reason: '重复享受' })).toMatchObject({ status: 200 });
    const counted = await countedOtherwise(2024);
    expect(counted).toEqual({ 'city@371500': 600, [FUND]: 450, [OTHER]: 150 });
    for (const [code, fen] of Object.entries(counted)) expect((await fund(2024, code)).figures).toMatchObject({ committedFen: fen, usedFen: fen, unclaimedFen: fen });
    expect((await get('boss', '/v1/budgets?year=2024')).body.items.map((one: { funderCode: string; budgeted: boolean }) => [one.funderCode, one.budgeted]))
      .toEqual([['city@371500', true], [FUND, true], [OTHER, false]]);
  });

  it('come with the day the money runs out, and what that rests on', async () => {
    await day('2024-12-05', 0);
    await moveTo('2024-12-06', 600);
    const { forecast, rule } = await fund();
    // 450 on Wednesday, 150 on Thursday: 300 a weekday, of which 600 are left; Friday and Monday use them up.
    expect(forecast).toEqual({ kind: 'ends', endsOn: '2024-12-10', leftFen: null, basis: { from: '2024-12-04', to: '2024-12-05', weekdays: 2, weekdayFen: 600, weekendDays: 0, weekendFen: 0 } });
    expect(rule).toMatchObject({ pack: 'liaocheng', version: '2024-12', way: 'end', noticeDays: 3 });
    expect((await fund(2024, OTHER)).forecast).toMatchObject({ kind: 'beyond', leftFen: -150 });
  });
});

describe('alarms', () => {
  it('are raised at night, once for each threshold, and start an adjustment', async () => {
    await day('2024-12-06', 0, 1);
    await day('2024-12-09', 0);
    expect((await fund()).figures).toMatchObject({ usedFen: 1050, remainingFen: 150 });
    expect(await adjustments()).toEqual([]);
    for (const night of ['2024-12-10', '2024-12-11']) {
      city.clock.setTo(civilDate(night), 150);
      await until(async () => (await city.rows(`SELECT 1 FROM outbox WHERE city_code = $1 AND job = 'budget.watch' AND job_key = '2024 ${night}' AND handled_at IS NOT NULL`, [CITY])).length === 1);
    }
    await moveTo('2024-12-11', 600);
    const [alarm, ...others] = await adjustments();
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({
      number: `TZ-2024-${FUND}-80`, name: '2024年东昌府区财政老年助餐补贴预算用至80%调整事项', threshold: 80, budgetFen: 1200, usedFen: 1050, divisionCode: COUNTY, closedAt: null,
    });
    expect(alarm.dueOn <= '2024-12-12').toBe(true);
    expect((await get('far', '/v1/budgets/adjustments')).body.items).toEqual([]);
    // The night has summed up the pace, which the forecast goes by: seven halves of a meal on five weekdays, none on the weekend.
    const kept = { from: '2024-12-04', to: '2024-12-10', weekdays: 5, weekdayFen: 1050, weekendDays: 2, weekendFen: 0 };
    expect((await fund()).forecast.basis).toEqual(kept);
    expect(await city.rows(`SELECT weekday_fen AS fen FROM budget_basis WHERE city_code = $1 AND as_of = '2024-12-11' AND funder_code = $2`, [CITY, FUND])).toEqual([{ fen: 1050 }]);
  });

  it('are raised at once when a budget is lowered', async () => {
    const less = (await entry('reviewer', { kind: 'decrease', fen: 100, documentNumber: '调减2号' })).body;
    await post('approver', `/v1/budgets/entries/${less.entryId}/confirm`);
    expect((await adjustments()).map((one: { threshold: number }) => one.threshold).sort()).toEqual([80, 95]);
  });

  it('are closed by a person with a paper that is in force, for this fund', async () => {
    const alarm = (await adjustments()).find((one: { threshold: number }) => one.threshold === 80);
    const known = (await fund()).entries.find((one: { kind: string }) => one.kind === 'increase');
    const close = (body: object, who = 'reviewer') => post(who, `/v1/budgets/adjustments/${alarm.alarmId}/close`, body);
    expect(await close({ resolution: 'addBudget', paperId: known.entryId })).toMatchObject({ status: 422, body: { code: 'adjustment-paper-wrong' } });
    expect(await close({ resolution: 'addBudget', paperId: known.entryId }, 'far')).toMatchObject({ status: 403 });
    const more = (await entry('reviewer', { kind: 'increase', fen: 50, documentNumber: '聊财社指〔2024〕41号' })).body;
    expect(await close({ resolution: 'addBudget', paperId: more.entryId })).toMatchObject({ status: 422 });
    await post('approver', `/v1/budgets/entries/${more.entryId}/confirm`);
    expect(await close({ resolution: 'addBudget', paperId: more.entryId, note: '追加' })).toMatchObject({ status: 200, body: { resolution: 'addBudget', documentNumber: '聊财社指〔2024〕41号' } });
    expect(await close({ resolution: 'addBudget', paperId: more.entryId })).toMatchObject({ status: 409, body: { code: 'adjustment-closed' } });
    expect(await adjustments()).toHaveLength(1);
    expect(await adjustments('all')).toHaveLength(2);
  });
});

describe('the end of a fund', () => {
  let endId: string;
  const announce = (who: string, change: object = {}) => post(who, '/v1/budgets/ends', { funderCode: FUND, action: 'end', day: '2024-12-14', documentNumber: '东民告〔2024〕3号', documentTitle: '关于暂停补贴的公告', ...change });

  it('is announced by civil affairs so many days ahead, and countersigned by another person of finance', async () => {
    expect(await announce('reviewer')).toMatchObject({ status: 403 });
    expect(await announce('neighbour')).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await announce('county', { day: '2024-12-13' })).toMatchObject({ status: 422, body: { code: 'funds-end-too-soon', detail: { earliest: '2024-12-14', noticeDays: 3 } } });
    const own = await announce('jack');
    expect(await post('jack', `/v1/budgets/ends/${own.body.endId}/countersign`)).toMatchObject({ status: 403, body: { code: 'maker-is-checker' } });
    const made = await announce('county');
    expect(made).toMatchObject({ status: 200, body: { fromDate: '2024-12-15', pack: 'liaocheng', noticeDays: 3, publishedAt: null } });
    ({ endId } = made.body);
    const [alarm] = await adjustments();
    expect(await post('county', `/v1/budgets/adjustments/${alarm.alarmId}/close`, { resolution: 'endSubsidy', paperId: endId })).toMatchObject({ status: 422 });
    expect(await post('approver', `/v1/budgets/ends/${endId}/countersign`)).toMatchObject({ status: 200, body: { publishedAt: expect.any(String) } });
    expect(await post('approver', `/v1/budgets/ends/${endId}/countersign`)).toMatchObject({ status: 409, body: { code: 'funds-end-signed' } });
    expect(await post('county', `/v1/budgets/adjustments/${alarm.alarmId}/close`, { resolution: 'endSubsidy', paperId: endId })).toMatchObject({ status: 200, body: { documentNumber: '东民告〔2024〕3号' } });
    await expect(city.rows(`UPDATE policy_fund_end SET from_date = from_date + 1 RETURNING 1`)).rejects.toThrow(/permission denied/);
  });

  it('holds from its day on at every till of every process, for those whom the fund pays', async () => {
    await day('2024-12-14', 0, 3);
    await moveTo('2024-12-15');
    till = await city.till(0);
    expect((await eat(0))[0]).toMatchObject({ outcome: 'accepted', subsidyFen: 0, code: 'funds-ended', sentence: expect.stringContaining('公告截止') });
    const elsewhere = await till.send('/v1/taps', till.body({ card: cards[1] as string }), other.app);
    expect(elsewhere.body).toMatchObject({ outcome: 'accepted', subsidyFen: 0, code: 'funds-ended' });
    expect((await eat(3))[0]).toMatchObject({ subsidyFen: 300 });
  });

  it('ends by another announcement with the same two signatures', async () => {
    expect(await announce('county', { action: 'resume', day: '2024-12-14', documentNumber: '东民告〔2024〕4号' })).toMatchObject({ status: 422, body: { code: 'funds-end-too-soon' } });
    const made = await announce('county', { action: 'resume', day: '2024-12-16', documentNumber: '东民告〔2024〕4号' });
    expect(await post('approver', `/v1/budgets/ends/${made.body.endId}/countersign`)).toMatchObject({ status: 200 });
    expect((await get('approver', '/v1/budgets/ends?year=2024')).body.items.map((one: { action: string; publishedAt: string | null }) => `${one.action} ${one.publishedAt !== null}`).sort()).toEqual(['end false', 'end true', 'resume true']);
    expect((await get('far', '/v1/budgets/ends?year=2024')).body.items).toEqual([]);
    await moveTo('2024-12-16');
    till = await city.till(0);
    expect((await till.send('/v1/taps', till.body({ card: cards[0] as string }), other.app)).body).toMatchObject({ subsidyFen: 300 });
  });
});

describe('past zero', () => {
  it('is not ordered on where the policy lets the subsidy end', async () => {
    expect(await entry('reviewer', { kind: 'order', fen: 0, documentNumber: '继续1号' })).toMatchObject({ status: 409, body: { code: 'funds-end-otherwise', title: expect.stringContaining('公告停止') } });
  });

  it('shows what nobody ordered as overrun, and the till knows nothing of it', async () => {
    await day('2024-12-17', 0);
    const { figures, orderNumber } = await fund();
    expect(figures).toMatchObject({ budgetFen: 1150, usedFen: 1500, remainingFen: -350, overrunFen: 350, unfundedPayableFen: 0 });
    expect(orderNumber).toBeNull();
    expect(Object.values(await countedOtherwise(2024))).toEqual([1950, 1500, 450]);
  });

  it('is owed without a fund where the policy lets it go on and finance has ordered it by number', async () => {
    await publishRules('2024-12b', '2024-12-18', 'continue');
    expect(await entry('reviewer', { kind: 'order', fen: 0, documentNumber: '继续1号' })).toMatchObject({ status: 409 });
    await moveTo('2024-12-18', 600);
    expect(await post('county', '/v1/budgets/ends', { funderCode: FUND, action: 'end', day: '2024-12-25', documentNumber: '公告', documentTitle: '公告' })).toMatchObject({ status: 409, body: { code: 'funds-end-otherwise' } });
    const order = (await entry('reviewer', { kind: 'order', fen: 0, documentNumber: '东财社〔2024〕77号' })).body;
    expect((await fund()).figures).toMatchObject({ overrunFen: 350, unfundedPayableFen: 0 });
    expect(await post('approver', `/v1/budgets/entries/${order.entryId}/confirm`)).toMatchObject({ status: 200, body: { kind: 'order', fen: 0 } });
    expect(await fund()).toMatchObject({ orderNumber: '东财社〔2024〕77号', rule: { way: 'continue' }, figures: { budgetFen: 1150, remainingFen: -350, overrunFen: 0, unfundedPayableFen: 350 } });
  });
});

describe('claims', () => {
  const statement = async () => (await get('boss', '/v1/statements')).body.items[0];
  let claimId: string;
  let late: string;

  it('move a year\'s meals to the budget that pays them; the parts add up', async () => {
    [{ tapId: late }] = await city.rows<{ tapId: string }>(`SELECT h.tap_id AS "tapId" FROM meal_share h WHERE h.city_code = $1 AND h.funder_code = $2 LIMIT 1`, [CITY, OTHER]) as [{ tapId: string }];
    await moveTo('2025-01-02', 600);
    expect(await post('boss', '/v1/settlement/months/2024-12/close')).toMatchObject({ status: 202 });
    await runner.waitUntilIdle();
    const { items } = (await get('boss', '/v1/claims?month=2024-12')).body;
    claimId = items[0].claimId;
    expect((await fund()).figures).toMatchObject({ committedFen: 1500, claimedFen: 1500, unclaimedFen: 0, inReviewFen: 1500, approvedFen: 0 });
    expect(await post('manager', `/v1/claims/${claimId}/submit`)).toMatchObject({ status: 200 });
    expect(await post('street', `/v1/claims/${claimId}/review`)).toMatchObject({ status: 200 });
    const line = (await get('boss', `/v1/claims/${claimId}`)).body.lines.find((one: { funderCode: string }) => one.funderCode === FUND);
    expect(await post('county', `/v1/claims/${claimId}/cuts`, { lineNo: line.lineNo, fen: 60, reason: '抽查不符' })).toMatchObject({ status: 200 });
    expect(await post('county', `/v1/claims/${claimId}/approve`)).toMatchObject({ status: 200 });
    expect((await fund()).figures).toMatchObject({ claimedFen: 1500, cutFen: 60, approvedFen: 1440, unpaidFen: 1440, inReviewFen: 0, usedFen: 1440 });
    const budgets = [['city', 2024], ['county', 2025]].map(([funderKind, budgetYear]) => ({ funderKind, budgetYear, budgetDocument: DOCUMENT }));
    const batch = await post('county', '/v1/batches', { month: '2024-12', countyCode: COUNTY, budgets });
    expect(batch).toMatchObject({ status: 200 });
    expect((await fund()).figures).toMatchObject({ committedFen: 1500, carriedOutFen: 1500, claimedFen: 0, usedFen: 0, remainingFen: 1150, overrunFen: 0 });
    expect((await fund(2025)).figures).toMatchObject({ committedFen: 0, carriedInFen: 1500, claimedFen: 1500, cutFen: 60, approvedFen: 1440, usedFen: 1440, remainingFen: -1440 });
    expect(await post('reviewer', `/v1/batches/${batch.body.batchId}/review`)).toMatchObject({ status: 200 });
    expect(await post('approver', `/v1/batches/${batch.body.batchId}/release`)).toMatchObject({ status: 200 });
    const legs = (await get('reviewer', `/v1/batches/${batch.body.batchId}/legs`)).body.items as { legNumber: string; fen: number; funderCode: string }[];
    const own = legs.find(({ funderCode }) => funderCode === FUND) as (typeof legs)[number];
    expect(await post('reviewer', '/v1/receipts', { csv: `legNumber,fen,paidOn,serial\r\n${own.legNumber},1000,2025-01-02,S1\r\n` })).toMatchObject({ status: 200 });
    // A release takes its money out of the sites' receivables: what meals took stays what it was.
    for (const [code, fen] of Object.entries(await countedOtherwise(2024))) expect((await fund(2024, code)).figures.committedFen).toBe(fen);
    for (const year of [2024, 2025]) {
      for (const code of ['city@371500', FUND, OTHER]) {
        const { figures } = await fund(year, code);
        expect(figures.unclaimedFen + figures.inReviewFen + figures.unpaidFen + figures.paidFen).toBe(figures.usedFen);
        expect(figures.budgetFen - figures.usedFen).toBe(figures.remainingFen);
        const [paid] = await city.rows<{ fen: number }>('SELECT COALESCE(sum(paid_fen), 0)::bigint AS fen FROM payment_leg WHERE city_code = $1 AND funder_code = $2 AND budget_year = $3', [CITY, code, year]);
        expect(figures.paidFen).toBe(paid?.fen);
      }
    }
    expect((await fund(2025)).figures).toMatchObject({ paidFen: 1000, unpaidFen: 440 });
  });

  it('make one statement between counties, the same for ever, with figures of the meals themselves', async () => {
    await until(async () => (await statement()) !== undefined);
    const made = await statement();
    expect(made).toMatchObject({ statementNumber: '371500-202412-QX', month: '2024-12', lineCount: 1, totalFen: 450 });
    const detail = (await get('boss', `/v1/statements/${made.statementId}`)).body;
    expect(detail.lines).toEqual([{
      lineNo: 1, siteCounty: COUNTY, siteCountyName: '东昌府区', bearingCounty: '371503', bearingCountyName: '茌平区', funderCode: OTHER, funderName: '茌平区财政', mealMonth: '2024-12', meals: 3, fen: 450,
    }]);
    expect(detail.positions.map((one: { countyCode: string; netFen: number }) => [one.countyCode, one.netFen])).toEqual([[COUNTY, 450], ['371503', -450]]);
    expect(detail.linesHash).toBe(sha256(`1|${COUNTY}|371503|${OTHER}|2024-12|3|450`));
    // Told again, it is made no second time.
    await city.rows(`UPDATE outbox SET handled_at = NULL, relayed_at = NULL WHERE city_code = $1 AND job = 'budget.county-statement' RETURNING 1`, [CITY]);
    await runner.waitUntilIdle();
    expect(await city.rows('SELECT count(*) AS n FROM county_statement WHERE city_code = $1', [CITY])).toEqual([{ n: 1 }]);
    expect(await statement()).toEqual(made);
    expect((await get('neighbour', `/v1/statements/${made.statementId}`)).body.lines).toHaveLength(1);
    expect((await get('far', `/v1/statements/${made.statementId}`)).body).toMatchObject({ lines: [], shownFen: 0, totalFen: 450 });
    expect(await get('street', '/v1/statements')).toMatchObject({ status: 403 });
  });

  it('come as a spreadsheet with number, lines and sum', async () => {
    const { statementId } = await statement();
    const file = await city.service.app.inject({ method: 'GET', url: `/v1/statements/${statementId}/export.xlsx`, headers: { authorization: `Bearer ${tokens['neighbour']}` } });
    expect(file.headers['content-disposition']).toContain('371500-202412-QX.xlsx');
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(file.rawPayload as unknown as ArrayBuffer);
    expect(book.getWorksheet('汇总')?.getRow(2).values).toEqual([undefined, '371500-202412-QX', '2024-12', 1, 4.5]);
    expect(book.getWorksheet('明细')?.getCell('G3').value).toBe(4.5);
    expect(book.getWorksheet('净额')?.getCell('E4').value).toBe(0);
  });

  it('are corrected in the statement of the month that books it, and in the year of the meal', async () => {
    const before = await statement();
    expect(await post('county', `/v1/taps/${late}/void`, { reason: '重复记录' })).toMatchObject({ status: 200, body: { bookedMonth: '2025-01' } });
    expect((await fund(2024, OTHER)).figures.committedFen).toBe(300);
    expect((await fund(2025, OTHER)).figures.committedFen).toBe(0);
    expect(await countedOtherwise(2024)).toMatchObject({ [OTHER]: 300 });
    await moveTo('2025-02-01', 600);
    expect(await post('boss', '/v1/settlement/months/2025-01/close')).toMatchObject({ status: 202 });
    await runner.waitUntilIdle();
    await until(async () => (await statement()).month === '2025-01');
    const { items } = (await get('boss', '/v1/statements')).body;
    expect(items[1]).toEqual(before);
    expect((await get('boss', `/v1/statements/${items[0].statementId}`)).body.lines).toMatchObject([{ mealMonth: '2024-12', meals: -1, fen: -150 }]);
  });

  it('leave books that balance and a chain that holds', async () => {
    await city.service.parts.transactor.run(async (tx) => {
      expect((await runInvariants(tx, CITY)).violations).toEqual([]);
      expect(await verifyAuditChain(tx, CITY)).toMatchObject({ brokenAt: null });
    });
    const [audits] = await city.rows<{ actions: string[] }>(`SELECT array_agg(DISTINCT action ORDER BY action) AS actions FROM audit WHERE city_code = $1 AND action ~ '^(budget|statement)'`, [CITY]);
    expect(audits?.actions).toEqual(['budget.adjustment.close', 'budget.alarm', 'budget.confirmed', 'budget.end.draft', 'budget.end.publish', 'budget.record', 'budget.rejected', 'statement.make']);
  });
});

/** Waits for what jobs bring about. */
async function until(question: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await question()) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('it did not come true');
}
