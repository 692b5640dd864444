import { randomUUID } from 'node:crypto';
import ExcelJS from 'exceljs';
import pg from 'pg';
import { verifyAuditChain } from '../../src/access/index.js';
import { civilDate, fen } from '../../src/kernel/index.js';
import { account } from '../../src/ledger/domain/index.js';
import { bookingMonth, imbalance, postTransfers } from '../../src/ledger/index.js';
import { JobBoard, JobRunner } from '../../src/platform/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { CITY, TappingCity } from '../support/tapping-city.js';
import { until } from '../support/signal.js';

const COUNTY = '371502';
const HEADER = 'legNumber,fen,paidOn,serial';
const STAFF = [
  ['boss', ['cityOfficer'], CITY, null], ['street', ['townshipOfficer'], '371502001', null], ['double', ['townshipOfficer', 'countyOfficer'], COUNTY, null],
  ['reviewer', ['financeReviewer'], COUNTY, null], ['both', ['financeReviewer', 'financeApprover'], COUNTY, null], ['approver', ['financeApprover'], COUNTY, null],
  ['elsewhere', ['countyOfficer'], '371521', null],
] as const;

let city: TappingCity;
let runner: JobRunner;
let tokens: Record<string, string> = {};
let claims: Record<'a' | 'b', string>;
let batchId: string;
let lateTap: string;

async function logIn(...accounts: string[]): Promise<void> {
  for (const name of accounts) tokens[name] = await city.staffed.tokenOf(name);
}

const post = (who: string, url: string, body: object) => city.staffed.call('POST', url, { token: tokens[who] as string, body: { id: randomUUID(), ...body } });
const get = (who: string, url: string) => city.staffed.call('GET', url, { token: tokens[who] as string });
const claim = async (name: 'a' | 'b') => (await get('boss', `/v1/claims/${claims[name]}`)).body;
const receipt = (who: string, rows: string[], id = randomUUID()) => post(who, '/v1/receipts', { id, csv: `${HEADER}\r\n${rows.join('\r\n')}\r\n` });

/** Everybody logs in again: sessions end while the clock runs on. */
async function moveTo(date: string): Promise<void> {
  city.clock.setTo(civilDate(date), 600);
  tokens = {};
  await logIn('boss', 'manager-a', 'manager-b', ...STAFF.map(([name]) => name), 'county');
}

function newRunner(): JobRunner {
  const { app, parts, ground } = city.service;
  return new JobRunner({ ...parts, board: app.get(JobBoard), ownerUrl: ground.ownerUrl, redisUrl: undefined, pace: { pollMs: 20, sweepMs: 100 } });
}

async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: city.service.ground.ownerUrl });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

beforeAll(async () => {
  city = await TappingCity.start();
  for (const [name, roles, division, site] of STAFF) await city.staffed.add(name, [...roles], division, site);
  await city.staffed.add('manager-a', ['canteenManager'], COUNTY, city.sites[0] as string);
  await city.staffed.add('manager-b', ['canteenManager'], COUNTY, city.sites[1] as string);
  runner = newRunner();
  await runner.start();
  const [tillA, tillB] = [await city.till(0), await city.till(1)];
  const elders = [await city.elder(), await city.elder(), await city.elder(), await city.elder()];
  const answers = [];
  for (const { card } of elders.slice(0, 3)) answers.push(await tillA.tap({ card }));
  await tillA.tap();
  await tillB.tap({ card: (elders[3] as { card: string }).card });
  lateTap = answers[0]?.body.tapId;
  expect(await tillA.send(`/v1/taps/${answers[2]?.body.tapId}/void`, { id: randomUUID(), reason: '按错键' })).toMatchObject({ status: 200 });
}, 90_000);

afterAll(async () => {
  await runner?.stop();
  await city?.close();
});

describe('closing the month', () => {
  it('waits for its end', async () => {
    await logIn('boss');
    expect(await post('boss', '/v1/settlement/months/2024-12/close', {})).toMatchObject({ status: 409, body: { code: 'month-not-over' } });
  });

  it('makes a claim for each site, shows its progress, and happens once', async () => {
    await moveTo('2025-01-02');
    const id = randomUUID();
    const closed = await post('boss', '/v1/settlement/months/2024-12/close', { id });
    expect(closed).toMatchObject({ status: 202, body: { runId: id, claimsTotal: 2 } });
    await runner.waitUntilIdle();
    expect((await get('boss', `/v1/settlement/runs/${id}`)).body).toMatchObject({ month: '2024-12', claimsTotal: 2, claimsDone: 2, claimsWithDifference: 0, claimedFen: 900, failed: [] });
    expect((await post('boss', '/v1/settlement/months/2024-12/close', { id })).body).toEqual(closed.body);
    expect(await post('boss', '/v1/settlement/months/2024-12/close', {})).toMatchObject({ status: 409, body: { code: 'month-closed' } });
    expect(await post('county', '/v1/settlement/months/2024-12/close', {})).toMatchObject({ status: 403 });
  });

  it('counts what was not voided, by funder, numbered without gaps', async () => {
    const { items } = (await get('boss', `/v1/claims?month=2024-12&county=${COUNTY}`)).body;
    const bySite = (site: number) => items.find((entry: { siteId: string }) => entry.siteId === city.sites[site]);
    claims = { a: bySite(0).claimId, b: bySite(1).claimId };
    expect([bySite(0), bySite(1)].map((entry) => [entry.state, entry.stepDue, entry.meals, entry.claimedFen, entry.approvedFen, entry.cutFen, entry.paidFen, entry.differenceFen, entry.clean]))
      .toEqual([['draft', 'submit', 2, 600, 0, 0, 0, 0, true], ['draft', 'submit', 1, 300, 0, 0, 0, 0, true]]);
    expect(items.map((entry: { claimNumber: string }) => entry.claimNumber)).toEqual([`${COUNTY}-2024-00001`, `${COUNTY}-2024-00002`]);
    expect((await claim('a')).lines.map((line: object) => ({ ...line, operatorId: 0, payeeId: 0 }))).toEqual([
      { lineNo: 1, operatorId: 0, payeeId: 0, funderCode: 'city@371500', mealMonth: '2024-12', meals: 2, claimedFen: 300, cutFen: 0, approvedFen: 300 },
      { lineNo: 2, operatorId: 0, payeeId: 0, funderCode: 'county@371502', mealMonth: '2024-12', meals: 2, claimedFen: 300, cutFen: 0, approvedFen: 300 },
    ]);
  });
});

describe('approval', () => {
  it('is the site\'s own to begin, and nobody else\'s', async () => {
    expect(await post('manager-b', `/v1/claims/${claims.a}/submit`, {})).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await post('county', `/v1/claims/${claims.a}/submit`, {})).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await post('county', `/v1/claims/${claims.a}/approve`, {})).toMatchObject({ status: 409, body: { code: 'claim-state' } });
    expect(await get('elsewhere', `/v1/claims/${claims.a}`)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await post('manager-a', `/v1/claims/${claims.a}/submit`, {})).toMatchObject({ status: 200, body: { claims: 1, state: 'submitted' } });
    expect(await post('manager-a', `/v1/claims/${claims.a}/rebuild`, {})).toMatchObject({ status: 409, body: { code: 'rebuild-same' } });
  });

  it('never has its maker for a checker', async () => {
    expect(await post('double', '/v1/claims/approvals', { step: 'township', claimIds: [claims.a] })).toMatchObject({ status: 200, body: { state: 'townshipReviewed' } });
    expect(await post('double', `/v1/claims/${claims.a}/approve`, {})).toMatchObject({ status: 403, body: { code: 'maker-is-checker' } });
    expect(await post('double', `/v1/claims/${claims.a}/cuts`, { lineNo: 1, fen: 1, reason: '试' })).toMatchObject({ status: 403, body: { code: 'maker-is-checker' } });
  });

  it('keeps the four figures apart through a cut', async () => {
    expect(await post('county', `/v1/claims/${claims.a}/cuts`, { lineNo: 1, fen: 301, reason: '多记' })).toMatchObject({ status: 422, body: { code: 'cut-too-much', detail: { leftFen: 300 } } });
    expect(await post('county', `/v1/claims/${claims.a}/cuts`, { lineNo: 9, fen: 1, reason: '多记' })).toMatchObject({ status: 404, body: { code: 'cut-line-unknown' } });
    expect(await post('county', `/v1/claims/${claims.a}/cuts`, { lineNo: 1, fen: 100, reason: '抽查不符' })).toMatchObject({ status: 200, body: { claimedFen: 600, cutFen: 100 } });
    expect(await post('county', '/v1/claims/approvals', { step: 'county', claimIds: [claims.a] })).toMatchObject({ status: 409, body: { code: 'claims-not-clean' } });
    expect(await post('county', `/v1/claims/${claims.a}/approve`, {})).toMatchObject({ status: 200, body: { state: 'countyApproved' } });
    expect(await claim('a')).toMatchObject({ claimedFen: 600, cutFen: 100, approvedFen: 500, paidFen: 0, cuts: [{ lineNo: 1, fen: 100, reason: '抽查不符', atStep: 'county' }] });
  });

  it('begins anew after a return', async () => {
    await post('manager-b', `/v1/claims/${claims.b}/submit`, {});
    expect(await post('street', `/v1/claims/${claims.b}/cuts`, { lineNo: 1, fen: 50, reason: '多记' })).toMatchObject({ status: 200 });
    expect(await post('street', `/v1/claims/${claims.b}/return`, { reason: '请补说明' })).toMatchObject({ status: 200, body: { state: 'returned' } });
    expect(await claim('b')).toMatchObject({ state: 'returned', revision: 2, cutFen: 0, cuts: [], claimedFen: 300 });
    await post('manager-b', `/v1/claims/${claims.b}/submit`, {});
    expect(await post('street', '/v1/claims/approvals', { step: 'township', claimIds: [claims.b] })).toMatchObject({ status: 409, body: { code: 'claims-not-clean' } });
    expect(await post('street', `/v1/claims/${claims.b}/review`, {})).toMatchObject({ status: 200 });
    expect(await post('county', `/v1/claims/${claims.b}/approve`, {})).toMatchObject({ status: 200 });
    expect((await claim('b')).steps.map((entry: { step: string }) => entry.step)).toEqual(['build', 'submit', 'return', 'submit', 'township', 'county']);
  });
});

describe('the batch', () => {
  const budgets = ['city', 'county'].map((funderKind) => ({ funderKind, budgetYear: 2025, budgetDocument: '聊财社指〔2025〕1号' }));

  it('names the budget of every funder', async () => {
    const request = { month: '2024-12', countyCode: COUNTY };
    expect(await post('county', '/v1/batches', { ...request, budgets: budgets.slice(0, 1) })).toMatchObject({ status: 422, body: { code: 'budget-missing', detail: { kinds: ['county'] } } });
    expect(await post('elsewhere', '/v1/batches', { ...request, budgets })).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    const made = await post('county', '/v1/batches', { ...request, budgets });
    expect(made).toMatchObject({ status: 200, body: { batchNumber: `${COUNTY}-2024-P001`, claims: 2, approvedFen: 800 } });
    ({ batchId } = made.body);
    expect(await post('county', '/v1/batches', { ...request, budgets })).toMatchObject({ status: 409, body: { code: 'batch-empty' } });
  });

  it('goes back to the county and comes again under a new number', async () => {
    expect(await post('reviewer', `/v1/batches/${batchId}/return`, { reason: '指标文号有误' })).toMatchObject({ status: 200, body: { state: 'returned' } });
    expect(await claim('a')).toMatchObject({ state: 'countyApproved', batchId: null, approvedFen: 500, cutFen: 100 });
    const made = await post('county', '/v1/batches', { month: '2024-12', countyCode: COUNTY, budgets });
    expect(made.body).toMatchObject({ batchNumber: `${COUNTY}-2024-P002`, claims: 2 });
    ({ batchId } = made.body);
  });

  it('asks for its money in a letter and a spreadsheet', async () => {
    const letter = await city.service.app.inject({ method: 'GET', url: `/v1/batches/${batchId}/letter`, headers: { authorization: `Bearer ${tokens['reviewer']}` } });
    expect(letter.headers['content-type']).toContain('text/html');
    for (const text of ['东昌府区民政局', '人民币捌元整', '聊财社指〔2025〕1号', '聊城市财政', `${COUNTY}-2024-00001`, '2025年1月2日']) expect(letter.body).toContain(text);
    const sheet = await city.service.app.inject({ method: 'GET', url: `/v1/batches/${batchId}/export.xlsx`, headers: { authorization: `Bearer ${tokens['reviewer']}` } });
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(sheet.rawPayload as unknown as ArrayBuffer);
    expect(book.getWorksheet('汇总')?.getCell('D4').value).toBe(9);
    expect(book.getWorksheet('明细')?.getCell('I6').value).toBe(9);
    const days = book.getWorksheet('按日');
    expect(days?.getCell(`G${days.rowCount}`).value).toBe(9);
  });

  it('is reviewed by one and released by another, and a cut there keeps the approvals', async () => {
    expect(await post('both', `/v1/batches/${batchId}/release`, {})).toMatchObject({ status: 409, body: { code: 'batch-state' } });
    expect(await post('both', `/v1/batches/${batchId}/review`, {})).toMatchObject({ status: 200, body: { state: 'financeReviewed' } });
    expect(await post('both', `/v1/batches/${batchId}/release`, {})).toMatchObject({ status: 403, body: { code: 'maker-is-checker' } });
    expect(await post('approver', `/v1/claims/${claims.b}/cuts`, { lineNo: 2, fen: 50, reason: '指标不足' })).toMatchObject({ status: 200 });
    expect(await claim('b')).toMatchObject({ state: 'financeReviewed', approvedFen: 250, cutFen: 50 });
    expect(await post('approver', `/v1/batches/${batchId}/release`, {})).toMatchObject({ status: 200, body: { state: 'released', legs: 4 } });
    const { items } = (await get('reviewer', `/v1/batches/${batchId}/legs`)).body;
    const paid = (of: string) => items.filter((leg: { claimId: string }) => leg.claimId === of)
      .map((leg: { funderCode: string; fen: number; budgetYear: number }) => [leg.funderCode, leg.fen, leg.budgetYear]);
    expect([paid(claims.a), paid(claims.b)]).toEqual([[['city@371500', 200, 2025], ['county@371502', 300, 2025]], [['city@371500', 150, 2025], ['county@371502', 100, 2025]]]);
    expect(items.map((leg: { legNumber: string }) => leg.legNumber)).toEqual([1, 2, 3, 4].map((number) => `${COUNTY}-2024-P002-000${number}`));
    const due = await city.rows(`SELECT sum(debit_fen) - sum(credit_fen) AS fen FROM ledger_balance WHERE city_code = $1 AND account LIKE 'due/%'`, [CITY]);
    expect(due).toEqual([{ fen: 0 }]);
  });
});

describe('the receipt', () => {
  let legs: { legNumber: string; fen: number }[];
  const row = (index: number, amount: number, serial: string) => `${legs[index]?.legNumber},${amount},2025-01-02,${serial}`;

  it('is refused whole, with a report by row', async () => {
    legs = (await get('reviewer', `/v1/batches/${batchId}/legs`)).body.items;
    const bad = await receipt('reviewer', [row(0, 1, 'S1'), row(1, 99_999, 'S2'), 'NOPE,5,2025-01-02,S3', row(2, 1, 'S1'), row(3, 0, 'S4')]);
    expect(bad).toMatchObject({ status: 422, body: { code: 'receipt-wrong', detail: { faults: 1, rows: ['第 6 行：金额应为不为 0 的整数分'] } } });
    const worse = await receipt('reviewer', [row(0, 1, 'S1'), row(1, 99_999, 'S2'), 'NOPE,5,2025-01-02,S3', row(2, 1, 'S1')]);
    expect(worse.body.detail).toEqual({ faults: 3, rows: ['第 3 行：超过应付金额', '第 4 行：没有这个支付编号', '第 5 行：流水号重复'] });
    expect(await city.rows('SELECT count(*) AS rows FROM payment_receipt_line')).toEqual([{ rows: 0 }]);
    expect(await receipt('approver', [row(0, 1, 'S1')])).toMatchObject({ status: 403, body: { code: 'maker-is-checker' } });
  });

  it('pays in part, then the rest; the same file twice changes nothing', async () => {
    expect(await receipt('reviewer', [row(0, 150, 'S1')])).toMatchObject({ status: 200, body: { lines: 1, totalFen: 150, repeated: false } });
    expect((await get('boss', `/v1/batches/${batchId}`)).body).toMatchObject({ state: 'partPaid', approvedFen: 750, paidFen: 150 });
    const rest = [row(0, (legs[0]?.fen ?? 0) - 150, 'S2'), ...legs.slice(1).map((leg, index) => row(index + 1, leg.fen, `S${index + 3}`))].filter((line) => !line.includes(',0,'));
    expect(await receipt('reviewer', rest)).toMatchObject({ status: 200, body: { totalFen: 600, repeated: false } });
    expect(await receipt('reviewer', rest)).toMatchObject({ status: 200, body: { totalFen: 600, repeated: true } });
    expect((await get('boss', `/v1/batches/${batchId}`)).body).toMatchObject({ state: 'paid', claimedFen: 900, cutFen: 150, approvedFen: 750, paidFen: 750 });
    expect([(await claim('a')).paidFen, (await claim('b')).paidFen, (await claim('a')).state]).toEqual([500, 250, 'paid']);
    const open = await city.rows(`SELECT account FROM ledger_balance WHERE city_code = $1 AND account ~ '^(due|approved)/' GROUP BY account HAVING sum(debit_fen) <> sum(credit_fen)`, [CITY]);
    expect(open).toEqual([]);
  });

  it('leaves nothing to change afterwards', async () => {
    expect(await post('county', `/v1/claims/${claims.a}/return`, { reason: '反悔' })).toMatchObject({ status: 409, body: { code: 'claim-state' } });
    await expect(city.rows(`UPDATE claim SET state = 'draft' WHERE city_code = $1 AND claim_id = $2 RETURNING 1`, [CITY, claims.a])).rejects.toThrow();
    await expect(city.rows(`UPDATE claim SET claimed_fen = claimed_fen + 1 WHERE city_code = $1 AND claim_id = $2 RETURNING 1`, [CITY, claims.a])).rejects.toThrow();
    await expect(city.rows('DELETE FROM claim_line WHERE city_code = $1 RETURNING 1', [CITY])).rejects.toThrow(/permission denied/);
  });

  it('leaves books of which everything holds that must', async () => {
    const { checked, violations } = await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY));
    expect(checked).toBeGreaterThanOrEqual(14);
    expect(violations).toEqual([]);
  });
});

describe('the month after', () => {
  it('claims back a late void, and does not take the release of the month before for a difference', async () => {
    expect(await post('county', `/v1/taps/${lateTap}/void`, { reason: '重复记录' })).toMatchObject({ status: 200, body: { bookedMonth: '2025-01' } });
    const { transactor, clock } = city.service.parts;
    const date = civilDate('2025-01-02');
    await transactor.run(async (tx) => postTransfers(tx, clock, [{
      cityCode: CITY, bookedMonth: await bookingMonth(tx, clock, CITY, date), transferId: randomUUID(), leg: 1, kind: 'meal', siteId: city.sites[1] as string, mealDate: date, causeId: randomUUID(),
      debitAccount: account.due(city.sites[1] as string, 'city@371500'), creditAccount: account.sales(city.sites[1] as string), fen: fen(5),
    }]));
    await moveTo('2025-02-01');
    await runner.stop();
    const both = await Promise.all([1, 2].map(() => post('boss', '/v1/settlement/months/2025-01/close', {})));
    expect(both.map((answer) => answer.status).sort()).toEqual([202, 409]);
    const closed = both.find((answer) => answer.status === 202) as (typeof both)[number];
    expect(closed.body).toMatchObject({ claimsTotal: 2 });
    // The outbox is lost before any job was done: the sweeper finds the claims that are still to be built.
    await asOwner('DELETE FROM outbox');
    runner = newRunner();
    await runner.start();
    await until(async () => (await get('boss', `/v1/settlement/runs/${closed.body.runId}`)).body.claimsDone === 2, 'both claims are built');
    expect((await get('boss', `/v1/settlement/runs/${closed.body.runId}`)).body).toMatchObject({ claimsDone: 2, claimsWithDifference: 1, claimedFen: -300 });
    const { items } = (await get('boss', '/v1/claims?month=2025-01')).body;
    const bySite = (site: number) => items.find((entry: { siteId: string }) => entry.siteId === city.sites[site]);
    expect(bySite(0)).toMatchObject({ claimNumber: expect.stringMatching(/^371502-2025-0000[12]$/), claimedFen: -300, meals: -1, differenceFen: 0, clean: false });
    expect(bySite(1)).toMatchObject({ claimedFen: 0, differenceFen: 5, clean: false });
    const detail = (await get('manager-b', `/v1/claims/${bySite(1).claimId}`)).body;
    expect(detail.differences).toEqual([{ funderCode: 'city@371500', mealsFen: 0, bookedFen: 5 }]);
    expect(await post('manager-b', `/v1/claims/${detail.claimId}/submit`, {})).toMatchObject({ status: 409, body: { code: 'claim-difference' } });
    const deduction = bySite(0).claimId;
    expect(await post('manager-a', `/v1/claims/${deduction}/submit`, {})).toMatchObject({ status: 200 });
    expect(await post('street', '/v1/claims/approvals', { step: 'township', claimIds: [deduction] })).toMatchObject({ status: 409, body: { code: 'claims-not-clean' } });
  });

  it('makes a claim again when a fact changed: a new draft whose approvals are void', async () => {
    const { items } = (await get('boss', '/v1/claims?month=2025-01')).body;
    const [submitted, differing] = ['submitted', 'draft'].map((state) => items.find((entry: { state: string }) => entry.state === state));
    expect(await post('county', `/v1/claims/${submitted.claimId}/rebuild`, {})).toMatchObject({ status: 409, body: { code: 'rebuild-same' } });
    const planted = (claimId: string, siteId: string, amount: number) => city.rows(
      `INSERT INTO claim_booking (city_code, claim_id, funder_code, site_id, booked_month, fen) VALUES ($1, $2, 'city@371500', $3, '2025-01', $4)`, [CITY, claimId, siteId, amount]);
    await planted(differing.claimId, differing.siteId, -5);
    expect(await post('county', `/v1/claims/${differing.claimId}/rebuild`, {})).toMatchObject({ status: 200, body: { state: 'draft' } });
    expect((await get('boss', `/v1/claims/${differing.claimId}`)).body).toMatchObject({ revision: 2, differenceFen: 0, differences: [] });
    await planted(submitted.claimId, submitted.siteId, 7);
    expect(await post('county', `/v1/claims/${submitted.claimId}/rebuild`, {})).toMatchObject({ status: 200 });
    expect((await get('boss', `/v1/claims/${submitted.claimId}`)).body).toMatchObject({ state: 'draft', stepDue: 'submit', revision: 2, differenceFen: 7 });
  });

  it('ends with books that balance and an audit chain that holds', async () => {
    await city.service.parts.transactor.run(async (tx) => {
      expect(await imbalance(tx, CITY)).toBe(0);
      expect(await verifyAuditChain(tx, CITY)).toMatchObject({ brokenAt: null });
    });
    const [audits] = await city.rows<{ actions: string[] }>(`SELECT array_agg(DISTINCT action ORDER BY action) AS actions FROM audit WHERE city_code = $1 AND action ~ '^(claim|batch|receipt|settlement)'`, [CITY]);
    expect(audits?.actions).toEqual(expect.arrayContaining(['batch.make', 'batch.release', 'batch.return', 'claim.build', 'claim.county', 'claim.cut', 'claim.pay', 'claim.release', 'claim.return', 'claim.submit', 'claim.township', 'receipt.import', 'settlement.close']));
  });
});
