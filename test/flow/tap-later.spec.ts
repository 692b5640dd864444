import { randomUUID } from 'node:crypto';
import { chinaInstant, civilDate, civilMonth } from '../../src/kernel/index.js';
import { balancesOf, closeMonth, imbalance } from '../../src/ledger/index.js';
import { createApp } from '../../src/app.js';
import { dailyTotals, mealLines, mealTotals } from '../../src/tap/index.js';
import { CITY, MINUTE, OPERATOR, PAYEE, TappingCity, type TestTill } from '../support/tapping-city.js';

const DEC = civilMonth('2024-12');
const JAN = civilMonth('2025-01');
const DAY = civilDate('2024-12-03');

let city: TappingCity;
let till: TestTill;
let siteId: string;
/** A subsidised meal each, by what becomes of it. */
const meals: Record<'stays' | 'voided' | 'voidedLater' | 'adjusted' | 'adjustedThenVoided', string> = { stays: '', voided: '', voidedLater: '', adjusted: '', adjustedThenVoided: '' };

const run = (work: Parameters<TappingCity['service']['parts']['transactor']['run']>[0]) => city.service.parts.transactor.run(work as never) as Promise<never>;

async function staff(account: string, method: 'GET' | 'POST', path: string, body?: object) {
  const token = await city.staffed.tokenOf(account);
  return city.staffed.call(method, path, { token, ...(body === undefined ? {} : { body }) });
}
const voidBody = () => ({ id: randomUUID(), reason: '老人未取餐' });
const adjustBody = () => ({ id: randomUUID(), cause: 'death', reason: '迟报去世' });

beforeAll(async () => {
  city = await TappingCity.start();
  till = await city.till(0);
  siteId = till.siteId;
  await city.staffed.add('manager', ['canteenManager'], '371502', siteId);
  await city.staffed.add('stranger', ['canteenManager'], '371502', city.sites[1] as string);
  await city.staffed.add('far', ['countyOfficer'], '371521');
  await city.staffed.add('auditor', ['auditor'], '371500');
  for (const name of Object.keys(meals) as (keyof typeof meals)[]) {
    const { body } = await till.tap({ card: (await city.elder()).card });
    expect(body).toMatchObject({ outcome: 'accepted', subsidyFen: 300 });
    meals[name] = body.tapId;
  }
  await till.tap();
}, 60_000);

afterAll(() => city?.close());

describe('on the same day', () => {
  it('the till voids, a stranger cannot', async () => {
    expect(await staff('stranger', 'POST', `/v1/taps/${meals.voided}/void`, voidBody())).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await staff('far', 'POST', `/v1/taps/${meals.voided}/void`, voidBody())).toMatchObject({ status: 403 });
    expect(await till.send(`/v1/taps/${meals.voided}/void`, voidBody())).toMatchObject({ status: 200 });
  });

  it('two voids at once are one', async () => {
    const { body } = await till.tap();
    const answers = await Promise.all([till.send(`/v1/taps/${body.tapId}/void`, voidBody()), till.send(`/v1/taps/${body.tapId}/void`, voidBody())]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });

  it('an office sees the reasons, the till does not', async () => {
    const seen = await staff('auditor', 'GET', `/v1/taps/${meals.stays}`);
    expect(seen.body.reasons).toMatchObject([{ ruleId: expect.stringContaining('liaocheng'), parts: [{ funder: 'city', fen: 150 }, { funder: 'county', fen: 150 }] }]);
    expect((await till.send(`/v1/taps/${meals.stays}`)).body.reasons).toEqual([]);
  });

  it('only the county corrects', async () => {
    expect(await staff('manager', 'POST', `/v1/taps/${meals.adjusted}/adjustments`, adjustBody())).toMatchObject({ status: 403 });
    expect(await staff('far', 'POST', `/v1/taps/${meals.adjusted}/adjustments`, adjustBody())).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
  });
});

describe('the day after', () => {
  it('the till is too late, the manager is not, and each has to say why', async () => {
    await city.staffed.nextDay();
    city.county = await city.staffed.tokenOf('county');
    till = await city.till(0);
    const path = `/v1/taps/${meals.stays}/void`;
    expect(await till.send(path, voidBody())).toMatchObject({ status: 409, body: { code: 'void-too-late' } });
    expect(await staff('manager', 'POST', path, { id: randomUUID() })).toMatchObject({ status: 400, body: { code: 'fields-wrong' } });
    const { body } = await till.tap({ deviceTime: new Date(city.clock.now() - 25 * 60 * MINUTE).toISOString() });
    expect(body).toMatchObject({ outcome: 'accepted', mealDate: DAY, flags: ['clock-skew', 'review'] });
    expect(await staff('manager', 'POST', `/v1/taps/${body.tapId}/void`, voidBody())).toMatchObject({ status: 200, body: { bookedMonth: '2024-12' } });
  });

  it('a revoked till records nothing more', async () => {
    const lost = await city.till(0);
    const body = lost.body();
    await staff('county', 'POST', `/v1/terminals/${lost.terminal.terminalId}/revoke`, { id: randomUUID(), reason: '丢失' });
    expect((await lost.send('/v1/taps', body)).status).toBe(401);
    expect(await city.rows('SELECT FROM tap_claim WHERE city_code = $1 AND tap_id = $2', [CITY, body.id])).toEqual([]);
  });

  it('a site that is suspended or without a licence sells nothing', async () => {
    const other = await city.till(1);
    await city.rows(`INSERT INTO site_event (city_code, site_id, event_no, kind, on_date, recorded_at, recorded_by) VALUES ($1, $2, 4, 'suspended', '2024-12-04', now(), 'test')`, [CITY, other.siteId]);
    const before = await city.books();
    expect((await other.tap()).body).toMatchObject({ outcome: 'refused', code: 'site-not-open', sentence: expect.stringContaining('未记账') });
    city.clock.set(chinaInstant(civilDate('2024-12-21'), 720));
    city.county = await city.staffed.tokenOf('county');
    const later = await city.till(0);
    expect((await later.tap()).body).toMatchObject({ outcome: 'refused', code: 'licence-expired' });
    expect({ ...(await city.books()), meals: 0, claims: 0 }).toEqual({ ...before, meals: 0, claims: 0 });
  });
});

describe('after the month has closed', () => {
  let closedRoot: unknown;

  beforeAll(async () => {
    city.clock.set(chinaInstant(civilDate('2025-01-02'), 720));
    const closed = await city.service.parts.transactor.run((tx) => closeMonth(tx, city.clock, CITY, DEC, 'staff:1'));
    expect(closed).toMatchObject({ ok: true });
    closedRoot = await run((tx) => balancesOf(tx, CITY, DEC));
  });

  it('a void and a correction are booked in the open month, and the closed one stays as it was', async () => {
    expect(await staff('manager', 'POST', `/v1/taps/${meals.voidedLater}/void`, voidBody())).toMatchObject({ status: 200, body: { bookedMonth: '2025-01' } });
    const request = adjustBody();
    const adjusted = await staff('county', 'POST', `/v1/taps/${meals.adjusted}/adjustments`, request);
    expect(adjusted).toMatchObject({ status: 200, body: { bookedMonth: '2025-01', subsidyFen: -300 } });
    expect((await staff('county', 'POST', `/v1/taps/${meals.adjusted}/adjustments`, request)).body).toEqual(adjusted.body);
    expect(await staff('county', 'POST', `/v1/taps/${meals.adjusted}/adjustments`, adjustBody())).toMatchObject({ status: 409, body: { code: 'nothing-to-adjust' } });
    await staff('county', 'POST', `/v1/taps/${meals.adjustedThenVoided}/adjustments`, adjustBody());
    await staff('manager', 'POST', `/v1/taps/${meals.adjustedThenVoided}/void`, voidBody());
    expect(await staff('county', 'POST', `/v1/taps/${meals.voided}/adjustments`, adjustBody())).toMatchObject({ status: 409, body: { code: 'already-voided' } });
    expect(await run((tx) => balancesOf(tx, CITY, DEC))).toEqual(closedRoot);
    expect(await run((tx) => imbalance(tx, CITY))).toBe(0);
  });

  it('a late upload keeps its meal\'s date and is booked in the open month', async () => {
    city.county = await city.staffed.tokenOf('county');
    const late = await city.till(0);
    const { body } = await late.send('/v1/taps/upload', { taps: [late.body({ deviceTime: '2024-12-19T12:00:00+08:00' })] });
    expect(body.results[0].answer).toMatchObject({ outcome: 'accepted', mealDate: '2024-12-19', bookedMonth: '2025-01', flags: ['review', 'sent-too-late'] });
  });

  it('a correction is between site and funders: nothing of the elder\'s moves', async () => {
    const rows = await city.rows<{ debit: string; credit: string; fen: number }>(
      `SELECT debit_account AS debit, credit_account AS credit, fen FROM ledger_transfer WHERE city_code = $1 AND cause_id = $2 AND kind = 'adjustment' ORDER BY leg`, [CITY, meals.adjusted]);
    expect(rows).toEqual([
      { debit: `borne/${siteId}`, credit: `due/${siteId}/city@371500`, fen: 150 }, { debit: `borne/${siteId}`, credit: `due/${siteId}/county@371502`, fen: 150 },
    ]);
  });

  it('a meal that was corrected and voided leaves no account with anything', async () => {
    const rows = await city.rows<{ account: string; fen: number }>(
      `SELECT side.account, sum(side.fen)::bigint AS fen FROM ledger_transfer t, LATERAL (VALUES (t.debit_account, t.fen), (t.credit_account, -t.fen)) AS side (account, fen)
       WHERE t.city_code = $1 AND t.cause_id = $2 GROUP BY side.account HAVING sum(side.fen) <> 0`, [CITY, meals.adjustedThenVoided]);
    expect(rows).toEqual([]);
  });

  it('claims see meals and voids in the months in which they are booked', async () => {
    const line = { operatorId: OPERATOR, payeeId: PAYEE, mealMonth: '2024-12' };
    // Five subsidised meals, one voided on the day.
    expect(await run((tx) => mealLines(tx, CITY, DEC, siteId))).toEqual([
      { ...line, funderCode: 'city@371500', meals: 4, subsidyFen: 600 }, { ...line, funderCode: 'county@371502', meals: 4, subsidyFen: 600 },
    ]);
    // Two voided and one corrected afterwards; the correction of one of the voided ones is taken back with it.
    expect(await run((tx) => mealLines(tx, CITY, JAN, siteId))).toEqual([
      { ...line, funderCode: 'city@371500', meals: -2, subsidyFen: -450 }, { ...line, funderCode: 'county@371502', meals: -2, subsidyFen: -450 },
    ]);
  });

  it('what meals come to is what is booked', async () => {
    for (const month of [DEC, JAN]) {
      const [totals] = (await run((tx) => mealTotals(tx, CITY, month, [siteId]))) as unknown as Awaited<ReturnType<typeof mealTotals>>;
      const balances = (await run((tx) => balancesOf(tx, CITY, month, [siteId]))) as unknown as Awaited<ReturnType<typeof balancesOf>>;
      const net = (kind: string) => balances.filter((balance) => balance.account.startsWith(`${kind}/`)).reduce((sum, balance) => sum + balance.debitFen - balance.creditFen, 0);
      expect([totals?.selfPayFen, totals?.subsidyFen, totals?.siteBorneFen, totals?.priceFen]).toEqual([net('cash'), net('due'), net('borne'), -net('sales')]);
    }
    const days = (await run((tx) => dailyTotals(tx, CITY, DAY, DAY))) as unknown as Awaited<ReturnType<typeof dailyTotals>>;
    // Five with cards less three voids, and the guest; the two other guests were voided.
    expect(days).toMatchObject([{ date: DAY, meals: 3, subsidisedMeals: 2, subsidyFen: 300 }]);
    expect(await run((tx) => mealTotals(tx, '370100', DEC))).toEqual([]);
  });

  it('every void and correction has its audit row', async () => {
    const rows = await city.rows<{ action: string; n: number }>(`SELECT action, count(*) AS n FROM audit WHERE city_code = $1 AND action LIKE 'meal.%' GROUP BY action ORDER BY action`, [CITY]);
    expect(rows).toEqual([{ action: 'meal.adjustment', n: 2 }, { action: 'meal.void', n: 5 }]);
  });
});

describe('another instance of the service on the same database', () => {
  let second: Awaited<ReturnType<typeof createApp>>;
  let [mine, other]: TestTill[] = [];

  beforeAll(async () => {
    second = await createApp(city.service.parts);
    await second.init();
    await second.getHttpAdapter().getInstance().ready();
    city.county = await city.staffed.tokenOf('county');
    [mine, other] = [await city.till(0), await city.till(0)];
  });
  afterAll(() => second.close());

  it('answers as the first one did', async () => {
    const till = mine as TestTill;
    const body = till.body({ card: (await city.elder()).card });
    const first = await till.send('/v1/taps', body);
    expect(first.status).toBe(200);
    expect((await till.send('/v1/taps', body, second)).text).toBe(first.text);
  });

  it('at the same instant records the same id once, and an elder\'s one subsidised meal once', async () => {
    const [one, two] = [mine as TestTill, other as TestTill];
    await city.rows(`INSERT INTO site_paper (city_code, paper_id, site_id, kind, number, valid_from, valid_to, recorded_at, recorded_by)
      VALUES ($1, $2, $3, 'foodLicence', '测许002', '2024-12-21', NULL, now(), 'test')`, [CITY, randomUUID(), siteId]);
    for (let round = 0; round < 8; round += 1) {
      const { card } = await city.elder();
      const [a, b] = [one.body({ card }), two.body({ card })];
      const answers = await Promise.all([one.send('/v1/taps', a), one.send('/v1/taps', a, second), two.send('/v1/taps', b, second), two.send('/v1/taps', b)]);
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
      expect([answers[0]?.text, answers[2]?.text]).toEqual([answers[1]?.text, answers[3]?.text]);
      expect([answers[0]?.body.subsidyFen, answers[2]?.body.subsidyFen].sort()).toEqual([0, 300]);
    }
    expect(await run((tx) => imbalance(tx, CITY))).toBe(0);
  });
});
