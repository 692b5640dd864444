import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { CreateStaff, verifyAuditChain, type NewPerson } from '../../src/access/index.js';
import { checkDigit } from '../../src/elder/domain/index.js';
import { cardHandle, factsOf, lockEldersByCard } from '../../src/elder/index.js';
import { chinaInstant, civilDate, SettableClock } from '../../src/kernel/index.js';
import { Transactor } from '../../src/platform/index.js';
import { loadCity } from '../../src/region/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const CITY = '371500';
const PASSWORD = 'Chun-feng 2024';
const clock = SettableClock.at(civilDate('2024-12-03'), 9 * 60);
let database: TestDatabase;
let service: TestApp;
let city: string;
let county: string;
let otherCounty: string;
let auditor: string;

let made = 0;
/** A well-made identity number that no other test has. */
function identityNumber(born = '19400601'): string {
  made += 1;
  const first17 = `371502${born}${String(made % 1000).padStart(3, '0')}`;
  return first17 + checkDigit(first17);
}

async function call(method: 'GET' | 'POST', url: string, token: string | undefined, payload?: object) {
  const response = await service.app.inject({ method, url, headers: token === undefined ? {} : { authorization: `Bearer ${token}` }, ...(payload ? { payload } : {}) });
  return { status: response.statusCode, body: response.json(), text: response.body, headers: response.headers };
}
const post = (url: string, token: string, payload: object) => call('POST', url, token, payload);

function person(account: string, roles: NewPerson['roles'], divisionCode: string): NewPerson {
  return { id: randomUUID(), account, displayName: account, password: PASSWORD, roles, divisionCode, siteId: null };
}

async function tokenOf(account: string): Promise<string> {
  return (await call('POST', '/v1/sessions', undefined, { account, password: PASSWORD })).body.token;
}

const form = (more: object = {}) => ({ id: randomUUID(), name: '张三丰', identityNumber: identityNumber(), residenceCode: '371502001', ...more });

async function register(more: object = {}): Promise<{ elderId: string; cardId: string | null }> {
  const { status, body } = await post('/v1/elders', county, form(more));
  expect(status).toBe(200);
  return body;
}

async function rows<T>(sql: string, values: string[] = []): Promise<T[]> {
  return service.parts.transactor.run((tx) => tx.query<T>(sql, values));
}

beforeAll(async () => {
  database = await freshDatabase();
  service = await startApp({ databaseUrl: database.ownerUrl, clock });
  await service.parts.transactor.run((tx) => loadCity(tx, CITY, clock));
  await service.app.get(CreateStaff).runFirst(CITY, 'cli', person('security', ['securityAdministrator'], CITY));
  const security = await tokenOf('security');
  for (const [account, roles, division] of [
    ['city', ['cityOfficer'], CITY], ['county', ['countyOfficer'], '371502'], ['other', ['countyOfficer'], '371521'], ['auditor', ['auditor'], CITY],
  ] as [string, NewPerson['roles'], string][]) expect((await post('/v1/staff', security, person(account, roles, division))).status).toBe(201);
  [city, county, otherCounty, auditor] = [await tokenOf('city'), await tokenOf('county'), await tokenOf('other'), await tokenOf('auditor')];
}, 60_000);

afterAll(async () => {
  await service?.close();
  await database?.drop();
});

describe('registering an elder', () => {
  it('shows the elder masked, and keeps nothing in clear', async () => {
    const number = identityNumber('19490229'.replace('0229', '0228'));
    const { elderId } = await register({ name: '欧阳　修', identityNumber: ` ${number.toLowerCase()}`, phone: '138 1234 5678', cardNumber: 'lc-0001' });
    const { body, text, headers } = await call('GET', `/v1/elders/${elderId}`, county);
    expect(body).toMatchObject({ name: '欧阳**', identityNumber: `3${'*'.repeat(16)}${number.at(-1)}`, phone: '138****5678', age: 75, cards: [{ tail: '0001', state: 'active' }], cardEvents: [{ kind: 'issued' }] });
    expect(headers['cache-control']).toBe('no-store');
    expect(text).not.toMatch(/born|1949/);
    const dump = JSON.stringify(await rows('SELECT e::text, (SELECT json_agg(d) FROM deed d)::text AS deeds, (SELECT json_agg(k) FROM elder_card k)::text AS cards FROM elder e WHERE elder_id = $1', [elderId]));
    for (const secret of [number, '欧阳', '13812345678', 'LC0001']) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });

  it('answers a repeat as it answered first, and refuses another body and another id for the same person', async () => {
    const first = form();
    const { body } = await post('/v1/elders', county, first);
    expect(await post('/v1/elders', county, first)).toMatchObject({ status: 200, body });
    expect(await post('/v1/elders', county, { ...first, name: '张四' })).toMatchObject({ status: 409, body: { code: 'id-taken' } });
    expect(await post('/v1/elders', county, { ...first, id: randomUUID() })).toMatchObject({ status: 409, body: { code: 'identity-known' } });
  });

  it.each([
    ['identity-number-wrong', { identityNumber: '110105194912310021' }], ['identity-number-old', { identityNumber: '110105491231002' }], ['birth-date-differs', { born: '1940-06-02' }],
    ['place-missing', { residenceCode: null }], ['division-unknown', { residenceCode: '371599' }], ['division-unknown', { hukouCode: '371599' }], ['division-unknown', { residenceCode: '110105' }],
  ])('refuses with %s, and the corrected form under the same id is taken', async (code, wrong) => {
    const right = form();
    const refused = await post('/v1/elders', county, { ...right, ...wrong });
    expect(refused).toMatchObject({ status: 422, body: { code } });
    expect(refused.text).not.toContain((wrong as { identityNumber?: string }).identityNumber ?? right.identityNumber);
    expect((await post('/v1/elders', county, right)).status).toBe(200);
  });

  it('refuses a field that does not exist, and a category of its own making', async () => {
    expect(await post('/v1/elders', county, form({ vip: true }))).toMatchObject({ status: 400, body: { code: 'fields-wrong', errors: [{ field: 'vip' }] } });
    expect(await post('/v1/elders', county, form({ categories: [{ code: 'vip', from: '2024-01-01', source: 's', evidence: 'e' }] }))).toMatchObject({ status: 400 });
  });

  it('keeps staff to elders whose residence or hukou lies in their scope', async () => {
    expect(await post('/v1/elders', otherCounty, form())).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    const { elderId: near } = await register({ hukouCode: '371521' });
    const { elderId: far } = await register({ hukouCode: '110105' });
    expect((await call('GET', `/v1/elders/${near}`, otherCounty)).status).toBe(200);
    expect(await call('GET', `/v1/elders/${far}`, otherCounty)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await post(`/v1/elders/${far}/death`, otherCounty, { id: randomUUID(), diedOn: '2024-12-01', source: 's' })).toMatchObject({ status: 403 });
    expect(await post(`/v1/elders/${far}/disclosures`, otherCounty, { id: randomUUID(), reason: '核对身份' })).toMatchObject({ status: 403 });
    const listed = (await call('GET', '/v1/elders?limit=500', otherCounty)).body.items.map((line: { elderId: string }) => line.elderId);
    expect(listed).toEqual([near]);
    expect(await call('GET', `/v1/elders/${randomUUID()}`, county)).toMatchObject({ status: 404 });
    expect(await call('GET', '/v1/elders/1', county)).toMatchObject({ status: 404 });
  });
});

describe('a batch', () => {
  it('takes 500 elders at once, answers each row, and a repeat as the first time', async () => {
    const batch = {
      id: randomUUID(),
      rows: Array.from({ length: 500 }, (_, index) => ({
        ...form({ identityNumber: identityNumber(String(19300101 + (index % 28))) }), name: '王小二', phone: '13900000000', cardNumber: `B${10_000 + index}`,
        categories: [{ code: 'minLivingRecipient', from: '2024-01-01', source: '低保系统', evidence: '2024-1' }],
      })),
    };
    const first = await post('/v1/elders/batch', city, batch);
    expect(first).toMatchObject({ status: 200, body: { registered: 500, refused: 0 } });
    expect((await post('/v1/elders/batch', city, batch)).text === first.text).toBe(true);
    expect(await post('/v1/elders/batch', city, { id: randomUUID(), rows: batch.rows })).toMatchObject({ body: { registered: 500, rows: first.body.rows } });
    expect(await post('/v1/elders', city, batch.rows[0] as object)).toMatchObject({ status: 200, body: { elderId: batch.rows[0]?.id } });
    const [count] = await rows<{ elders: number }>("SELECT count(*) AS elders FROM elder_card WHERE state = 'active' AND elder_id = ANY (SELECT elder_id FROM elder_category)");
    expect(count?.elders).toBe(500);
  });

  it('takes as many statements for 60 rows as for 3', async () => {
    const statements = async (rows: number): Promise<number> => {
      const { transactor } = service.parts;
      let count = 0;
      const spy = jest.spyOn(transactor, 'run').mockImplementation((work) => Transactor.prototype.run.call(transactor, (tx) => work({
        query: (sql, values, name) => {
          count += 1;
          return tx.query(sql, values, name);
        },
      })) as never);
      const forms = Array.from({ length: rows }, () => form({ cardNumber: `S${(made += 1) + 50_000}`, categories: [{ code: 'livingAlone', from: '2024-01-01', source: 's', evidence: 'e' }] }));
      expect(await post('/v1/elders/batch', county, { id: randomUUID(), rows: forms })).toMatchObject({ body: { registered: rows } });
      spy.mockRestore();
      return count;
    };
    const few = await statements(3);
    expect(few).toBeGreaterThan(8);
    expect(await statements(60)).toBe(few);
  });

  it('answers wrong rows singly and takes the others', async () => {
    const good = form({ cardNumber: 'ROW-1' });
    const twin = { ...form(), identityNumber: good.identityNumber };
    const wrong = form({ identityNumber: '110105194912310021' });
    const sameCard = form({ cardNumber: 'row1' });
    const changed = { ...good, name: '别人' };
    const { body } = await post('/v1/elders/batch', county, { id: randomUUID(), rows: [good, twin, wrong, sameCard, changed, good, form({ residenceCode: '371521' })] });
    expect(body.rows.map((row: { outcome: string; code?: string }) => row.code ?? row.outcome)).toEqual(
      ['registered', 'identity-known', 'identity-number-wrong', 'card-known', 'id-taken', 'registered', 'outside-scope']);
    expect(body.rows[1].sentence).toMatch(/登记过/);
    expect(await post('/v1/elders/batch', county, { id: randomUUID(), rows: [{ ...wrong, identityNumber: identityNumber() }] })).toMatchObject({ body: { registered: 1 } });
  });

  it('registers a person once when two batches with the same person come at the same moment', async () => {
    const number = identityNumber();
    const answers = await Promise.all([1, 2, 3, 4].map(() => post('/v1/elders/batch', county, { id: randomUUID(), rows: [form({ identityNumber: number })] })));
    expect(answers.map(({ body }) => body.rows[0].code ?? 'registered').sort()).toEqual(['identity-known', 'identity-known', 'identity-known', 'registered']);
  });
});

describe('what an elder is entitled as', () => {
  const category = (more: object = {}) => ({ id: randomUUID(), code: 'minLivingRecipient', from: '2024-01-01', source: '低保系统', evidence: '2024-17', ...more });
  const current = async (elderId: string) => (await service.parts.transactor.run((tx) => factsOf(tx, CITY, [elderId]))).get(elderId);

  it('is corrected and withdrawn by new rows', async () => {
    const { elderId } = await register();
    const url = `/v1/elders/${elderId}/categories`;
    const first = category();
    expect(await post(url, county, first)).toMatchObject({ status: 200, body: { entryId: first.id } });
    expect(await post(url, county, first)).toMatchObject({ status: 200, body: { entryId: first.id } });
    expect(await post(url, county, category({ from: '2024-06-01' }))).toMatchObject({ status: 409, body: { code: 'category-overlaps' } });
    const ended = category({ to: '2024-10-31', corrects: first.id });
    expect((await post(url, county, ended)).status).toBe(200);
    expect(await post(url, county, category({ corrects: first.id }))).toMatchObject({ status: 409, body: { code: 'entry-corrected' } });
    expect((await current(elderId))?.categories).toEqual([{ code: 'minLivingRecipient', grade: null, from: '2024-01-01', to: '2024-10-31', source: '低保系统' }]);
    expect((await post(url, county, category({ corrects: ended.id, withdrawn: true }))).status).toBe(200);
    expect((await current(elderId))?.categories).toEqual([]);
    expect((await call('GET', `/v1/elders/${elderId}`, county)).body.categoryEntries).toHaveLength(3);
    expect(await post(url, county, category({ withdrawn: true }))).toMatchObject({ status: 422, body: { code: 'withdrawal-of-nothing' } });
    expect(await post(url, county, category({ corrects: randomUUID() }))).toMatchObject({ status: 404, body: { code: 'entry-unknown' } });
    expect(await post(url, county, category({ from: '1939-01-01' }))).toMatchObject({ status: 422, body: { code: 'category-span-wrong' } });
  });

  it('counts a stay in a care home', async () => {
    const { elderId } = await register();
    const url = `/v1/elders/${elderId}/care-home-stays`;
    const stay = { id: randomUUID(), from: '2024-11-01', source: '养老机构系统' };
    expect((await post(url, county, stay)).status).toBe(200);
    expect(await post(url, county, { ...stay, id: randomUUID(), from: '2024-12-01' })).toMatchObject({ status: 409, body: { code: 'stay-overlaps' } });
    expect(await post(url, county, { ...stay, id: randomUUID(), to: '2024-10-01', corrects: stay.id })).toMatchObject({ status: 422, body: { code: 'stay-span-wrong' } });
    expect((await post(url, county, { ...stay, id: randomUUID(), to: '2024-11-30', corrects: stay.id })).status).toBe(200);
    expect((await current(elderId))?.careHomeStays).toEqual([{ from: '2024-11-01', to: '2024-11-30' }]);
  });

  it('keeps a death, its correction and its withdrawal', async () => {
    const { elderId } = await register();
    const report = (more: object) => post(`/v1/elders/${elderId}/death`, county, { id: randomUUID(), diedOn: '2024-12-01', source: '死亡证明', ...more });
    expect(await report({ diedOn: '2024-12-04' })).toMatchObject({ status: 422, body: { code: 'death-date-wrong' } });
    expect(await report({ correction: true })).toMatchObject({ status: 409, body: { code: 'death-unknown' } });
    expect((await report({})).status).toBe(200);
    expect((await current(elderId))?.died).toBe('2024-12-01');
    expect(await report({})).toMatchObject({ status: 409, body: { code: 'death-known' } });
    expect(await post(`/v1/elders/${elderId}/cards`, county, { id: randomUUID(), cardNumber: 'DEAD-1', reason: '补卡' })).toMatchObject({ status: 409, body: { code: 'holder-died' } });
    expect((await report({ diedOn: '2024-11-30', correction: true })).status).toBe(200);
    expect((await current(elderId))?.died).toBe('2024-11-30');
    expect((await report({ diedOn: null, correction: true })).status).toBe(200);
    expect((await current(elderId))?.died).toBeNull();
  });
});

describe('cards', () => {
  const event = (cardId: string, kind: string) => post(`/v1/cards/${cardId}/events`, county, { id: randomUUID(), kind, reason: '本人来电' });
  const holder = (number: string) => service.parts.transactor.run(async (tx) => (await lockEldersByCard(tx, CITY, [cardHandle(service.parts.cipher, number)]))[0]);

  it('are lost and found, frozen and replaced, and the elder stays the same', async () => {
    const { elderId, cardId } = await register({ cardNumber: 'CARD-1' });
    const card = cardId as string;
    expect(await event(card, 'lost')).toMatchObject({ status: 200, body: { state: 'lost' } });
    expect(await holder('CARD-1')).toMatchObject({ elderId, cardState: 'lost', lostAt: chinaInstant(civilDate('2024-12-03'), 9 * 60) });
    expect(await event(card, 'frozen')).toMatchObject({ status: 409, body: { code: 'card-move-wrong', detail: { allowed: ['found', 'replaced', 'cancelled'] } } });
    expect((await event(card, 'found')).status).toBe(200);
    expect(await holder('CARD-1')).toMatchObject({ cardState: 'active', lostAt: null });
    expect((await event(card, 'frozen')).status).toBe(200);
    const issue = (more: object) => post(`/v1/elders/${elderId}/cards`, county, { id: randomUUID(), cardNumber: 'CARD-2', reason: '补办', ...more });
    expect(await issue({ replaces: card })).toMatchObject({ status: 409, body: { code: 'card-move-wrong' } });
    expect((await event(card, 'unfrozen')).status).toBe(200);
    expect((await event(card, 'lost')).status).toBe(200);
    expect(await issue({})).toMatchObject({ status: 409, body: { code: 'card-held' } });
    expect(await issue({ replaces: randomUUID() })).toMatchObject({ status: 422, body: { code: 'card-not-theirs' } });
    expect(await issue({ cardNumber: 'card 1', replaces: card })).toMatchObject({ status: 409, body: { code: 'card-known' } });
    const replaced = await issue({ replaces: card });
    expect(replaced.status).toBe(200);
    expect(await holder('CARD-1')).toMatchObject({ elderId, cardState: 'replaced', lostAt: expect.any(Number) });
    expect(await holder('CARD-2')).toMatchObject({ elderId, cardState: 'active', cardId: replaced.body.cardId });
    expect((await event(card, 'found')).status).toBe(409);
    const history = (await call('GET', `/v1/elders/${elderId}`, county)).body.cardEvents.map((line: { kind: string }) => line.kind).sort();
    expect(history).toEqual(['found', 'frozen', 'issued', 'issued', 'lost', 'lost', 'replaced', 'unfrozen']);
  });

  it('of nobody are not found', async () => {
    expect((await event(randomUUID(), 'lost')).status).toBe(404);
    expect(await post(`/v1/elders/${(await register()).elderId}/cards`, county, { id: randomUUID(), cardNumber: '卡', reason: '首发' })).toMatchObject({ status: 422, body: { code: 'card-number-wrong' } });
  });
});

describe('looking elders up', () => {
  it('by full number, card or name, in the body and masked', async () => {
    const number = identityNumber();
    const { elderId } = await register({ identityNumber: number, name: '司马光', cardNumber: 'FIND-1', phone: '13877770001' });
    for (const body of [{ identityNumber: number.toLowerCase() }, { cardNumber: 'find 1' }, { name: '司马 光' }]) {
      const found = await post('/v1/elders/search', county, body);
      expect(found.body.items).toMatchObject([{ elderId, name: '司马**' }]);
      expect(found.text).not.toContain(number);
    }
    expect((await post('/v1/elders/search', otherCounty, { identityNumber: number })).body.items).toEqual([]);
    expect(await post('/v1/elders/search', county, {})).toMatchObject({ status: 400, body: { code: 'search-empty' } });
    expect((await call('GET', '/v1/elders?phoneTail=0001&division=371502', county)).body.items).toMatchObject([{ elderId }]);
    expect((await call('GET', '/v1/elders?phoneTail=0001&division=371521', county)).body.items).toEqual([]);
  });

  it('page by page, each elder once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await call('GET', `/v1/elders?limit=100&category=minLivingRecipient${cursor === '' ? '' : `&cursor=${cursor}`}`, city);
      seen.push(...body.items.map((line: { elderId: string }) => line.elderId));
      cursor = body.nextCursor;
    }
    expect(seen).toHaveLength(500);
    expect(new Set(seen).size).toBe(500);
    expect(await call('GET', '/v1/elders?cursor=WyJ4Il0', city)).toMatchObject({ status: 400, body: { code: 'cursor-wrong' } });
  });

  it('shows full data for a reason only, and writes down each look', async () => {
    const number = identityNumber();
    const { elderId } = await register({ identityNumber: number, phone: '13812345678' });
    const look = { id: randomUUID(), reason: '上门核对身份' };
    expect(await post(`/v1/elders/${elderId}/disclosures`, county, look)).toMatchObject({ status: 200, body: { name: '张三丰', identityNumber: number, phone: '13812345678', born: '1940-06-01' } });
    expect(await post(`/v1/elders/${elderId}/disclosures`, county, look)).toMatchObject({ status: 409, body: { code: 'id-taken' } });
    expect((await post(`/v1/elders/${elderId}/disclosures`, county, { id: randomUUID() })).status).toBe(400);
    const trail = (await call('GET', `/v1/audit?objectKind=elder&objectId=${elderId}`, auditor)).body.items.map((row: { action: string }) => row.action);
    expect(trail).toEqual(['elder.register', 'elder.disclose']);
    expect(await rows("SELECT FROM deed WHERE answer::text LIKE '%' || $1 || '%'", [number])).toEqual([]);
  });

  it('leaves an unbroken audit chain', async () => {
    expect(await service.parts.transactor.run((tx) => verifyAuditChain(tx, CITY))).toMatchObject({ brokenAt: null });
  });
});
