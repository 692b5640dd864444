import { randomUUID } from 'node:crypto';
import { chinaInstant, civilDate } from '../../src/kernel/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { CITY, MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';

const NOON = chinaInstant(civilDate('2024-12-03'), 720);
const KINDS = { itemCode: 'set', mealPeriod: 'lunch', fen: 1500, elderSet: false, guestFen: 2000, relativeFen: 1800, halfFen: 800 };
/** Costs the elder less than the subsidy would give: whoever took the whole bill for it would give more. */
const CHEAP = { itemCode: 'set', mealPeriod: 'dinner', fen: 200, elderSet: false, guestFen: 2000 };
/** An elder's own set, a relative's, a guest's. */
const MIXED = [{ itemCode: 'set', quantity: 1 }, { itemCode: 'set', quantity: 1, for: 'relative' }, { itemCode: 'set', quantity: 2, for: 'guest' }];

let city: TappingCity;
let till: TestTill;

const publish = (prices: readonly object[], effectiveFrom = '2024-12-03') =>
  city.staffed.call('POST', `/v1/sites/${till.siteId}/price-lists`, { token: city.county, body: { id: randomUUID(), effectiveFrom, prices } });
const sale = (change: object) => till.body({ priceListVersion: 2, ...change });
const tap = (change: object) => till.send('/v1/taps', sale(change));
const asCounty = (path: string) => city.staffed.call('GET', path, { token: city.county });
const standing = async (id: string) => (await asCounty(`/v1/taps/${id}`)).body;
const upload = async (...taps: object[]) => (await till.send('/v1/taps/upload', { taps })).body.results as { status: number; answer: { selfPayFen: number; subsidyFen: number } }[];

beforeAll(async () => {
  city = await TappingCity.start();
  await city.staffed.add('auditor', ['auditor'], '371500');
  till = await city.till(0);
  expect(await publish([KINDS, CHEAP])).toMatchObject({ status: 201, body: { version: 2 } });
}, 60_000);

afterEach(async () => {
  const { violations } = await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, city.service.app.get(PolicyLibrary)));
  expect(violations).toEqual([]);
});

afterAll(() => city?.close());

describe('prices of one item', () => {
  it.each<[string, object, string]>([
    ['fen', { fen: 12.345 }, '价格应为 1 到 100000 的整数分：按元至多两位小数，不能为负'],
    ['fen', { fen: '12.345' }, '价格应为 1 到 100000 的整数分：按元至多两位小数，不能为负'],
    ['guestFen', { guestFen: -1 }, '价格应为 0 到 100000 的整数分：按元至多两位小数，不能为负'],
    ['relativeFen', { relativeFen: 0.5 }, '价格应为 0 到 100000 的整数分：按元至多两位小数，不能为负'],
    ['halfFen', { halfFen: 0 }, '价格应为 1 到 100000 的整数分：按元至多两位小数，不能为负'],
  ])('with a %s of %j are refused in one sentence', async (field, change, message) => {
    expect((await publish([{ ...KINDS, ...change }], '2025-01-01')).body).toMatchObject({ code: 'fields-wrong', errors: [{ field: `prices.0.${field}`, message }] });
  });

  it('have no half above the whole', async () => {
    expect((await publish([{ ...KINDS, halfFen: 1501 }], '2025-01-01'))).toMatchObject({ status: 422, body: { code: 'half-above-whole', title: expect.stringContaining('set') } });
  });

  it('stand in the list, and in what a till takes along', async () => {
    const wanted = [{ ...KINDS, name: '套餐' }, { ...CHEAP, name: '套餐', relativeFen: null, halfFen: null }];
    const byPeriod = (prices: { mealPeriod: string }[]) => [...prices].sort((a, b) => (a.mealPeriod > b.mealPeriod ? -1 : 1));
    expect(byPeriod((await asCounty(`/v1/sites/${till.siteId}/price-lists/current`)).body.prices)).toEqual(wanted);
    expect(byPeriod((await till.send('/v1/till/catalogue')).body.priceLists[0].prices)).toEqual(wanted);
  });
});

describe('a bill of several eaters', () => {
  it('subsidises the elder alone, and the others pay their own prices in full', async () => {
    const { card, elderId } = await city.elder();
    const { body } = await tap({ card, items: MIXED });
    expect(body).toMatchObject({
      outcome: 'accepted', code: null, priceFen: 7300, selfPayFen: 7000, subsidyFen: 300, siteBorneFen: 0,
      sentence: '原价73.00元（含陪餐58.00元），市补1.50元，县补1.50元，您付70.00元。',
    });
    expect(await city.rows('SELECT sum(fen)::bigint AS fen FROM ledger_transfer WHERE city_code = $1 AND cause_id = $2', [CITY, body.tapId])).toEqual([{ fen: 7300 }]);
    expect(await city.rows('SELECT elder_id FROM meal WHERE city_code = $1 AND tap_id = $2', [CITY, body.tapId])).toEqual([{ elder_id: elderId }]);
    expect(await standing(body.tapId)).toMatchObject({ items: MIXED, standing: { selfPayFen: 7000, subsidyFen: 300, siteBorneFen: 0 } });
    expect((await city.staffed.call('GET', `/v1/taps/${body.tapId}/decision-anew`, { token: await city.staffed.tokenOf('auditor') })).body)
      .toMatchObject({ recomputed: { subsidyFen: 300, code: null }, differences: [], wrongParts: [] });
    expect((await till.send(`/v1/taps/${body.tapId}/void`, { id: randomUUID(), reason: '按错键' })).body).toMatchObject({ returnedFen: 7000 });
    expect((await tap({ card, items: MIXED.slice(0, 1) })).body).toMatchObject({ selfPayFen: 1200, subsidyFen: 300 });
  });

  it('of guests and relatives without a card is paid at their prices', async () => {
    expect((await tap({})).body).toMatchObject({ code: 'guest', priceFen: 2000, selfPayFen: 2000 });
    expect((await tap({ items: MIXED.slice(1, 2) })).body).toMatchObject({ code: 'guest', priceFen: 1800, selfPayFen: 1800 });
    expect((await till.tap()).body).toMatchObject({ code: 'price-list-not-in-force' });
  });

  it('without a meal of the card holder’s own leaves the day’s turn', async () => {
    const { card } = await city.elder();
    expect((await tap({ card, items: MIXED.slice(1) })).body).toMatchObject({ outcome: 'accepted', code: 'no-own-item', priceFen: 5800, subsidyFen: 0 });
    expect((await tap({ card })).body).toMatchObject({ code: null, subsidyFen: 300 });
  });

  it('is one sale however often it is sent, and another body is another sale', async () => {
    const { card } = await city.elder();
    const body = sale({ card, items: MIXED });
    const [first, again] = [await till.send('/v1/taps', body), await till.send('/v1/taps', body)];
    expect(again.text).toBe(first.text);
    expect((await till.send('/v1/taps', { ...body, items: MIXED.slice(0, 2) })).body).toMatchObject({ code: 'tap-id-taken' });
    const { journal, previous } = till;
    expect((await tap({ card, items: [{ itemCode: 'set', quantity: 1, half: false }] })).body).toMatchObject({ code: 'fields-wrong', errors: [{ field: 'items.0.half', message: '应为 true，或不填' }] });
    Object.assign(till, { journal, previous });
  });
});

describe('a half portion', () => {
  it('is a card holder’s, at its own price', async () => {
    const half = [{ itemCode: 'set', quantity: 1, half: true }];
    expect((await tap({ card: (await city.elder()).card, items: half })).body).toMatchObject({ priceFen: 800, selfPayFen: 500, subsidyFen: 300 });
    const { body } = await tap({ items: half });
    expect(body).toMatchObject({ outcome: 'refused', code: 'half-not-sold', sentence: '这个餐品不卖半份（半份只卖给持卡老人），未记账；请改为整份后用新编号重记。' });
    expect((await tap({ card: (await city.elder()).card, items: half, mealPeriod: 'dinner' })).body).toMatchObject({ code: 'half-not-sold', priceFen: 0 });
  });
});

describe('bills of several eaters that were sold offline', () => {
  it('keep what was paid for all, while the elder’s turn goes to the earlier meal', async () => {
    const { card } = await city.elder();
    const [early, late] = [-40, -20].map((minutes) => sale({
      card, items: MIXED, mealPeriod: 'dinner', deviceTime: new Date(NOON + minutes * MINUTE).toISOString(), shown: { selfPayFen: 4200, subsidyFen: 200 },
    })) as [Sale, Sale];
    expect((await upload(late))[0]).toMatchObject({ status: 200, answer: { selfPayFen: 4200, subsidyFen: 200 } });
    city.clock.set(till.now() + 1_000);
    expect((await upload(early))[0]).toMatchObject({ status: 200, answer: { selfPayFen: 4200, subsidyFen: 200 } });
    expect((await standing(early.id)).standing).toEqual({ selfPayFen: 4200, subsidyFen: 200, siteBorneFen: 0 });
    expect((await standing(late.id)).standing).toEqual({ selfPayFen: 4200, subsidyFen: 0, siteBorneFen: 200 });
    // The early one is taken back, as of before the later sale: its turn goes to that one, for as much as its own meal costs.
    city.clock.set(till.now() + 1_000);
    expect((await till.send(`/v1/taps/${early.id}/void`, { id: randomUUID(), reason: '按错键', deviceTime: new Date(NOON - 30 * MINUTE).toISOString() })).body).toMatchObject({ returnedFen: 4200 });
    expect((await standing(late.id)).standing).toEqual({ selfPayFen: 4200, subsidyFen: 200, siteBorneFen: 0 });
    const token = await city.staffed.tokenOf('auditor');
    for (const { id } of [early, late]) expect((await city.staffed.call('GET', `/v1/taps/${id}/decision-anew`, { token })).body).toMatchObject({ differences: [] });
  });

  it('leave to the funders no more than what was open of the elder’s meal', async () => {
    const { card } = await city.elder();
    const [answer] = await upload(sale({ card, items: MIXED, deviceTime: new Date(NOON - MINUTE).toISOString(), shown: { selfPayFen: 7200, subsidyFen: 100 } }));
    expect(answer).toMatchObject({ answer: { priceFen: 7300, selfPayFen: 7200, subsidyFen: 100, siteBorneFen: 0, flags: ['fund-changed'] } });
  });
});

type Sale = ReturnType<typeof sale>;
