import { randomUUID } from 'node:crypto';
import { civilDate } from '../../src/kernel/index.js';
import { endDays } from '../../src/ledger/index.js';
import type { Tx } from '../../src/platform/index.js';
import { DrawSamples } from '../../src/review/index.js';
import { SealDays } from '../../src/seal/index.js';
import { publishFreeMeals } from '../support/free-meals.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

let city: TappingCity;
let till: TestTill;

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => city.service.parts.transactor.run(work);
/** A meal of somebody who eats for nothing under the pack, and one who does not. */
const free = async (more: object = {}) => (await till.tap({ card: (await city.elder()).card, ...more })).body;
const paid = async (more: object = {}) => (await till.tap({ card: (await city.elder('19500601')).card, ...more })).body;

beforeAll(async () => {
  city = await TappingCity.start();
  await publishFreeMeals(city.staffed);
  till = await city.till();
}, 120_000);

afterAll(() => city.close());

describe('a meal that costs the elder nothing, under a pack that asks for a second proof', () => {
  const tapIds: { without: string; proved: string[]; paying: string; late: string } = { without: '', proved: [], paying: '', late: '' };

  it('is taken without a proof too, and marked', async () => {
    const without = await free();
    expect(without).toMatchObject({ outcome: 'accepted', selfPayFen: 0, subsidyFen: 1500, flags: ['proof-missing'] });
    tapIds.without = without.tapId;
  });

  it.each(['photo', 'companion', 'number'])('is not marked where the elder’s presence is known by %s', async (presence) => {
    const proved = await free({ presence });
    expect(proved).toMatchObject({ outcome: 'accepted', selfPayFen: 0, flags: [] });
    tapIds.proved.push(proved.tapId);
  });

  it('is the only one that needs a proof: no paid meal does, and no guest’s', async () => {
    const paying = await paid();
    expect(paying).toMatchObject({ outcome: 'accepted', selfPayFen: 1400, flags: [] });
    tapIds.paying = paying.tapId;
    expect((await till.tap()).body).toMatchObject({ outcome: 'accepted', flags: [] });
  });

  it('is marked the same way where it was sold without a network', async () => {
    const sale = async (more: object) => till.body({ card: (await city.elder()).card, shown: { selfPayFen: 0, subsidyFen: 1500 }, ...more });
    const [late, proved] = [await sale({}), await sale({ presence: 'number' })];
    const { results } = (await till.send('/v1/taps/upload', { taps: [late, proved] })).body;
    expect(results.map(({ answer }: { answer: { outcome: string; flags: string[] } }) => [answer.outcome, answer.flags])).toEqual([['accepted', ['proof-missing']], ['accepted', []]]);
    tapIds.late = late.id;
    tapIds.proved.push(proved.id);
  });

  it('is looked into afterwards, whatever the lot draws, and only where the proof is missing', async () => {
    await run((tx) => endDays(tx, CITY, civilDate('2024-12-03')));
    expect(await run((tx) => city.service.app.get(SealDays).allOver(tx, CITY))).toMatchObject({ seals: 1, findings: 0 });
    await run((tx) => city.service.app.get(DrawSamples).run(tx, CITY));
    const { items } = (await city.staffed.call('GET', '/v1/reviews?from=2024-12-01&limit=500&reason=proof-missing', { token: city.county })).body;
    expect(items.map(({ tapId }: { tapId: string }) => tapId).sort()).toEqual([tapIds.without, tapIds.late].sort());
    expect(items[0]).toMatchObject({ flags: ['proof-missing'], presence: null, selfPayFen: 0 });
    const found = await city.staffed.call('POST', `/v1/reviews/${tapIds.without}/findings`, { token: city.county, body: { id: randomUUID(), verdict: 'ok', note: '电话核实，本人来用餐' } });
    expect(found.status).toBe(200);
  });
});
