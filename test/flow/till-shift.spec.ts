import { randomUUID } from 'node:crypto';
import { MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';

const DAY = '2024-12-03';
const CHECKS = [{ what: 'clock', is: 'good' }, { what: 'roster', is: 'open' }];
/** 10 of 10 yuan, 3 of 5, 4 of 0.5. */
const pieces = (...pairs: [number, number][]): { fen: number; count: number }[] => pairs.map(([fen, count]) => ({ fen, count }));
const sumOf = (counted: { fen: number; count: number }[]): number => counted.reduce((sum, { fen, count }) => sum + fen * count, 0);

let city: TappingCity;
let manager: string;

beforeAll(async () => {
  city = await TappingCity.start();
  await city.staffed.add('manager', ['canteenManager'], '371502', city.sites[0]);
  await city.staffed.add('stranger', ['canteenManager'], '371502', city.sites[1]);
  await city.staffed.add('auditor', ['auditor']);
  manager = await city.staffed.tokenOf('manager');
}, 120_000);

afterAll(() => city.close());

const time = (): string => new Date(city.clock.now()).toISOString();
const get = (token: string, path: string) => city.staffed.call('GET', path, { token });

async function begin(till: TestTill, more: object = {}) {
  const body = { id: randomUUID(), cashierId: null, openedAt: time(), firstNumber: till.journal + 1, checks: CHECKS, ...more };
  return { body, answer: await till.send('/v1/till/shifts', body) };
}

function closing(till: TestTill, counted: { fen: number; count: number }[], more: object = {}) {
  return { id: randomUUID(), closedAt: time(), lastNumber: till.journal, counted: { cashFen: sumOf(counted), byDenomination: counted }, ...more };
}

async function sell(till: TestTill, change: Parameters<TestTill['body']>[0] = {}): Promise<string> {
  const body = till.body(change);
  expect(await till.send('/v1/taps', body)).toMatchObject({ status: 200, body: { outcome: 'accepted' } });
  return body.id;
}

async function takeBack(till: TestTill, tapId: string): Promise<void> {
  till.journal += 1;
  expect((await till.send(`/v1/taps/${tapId}/void`, { id: randomUUID(), reason: '点错', journalNumber: till.journal })).status).toBe(200);
}

describe('a shift', () => {
  it('is closed with a blind count, and only the answer tells what the numbers came to, to the fen', async () => {
    const till = await city.till();
    const { body, answer } = await begin(till);
    expect(answer).toMatchObject({ status: 200, body: { shiftId: body.id, firstNumber: 1 } });
    const { card } = await city.elder();
    await sell(till, { card });
    await sell(till);
    await sell(till, { tender: 'code' });
    await takeBack(till, await sell(till));
    const count = pieces([1000, 2], [500, 1], [100, 2], [50, 1]);
    const close = closing(till, count);
    const closed = await till.send(`/v1/till/shifts/${body.id}/close`, close);
    expect(closed.status).toBe(200);
    expect(closed.body).toMatchObject({
      label: '一号收银台', cashierName: null, firstNumber: 1, lastNumber: 5, countedFen: 2750, expectedFen: 2700, differenceFen: 50, gaps: [], brokenAt: [], sentence: '流水完整。',
      figures: { meals: 3, voids: 1, priceFen: 4500, selfPayFen: 4200, tenders: { cash: 2700, code: 1500, balance: 0, none: 0 }, earlierBackFen: 0 },
    });
    // What the books say without the shift's own arithmetic.
    const [books] = await city.rows<{ fen: number }>(
      `SELECT sum(m.self_pay_fen)::bigint AS fen FROM meal m WHERE m.terminal_id = $1 AND m.tender = 'cash' AND NOT EXISTS (SELECT FROM meal_void v WHERE v.tap_id = m.tap_id)`, [till.terminal.terminalId]);
    expect(books?.fen).toBe(closed.body.expectedFen);
    expect((await till.send(`/v1/till/shifts/${body.id}/close`, close)).text).toBe(closed.text);
    expect(await till.send(`/v1/till/shifts/${body.id}/close`, { ...close, id: randomUUID() })).toMatchObject({ status: 409, body: { code: 'shift-closed' } });
    expect(await till.send(`/v1/till/shifts/${body.id}/close`, { ...close, lastNumber: 4 })).toMatchObject({ status: 409, body: { code: 'id-taken' } });
  });

  it('that gives back a sale from before it is short of that cash, and the shift before is not', async () => {
    const till = await city.till();
    const first = await begin(till);
    const sale = await sell(till);
    await till.send(`/v1/till/shifts/${first.body.id}/close`, closing(till, pieces([1000, 1], [500, 1])));
    const second = await begin(till);
    expect(second.answer.status).toBe(200);
    await takeBack(till, sale);
    await sell(till);
    await sell(till);
    const { body } = await till.send(`/v1/till/shifts/${second.body.id}/close`, closing(till, pieces([1000, 1], [500, 1]), { owedCashFen: 300 }));
    expect(body).toMatchObject({ firstNumber: 2, expectedFen: 1500 + 300, differenceFen: -300, figures: { meals: 2, voids: 1, tenders: { cash: 3000 }, earlierBackFen: 1500 } });
  });

  it('without a sale is closed as well, and one that was left stays to be seen', async () => {
    const till = await city.till();
    const idle = await begin(till);
    expect((await till.send(`/v1/till/shifts/${idle.body.id}/close`, closing(till, []))).body).toMatchObject({ lastNumber: 0, expectedFen: 0, figures: { meals: 0 } });
    const left = await begin(till);
    await sell(till);
    city.clock.set(city.clock.now() + MINUTE);
    const next = await begin(till);
    expect(next.answer.status).toBe(200);
    const { items } = (await get(manager, `/v1/till/shifts?from=${DAY}&to=${DAY}&terminalId=${till.terminal.terminalId}`)).body;
    expect(items.map(({ shiftId, state }: { shiftId: string; state: string }) => [shiftId, state])).toEqual(
      expect.arrayContaining([[idle.body.id, 'closed'], [left.body.id, 'left'], [next.body.id, 'open']]));
    // It may still be counted, up to where the next one began.
    expect(await till.send(`/v1/till/shifts/${left.body.id}/close`, { ...closing(till, []), lastNumber: 2 })).toMatchObject({ status: 409, body: { code: 'shift-overlaps' } });
    expect((await till.send(`/v1/till/shifts/${left.body.id}/close`, closing(till, pieces([500, 3])))).body).toMatchObject({ lastNumber: 1, differenceFen: 0 });
  });

  it('names the terminal and the numbers that its journal lacks, and where its chain breaks', async () => {
    const till = await city.till();
    const { body } = await begin(till);
    till.body();
    await sell(till);
    await sell(till);
    await sell(till, { prevHash: 'a'.repeat(64) });
    till.body();
    till.body();
    await sell(till);
    till.body();
    const closed = await till.send(`/v1/till/shifts/${body.id}/close`, closing(till, pieces([5000, 1], [1000, 1])));
    expect(closed.body).toMatchObject({ gaps: [{ from: 1, to: 1 }, { from: 5, to: 6 }, { from: 8, to: 8 }], brokenAt: [4], figures: { meals: 4 }, differenceFen: 0 });
    expect(closed.body.sentence).toContain('终端“一号收银台”的流水缺第 1、5–6、8 号');
    expect(closed.body.sentence).toContain('第 4 号前后不相扣');
  });

  it.each([
    ['denominations that do not add up', (till: TestTill) => ({ ...closing(till, pieces([1000, 1])), counted: { cashFen: 999, byDenomination: pieces([1000, 1]) } }), 422, 'shift-count-wrong'],
    ['a note that there is not', (till: TestTill) => closing(till, pieces([300, 1])), 422, 'shift-count-wrong'],
    ['a note named twice', (till: TestTill) => closing(till, pieces([100, 1], [100, 1])), 422, 'shift-count-wrong'],
    ['half a coin', (till: TestTill) => closing(till, pieces([100, 0.5])), 400, 'fields-wrong'],
    ['a number from before the shift', (till: TestTill) => closing(till, [], { lastNumber: till.journal - 1 }), 422, 'shift-range-wrong'],
    ['a clock that is years off', (till: TestTill) => closing(till, [], { closedAt: '2031-01-01T00:00:00Z' }), 422, 'shift-time-wrong'],
  ])('is not closed with %s', async (_, make, status, code) => {
    const till = await city.till();
    await sell(till);
    const { body } = await begin(till);
    expect(await till.send(`/v1/till/shifts/${body.id}/close`, make(till))).toMatchObject({ status, body: { code } });
    expect((await till.send(`/v1/till/shifts/${body.id}/close`, closing(till, []))).status).toBe(200);
  });

  it('begins once, on numbers that no other shift has, and belongs to its terminal', async () => {
    const till = await city.till();
    await sell(till);
    const { body, answer } = await begin(till, { firstNumber: 1 });
    expect((await till.send('/v1/till/shifts', body)).text).toBe(answer.text);
    expect(await till.send('/v1/till/shifts', { ...body, firstNumber: 2 })).toMatchObject({ status: 409, body: { code: 'id-taken' } });
    const other = await city.till();
    expect((await other.send(`/v1/till/shifts/${body.id}/close`, closing(other, []))).status).toBe(404);
    await till.send(`/v1/till/shifts/${body.id}/close`, closing(till, pieces([500, 3])));
    expect((await begin(till, { firstNumber: 1 })).answer).toMatchObject({ status: 409, body: { code: 'shift-overlaps', detail: { number: 1 } } });
    expect((await begin(till, { openedAt: '2019-01-01T00:00:00Z' })).answer).toMatchObject({ status: 422, body: { code: 'shift-time-wrong' } });
    expect((await begin(till, { cashierId: randomUUID() })).answer).toMatchObject({ status: 422, body: { code: 'shift-cashier-unknown' } });
  });
});

describe('shifts are listed', () => {
  it('by cashier and by device and day, for those in whose scope they are', async () => {
    const till = await city.till();
    const cashierId = randomUUID();
    expect((await city.staffed.call('POST', '/v1/till/cashiers', { token: manager, body: { id: cashierId, terminalId: till.terminal.terminalId, name: '小王', pin: '482913' } })).status).toBe(200);
    const mine = await begin(till, { cashierId });
    await sell(till);
    expect((await till.send(`/v1/till/shifts/${mine.body.id}/close`, closing(till, pieces([1000, 1])))).body).toMatchObject({ cashierName: '小王', differenceFen: -500 });
    city.clock.set(city.clock.now() + MINUTE);
    const nobody = await begin(till);
    await sell(till, { tender: 'code' });
    await till.send(`/v1/till/shifts/${nobody.body.id}/close`, closing(till, []));
    const auditor = await city.staffed.tokenOf('auditor');
    const listed = (await get(auditor, `/v1/till/shifts?from=${DAY}&to=${DAY}&cashierId=${cashierId}`)).body.items;
    expect(listed).toMatchObject([{ shiftId: mine.body.id, cashierName: '小王', label: '一号收银台', date: DAY, state: 'closed', countedFen: 1000, expectedFen: 1500, differenceFen: -500, byDenomination: [{ fen: 1000, count: 1 }], checks: CHECKS, figures: { meals: 1 } }]);
    const byCashier = (await get(manager, `/v1/till/shifts/totals?by=cashier&date=${DAY}`)).body.items;
    expect(byCashier.find(({ ofId }: { ofId: string }) => ofId === cashierId)).toMatchObject({ of: '小王', shifts: 1, uncounted: 0, meals: 1, selfPayFen: 1500, cashFen: 1500, codeFen: 0, countedFen: 1000, differenceFen: -500 });
    const byTerminal = (await get(manager, `/v1/till/shifts/totals?by=terminal&date=${DAY}`)).body.items;
    expect(byTerminal.find(({ ofId }: { ofId: string }) => ofId === till.terminal.terminalId)).toMatchObject({ of: '一号收银台', shifts: 2, meals: 2, cashFen: 1500, codeFen: 1500, differenceFen: -500 });
  });

  it('page by page without one twice, and to nobody outside', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { shiftId: string }[]; nextCursor: string | null } = (await get(city.county, `/v1/till/shifts?from=${DAY}&to=${DAY}&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)).body;
      seen.push(...page.items.map(({ shiftId }) => shiftId));
      cursor = page.nextCursor;
    }
    const [all] = await city.rows<{ count: number }>('SELECT count(*) FROM till_shift');
    expect([new Set(seen).size, seen.length]).toEqual([all?.count, all?.count]);
    const totals: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { ofId: string }[]; nextCursor: string | null } = (await get(city.county, `/v1/till/shifts/totals?by=terminal&date=${DAY}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)).body;
      totals.push(...page.items.map(({ ofId }) => ofId));
      cursor = page.nextCursor;
    }
    expect(new Set(totals).size).toBe(totals.length);
    expect((await get(await city.staffed.tokenOf('stranger'), `/v1/till/shifts?from=${DAY}&to=${DAY}`)).body.items).toEqual([]);
    expect((await get(city.county, `/v1/till/shifts?from=${DAY}&to=2024-12-01`)).status).toBe(400);
    expect((await get(city.county, `/v1/till/shifts?from=${DAY}&to=${DAY}&cursor=x`)).status).toBe(400);
  });
});
