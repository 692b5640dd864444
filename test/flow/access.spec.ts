import { randomUUID } from 'node:crypto';
import { CreateStaff, SitePlaces, verifyAuditChain } from '../../src/access/index.js';
import { CITY, MINUTE, PASSWORD, StaffedCity } from '../support/staffed-city.js';

const SITE = randomUUID();

let city: StaffedCity;

beforeAll(async () => {
  city = await StaffedCity.start();
  city.service.app.get(SitePlaces).answeredBy(async (_, cityCode, siteId) => (cityCode === CITY && siteId === SITE ? '371502' : null));
}, 120_000);

beforeEach(() => city.nextDay());

afterAll(() => city.close());

describe('accounts', () => {
  it('gives a city its first account once', async () => {
    expect(await city.service.app.get(CreateStaff).runFirst(CITY, 'cli', city.person('another', ['securityAdministrator']))).toEqual({ ok: false, code: 'city-has-staff' });
  });

  it('tells who is logged in and what they may do, and keeps the answer out of caches', async () => {
    const me = await city.call('GET', '/v1/me', { token: city.security });
    expect(me).toMatchObject({ status: 200, body: { account: 'security', cityCode: CITY, roles: ['securityAdministrator'], divisionCode: CITY, siteId: null } });
    expect(me.headers['cache-control']).toBe('no-store');
  });

  it('creates an account once, whatever how often it is asked', async () => {
    const body = city.person('county.twice', ['countyOfficer'], '371502');
    const first = await city.call('POST', '/v1/staff', { token: city.security, body });
    const second = await city.call('POST', '/v1/staff', { token: city.security, body });
    expect(first.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(await city.call('POST', '/v1/staff', { token: city.security, body: { ...body, displayName: 'other' } })).toMatchObject({ status: 409, body: { code: 'id-taken' } });
    expect(await city.call('POST', '/v1/staff', { token: city.security, body: { ...body, id: randomUUID() } })).toMatchObject({ status: 409, body: { code: 'account-taken' } });
  });

  it.each([
    ['administrators-apart', 409, { roles: ['securityAdministrator', 'auditAdministrator'] }],
    ['administrators-apart', 409, { roles: ['systemAdministrator', 'financeApprover'] }],
    ['site-needed', 400, { roles: ['cashier'] }],
    ['site-not-wanted', 400, { roles: ['auditor'], siteId: SITE }],
    ['not-found', 404, { roles: ['cashier'], siteId: randomUUID() }],
    ['outside-scope', 403, { divisionCode: '370100' }],
    ['password-weak', 400, { password: 'password-123A' }],
    ['fields-wrong', 400, { duty: 'work' }],
    ['fields-wrong', 400, { roles: ['emperor'] }],
  ])('refuses with %s', async (code, status, change) => {
    const body = { ...city.person(`refused.${randomUUID().slice(0, 8)}`, ['countyOfficer'], '371502'), ...change };
    expect(await city.call('POST', '/v1/staff', { token: city.security, body })).toMatchObject({ status, body: { code } });
  });

  it('T47: the database itself keeps an administrator from a second duty', async () => {
    const staffId = await city.add('apart', ['financeApprover']);
    const plant = city.service.parts.transactor.run((tx) =>
      tx.query(`INSERT INTO access_staff_role (city_code, staff_id, role) VALUES ($1, $2, 'securityAdministrator')`, [CITY, staffId]));
    await expect(plant).rejects.toMatchObject({ constraint: 'access_duties_apart' });
  });

  it('keeps argon2id hashes of the asked cost and no password, in deeds neither', async () => {
    const [row] = await city.service.parts.transactor.run((tx) => tx.query<{ hash: string }>('SELECT password_hash AS hash FROM access_staff WHERE city_code = $1', [CITY]));
    expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('lists staff in pages, of its own division only', async () => {
    await city.add('page.a', ['countyOfficer'], '371521');
    await city.add('page.b', ['countyOfficer'], '371521');
    await city.add('security.county', ['securityAdministrator'], '371502');
    const first = await city.call('GET', '/v1/staff?limit=2', { token: city.security });
    const second = await city.call('GET', `/v1/staff?limit=2&cursor=${first.body.nextCursor}`, { token: city.security });
    expect(first.body.items).toHaveLength(2);
    expect(second.body.items[0].account > first.body.items[1].account).toBe(true);
    expect(JSON.stringify(first.body)).not.toContain('argon2');
    const county = await city.call('GET', '/v1/staff?limit=500', { token: await city.tokenOf('security.county') });
    expect(county.body.items.map((one: { divisionCode: string }) => one.divisionCode).every((code: string) => code.startsWith('371502'))).toBe(true);
  });
});

describe('sessions', () => {
  it('keep no token, only its digest', async () => {
    const rows = await city.service.parts.transactor.run((tx) => tx.query<{ text: string }>('SELECT s::text AS text FROM access_session s WHERE city_code = $1', [CITY]));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => !row.text.includes(city.security.slice(7)))).toBe(true);
  });

  it('end after half an hour without use, and not before', async () => {
    for (let used = 0; used < 3; used += 1) {
      city.clock.set(city.clock.now() + 29 * MINUTE);
      expect(await city.call('GET', '/v1/me', { token: city.security })).toMatchObject({ status: 200 });
    }
    city.clock.set(city.clock.now() + 30 * MINUTE);
    expect(await city.call('GET', '/v1/me', { token: city.security })).toMatchObject({ status: 401, body: { code: 'session-ended' } });
  });

  it('end after twelve hours, however much they are used', async () => {
    const opened = city.clock.now();
    while (city.clock.now() < opened + 12 * 60 * MINUTE - 20 * MINUTE) {
      city.clock.set(city.clock.now() + 20 * MINUTE);
      if (city.clock.now() < opened + 12 * 60 * MINUTE) expect((await city.call('GET', '/v1/me', { token: city.security })).status).toBe(200);
    }
    city.clock.set(opened + 12 * 60 * MINUTE);
    expect((await city.call('GET', '/v1/me', { token: city.security })).status).toBe(401);
  });

  it('end at once with the log-out, another log-in gets another token', async () => {
    const again = await city.tokenOf('security');
    expect(again).not.toBe(city.security);
    expect((await city.call('DELETE', '/v1/sessions/current', { token: again })).status).toBe(200);
    expect((await city.call('GET', '/v1/me', { token: again })).status).toBe(401);
    expect((await city.call('GET', '/v1/me', { token: city.security })).status).toBe(200);
  });

  it('end at once when the account is disabled, which nobody does to themselves', async () => {
    const staffId = await city.add('leaving', ['countyOfficer'], '371502');
    const token = await city.tokenOf('leaving');
    const body = { id: randomUUID(), reason: '调离' };
    expect((await city.call('POST', `/v1/staff/${staffId}/disable`, { token: city.security, body })).status).toBe(201);
    expect((await city.call('GET', '/v1/me', { token })).status).toBe(401);
    expect(await city.logIn('leaving')).toMatchObject({ status: 401, body: { code: 'log-in-wrong' } });
    expect(await city.call('POST', `/v1/staff/${staffId}/disable`, { token: city.security, body: { ...body, id: randomUUID() } })).toMatchObject({ body: { code: 'staff-disabled' } });
    const me = await city.call('GET', '/v1/me', { token: city.security });
    expect(await city.call('POST', `/v1/staff/${me.body.staffId}/disable`, { token: city.security, body: { ...body, id: randomUUID() } })).toMatchObject({ body: { code: 'own-account' } });
  });

  it('end at once when the roles change; the new ones hold from the next log-in', async () => {
    const staffId = await city.add('promoted', ['countyOfficer'], '371502');
    const token = await city.tokenOf('promoted');
    const body = { id: randomUUID(), roles: ['auditAdministrator'], divisionCode: CITY };
    expect(await city.call('POST', `/v1/staff/${staffId}/roles`, { token: city.security, body })).toMatchObject({ status: 201, body: { roles: ['auditAdministrator'] } });
    expect((await city.call('GET', '/v1/me', { token })).status).toBe(401);
    expect((await city.call('GET', '/v1/audit', { token: await city.tokenOf('promoted') })).status).toBe(200);
  });

  it('end with another password, except the one that set it', async () => {
    await city.add('changing', ['cityOfficer']);
    const [old, token] = [await city.tokenOf('changing'), await city.tokenOf('changing')];
    const change = (body: object) => city.call('POST', '/v1/me/password', { token, body: { id: randomUUID(), oldPassword: PASSWORD, password: 'Qiu-yue 2025!', ...body } });
    expect(await change({ oldPassword: 'Nothing-like-1' })).toMatchObject({ status: 403, body: { code: 'password-wrong' } });
    expect(await change({ password: 'short' })).toMatchObject({ status: 400, body: { code: 'password-weak' } });
    expect((await change({})).status).toBe(201);
    expect((await city.call('GET', '/v1/me', { token: old })).status).toBe(401);
    expect((await city.call('GET', '/v1/me', { token })).status).toBe(200);
    expect((await city.logIn('changing')).status).toBe(401);
    expect((await city.logIn('changing', 'Qiu-yue 2025!')).status).toBe(201);
  });

  it.each(['', 'Bearer', 'Bearer nonsense', `Bearer ${CITY}.${'A'.repeat(43)}`, 'Basic c2VjdXJpdHk6eA=='])('do not exist for %j', async (authorization) => {
    expect((await city.call('GET', '/v1/me', { headers: { authorization } })).status).toBe(401);
  });
});

describe('log-in', () => {
  it('T06: stops the sixth wrong try from one address, even with the right password, and says for how long', async () => {
    await city.add('tried', ['cityOfficer']);
    for (let tries = 0; tries < 5; tries += 1) expect((await city.logIn('tried', 'Wrong-guess-1', '10.0.0.1')).status).toBe(401);
    const stopped = await city.logIn('tried', PASSWORD, '10.0.0.1');
    expect(stopped).toMatchObject({ status: 429, body: { code: 'log-in-throttled' } });
    expect(Number(stopped.headers['retry-after'])).toBe(15 * 60);
    city.clock.set(city.clock.now() + 15 * MINUTE);
    expect((await city.logIn('tried', PASSWORD, '10.0.0.1')).status).toBe(201);
  });

  it('T06: strangers slow down strangers, never the owner', async () => {
    await city.add('victim', ['cityOfficer']);
    expect((await city.logIn('victim', PASSWORD, '10.1.0.1')).status).toBe(201);
    for (let stranger = 1; stranger <= 20; stranger += 1) expect((await city.logIn('victim', 'Wrong-guess-1', `10.2.0.${stranger}`)).status).toBe(401);
    expect((await city.logIn('victim', 'Wrong-guess-1', '10.2.0.99')).status).toBe(429);
    expect((await city.logIn('victim', PASSWORD, '10.1.0.1')).status).toBe(201);
  });

  it('counts tries that come at the same time', async () => {
    await city.add('rushed', ['cityOfficer']);
    const answers = await Promise.all(Array.from({ length: 12 }, () => city.logIn('rushed', 'Wrong-guess-1', '10.3.0.1')));
    expect(answers.filter((one) => one.status === 401)).toHaveLength(5);
    expect(answers.filter((one) => one.status === 429)).toHaveLength(7);
  });

  it('T31: says the same in about the same time of an account that is not there', async () => {
    await city.add('there', ['cityOfficer']);
    const times = { there: [] as number[], nobody: [] as number[] };
    for (let round = 0; round < 12; round += 1) {
      for (const account of ['there', 'nobody'] as const) {
        const begun = performance.now();
        const { status, body } = await city.logIn(account, 'Wrong-guess-1', `10.4.${round}.${account.length}`);
        times[account].push(performance.now() - begun);
        expect({ status, code: body.code, title: body.title }).toEqual({ status: 401, code: 'log-in-wrong', title: '账号或密码不正确，请核对后重新登录。' });
      }
    }
    const middle = (all: number[]): number => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] as number;
    expect(middle(times.nobody)).toBeGreaterThan(middle(times.there) / 2);
    expect(middle(times.nobody)).toBeLessThan(middle(times.there) * 2);
  });
});

describe('audit', () => {
  it('is read in pages by those who watch, for a whole city only', async () => {
    await city.add('watcher', ['auditor']);
    await city.add('watcher.county', ['auditor'], '371502');
    const token = await city.tokenOf('watcher');
    const first = await city.call('GET', '/v1/audit?limit=3', { token });
    const second = await city.call('GET', `/v1/audit?limit=3&cursor=${first.body.nextCursor}`, { token });
    expect([...first.body.items, ...second.body.items].map((row: { seq: number }) => row.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(first.body.items[0]).toMatchObject({ actor: 'cli', action: 'staff.create', objectKind: 'staff' });
    expect(await city.call('GET', '/v1/audit', { token: await city.tokenOf('watcher.county') })).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await city.call('GET', '/v1/audit', { token: city.security })).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
  });

  it('is one whole chain after all of this', async () => {
    const check = await city.service.parts.transactor.run((tx) => verifyAuditChain(tx, CITY));
    expect(check).toMatchObject({ brokenAt: null });
    expect(check.checked).toBeGreaterThan(30);
  });
});
