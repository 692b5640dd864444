import { randomUUID } from 'node:crypto';
import { addDays, chinaInstant, civilDate } from '../../src/kernel/index.js';
import { endDays } from '../../src/ledger/index.js';
import { JobBoard } from '../../src/platform/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { DrawSamples } from '../../src/review/index.js';
import { SealDays } from '../../src/seal/index.js';
import { slipCode } from '../../src/slip/domain/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { partsOfJpeg } from '../support/pictures.js';
import { CITY, MINUTE, TappingCity } from '../support/tapping-city.js';

const DAY = civilDate('2024-12-04');
const PLACE = 'GPS 36.45 115.98';
const JPEG = partsOfJpeg(800, 600, [[0xe1, PLACE]]);
const BARE = partsOfJpeg(800, 600);

let city: TappingCity;
let siteId: string;
let town: string;
let worker: string;
let elders: { elderId: string; cardId: string; card: string }[];
let sheet: Sheet;
let photoId: string;

interface Sheet {
  readonly sheetId: string;
  readonly firstNo: number;
  readonly lastNo: number;
  readonly mark: string | null;
  readonly lines: readonly { handle: string; surname: string; cardTail: string; ownFen: number[] }[];
  readonly slips: readonly { number: number; code: string }[];
}

beforeAll(async () => {
  city = await TappingCity.start();
  siteId = city.sites[0] as string;
  elders = [await city.elder(), await city.elder(), await city.elder('19700601')];
  await city.staffed.add('town', ['townshipOfficer'], '371502001');
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  await city.staffed.add('elsewhere', ['townshipOfficer'], '371502002');
  await city.staffed.add('manager', ['canteenManager'], '371502', siteId);
  await city.staffed.add('auditor', ['auditor']);
  await city.staffed.add('city', ['cityOfficer']);
  [town, worker] = [await city.staffed.tokenOf('town'), await city.staffed.tokenOf('worker')];
}, 120_000);

afterAll(() => city.close());

const call = (token: string, method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => city.staffed.call(method, `/v1/slips${path}`, { token, ...(body === undefined ? {} : { body }) });
const codeOf = (number: number): string => sheet.slips[number - 1]?.code as string;
const handleOf = (place: number): string => sheet.lines.find(({ cardTail }) => elders[place]?.card.endsWith(cardTail))?.handle as string;
const eaten = (who: object, takenFen: number, more: object = {}) => ({ ...who, mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], takenFen, ...more });
const enter = (rows: object[], more: object = {}, token = worker) => call(token, 'POST', '/batches', { id: randomUUID(), siteId, mealDate: DAY, photos: [{ photoId }], rows, ...more });
const logInAgain = async () => { [town, worker, city.county] = [await city.staffed.tokenOf('town'), await city.staffed.tokenOf('worker'), await city.staffed.tokenOf('county')]; };

/** Everything that the sweeper finds of this room, done. @returns how much it was */
async function evening(): Promise<number> {
  const board = city.service.app.get(JobBoard);
  return city.service.parts.transactor.run(async (tx) => {
    const jobs = (await Promise.all(board.finders.map((find) => find(tx)))).flat().filter(({ job }) => job === 'slip.print');
    for (const job of jobs) await board.handlerOf(job.job)?.(tx, job);
    return jobs.length;
  });
}

async function putPhoto(bytes: Buffer, id: string = randomUUID(), token = worker) {
  const response = await city.service.app.inject({ method: 'PUT', url: `/v1/slips/photos/${id}?siteId=${siteId}&mealDate=${DAY}`, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }, payload: bytes });
  return { status: response.statusCode, body: response.json() };
}

describe('a canteen without a device', () => {
  const step = (token: string, body: object) => call(token, 'POST', `/sites/${siteId}/steps`, { id: randomUUID(), kind: 'begun', onDate: DAY, reason: '村里没有收银机', ...body });

  it('is put on paper by its town, from a day on, and by nobody else', async () => {
    expect((await step(await city.staffed.tokenOf('manager'), {})).status).toBe(403);
    expect(await step(await city.staffed.tokenOf('elsewhere'), {})).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await step(town, { kind: 'ended' })).toMatchObject({ body: { code: 'slip-step-same' } });
    expect(await step(town, { onDate: '2024-12-02' })).toMatchObject({ status: 422, body: { code: 'slip-step-past' } });
    const body = { id: randomUUID() };
    const first = await step(town, body);
    expect(first).toMatchObject({ status: 200, body: { siteId, siteNo: 1 } });
    expect((await step(town, body)).body).toEqual(first.body);
    expect(await step(town, {})).toMatchObject({ body: { code: 'slip-step-same' } });
    expect((await call(town, 'GET', '/sites')).body.items).toMatchObject([{ siteId, siteNo: 1, state: null }]);
  });

  it('has a register that can never be a till', async () => {
    const rows = await city.rows<{ kind: string; key: Buffer | null }>(`SELECT kind, public_key AS key FROM access_terminal WHERE site_id = '${siteId}' AND kind = 'paper'`);
    expect(rows).toEqual([{ kind: 'paper', key: null }]);
    await expect(city.rows(`UPDATE access_terminal SET public_key = '\\x00', enrolled_at = now() WHERE kind = 'paper'`)).rejects.toThrow(/paper_has_no_key/);
  });
});

describe('a sheet', () => {
  it('is made in the evening for the next day, once', async () => {
    expect(await evening()).toBe(0);
    city.clock.setTo(civilDate('2024-12-03'), 18 * 60);
    await logInAgain();
    expect(await evening()).toBe(1);
    expect(await evening()).toBe(0);
    const day = (await call(town, 'GET', `/sites/${siteId}/days/${DAY}`)).body;
    expect(day).toMatchObject({ dueOn: '2024-12-07', count: { printed: 20, meals: 0, missing: Array.from({ length: 20 }, (_, index) => index + 1) }, sheets: [{ version: 1, firstNo: 1, lastNo: 20, reprint: false, people: 3 }] });
    sheet = (await call(town, 'GET', `/sheets/${day.sheets[0].sheetId}`)).body;
  });

  it('tells the canteen who may come and what to take, and nothing more', async () => {
    expect(sheet.lines).toHaveLength(3);
    expect(sheet.mark).toBeNull();
    for (const line of sheet.lines) expect(Object.keys(line).sort()).toEqual(['cardTail', 'handle', 'ownFen', 'regular', 'surname', 'title']);
    expect(sheet.lines[0]).toMatchObject({ surname: '张' });
    expect([0, 1, 2].map((place) => sheet.lines.find(({ cardTail }) => elders[place]?.card.endsWith(cardTail))?.ownFen[0])).toEqual([1200, 1200, 1500]);
    expect(JSON.stringify(sheet)).not.toMatch(/三丰|3715021940|LC0000/);
    expect((await call(await city.staffed.tokenOf('manager'), 'GET', `/sheets/${sheet.sheetId}`)).status).toBe(403);
    const [kept] = await city.rows<{ text: string }>('SELECT lines::text AS text FROM slip_sheet LIMIT 1');
    expect(kept?.text).not.toContain('张');
  });

  it('has codes that no two slips share', () => {
    expect(new Set(sheet.slips.map(({ code }) => code)).size).toBe(20);
    expect(sheet.slips[6]?.code).toMatch(/^0001-1204-007-[A-Z]{5}$/);
  });

  it('is printed again under its mark with the same codes, and continued with new ones', async () => {
    const print = async (body: object, token = worker) => call(token, 'POST', '/sheets', { id: randomUUID(), siteId, mealDate: DAY, ...body });
    const again = (await call(worker, 'GET', `/sheets/${(await print({})).body.sheetId}`)).body as Sheet;
    expect(again).toMatchObject({ mark: '补打', firstNo: 1, lastNo: 20 });
    expect(again.slips).toEqual(sheet.slips);
    expect(again.lines.map(({ handle }) => handle)).toEqual(sheet.lines.map(({ handle }) => handle));
    const more = (await call(worker, 'GET', `/sheets/${(await print({ more: 5 })).body.sheetId}`)).body as Sheet;
    expect(more).toMatchObject({ mark: null, firstNo: 21, lastNo: 25 });
    sheet = { ...sheet, slips: [...sheet.slips, ...more.slips] };
    expect((await print({ more: 999 })).status).toBe(200);
    expect(await print({ more: 1 })).toMatchObject({ status: 409, body: { code: 'slip-print-full', detail: { limit: 120 } } });
    expect(await print({ mealDate: '2024-12-09' })).toMatchObject({ status: 422, body: { code: 'slip-print-far' } });
    expect((await print({}, await city.staffed.tokenOf('manager'))).status).toBe(403);
    const audits = await city.rows<{ n: number }>(`SELECT count(*) AS n FROM audit WHERE action = 'slip.print'`);
    expect(audits).toEqual([{ n: 4 }]);
  });
});

describe('a photo of the paper', () => {
  it('is taken as a picture, whole, and kept sealed', async () => {
    photoId = randomUUID();
    expect(await putPhoto(JPEG, photoId)).toMatchObject({ status: 200, body: { photoId, kind: 'image/jpeg', bytes: BARE.length } });
    expect((await putPhoto(JPEG, photoId)).status).toBe(200);
    expect(await putPhoto(partsOfJpeg(800, 601), photoId)).toMatchObject({ status: 409, body: { code: 'id-taken' } });
    expect(await putPhoto(JPEG.subarray(0, -1))).toMatchObject({ status: 422, body: { code: 'slip-photo-wrong' } });
    expect(await putPhoto(partsOfJpeg(65_000, 65_000))).toMatchObject({ status: 422, body: { code: 'slip-photo-wrong' } });
    expect(await putPhoto(Buffer.from('<svg onload="alert(1)"/>'))).toMatchObject({ status: 422, body: { code: 'slip-photo-wrong' } });
    expect(await putPhoto(Buffer.alloc(2 * 1024 * 1024 + 1, 0xff))).toMatchObject({ status: 413, body: { code: 'slip-photo-large' } });
    expect((await putPhoto(JPEG, randomUUID(), await city.staffed.tokenOf('elsewhere'))).status).toBe(403);
    const [kept] = await city.rows<{ sealed: Buffer }>('SELECT sealed FROM slip_photo');
    expect(kept?.sealed.toString('latin1')).not.toContain(BARE.subarray(0, 20).toString('base64').slice(0, 20));
  });

  it('is shown to those who look into it, and that is written down', async () => {
    const response = await city.service.app.inject({ method: 'GET', url: `/v1/slips/photos/${photoId}`, headers: { authorization: `Bearer ${await city.staffed.tokenOf('auditor')}` } });
    expect(response.rawPayload.equals(BARE)).toBe(true);
    expect(response.headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'no-store', 'content-disposition': expect.stringContaining('attachment') });
    expect(await city.rows(`SELECT FROM audit WHERE action = 'slip.photo-seen'`)).toHaveLength(1);
  });
});

describe('slips that come back', () => {
  it('are not entered before their day, without a photo, or by the canteen', async () => {
    const row = { code: codeOf(1), meal: eaten({ handle: handleOf(0) }, 1200) };
    expect(await enter([row])).toMatchObject({ status: 422, body: { code: 'slip-day-to-come' } });
    await city.staffed.nextDay();
    city.clock.setTo(DAY, 14 * 60);
    await logInAgain();
    expect(await enter([row], { photos: [{ photoId: randomUUID() }] })).toMatchObject({ status: 422, body: { code: 'slip-photo-missing' } });
    expect((await enter([row], { photos: [] })).status).toBe(400);
    expect((await enter([row], {}, await city.staffed.tokenOf('manager'))).status).toBe(403);
    expect((await enter([row], {}, await city.staffed.tokenOf('elsewhere'))).status).toBe(403);
    expect(await city.books()).toMatchObject({ meals: 0, claims: 0 });
  });

  it('become meals the way of every sale: rules, books, counters; each row with its own answer', async () => {
    const forged = codeOf(3).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const { status, body } = await enter([
      { code: codeOf(1).toLowerCase().replaceAll('-', ' '), meal: eaten({ handle: handleOf(0) }, 1200) },
      { code: codeOf(2), meal: eaten({ guest: true }, 1500) },
      { code: forged, meal: eaten({ handle: handleOf(1) }, 1200) },
      { code: codeOf(4) },
      { code: codeOf(5), meal: eaten({ card: elders[1]?.card }, 1200) },
      { code: codeOf(6), meal: eaten({ handle: '9999' }, 1200) },
      { code: codeOf(6), meal: eaten({ handle: handleOf(2), guest: true }, 1200) },
      { code: codeOf(6), meal: eaten({ handle: handleOf(2) }, 1501) },
      { code: codeOf(6), meal: eaten({ handle: handleOf(2) }, 100, { items: [{ itemCode: 'nothing', quantity: 1 }] }) },
      { code: codeOf(6), meal: eaten({ card: 'LC99999999' }, 1500) },
      { code: codeOf(1), meal: eaten({ handle: handleOf(0) }, 1200) },
    ]);
    expect(status).toBe(200);
    expect(body.rows.map((row: { outcome: string; problem: { code: string } | null }) => row.problem?.code ?? row.outcome)).toEqual([
      'entered', 'entered', 'slip-code-wrong', 'spoilt', 'entered', 'slip-handle-wrong', 'slip-who-wrong', 'slip-taken-too-much', 'slip-item-unknown', 'slip-card-unknown', 'slip-entered-before']);
    expect(body.rows[0].meal).toMatchObject({ outcome: 'accepted', selfPayFen: 1200, subsidyFen: 300, siteBorneFen: 0, mealDate: DAY, flags: ['slip'] });
    expect(body.rows[1].meal).toMatchObject({ selfPayFen: 1500, subsidyFen: 0, code: 'guest', flags: ['slip'] });
    expect(body.rows[10].problem.title).toContain('第 1 批');
    expect(await city.books()).toMatchObject({ meals: 3, claims: 3, uses: 2 });
  });

  it('are journalled without gaps by a register of their own', async () => {
    const claims = await city.rows<{ journalNumber: number; prevHash: string; entryHash: string; signature: Buffer | null; kind: string; deviceTime: number }>(
      `SELECT c.journal_number AS "journalNumber", c.prev_hash AS "prevHash", c.entry_hash AS "entryHash", c.signature, t.kind FROM tap_claim c
       JOIN access_terminal t ON t.city_code = c.city_code AND t.terminal_id = c.terminal_id ORDER BY 1`);
    expect(claims.map(({ journalNumber, kind, signature }) => [journalNumber, kind, signature])).toEqual([1, 2, 3].map((number) => [number, 'paper', null]));
    expect(claims[1]?.prevHash).toBe(claims[0]?.entryHash);
    const meals = await city.rows<{ offline: boolean; tender: string; at: number }>('SELECT offline, tender, device_time AS at FROM meal');
    expect(meals.every(({ offline, tender, at }) => offline && tender === 'cash' && Number(at) === chinaInstant(DAY, 720))).toBe(true);
  });

  it('count once: the same batch again gets its first answer, another body none', async () => {
    const id = randomUUID();
    const rows = [{ code: codeOf(7), meal: eaten({ handle: handleOf(2) }, 1500) }];
    const first = await enter(rows, { id });
    expect(first.body.rows).toMatchObject([{ outcome: 'entered', number: 7 }]);
    const books = await city.books();
    expect((await enter(rows, { id })).body).toEqual(first.body);
    expect(await enter([{ code: codeOf(7) }], { id })).toMatchObject({ status: 409, body: { code: 'id-taken' } });
    const twice = await enter(rows);
    expect(twice.body.rows).toMatchObject([{ outcome: 'refused', problem: { code: 'slip-entered-before', title: expect.stringContaining('7 号单已在第 2 批（2024-12-04 14:00）') } }]);
    expect(await city.books()).toEqual(books);
  });

  it('entered by two people at once become one meal each', async () => {
    const before = await city.books();
    const rows = Array.from({ length: 6 }, (_, index) => ({ code: codeOf(8 + index), meal: eaten({ guest: true }, 1500) }));
    const answers = await Promise.all([enter(rows), enter(rows, {}, town), enter([...rows].reverse(), {}, town)]);
    const entered = answers.flatMap(({ body }) => body.rows.filter(({ outcome }: { outcome: string }) => outcome === 'entered'));
    expect(entered).toHaveLength(6);
    expect((await city.books()).meals).toBe(before.meals + 6);
  });

  it('made up by somebody are told from mistakes of the pen', async () => {
    const other = await call(town, 'POST', '/sheets', { id: randomUUID(), siteId, mealDate: addDays(DAY, 1) });
    const tomorrow = (await call(town, 'GET', `/sheets/${other.body.sheetId}`)).body as Sheet;
    expect((await enter([{ code: tomorrow.slips[0]?.code as string }])).body.rows).toMatchObject([{ problem: { code: 'slip-other-sheet' } }]);
    expect((await enter([{ code: slipCode({ siteNo: 1, monthDay: '1204', number: 30 }, 'c0ffee'.repeat(8)) }])).body.rows).toMatchObject([{ problem: { code: 'slip-code-forged' } }]);
    const [audit] = await city.rows<{ n: number }>(`SELECT count(*) AS n FROM audit WHERE action = 'slip.enter'`);
    expect(audit?.n).toBeGreaterThan(5);
  });

  it('keep what was paid: the elder is not billed where the rules changed their mind, the site bears it', async () => {
    const second = await enter([{ code: codeOf(14), meal: eaten({ handle: handleOf(0) }, 1200) }]);
    expect(second.body.rows[0].meal).toMatchObject({ selfPayFen: 1200, subsidyFen: 0, siteBorneFen: 300, flags: ['fund-changed', 'slip'] });
  });

  it('called spoilt are opened again by the county alone; a meal taken back by a further entry', async () => {
    const row = { code: codeOf(4), meal: eaten({ guest: true }, 1500) };
    expect((await enter([row])).body.rows).toMatchObject([{ problem: { code: 'slip-spoilt-before' } }]);
    expect((await enter([row], {}, city.county)).body.rows).toMatchObject([{ outcome: 'entered' }]);
    const wrong = (await enter([{ code: codeOf(15), meal: eaten({ handle: handleOf(2) }, 1500) }])).body.rows[0].meal.tapId as string;
    expect((await city.staffed.call('POST', `/v1/taps/${wrong}/void`, { token: city.county, body: { id: randomUUID(), reason: '补录错人' } })).status).toBe(200);
    expect((await enter([{ code: codeOf(15), meal: eaten({ guest: true }, 1500) }])).body.rows).toMatchObject([{ outcome: 'entered' }]);
  });

  it('of an elder with a lost card count for the elder', async () => {
    const lost = await city.elder();
    const reprint = await call(town, 'POST', '/sheets', { id: randomUUID(), siteId, mealDate: DAY });
    const fresh = (await call(town, 'GET', `/sheets/${reprint.body.sheetId}`)).body as Sheet;
    const handle = fresh.lines.find(({ cardTail }) => lost.card.endsWith(cardTail))?.handle;
    expect((await city.staffed.call('POST', `/v1/cards/${lost.cardId}/events`, { token: city.county, body: { id: randomUUID(), kind: 'lost', reason: '遗失' } })).status).toBe(200);
    const { body } = await enter([{ code: codeOf(16), meal: eaten({ handle }, 1200, { mealPeriod: 'dinner' }) }]);
    expect(body.rows[0].meal).toMatchObject({ selfPayFen: 1200, subsidyFen: 300, flags: ['slip'] });
  });
});

describe("a day's end", () => {
  const close = (token: string, kind: string) => call(token, 'POST', `/days/${kind}`, { id: randomUUID(), siteId, mealDate: DAY, reason: '当日核销' });

  it('names the numbers that never came back, and lets nothing in afterwards until the county opens it', async () => {
    const { status, body } = await close(town, 'close');
    expect(status).toBe(200);
    expect(body).toMatchObject({ printed: 120, meals: 14, spoilt: 0, voided: 0 });
    expect(body.missing.slice(0, 4)).toEqual([3, 6, 17, 18]);
    expect(body.missing).toHaveLength(106);
    expect(await close(town, 'close')).toMatchObject({ status: 409, body: { code: 'slip-day-closed' } });
    const row = { code: codeOf(3), meal: eaten({ guest: true }, 1500) };
    expect(await enter([row])).toMatchObject({ status: 409, body: { code: 'slip-day-closed' } });
    expect((await close(town, 'reopen')).status).toBe(403);
    expect((await close(city.county, 'reopen')).status).toBe(200);
    expect(await close(city.county, 'reopen')).toMatchObject({ status: 409, body: { code: 'slip-day-open' } });
  });

  it('is listed for those who watch, each in their own place', async () => {
    const days = async (token: string, to = '2024-12-10') => (await call(token, 'GET', `/days?from=2024-12-01&to=${to}`)).body;
    expect((await days(await city.staffed.tokenOf('auditor'))).items).toMatchObject([{ siteId, mealDate: DAY, printed: 120, meals: 14, missing: 106, state: 'open' }, { mealDate: '2024-12-05', meals: 0 }]);
    expect((await days(await city.staffed.tokenOf('elsewhere'))).items).toEqual([]);
    expect((await days(town, '2025-03-01')).code).toBe('fields-wrong');
    const page = (await call(town, 'GET', '/days?from=2024-12-01&to=2024-12-10&limit=1')).body;
    expect((await call(town, 'GET', `/days?from=2024-12-01&to=2024-12-10&limit=1&cursor=${page.nextCursor}`)).body.items).toMatchObject([{ mealDate: '2024-12-05' }]);
  });

  it('is bounded: no more meals than the city allows', async () => {
    const set = async (limits: object) => call(await city.staffed.tokenOf('city'), 'PUT', '/limits', { id: randomUUID(), entryDays: 3, siteDayMeals: 120, sheetPeople: 300, ...limits });
    expect((await call(town, 'PUT', '/limits', { id: randomUUID(), entryDays: 31, siteDayMeals: 999, sheetPeople: 300 })).status).toBe(403);
    expect((await set({ siteDayMeals: 14 })).status).toBe(200);
    expect((await enter([{ code: codeOf(17), meal: eaten({ guest: true }, 1500) }])).body.rows).toMatchObject([{ problem: { code: 'slip-day-full' } }]);
    expect((await set({})).status).toBe(200);
  });
});

describe('paper that comes late', () => {
  it('counts in full for three days, longer than a till may be offline, and is never billed after them', async () => {
    city.clock.set(chinaInstant(addDays(DAY, 4), 0) - MINUTE);
    await logInAgain();
    const inTime = (await enter([{ code: codeOf(18), meal: eaten({ card: elders[1]?.card }, 1200, { mealPeriod: 'dinner' }) }])).body.rows[0].meal;
    expect(inTime).toMatchObject({ selfPayFen: 1200, flags: expect.arrayContaining(['review', 'slip']) });
    expect(inTime.flags).not.toContain('sent-too-late');
    city.clock.set(chinaInstant(addDays(DAY, 4), 1));
    const late = await city.elder();
    const { body } = await enter([{ code: codeOf(19), meal: eaten({ card: late.card }, 1200) }]);
    expect(body.rows[0].meal).toMatchObject({ code: 'sent-too-late', selfPayFen: 1200, subsidyFen: 0, siteBorneFen: 300 });
  });
});

describe('all of it', () => {
  it('is sealed without a finding: no gap, no fork, and nothing signed that would have to hold', async () => {
    const { transactor } = city.service.parts;
    await transactor.run((tx) => endDays(tx, CITY, DAY));
    expect(await transactor.run((tx) => city.service.app.get(SealDays).allOver(tx, CITY))).toMatchObject({ seals: 1, findings: 0 });
  });

  it('is looked into afterwards, each meal by somebody else than whoever entered it', async () => {
    const { app, parts } = city.service;
    await parts.transactor.run((tx) => app.get(DrawSamples).run(tx, CITY));
    const [row] = await city.rows<{ tapId: string }>('SELECT tap_id AS "tapId" FROM slip_entry WHERE slip_no = 4 AND tap_id IS NOT NULL');
    const find = (token: string) => city.staffed.call('POST', `/v1/reviews/${row?.tapId ?? ''}/findings`, { token, body: { id: randomUUID(), verdict: 'ok', note: '与纸质单的照片相符' } });
    expect(await find(city.county)).toMatchObject({ status: 403, body: { code: 'review-own-entry' } });
    expect(await city.rows('SELECT FROM review_finding')).toEqual([]);
    expect(await find(town)).toMatchObject({ status: 200, body: { tapId: row?.tapId, verdict: 'ok' } });
  });

  it('leaves books in which everything that must hold does', async () => {
    const { violations } = await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, city.service.app.get(PolicyLibrary)));
    expect(violations).toEqual([]);
  });

  it('lets a revoked register book nothing', async () => {
    await city.rows(`UPDATE access_terminal SET revoked_at = now(), revoked_by = 'test', revoke_reason = 'test' WHERE kind = 'paper'`);
    const before = await city.books();
    expect((await enter([{ code: codeOf(20), meal: eaten({ guest: true }, 1500) }, { code: codeOf(21) }])).body).toMatchObject({ code: 'terminal-revoked' });
    expect(await city.books()).toEqual(before);
    expect(await city.rows('SELECT FROM slip_entry WHERE slip_no IN (20, 21)')).toEqual([]);
  });
});
