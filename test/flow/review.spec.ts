import { createHash, randomUUID } from 'node:crypto';
import { addDays, civilDate, type CivilDate } from '../../src/kernel/index.js';
import { endDays } from '../../src/ledger/index.js';
import type { Tx } from '../../src/platform/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { DrawSamples } from '../../src/review/index.js';
import { drawSample } from '../../src/review/domain/index.js';
import { SealDays } from '../../src/seal/index.js';
import { signSessionRequest } from '../../src/access/index.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const DAY = civilDate('2024-12-03');

interface Reviewed { tapId: string; siteId: string; reasons: string[]; finding: { verdict: string; note: string } | null; [field: string]: unknown }

let city: TappingCity;
let tills: [TestTill, TestTill];
let officer: string;
const taken: string[] = [];

const call = (token: string, method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => city.staffed.call(method, path, { token, ...(body === undefined ? {} : { body }) });
const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => city.service.parts.transactor.run(work);
const draw = () => run((tx) => city.service.app.get(DrawSamples).run(tx, CITY));
const sealTo = async (date: CivilDate) => {
  await run((tx) => endDays(tx, CITY, date));
  return run((tx) => city.service.app.get(SealDays).allOver(tx, CITY));
};
const listed = async (query = '', token = officer): Promise<Reviewed[]> => (await call(token, 'GET', `/v1/reviews?from=2024-12-01&limit=500${query}`)).body.items;
const find = (tapId: string, more: object = {}, token = officer) => call(token, 'POST', `/v1/reviews/${tapId}/findings`, { id: randomUUID(), verdict: 'ok', note: '电话核实，本人来用餐', ...more });

/** Days later, with everybody logged in again. */
async function later(days: number): Promise<void> {
  city.clock.setTo(addDays(DAY, days), 9 * 60);
  city.county = await city.staffed.tokenOf('county');
  officer = await city.staffed.tokenOf('town');
  for (const { terminal } of tills) {
    const opened = await city.staffed.call('POST', '/v1/terminals/sessions', { body: signSessionRequest(terminal.keys.privateKey, terminal.terminalId, city.clock.now()) });
    Object.assign(terminal, { session: opened.body });
  }
}

beforeAll(async () => {
  city = await TappingCity.start();
  tills = [await city.till(0), await city.till(1)];
  await city.staffed.add('town', ['townshipOfficer'], '371502001');
  await city.staffed.add('elsewhere', ['countyOfficer'], '371521');
  await city.staffed.add('manager', ['canteenManager'], '371502001', city.sites[0] as string);
  await city.staffed.add('city', ['cityOfficer']);
  await city.staffed.add('auditor', ['auditor']);
  officer = await city.staffed.tokenOf('town');
  const cards = [];
  for (let index = 0; index < 4; index += 1) cards.push((await city.elder()).card);
  for (const card of cards) taken.push((await tills[0].tap({ card })).body.tapId);
  for (let index = 0; index < 6; index += 1) taken.push((await tills[0].tap()).body.tapId);
  taken.push((await tills[1].tap()).body.tapId);
  await tills[0].tap({ items: [{ itemCode: 'unknown', quantity: 1 }] });
}, 120_000);

afterAll(() => city.close());

describe('the sample of a day', () => {
  it('is drawn only once the day is sealed, from the seal, and once', async () => {
    expect(await draw()).toEqual({ seals: 0, meals: 0 });
    expect(await sealTo(DAY)).toMatchObject({ seals: 2 });
    expect(await draw()).toEqual({ seals: 2, meals: 2 });
    expect(await draw()).toEqual({ seals: 0, meals: 0 });
    const meals = await listed();
    expect(meals.map(({ siteId }) => siteId).sort()).toEqual([...city.sites].sort());
    expect(meals.every(({ reasons, tapId, finding }) => reasons[0] === 'random' && taken.includes(tapId) && finding === null)).toBe(true);
  });

  it('can be drawn again by anybody who has the rule, the seed and the meals', async () => {
    const auditor = await city.staffed.tokenOf('auditor');
    const { items } = (await call(auditor, 'GET', '/v1/reviews/draws?from=2024-12-03&to=2024-12-03')).body;
    expect(items.map((one: { meals: number }) => one.meals).sort()).toEqual([1, 10]);
    for (const { logIndex } of items) {
      const { draw: drawn, seed, meals, sample, always } = (await call(auditor, 'GET', `/v1/reviews/draws/${logIndex}`)).body;
      const [seal] = await city.rows<{ root: string }>("SELECT encode(root, 'hex') AS root FROM day_seal WHERE log_index = $1", [logIndex]);
      expect(seed).toBe(seal?.root);
      expect(drawSample(sha256, seed, drawn, meals)).toEqual(sample);
      expect(always).toContain('entered-for');
    }
    expect((await call(auditor, 'GET', '/v1/reviews/draws/99')).status).toBe(404);
    expect((await call(await city.staffed.tokenOf('elsewhere'), 'GET', `/v1/reviews/draws/${items[0].logIndex}`)).body.code).toBe('outside-scope');
  });

  it('holds every marked meal that arrives later, drawn from the seal that has it first', async () => {
    const fresh = await city.elder();
    const [late, plain] = [tills[0].body({ card: fresh.card, deviceTime: '2024-12-03T12:30:00+08:00', shown: { selfPayFen: 1500, subsidyFen: 0 } }), tills[0].body({ deviceTime: '2024-12-03T12:31:00+08:00' })];
    await later(1);
    const { results } = (await tills[0].send('/v1/taps/upload', { taps: [late, plain] })).body;
    expect(results[0].answer).toMatchObject({ outcome: 'accepted', flags: ['fund-changed'] });
    expect(await sealTo(DAY)).toMatchObject({ seals: 1 });
    expect(await draw()).toEqual({ seals: 1, meals: 2 });
    const meals = await listed('&to=2024-12-03');
    expect(meals).toHaveLength(4);
    expect(meals.find(({ tapId }) => tapId === late.id)).toMatchObject({ reasons: ['fund-changed'], flags: ['fund-changed'], voided: false, journalNumber: late['journalNumber'], offline: true });
    expect(meals.find(({ tapId }) => tapId === plain.id)).toMatchObject({ reasons: ['random'] });
    expect((await listed('&reason=fund-changed')).map(({ tapId }) => tapId)).toEqual([late.id]);
  });

  it('is listed page by page, inside the officer’s division, and never for a canteen', async () => {
    const seen: string[] = [];
    let path = '/v1/reviews?from=2024-12-01&limit=2';
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: { items: Reviewed[]; nextCursor: string | null } } = await call(officer, 'GET', cursor === '' ? path : `${path}&cursor=${cursor}`);
      seen.push(...body.items.map(({ tapId }) => tapId));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual((await listed()).map(({ tapId }) => tapId));
    path = `/v1/reviews?cursor=${Buffer.from('["2024-12-03","x"]').toString('base64url')}`;
    expect((await call(officer, 'GET', path)).body.code).toBe('cursor-wrong');
    expect(await listed('', await city.staffed.tokenOf('elsewhere'))).toEqual([]);
    expect(JSON.stringify(await listed())).not.toContain('张三丰');
  });
});

describe('a finding', () => {
  it('is made by an officer of the place, never by somebody of a canteen, and only about the sample', async () => {
    const [{ tapId }] = (await listed()) as [Reviewed];
    const manager = await city.staffed.tokenOf('manager');
    expect((await find(tapId, {}, manager)).status).toBe(403);
    expect((await call(manager, 'GET', '/v1/reviews')).status).toBe(403);
    expect((await find(tapId, {}, await city.staffed.tokenOf('elsewhere'))).body.code).toBe('outside-scope');
    expect((await find(tapId, {}, await city.staffed.tokenOf('auditor'))).status).toBe(403);
    const drawn = new Set((await listed('&state=all')).map((one) => one.tapId));
    expect((await find(taken.find((id) => !drawn.has(id)) as string)).body.code).toBe('review-not-drawn');
    expect((await find(tapId, { verdict: 'fine' })).status).toBe(400);
    const id = randomUUID();
    const first = await find(tapId, { id });
    expect(first).toMatchObject({ status: 200, body: { findingId: id, tapId, verdict: 'ok' } });
    expect((await find(tapId, { id })).body).toEqual(first.body);
    expect((await find(tapId, { id, verdict: 'wrong' })).body.code).toBe('id-taken');
  });

  it('is replaced by a later one and stays; the meal’s money is as it was', async () => {
    const before = await city.books();
    const [{ tapId }] = (await listed('&state=done')) as [Reviewed];
    city.clock.set(city.clock.now() + 60_000);
    expect((await find(tapId, { verdict: 'wrong', note: '本人称当日未用餐' })).status).toBe(200);
    const [again] = (await listed('&state=done')) as [Reviewed];
    expect(again).toMatchObject({ tapId, finding: { verdict: 'wrong', note: '本人称当日未用餐', foundAt: expect.stringMatching(/^2024-12-04T09:01:00\+08:00$/) } });
    expect((await call(officer, 'GET', `/v1/reviews/${tapId}/findings`)).body.items.map((one: { verdict: string }) => one.verdict)).toEqual(['ok', 'wrong']);
    expect((await listed()).map((one) => one.tapId)).not.toContain(tapId);
    expect((await listed('&state=all')).length).toBe((await listed()).length + 1);
    const { items } = (await call(officer, 'GET', '/v1/reviews/draws?from=2024-12-01')).body;
    expect(items.reduce((sum: number, one: { lookedAt: number }) => sum + one.lookedAt, 0)).toBe(1);
    expect(await city.books()).toEqual(before);
  });
});

describe('the part that is drawn by lot', () => {
  it('is the city’s to set, for days that have not begun', async () => {
    const token = await city.staffed.tokenOf('city');
    const set = (more: object, by = token) => call(by, 'PUT', '/v1/reviews/rule', { id: randomUUID(), fromDate: '2024-12-05', rateBasisPoints: 5_000, least: 2, ...more });
    expect((await set({}, city.county)).status).toBe(403);
    expect((await set({ fromDate: '2024-12-04' })).body.code).toBe('review-rule-too-soon');
    expect((await set({ rateBasisPoints: 10_001 })).status).toBe(400);
    expect((await set({})).body).toEqual({ fromDate: '2024-12-05', rateBasisPoints: 5_000, least: 2 });
    expect((await call(officer, 'GET', '/v1/reviews/rule')).body.items).toEqual([{ fromDate: '2024-12-05', rateBasisPoints: 5_000, least: 2 }, { fromDate: null, rateBasisPoints: 200, least: 1 }]);
    for (let index = 0; index < 5; index += 1) await tills[0].tap();
    await sealTo(civilDate('2024-12-04'));
    expect(await draw()).toEqual({ seals: 1, meals: 1 });
    await later(2);
    for (let index = 0; index < 5; index += 1) await tills[0].tap();
    await tills[1].tap();
    await sealTo(civilDate('2024-12-05'));
    expect(await draw()).toEqual({ seals: 2, meals: 3 + 1 });
  });

  it('is drawn by the night’s own job', async () => {
    const { JobBoard } = await import('../../src/platform/index.js');
    const board = city.service.app.get(JobBoard);
    await later(3);
    expect((await tills[1].tap({ presence: 'companion' })).body).toMatchObject({ outcome: 'accepted', flags: [] });
    expect((await tills[1].tap({ presence: 'yes' })).status).toBe(400);
    await sealTo(civilDate('2024-12-06'));
    const jobs = (await run(async (tx) => (await Promise.all(board.finders.map((finder) => finder(tx)))).flat())).filter(({ job }) => job === 'review.draw');
    expect(jobs).toMatchObject([{ cityCode: CITY }]);
    await run((tx) => board.handlerOf('review.draw')?.(tx, jobs[0] as (typeof jobs)[number]) ?? Promise.resolve());
    expect(await run(async (tx) => (await Promise.all(board.finders.map((finder) => finder(tx)))).flat().filter(({ job }) => job === 'review.draw'))).toEqual([]);
    expect((await listed()).filter(({ mealDate }) => mealDate === '2024-12-06')).toMatchObject([{ presence: 'companion' }]);
    expect((await run((tx) => runInvariants(tx, CITY))).violations).toEqual([]);
  });
});
