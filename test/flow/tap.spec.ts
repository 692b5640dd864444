import { randomUUID } from 'node:crypto';
import { chinaInstant, civilDate } from '../../src/kernel/index.js';
import { CITY, MINUTE, OPERATOR, PAYEE, TappingCity, type TestTill } from '../support/tapping-city.js';

const DAY = civilDate('2024-12-03');
const NOON = chinaInstant(DAY, 720);

let city: TappingCity;
let till: TestTill;
let other: TestTill;

beforeAll(async () => {
  city = await TappingCity.start();
  [till, other] = [await city.till(0), await city.till(1)];
}, 60_000);

afterAll(() => city?.close());

describe('a sale', () => {
  it('splits the price, books it and says who pays what', async () => {
    const { card, elderId } = await city.elder();
    const { status, body } = await till.tap({ card });
    expect(status).toBe(200);
    expect(body).toEqual({
      outcome: 'accepted', tapId: expect.any(String), code: null, sentence: '原价15.00元，市补1.50元，县补1.50元，您付12.00元。',
      priceFen: 1500, selfPayFen: 1200, subsidyFen: 300, siteBorneFen: 0,
      funding: [{ funderCode: 'city@371500', name: '市', fen: 150 }, { funderCode: 'county@371502', name: '县', fen: 150 }],
      flags: [], mealDate: DAY, bookedMonth: '2024-12',
    });
    const transfers = await city.rows<object>('SELECT debit_account AS debit, credit_account AS credit, fen, kind FROM ledger_transfer WHERE city_code = $1 AND transfer_id = $2 ORDER BY leg', [CITY, body.tapId]);
    const site = till.siteId;
    expect(transfers).toEqual([
      { debit: `cash/${site}`, credit: `sales/${site}`, fen: 1200, kind: 'meal' },
      { debit: `due/${site}/city@371500`, credit: `sales/${site}`, fen: 150, kind: 'meal' },
      { debit: `due/${site}/county@371502`, credit: `sales/${site}`, fen: 150, kind: 'meal' },
    ]);
    const [meal] = await city.rows('SELECT elder_id, operator_id, payee_id, pack, price_list_version, offline FROM meal WHERE city_code = $1 AND tap_id = $2', [CITY, body.tapId]);
    expect(meal).toEqual({ elder_id: elderId, operator_id: OPERATOR, payee_id: PAYEE, pack: 'liaocheng', price_list_version: 1, offline: false });
    const again = await till.tap({ card });
    expect(again.body).toMatchObject({ code: 'second-meal-today', selfPayFen: 1500, subsidyFen: 0, sentence: '原价15.00元，您付15.00元。今日已享受过补贴，按原价收取。' });
  });

  it('of a guest or with a card that nobody knows is at the full price', async () => {
    expect((await till.tap()).body).toMatchObject({ outcome: 'accepted', code: 'guest', selfPayFen: 1500, subsidyFen: 0 });
    expect((await till.tap({ card: 'LC99999999' })).body).toMatchObject({ outcome: 'accepted', code: 'card-unknown', selfPayFen: 1500 });
  });

  it('with a lost or frozen card, or a dead person\'s, is a guest\'s', async () => {
    const [lost, frozen, dead] = [await city.elder(), await city.elder(), await city.elder()];
    const event = (cardId: string, kind: string) => city.staffed.call('POST', `/v1/cards/${cardId}/events`, { token: city.county, body: { id: randomUUID(), kind, reason: '测试' } });
    expect((await event(lost.cardId, 'lost')).status).toBe(200);
    expect((await event(frozen.cardId, 'frozen')).status).toBe(200);
    const death = await city.staffed.call('POST', `/v1/elders/${dead.elderId}/death`, { token: city.county, body: { id: randomUUID(), diedOn: '2024-12-01', source: '社区登记' } });
    expect(death).toMatchObject({ status: 200 });
    for (const [card, code] of [[lost.card, 'card-lost'], [frozen.card, 'card-frozen']] as const) {
      const { body } = await till.tap({ card });
      expect(body).toMatchObject({ outcome: 'accepted', code, selfPayFen: 1500, subsidyFen: 0 });
      expect(await city.rows('SELECT elder_id FROM meal WHERE city_code = $1 AND tap_id = $2', [CITY, body.tapId])).toEqual([{ elder_id: null }]);
    }
    const { body } = await till.tap({ card: dead.card });
    expect(body).toMatchObject({ outcome: 'accepted', subsidyFen: 0 });
    expect(['deceased', 'card-cancelled']).toContain(body.code);
  });
});

describe('the same id', () => {
  it('five times at once is one sale with five equal answers, byte for byte, and so it stays', async () => {
    const body = till.body({ card: (await city.elder()).card });
    const before = await city.books();
    const answers = await Promise.all(Array.from({ length: 5 }, () => till.send('/v1/taps', body)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    const later = await till.send('/v1/taps', body);
    expect(later.text).toBe(answers[0]?.text);
    const uploaded = await till.send('/v1/taps/upload', { taps: [body] });
    expect(JSON.stringify(uploaded.body.results[0].answer)).toBe(later.text);
    const after = await city.books();
    expect([after.meals - before.meals, after.fen - before.fen, after.uses - before.uses]).toEqual([1, 1500, 1]);
  });

  it('with another body is refused, writes nothing and leaves a trace', async () => {
    const body = till.body({ card: (await city.elder()).card });
    await till.send('/v1/taps', body);
    const before = await city.books();
    const changed = await till.send('/v1/taps', { ...body, items: [{ itemCode: 'set', quantity: 2 }] });
    expect(changed).toMatchObject({ status: 409, body: { code: 'tap-id-taken' } });
    expect(await other.send('/v1/taps', body)).toMatchObject({ status: 409, body: { code: 'tap-id-taken' } });
    expect(await city.books()).toEqual(before);
    expect(await city.rows('SELECT count(*) AS audits FROM audit WHERE city_code = $1 AND object_id = $2', [CITY, body.id])).toEqual([{ audits: 2 }]);
  });

  it('twice in one instant with two bodies is one sale and one refusal', async () => {
    const body = till.body();
    const answers = await Promise.all([till.send('/v1/taps', body), till.send('/v1/taps', { ...body, tender: 'code' })]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });
});

describe('one elder', () => {
  it('on two terminals in the same instant is subsidised exactly once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { card } = await city.elder();
      const answers = await Promise.all([till.tap({ card }), other.tap({ card })]);
      expect(answers.map((answer) => answer.body.subsidyFen).sort()).toEqual([0, 300]);
      expect(answers.map((answer) => answer.body.code).sort()).toEqual([null, 'second-meal-today'].sort());
    }
  });

  it('has a use again when the meal is voided, and earlier decisions stay', async () => {
    const { card, elderId } = await city.elder();
    const first = await till.tap({ card });
    const second = await till.tap({ card });
    expect([first.body.subsidyFen, second.body.subsidyFen]).toEqual([300, 0]);
    const request = { id: randomUUID(), reason: '按错键' };
    const voided = await till.send(`/v1/taps/${first.body.tapId}/void`, request);
    expect(voided).toMatchObject({ status: 200, body: { tapId: first.body.tapId, bookedMonth: '2024-12', returnedFen: 1200 } });
    expect(await till.send(`/v1/taps/${first.body.tapId}/void`, request)).toMatchObject({ status: 200, body: voided.body });
    expect(await till.send(`/v1/taps/${first.body.tapId}/void`, { ...request, id: randomUUID() })).toMatchObject({ status: 409, body: { code: 'already-voided' } });
    expect(await city.rows('SELECT sum(count)::int AS count, sum(fen)::bigint AS fen FROM subsidy_use WHERE city_code = $1 AND elder_id = $2', [CITY, elderId])).toEqual([{ count: 0, fen: 0 }]);
    const net = await city.rows(
      `SELECT coalesce(sum(CASE kind WHEN 'void' THEN -fen ELSE fen END), 0)::bigint AS fen FROM ledger_transfer WHERE city_code = $1 AND cause_id = $2`, [CITY, first.body.tapId]);
    expect(net).toEqual([{ fen: 0 }]);
    expect((await till.tap({ card })).body.subsidyFen).toBe(300);
    expect((await till.send(`/v1/taps/${second.body.tapId}`)).body).toMatchObject({ answer: { subsidyFen: 0, code: 'second-meal-today' }, voided: null });
    expect((await till.send(`/v1/taps/${first.body.tapId}`)).body).toMatchObject({ answer: first.body, voided: { reason: '按错键' }, shares: [], reasons: [] });
  });
});

describe('a split that the till showed', () => {
  it('T13: online comes back when it is wrong, and the same id may be used again', async () => {
    const { card } = await city.elder();
    const before = await city.books();
    const body = till.body({ card, shown: { selfPayFen: 1500, subsidyFen: 0 } });
    expect(await till.send('/v1/taps', body)).toMatchObject({ status: 409, body: { code: 'split-changed', detail: { priceFen: 1500, selfPayFen: 1200, subsidyFen: 300 } } });
    expect(await city.books()).toEqual(before);
    expect((await till.send('/v1/taps', { ...body, shown: { selfPayFen: 1200, subsidyFen: 300 } })).body).toMatchObject({ outcome: 'accepted', subsidyFen: 300 });
  });

  it('offline stands as it was paid: the elder is not billed, the site bears what no fund gives', async () => {
    const { card } = await city.elder();
    await till.tap({ card });
    const { body } = await till.send('/v1/taps/upload', { taps: [till.body({ card, shown: { selfPayFen: 1200, subsidyFen: 300 } })] });
    expect(body.results[0].answer).toMatchObject({ outcome: 'accepted', selfPayFen: 1200, subsidyFen: 0, siteBorneFen: 300, flags: ['fund-changed'] });
    const [borne] = await city.rows('SELECT fen, debit_account AS debit FROM ledger_transfer WHERE city_code = $1 AND transfer_id = $2 AND leg = 2', [CITY, body.results[0].tapId]);
    expect(borne).toEqual({ fen: 300, debit: `borne/${till.siteId}` });
  });
});

describe('what a till held back', () => {
  it('uploaded twice, whole or in part, is there once', async () => {
    const { card } = await city.elder();
    const taps = [till.body({ card }), till.body(), till.body({ card })];
    const first = await till.send('/v1/taps/upload', { taps });
    const before = await city.books();
    const second = await till.send('/v1/taps/upload', { taps: [...taps].reverse() });
    expect([...second.body.results].reverse()).toEqual(first.body.results);
    expect((await till.send('/v1/taps/upload', { taps: taps.slice(1) })).body.results).toEqual(first.body.results.slice(1));
    expect(await city.books()).toEqual(before);
  });

  it('out of order gives every meal the same outcome as in order', async () => {
    const outcomes = async (order: (taps: object[]) => object[]) => {
      const [a, b] = [await city.elder(), await city.elder()];
      const minutes = [3, 1, 2, 5, 4];
      const cards = [a.card, b.card, a.card, b.card, a.card];
      const bodies = minutes.map((minute, index) => till.body({ card: cards[index] as string, deviceTime: new Date(NOON - minute * MINUTE).toISOString() }));
      const { body } = await till.send('/v1/taps/upload', { taps: order(bodies) });
      const byId = new Map(body.results.map((result: { tapId: string; answer: { subsidyFen: number; flags: string[] } }) => [result.tapId, result.answer]));
      return bodies.map(({ id }) => {
        const { subsidyFen, flags } = byId.get(id) as { subsidyFen: number; flags: string[] };
        return { subsidyFen, flags };
      });
    };
    const inOrder = await outcomes((taps) => taps);
    expect(inOrder.map((one) => one.subsidyFen)).toEqual([0, 0, 0, 300, 300]);
    expect(await outcomes((taps) => [...taps].reverse())).toEqual(inOrder);
    expect(await outcomes((taps) => [...taps.slice(2), ...taps.slice(0, 2)])).toEqual(inOrder);
  });

  it('answers every tap on its own: a malformed one holds up no other', async () => {
    const [good, bad, taken] = [till.body(), till.body(), till.body()];
    await till.send('/v1/taps', taken);
    const { status, body } = await till.send('/v1/taps/upload', { taps: [{ ...bad, priceFen: 1.5 }, good, { ...taken, tender: 'code' }] });
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      { tapId: bad.id, status: 400, answer: null, problem: { code: 'fields-wrong' } }, { tapId: good.id, status: 200, answer: { outcome: 'accepted' }, problem: null },
      { tapId: taken.id, status: 409, answer: null, problem: { code: 'tap-id-taken' } },
    ]);
    expect(await till.send('/v1/taps/upload', { taps: [] })).toMatchObject({ status: 400, body: { code: 'fields-wrong' } });
  });

  it('older than a day is marked for review, older than three is at the full price', async () => {
    const hours = async (age: number) => {
      const { card } = await city.elder();
      const { body } = await till.send('/v1/taps/upload', { taps: [till.body({ card, deviceTime: new Date(NOON - age * 60 * MINUTE).toISOString() })] });
      return body.results[0].answer;
    };
    expect(await hours(23)).toMatchObject({ subsidyFen: 300, flags: [] });
    expect(await hours(25)).toMatchObject({ subsidyFen: 300, flags: ['review'] });
    expect(await hours(73)).toMatchObject({ subsidyFen: 0, code: 'sent-too-late', flags: ['review', 'sent-too-late'] });
  });
});

describe('the journal', () => {
  it('takes a number once, and tells a broken chain without losing the sale', async () => {
    const mine = await city.till(0);
    const [first, second] = [mine.body(), mine.body()];
    await mine.send('/v1/taps', first);
    expect((await mine.send('/v1/taps', second)).body.flags).toEqual([]);
    expect(await mine.send('/v1/taps', { ...second, id: randomUUID() })).toMatchObject({ status: 409, body: { code: 'journal-number-taken', detail: { journalNumber: 2 } } });
    expect((await mine.tap({ prevHash: 'f'.repeat(64) })).body).toMatchObject({ outcome: 'accepted', flags: ['chain-broken'] });
    expect((await mine.tap()).body.flags).toEqual([]);
  });

  it('is checked whichever entry comes first, and holds the till\'s voids', async () => {
    const mine = await city.till(0);
    const [first, second] = [mine.body(), mine.body({ prevHash: 'e'.repeat(64) })];
    expect((await mine.send('/v1/taps', second)).body.flags).toEqual([]);
    expect((await mine.send('/v1/taps', first)).body.flags).toEqual(['chain-broken']);
    const request = { id: randomUUID(), reason: '按错键', journalNumber: 3, prevHash: mine.previous };
    expect((await mine.send(`/v1/taps/${first.id}/void`, request)).status).toBe(200);
    expect(await mine.send(`/v1/taps/${second.id}/void`, { ...request, id: randomUUID() })).toMatchObject({ status: 409, body: { code: 'journal-number-taken' } });
    expect(await city.rows('SELECT kind FROM tap_claim WHERE city_code = $1 AND terminal_id = $2 ORDER BY journal_number', [CITY, mine.terminal.terminalId])).toEqual([{ kind: 'tap' }, { kind: 'tap' }, { kind: 'void' }]);
  });
});

describe('bad input moves no money', () => {
  const malformed: [string, object][] = [
    ['a price with a fraction of a fen', { shown: { selfPayFen: 1200.5, subsidyFen: 299.5 } }], ['an unknown field', { priceFen: 1500 }], ['an unknown field inside', { shown: { selfPayFen: 1500, subsidyFen: 0, x: 1 } }],
    ['no items', { items: [] }], ['half a portion', { items: [{ itemCode: 'set', quantity: 0.5 }] }], ['a card without a number', { credential: { kind: 'card' } }],
    ['a guest with a number', { credential: { kind: 'guest', number: 'LC00000001' } }], ['a time that is none', { deviceTime: '2024-13-03T12:00:00+08:00' }], ['a time of the Romans', { deviceTime: '0044-03-15T12:00:00Z' }],
    ['an id that is none', { id: 'x' }], ['a journal number of nothing', { journalNumber: 0 }], ['another site', { siteId: randomUUID() }],
  ];
  it.each(malformed)('%s is sent back', async (_, change) => {
    const before = await city.books();
    const body = { ...other.body(), ...change };
    other.journal -= 1;
    expect(await other.send('/v1/taps', body)).toMatchObject({ status: 400, body: { code: 'fields-wrong' } });
    expect(await city.books()).toEqual(before);
  });

  it('a refused tap is kept with its code, answers the same for ever, and cannot be voided', async () => {
    const before = await city.books();
    const body = till.body({ deviceTime: new Date(NOON + 6 * MINUTE).toISOString() });
    const first = await till.send('/v1/taps', body);
    expect(first).toMatchObject({ status: 200, body: { outcome: 'refused', code: 'time-in-future', priceFen: 0, sentence: expect.stringContaining('请校准时间') } });
    expect((await till.send('/v1/taps', body)).text).toBe(first.text);
    const after = await city.books();
    expect({ ...after, meals: before.meals, claims: before.claims }).toEqual(before);
    expect(after.meals).toBe(before.meals + 1);
    expect(await till.send(`/v1/taps/${body.id}/void`, { id: randomUUID(), reason: '测试' })).toMatchObject({ status: 409, body: { code: 'tap-refused-already' } });
  });

  const refused: [string, object][] = [
    ['price-list-not-in-force', { priceListVersion: 7 }], ['item-unknown', { items: [{ itemCode: 'gold', quantity: 1 }] }], ['item-unknown', { mealPeriod: 'breakfast' }],
    ['balance-not-offered', { tender: 'balance' }], ['tender-missing', { tender: 'none' }], ['time-in-future', { deviceTime: '2077-01-01T00:00:00Z' }],
  ];
  it.each(refused)('%s', async (code, change) => {
    const before = await city.books();
    expect(await till.tap(change as Record<string, unknown>)).toMatchObject({ status: 200, body: { outcome: 'refused', code, bookedMonth: '2024-12' } });
    expect({ ...(await city.books()), meals: 0, claims: 0 }).toEqual({ ...before, meals: 0, claims: 0 });
  });

  it('nobody without a terminal taps', async () => {
    expect(await city.staffed.call('POST', '/v1/taps', { body: till.body() })).toMatchObject({ status: 401 });
    expect(await city.staffed.call('POST', '/v1/taps', { token: city.county, body: till.body() })).toMatchObject({ status: 403 });
    till.journal -= 2;
  });
});

describe('reading back', () => {
  it('shows a site its day in pages, without who ate', async () => {
    const first = await till.send(`/v1/sites/${till.siteId}/meals?date=${DAY}&limit=3`);
    expect(first.body.items).toHaveLength(3);
    const second = await till.send(`/v1/sites/${till.siteId}/meals?date=${DAY}&limit=500&cursor=${first.body.nextCursor}`);
    const ids = [...first.body.items, ...second.body.items].map((item: { tapId: string }) => item.tapId);
    expect(new Set(ids).size).toBe(ids.length);
    const [{ meals }] = (await city.rows<{ meals: number }>('SELECT count(*) AS meals FROM meal WHERE city_code = $1 AND site_id = $2 AND meal_date = $3', [CITY, till.siteId, DAY])) as [{ meals: number }];
    expect(ids).toHaveLength(meals);
    expect(Object.keys(first.body.items[0]).filter((key) => /elder|card|name/i.test(key))).toEqual([]);
  });

  it('keeps a till to its own site', async () => {
    const { body } = await other.tap();
    expect(await till.send(`/v1/taps/${body.tapId}`)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await till.send(`/v1/sites/${other.siteId}/meals?date=${DAY}`)).toMatchObject({ status: 403 });
    expect(await till.send(`/v1/taps/${body.tapId}/void`, { id: randomUUID(), reason: '测试' })).toMatchObject({ status: 403 });
    expect(await till.send(`/v1/taps/${randomUUID()}`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });
});
