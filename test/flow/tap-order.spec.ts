import { randomUUID } from 'node:crypto';
import { chinaInstant, civilDate, civilMonth } from '../../src/kernel/index.js';
import { balancesOf, closeMonth } from '../../src/ledger/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { hashOfStanding, standingOf, type Standing } from '../support/standing.js';
import { CITY, MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';

const DAY = civilDate('2024-12-03');
const NOON = chinaInstant(DAY, 720);
const SUBSIDISED = { selfPayFen: 1200, subsidyFen: 300 };
const FULL = { selfPayFen: 1500, subsidyFen: 0 };

let city: TappingCity;
let tills: [TestTill, TestTill];
/** The books are closed without their claims, which I10 asks for. */
let closedByHand = false;

const at = (minutes: number): string => new Date(NOON + minutes * MINUTE).toISOString();
/** A sale that a till made offline, believing that the elder still has the day's meal. */
const sale = (till: number, card: string, minutes: number, shown: object = SUBSIDISED) => (tills[till] as TestTill).body({ card, deviceTime: at(minutes), shown });

type Body = ReturnType<typeof sale>;

async function upload(till: number, bodies: readonly Body[]): Promise<void> {
  const { status, body } = await (tills[till] as TestTill).send('/v1/taps/upload', { taps: bodies });
  expect([status, ...body.results.map((result: { status: number }) => result.status)]).toEqual([200, ...bodies.map(() => 200)]);
}

const outcome = async (bodies: readonly Body[]): Promise<Standing[]> => standingOf(city, bodies.map(({ id }) => id));
const subsidies = async (bodies: readonly Body[]): Promise<number[]> => (await outcome(bodies)).map(({ subsidyFen }) => subsidyFen);
const correctionsOf = (bodies: readonly Body[]) => city.rows<{ tapId: string; cause: string; month: string; fen: number }>(
  `SELECT tap_id AS "tapId", cause, booked_month AS month, sum(fen)::bigint AS fen FROM meal_adjustment
   WHERE city_code = $1 AND tap_id = ANY (string_to_array($2, ',')::uuid[]) GROUP BY 1, 2, 3 ORDER BY 1`, [CITY, bodies.map(({ id }) => id).join(',')]);

/** The clock jumps, and the county's officer logs in again. */
async function moveTo(time: number): Promise<void> {
  city.clock.set(time);
  city.county = await city.staffed.tokenOf('county');
}

beforeAll(async () => {
  city = await TappingCity.start();
  await city.staffed.add('auditor', ['auditor'], '371500');
  await moveTo(NOON + 60 * MINUTE);
  tills = [await city.till(0), await city.till(1)];
}, 60_000);

afterEach(async () => {
  const { violations } = await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, city.service.app.get(PolicyLibrary)));
  expect(violations.filter(({ id }) => !closedByHand || id !== 'I10')).toEqual([]);
});

afterAll(() => city?.close());

describe('F20: two canteens sold to one elder offline, one meal left', () => {
  it('the earlier meal is subsidised whichever till comes back first, and the other stands as it was paid', async () => {
    const hashes: string[] = [];
    for (const first of [0, 1]) {
      const { card } = await city.elder();
      const bodies = [sale(0, card, -30), sale(1, card, -10)];
      for (const till of [first, 1 - first]) await upload(till, [bodies[till] as Body]);
      const standing = await outcome(bodies);
      expect(standing).toEqual([
        { selfPayFen: 1200, subsidyFen: 300, siteBorneFen: 0, funders: { 'city@371500': 150, 'county@371502': 150 }, voided: false },
        { selfPayFen: 1200, subsidyFen: 0, siteBorneFen: 300, funders: {}, voided: false },
      ]);
      hashes.push(hashOfStanding(standing));
      expect(await correctionsOf(bodies)).toEqual(first === 0 ? [] : [{ tapId: bodies[1]?.id, cause: 'rank', month: '2024-12', fen: -300 }]);
    }
    expect(new Set(hashes).size).toBe(1);
  });

  it('a tie in time goes to the smaller terminal, then to the smaller journal number', async () => {
    const smaller = (tills[0].terminal.terminalId < tills[1].terminal.terminalId) ? 0 : 1;
    for (const first of [0, 1]) {
      const { card } = await city.elder();
      const bodies = [sale(0, card, -30), sale(1, card, -30)];
      for (const till of [first, 1 - first]) await upload(till, [bodies[till] as Body]);
      expect((await subsidies(bodies)).map((fen) => fen > 0)).toEqual([smaller === 0, smaller === 1]);
      const [one, two] = [sale(0, card, -25), sale(0, card, -25)];
      await upload(0, [two]);
      await upload(0, [one]);
      expect(await subsidies([one, two])).toEqual([0, 0]);
    }
  });

  it('the answer that the till got stays, the office sees what was corrected and why', async () => {
    const { card } = await city.elder();
    const bodies = [sale(0, card, -30), sale(1, card, -10)];
    await upload(1, [bodies[1] as Body]);
    const [later] = (await tills[1].send('/v1/taps/upload', { taps: [bodies[1]] })).body.results;
    city.clock.set(city.clock.now() + 1000);
    await upload(0, [bodies[0] as Body]);
    expect((await tills[1].send('/v1/taps/upload', { taps: [bodies[1]] })).body.results[0]).toEqual(later);
    expect(later.answer).toMatchObject({ subsidyFen: 300, siteBorneFen: 0 });
    const token = await city.staffed.tokenOf('auditor');
    const { body } = await city.staffed.call('GET', `/v1/taps/${bodies[1]?.id}`, { token });
    expect(body).toMatchObject({
      answer: { subsidyFen: 300 }, standing: { selfPayFen: 1200, subsidyFen: 0, siteBorneFen: 300 }, shares: [],
      corrections: [{ cause: 'rank', subsidyFen: -300, bookedMonth: '2024-12', reason: expect.stringContaining(String(bodies[0]?.id)) }],
    });
    // Each receipt comes out again as it was given: the later one before, the earlier one after the rank changed.
    for (const { id } of bodies) {
      const anew = await city.staffed.call('GET', `/v1/taps/${id}/decision-anew`, { token });
      expect(anew).toMatchObject({ status: 200, body: { differences: [], wrongParts: [] } });
    }
    expect(await city.rows('SELECT count(*) AS n FROM audit WHERE city_code = $1 AND action = $2 AND object_id = $3', [CITY, 'meal.adjustment', String(bodies[1]?.id)])).toEqual([{ n: 1 }]);
  });

  it('an online answer is final: no offline meal takes its subsidy, however early it was', async () => {
    const { card } = await city.elder();
    const { body } = await tills[0].tap({ card });
    expect(body.subsidyFen).toBe(300);
    const early = sale(1, card, -60);
    await upload(1, [early]);
    expect(await subsidies([{ id: body.tapId } as Body, early])).toEqual([300, 0]);
  });

  it('a meal that its elder paid in full gets nothing by rank, and leaves the turn to the next', async () => {
    for (const first of [0, 1]) {
      const { card } = await city.elder();
      const bodies = [sale(0, card, -30, FULL), sale(1, card, -10)];
      for (const till of [first, 1 - first]) await upload(till, [bodies[till] as Body]);
      expect(await outcome(bodies)).toMatchObject([{ selfPayFen: 1500, subsidyFen: 0, siteBorneFen: 0 }, { selfPayFen: 1200, subsidyFen: 300, siteBorneFen: 0 }]);
    }
  });
});

describe('F08: an offline batch in any order', () => {
  const orders: readonly (readonly number[])[] = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]];

  it('newest first equals in order, by hash, in one upload or one by one', async () => {
    const hashes = new Set<string>();
    for (const order of orders) {
      for (const size of [1, 2, 4]) {
        const { card } = await city.elder();
        const bodies = [-30, -25, -24 * 60 - 20, -24 * 60 - 10].map((minutes) => sale(0, card, minutes));
        for (let from = 0; from < order.length; from += size) await upload(0, order.slice(from, from + size).map((place) => bodies[place] as Body));
        hashes.add(hashOfStanding(await outcome(bodies)));
        expect(await subsidies(bodies)).toEqual([300, 0, 300, 0]);
      }
    }
    expect(hashes.size).toBe(1);
  });
});

describe('F07 and F09: a batch that comes again, or in pieces', () => {
  it('F07: uploaded twice, whole and overlapping, it adds nothing', async () => {
    const { card } = await city.elder();
    const bodies = [-30, -20, -10].map((minutes) => sale(0, card, minutes));
    await upload(0, [bodies[2] as Body]);
    await upload(0, bodies);
    const before = { ...(await city.books()), corrections: await correctionsOf(bodies) };
    for (const again of [bodies, bodies.slice(1), [...bodies].reverse(), [...bodies, ...bodies]]) await upload(0, again);
    expect({ ...(await city.books()), corrections: await correctionsOf(bodies) }).toEqual(before);
    expect(await subsidies(bodies)).toEqual([300, 0, 0]);
  });

  it('F09: cut in the middle at any row, what came before stays and the rest follows once', async () => {
    for (const cut of [1, 2, 3]) {
      const { card } = await city.elder();
      const bodies = [-40, -30, -20, -10].map((minutes) => sale(0, card, minutes));
      const before = await city.books();
      await upload(0, bodies.slice(0, cut));
      expect((await city.books()).meals - before.meals).toBe(cut);
      // The till does not know how far it came, and sends everything.
      await upload(0, bodies);
      expect((await city.books()).meals - before.meals).toBe(4);
      expect(await subsidies(bodies)).toEqual([300, 0, 0, 0]);
    }
  });
});

describe('a void and what comes after it', () => {
  const voidBy = (till: number, tapId: string, change: object = {}) => (tills[till] as TestTill).send(`/v1/taps/${tapId}/void`, { id: randomUUID(), reason: '按错键', ...change });

  it('re-decides no meal that was sold before it, in any order of arrival', async () => {
    for (const uploadFirst of [true, false]) {
      const { card } = await city.elder();
      const { body } = await tills[0].tap({ card });
      const before = sale(1, card, -5);
      if (uploadFirst) await upload(1, [before]);
      city.clock.set(city.clock.now() + MINUTE);
      expect((await voidBy(0, body.tapId)).status).toBe(200);
      if (!uploadFirst) await upload(1, [before]);
      expect(await outcome([before])).toMatchObject([{ subsidyFen: 0, siteBorneFen: 300 }]);
    }
  });

  it('frees the use for a meal that was sold after it, also when the void comes last', async () => {
    const hashes = new Set<string>();
    for (const order of ['meal void later', 'later meal void', 'meal later void']) {
      const { card } = await city.elder();
      const [meal, earlier, later] = [sale(0, card, -30), sale(1, card, -25), sale(1, card, -10)];
      for (const step of order.split(' ')) {
        if (step === 'meal') await upload(0, [meal]);
        else if (step === 'later') await upload(1, [later, earlier]);
        else expect((await voidBy(0, meal.id, { deviceTime: at(-20) })).status).toBe(200);
      }
      const standing = await outcome([meal, earlier, later]);
      expect(standing).toMatchObject([{ selfPayFen: 0, subsidyFen: 0, voided: true }, { subsidyFen: 0, siteBorneFen: 300 }, { subsidyFen: 300, siteBorneFen: 0 }]);
      hashes.add(hashOfStanding(standing));
    }
    expect(hashes.size).toBe(1);
  });

  it('takes back what the meal has by then, and gives the use back once', async () => {
    const { card, elderId } = await city.elder();
    const [early, late] = [sale(0, card, -30), sale(1, card, -20)];
    await upload(1, [late]);
    await upload(0, [early]);
    for (const [till, body] of [[1, late], [0, early]] as const) expect((await voidBy(till, body.id)).status).toBe(200);
    expect(await outcome([early, late])).toMatchObject([{ selfPayFen: 0, subsidyFen: 0, siteBorneFen: 0 }, { selfPayFen: 0, subsidyFen: 0, siteBorneFen: 0 }]);
    expect(await city.rows('SELECT sum(count)::int AS count, sum(fen)::bigint AS fen FROM subsidy_use WHERE city_code = $1 AND elder_id = $2', [CITY, elderId])).toEqual([{ count: 0, fen: 0 }]);
  });

  it('at the same moment as the sale that takes its rank, it leaves no account of the meal with anything, and one use', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { card, elderId } = await city.elder();
      const [early, late] = [sale(0, card, -30), sale(1, card, -20)];
      await upload(1, [late]);
      await Promise.all([upload(0, [early]), voidBy(1, late.id)]);
      expect(await outcome([early, late])).toMatchObject([{ subsidyFen: 300, siteBorneFen: 0 }, { selfPayFen: 0, subsidyFen: 0, siteBorneFen: 0, voided: true }]);
      expect(await city.rows('SELECT count, fen FROM subsidy_use WHERE city_code = $1 AND elder_id = $2', [CITY, elderId])).toEqual([{ count: 1, fen: 300 }]);
    }
  });

  it('what a person corrected stays: no later arrival ranks it again', async () => {
    const { card } = await city.elder();
    const [early, late] = [sale(0, card, -30), sale(1, card, -20)];
    await upload(1, [late]);
    const token = await city.staffed.tokenOf('county');
    const adjusted = await city.staffed.call('POST', `/v1/taps/${late.id}/adjustments`, { token, body: { id: randomUUID(), cause: 'inspection', reason: '现场核查' } });
    expect(adjusted.status).toBe(200);
    await upload(0, [early]);
    expect(await subsidies([early, late])).toEqual([0, 0]);
  });
});

describe('F10: after the month has closed', () => {
  it('a late sale keeps its date, and a changed rank is a correction in the open month; the closed one stays as it was', async () => {
    const last = chinaInstant(civilDate('2024-12-19'), 720);
    await moveTo(last + 60 * MINUTE);
    tills = [await city.till(0), await city.till(1)];
    const { card } = await city.elder();
    const on = (till: number, minutes: number) => (tills[till] as TestTill).body({ card, deviceTime: new Date(last + minutes * MINUTE).toISOString(), shown: SUBSIDISED });
    const [early, late] = [on(0, -30), on(1, -10)];
    await upload(1, [late]);
    closedByHand = true;
    const closed = await city.service.parts.transactor.run((tx) => closeMonth(tx, { now: () => chinaInstant(civilDate('2025-01-01'), 1) }, CITY, civilMonth('2024-12'), 'staff:1'));
    expect(closed).toMatchObject({ ok: true });
    const balances = () => city.service.parts.transactor.run((tx) => balancesOf(tx, CITY, civilMonth('2024-12')));
    const before = await balances();
    await upload(0, [early]);
    expect(await balances()).toEqual(before);
    expect(await subsidies([early, late])).toEqual([300, 0]);
    expect(await city.rows('SELECT meal_date, booked_month FROM meal WHERE city_code = $1 AND tap_id = $2', [CITY, early.id])).toEqual([{ meal_date: '2024-12-19', booked_month: '2025-01' }]);
    expect(await correctionsOf([late])).toEqual([{ tapId: late.id, cause: 'rank', month: '2025-01', fen: -300 }]);
  });
});
