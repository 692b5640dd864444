import { randomUUID } from 'node:crypto';
import { signSessionRequest, signTerminalRequest } from '../../src/access/index.js';
import { chinaInstant, civilDate, type CivilDate } from '../../src/kernel/index.js';
import { JobBoard, JobRunner } from '../../src/platform/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { policyTexts } from '../support/policy-texts.js';
import { SCAN } from '../support/publish-shipped.js';
import { standingOf } from '../support/standing.js';
import { CITY, MINUTE, TappingCity, TestTill } from '../support/tapping-city.js';

const HOUR = 60 * MINUTE;
const SHOWN = { selfPayFen: 1200, subsidyFen: 300 };

let city: TappingCity;
let tills: [TestTill, TestTill];

const now = (): number => city.clock.now();
const iso = (moment: number): string => new Date(moment).toISOString();
const post = async (who: string, url: string, body: object) => city.staffed.call('POST', url, { token: await city.staffed.tokenOf(who), body: { id: randomUUID(), ...body } });
const cardEvent = (cardId: string, kind: string) => post('county', `/v1/cards/${cardId}/events`, { kind, reason: '测试' });
const subsidies = async (ids: readonly string[]): Promise<number[]> => (await standingOf(city, ids)).map((one) => one.subsidyFen);

/** The clock jumps to a moment of a day, the county's officer logs in again, and both tills open a session. */
async function moveTo(day: CivilDate | string, minutes: number): Promise<void> {
  city.clock.set(chinaInstant(civilDate(day), minutes));
  city.county = await city.staffed.tokenOf('county');
  tills = [await city.till(0), await city.till(1)];
}

async function upload(till: TestTill, taps: readonly object[]) {
  const { status, body } = await till.send('/v1/taps/upload', { taps });
  expect(status).toBe(200);
  return body.results as { tapId: string; status: number; answer: { outcome: string; code: string | null; flags: string[]; subsidyFen: number; selfPayFen: number; siteBorneFen: number; mealDate: string; bookedMonth: string } | null; problem: { code: string } | null }[];
}

beforeAll(async () => {
  city = await TappingCity.start();
  for (const [account, role] of [['drafter', 'cityOfficer'], ['signer', 'financeApprover']] as const) await city.staffed.add(account, [role]);
  for (const siteId of city.sites) {
    await city.rows(`INSERT INTO site_paper (city_code, paper_id, site_id, kind, number, valid_from, valid_to, recorded_at, recorded_by)
      VALUES ($1, $2, $3, 'foodLicence', '测许002', '2024-12-01', NULL, now(), 'test')`, [CITY, randomUUID(), siteId]);
  }
  await moveTo('2024-12-03', 720);
}, 60_000);

afterEach(async () => {
  const { violations } = await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, city.service.app.get(PolicyLibrary)));
  expect(violations).toEqual([]);
});

afterAll(() => city?.close());

it('F05: one elder at two tills within one moment, both online, has exactly one meal subsidised', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { card } = await city.elder();
    const answers = await Promise.all(tills.map((till) => till.tap({ card })));
    expect(answers.map(({ body }) => body.subsidyFen).sort()).toEqual([0, 300]);
    expect(answers.map(({ body }) => body.code).sort()).toEqual([null, 'second-meal-today'].sort());
  }
});

it('F06: the same id from two terminals is accepted once, and the other is refused as a conflict and written down', async () => {
  const body = tills[0].body({ card: (await city.elder()).card, shown: SHOWN });
  const [first] = await upload(tills[0], [body]);
  expect(first).toMatchObject({ status: 200, answer: { outcome: 'accepted', subsidyFen: 300 } });
  const before = await city.books();
  for (const answer of [await upload(tills[1], [body]), [(await tills[1].send('/v1/taps', body))]]) expect(answer[0]).toMatchObject({ status: 409 });
  expect((await upload(tills[1], [body]))[0]?.problem?.code).toBe('tap-id-taken');
  expect(await city.books()).toEqual(before);
  const audits = await city.rows<{ actor: string }>(`SELECT actor FROM audit WHERE city_code = $1 AND action = 'tap.id-conflict' AND object_id = $2`, [CITY, body.id]);
  expect(audits).toEqual([1, 2, 3].map(() => ({ actor: `terminal:${tills[1].terminal.terminalId}` })));
  // The other till's number is still free: its own next sale takes it.
  expect((await upload(tills[1], [tills[1].body()]))[0]).toMatchObject({ status: 200 });
});

describe('F12: a till whose clock is wrong', () => {
  const skews: [string, number, object][] = [
    ['3 hours ahead', 3 * HOUR, { outcome: 'refused', code: 'time-in-future' }], ['a year ahead', 365 * 24 * HOUR, { outcome: 'refused', code: 'time-in-future' }],
    ['4 minutes ahead', 4 * MINUTE, { outcome: 'accepted', flags: [] }], ['4 minutes behind', -4 * MINUTE, { outcome: 'accepted', flags: [] }],
    ['6 minutes behind', -6 * MINUTE, { outcome: 'accepted', flags: ['clock-skew'] }], ['3 hours behind', -3 * HOUR, { outcome: 'accepted', subsidyFen: 300, flags: ['clock-skew'] }],
    ['25 hours behind', -25 * HOUR, { outcome: 'accepted', flags: ['clock-skew', 'review'] }],
  ];
  it.each(skews)('F12: %s, online', async (_, skew, expected) => {
    const before = await city.books();
    const { body } = await tills[0].tap({ card: (await city.elder()).card, deviceTime: iso(now() + skew) });
    expect(body).toMatchObject(expected);
    if (body.outcome === 'refused') expect({ ...(await city.books()), meals: 0, claims: 0 }).toEqual({ ...before, meals: 0, claims: 0 });
  });

  it('F12: in 1970 it sells nothing online, and what it sold offline gets no subsidy and is looked at by a person', async () => {
    const { card } = await city.elder();
    const first = civilDate('1970-01-02');
    const online = await tills[0].tap({ card, deviceTime: iso(chinaInstant(first, 600)) });
    expect(online.body).toMatchObject({ outcome: 'refused', subsidyFen: 0 });
    const [offline] = await upload(tills[0], [tills[0].body({ card, deviceTime: iso(chinaInstant(first, 601)), shown: SHOWN })]);
    expect(offline?.answer).toMatchObject({ subsidyFen: 0 });
  });

  it('F12: stepping backwards between sales loses none, and the order is that of the times it names', async () => {
    const { card } = await city.elder();
    const times = [-60, -90, -30, -75];
    const bodies = times.map((minutes) => tills[0].body({ card, deviceTime: iso(now() + minutes * MINUTE), shown: SHOWN }));
    for (const body of bodies) expect((await upload(tills[0], [body]))[0]).toMatchObject({ status: 200, answer: { outcome: 'accepted' } });
    expect(await subsidies(bodies.map(({ id }) => id))).toEqual([0, 300, 0, 0]);
  });
});

describe('F17: a card that was reported lost while a till was offline', () => {
  it('F17: sales before the report are the elder\'s, those after it a guest\'s at the full price, and the elder is charged nothing for them', async () => {
    const { card, cardId, elderId } = await city.elder();
    const reported = now();
    expect((await cardEvent(cardId, 'lost')).status).toBe(200);
    city.clock.set(reported + 30 * MINUTE);
    const [own, thief] = [-20, 10].map((minutes) => tills[0].body({ card, deviceTime: iso(reported + minutes * MINUTE), shown: SHOWN }));
    // The thief's sale comes first.
    await upload(tills[0], [thief as object]);
    await upload(tills[0], [own as object]);
    const [mine, theirs] = await standingOf(city, [own?.id as string, thief?.id as string]);
    expect(mine).toMatchObject({ selfPayFen: 1200, subsidyFen: 300, siteBorneFen: 0 });
    expect(theirs).toMatchObject({ subsidyFen: 0, siteBorneFen: 300 });
    expect(await city.rows('SELECT tap_id::text AS id, code FROM meal WHERE city_code = $1 AND elder_id = $2', [CITY, elderId])).toEqual([{ id: own?.id, code: null }]);
  });
});

describe('F18: a death that is registered late', () => {
  it('F18: takes nothing back by itself, and no later arrival does either; what arrives after it is a guest\'s', async () => {
    await moveTo('2024-12-05', 600);
    const { card, elderId } = await city.elder();
    await moveTo('2024-12-05', 800);
    const late = tills[1].body({ card, deviceTime: iso(now() - 30 * MINUTE), shown: SHOWN });
    await upload(tills[1], [late]);
    city.clock.set(now() + MINUTE);
    expect((await post('county', `/v1/elders/${elderId}/death`, { diedOn: '2024-12-04', source: '社区登记' })).status).toBe(200);
    city.clock.set(now() + MINUTE);
    const early = tills[0].body({ card, deviceTime: iso(now() - HOUR), shown: SHOWN });
    expect((await upload(tills[0], [early]))[0]?.answer).toMatchObject({ subsidyFen: 0, siteBorneFen: 300 });
    expect(await subsidies([early.id, late.id])).toEqual([0, 300]);
    expect(await city.rows('SELECT elder_id FROM meal WHERE city_code = $1 AND tap_id = $2', [CITY, early.id])).toEqual([{ elder_id: null }]);
    expect(await city.rows('SELECT FROM meal_adjustment WHERE city_code = $1 AND tap_id = $2', [CITY, late.id])).toEqual([]);
  });
});

describe('F13: offline over midnight', () => {
  it('F13: the second before midnight and the second after are two days, whenever they arrive', async () => {
    await moveTo('2024-12-06', 500);
    const { card } = await city.elder();
    await moveTo('2024-12-07', 5);
    const midnight = chinaInstant(civilDate('2024-12-07'), 0);
    const bodies = [-1000, 1000].map((ms) => tills[0].body({ card, deviceTime: iso(midnight + ms), shown: SHOWN }));
    const results = await upload(tills[0], [...bodies].reverse());
    expect(results.map(({ answer }) => [answer?.mealDate, answer?.subsidyFen])).toEqual([['2024-12-07', 300], ['2024-12-06', 300]]);
  });
});

describe('F52: a captured batch of last week', () => {
  it('F52: sent again as it was is refused by its age; under a fresh session it adds nothing; from another till it is a conflict', async () => {
    await moveTo('2024-12-11', 720);
    const { card } = await city.elder();
    const taps = [-30, -20].map((minutes) => tills[0].body({ card, deviceTime: iso(now() + minutes * MINUTE), shown: SHOWN }));
    const [path, payload] = ['/v1/taps/upload', JSON.stringify({ taps })];
    const headers = { ...signTerminalRequest(tills[0].terminal.session, { method: 'POST', path, time: now(), body: payload }), 'content-type': 'application/json' };
    const send = () => city.service.app.inject({ method: 'POST', url: path, headers, payload });
    const first = await send();
    expect(first.statusCode).toBe(200);
    const before = await city.books();
    expect((await send()).body).toBe(first.body);
    const mine = tills[0];
    city.clock.set(now() + 7 * 24 * HOUR);
    expect((await send()).statusCode).toBe(401);
    await moveTo('2024-12-18', 720);
    // The same terminal under a new session, and another one.
    const opened = await city.staffed.call('POST', '/v1/terminals/sessions', { body: signSessionRequest(mine.terminal.keys.privateKey, mine.terminal.terminalId, now()) });
    const again = new TestTill(city, mine.siteId, { ...mine.terminal, session: opened.body });
    expect(await upload(again, taps)).toEqual(first.json().results);
    expect((await upload(tills[1], taps)).map(({ status }) => status)).toEqual([409, 409]);
    expect(await city.books()).toEqual(before);
  });
});

describe('F10 and F11: the month closes under uploads', () => {
  let runner: JobRunner;

  beforeAll(async () => {
    const { app, parts, ground } = city.service;
    runner = new JobRunner({ ...parts, board: app.get(JobBoard), ownerUrl: ground.ownerUrl, redisUrl: undefined, pace: { pollMs: 20, sweepMs: 200 } });
    await runner.start();
  });
  afterAll(() => runner?.stop());

  it('F11: uploads that stream in while the month closes are each in one month; F10: later ones correct the open month and no claim changes', async () => {
    await moveTo('2024-12-31', 600);
    const cards = await Promise.all(Array.from({ length: 8 }, async () => (await city.elder()).card));
    await moveTo('2025-01-01', 600);
    const noon = chinaInstant(civilDate('2024-12-31'), 720);
    const sales = (till: TestTill, minutes: number) => cards.map((card, index) => till.body({ card, deviceTime: iso(noon + (minutes + index) * MINUTE), shown: SHOWN }));
    const late = sales(tills[1], 30);
    const [closed] = await Promise.all([post('drafter', '/v1/settlement/months/2024-12/close', {}), ...late.map((body) => upload(tills[1], [body]))]);
    expect(closed.status).toBe(202);
    await runner.waitUntilIdle();
    expect(await subsidies(late.map(({ id }) => id))).toEqual(late.map(() => 300));
    const claims = () => city.rows('SELECT claim_id, lines_hash, claimed_fen, meals FROM claim WHERE city_code = $1 AND month = $2 ORDER BY claim_id', [CITY, '2024-12']);
    const before = await claims();
    expect(before.length).toBeGreaterThan(0);
    const early = sales(tills[0], 0);
    const results = await upload(tills[0], early);
    expect(results.map(({ answer }) => [answer?.mealDate, answer?.bookedMonth])).toEqual(early.map(() => ['2024-12-31', '2025-01']));
    expect(await claims()).toEqual(before);
    expect(await subsidies([...early, ...late].map(({ id }) => id))).toEqual([...early.map(() => 300), ...late.map(() => 0)]);
    const months = await city.rows(`SELECT DISTINCT booked_month AS month FROM meal_adjustment WHERE city_code = $1 AND cause = 'rank' AND meal_date = '2024-12-31'`, [CITY]);
    expect(months).toEqual([{ month: '2025-01' }]);
  });
});

describe('F19: the rule changed while a till was offline', () => {
  it('F19: each sale stands by the version and the prices valid at its time; the difference is shown and nothing is priced anew', async () => {
    const drafted = await post('drafter', '/v1/policies/drafts', {
      texts: policyTexts({ version: '2025', from: '2025-01-10', lines: ['application: {streetDays: 5, countyDays: 10, appealDays: 60, document: liaocheng-2024, clause: 第四条}'], expects: 0 }),
      documentNumber: '聊民〔2024〕9号', documentTitle: '申请办法', scan: SCAN,
    });
    const { draftId, contentSha256 } = drafted.body;
    expect((await post('drafter', `/v1/policies/drafts/${draftId}/submit`, { contentSha256 })).status).toBe(200);
    expect((await post('signer', `/v1/policies/drafts/${draftId}/countersign`, { contentSha256 })).status).toBe(200);
    await moveTo('2025-01-09', 500);
    const { card } = await city.elder();
    await city.rows(`INSERT INTO menu_price_list (city_code, site_id, version, effective_from, recorded_at, recorded_by) VALUES ($1, $2, 2, '2025-01-10', now(), 'test')`, [CITY, tills[0].siteId]);
    await moveTo('2025-01-10', 900);
    const at = (day: string) => iso(chinaInstant(civilDate(day), 720));
    const bodies = ['2025-01-09', '2025-01-10'].map((day) => tills[0].body({ card, deviceTime: at(day), shown: SHOWN }));
    const [before, after] = await upload(tills[0], [...bodies].reverse()).then((results) => results.reverse());
    expect(before?.answer).toMatchObject({ subsidyFen: 300, siteBorneFen: 0, flags: ['review'] });
    expect(after?.answer).toMatchObject({ code: 'not-approved', selfPayFen: 1200, subsidyFen: 0, siteBorneFen: 300, flags: ['fund-changed', 'price-list-old'] });
    const versions = await city.rows<{ version: string }>('SELECT pack_version AS version FROM meal WHERE city_code = $1 AND tap_id IN ($2, $3) ORDER BY meal_date', [CITY, ...bodies.map(({ id }) => id)]);
    expect(versions).toEqual([{ version: 'sample-2023' }, { version: '2025' }]);
  });
});
