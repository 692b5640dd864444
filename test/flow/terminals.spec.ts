import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { makeTerminalKeys, signKeyRequest, SitePlaces, signSessionRequest, signTerminalRequest, type TerminalSessionKey } from '../../src/access/index.js';
import { CITY, MINUTE, StaffedCity } from '../support/staffed-city.js';

const SITE = randomUUID();
const OTHER_SITE = randomUUID();

let city: StaffedCity;

beforeAll(async () => {
  city = await StaffedCity.start();
  const places: Record<string, string> = { [SITE]: '371502', [OTHER_SITE]: '371521' };
  city.service.app.get(SitePlaces).answeredBy(async (_, cityCode, siteId) => (cityCode === CITY ? (places[siteId] ?? null) : null));
  await city.add('manager', ['canteenManager'], '371502', SITE);
}, 120_000);

beforeEach(() => city.nextDay());

afterAll(() => city.close());

describe('terminals', () => {
  let manager: string;

  beforeEach(async () => {
    manager = await city.tokenOf('manager');
  });

  const issue = (token: string, siteId = SITE) => city.call('POST', '/v1/terminals', { token, body: { id: randomUUID(), siteId, label: '一号收银台' } });
  const enrol = (code: string, publicKey: string, from = '127.0.0.1') => city.call('POST', '/v1/terminals/enrolment', { body: { code, publicKey }, from });

  /** A terminal's call of a route that only staff may use: 403 means that the terminal itself was believed. */
  const signed = (session: TerminalSessionKey, change: Record<string, string> = {}, time = city.clock.now()) =>
    city.call('GET', '/v1/me', { headers: { ...signTerminalRequest(session, { method: 'GET', path: '/v1/me', time }), ...change } });

  it('enrol once with a code, which is the same for the same deed and is kept nowhere', async () => {
    const body = { id: randomUUID(), siteId: SITE, label: '一号收银台' };
    const first = await city.call('POST', '/v1/terminals', { token: manager, body });
    expect((await city.call('POST', '/v1/terminals', { token: manager, body })).body).toEqual(first.body);
    const [deeds] = await city.service.parts.transactor.run((tx) => tx.query<{ text: string }>('SELECT string_agg(d::text, $2) AS text FROM deed d WHERE city_code = $1', [CITY, '']));
    expect(deeds?.text).not.toContain(first.body.code.slice(7));
    const { publicKey } = makeTerminalKeys();
    expect(await enrol(first.body.code, publicKey)).toMatchObject({ status: 201, body: { terminalId: body.id, cityCode: CITY, siteId: SITE, label: '一号收银台' } });
    expect(await enrol(first.body.code, publicKey)).toMatchObject({ status: 400, body: { code: 'terminal-code-wrong' } });
  });

  it('T04: a code ends after ten minutes', async () => {
    const { code } = (await issue(manager)).body;
    city.clock.set(city.clock.now() + 10 * MINUTE);
    expect(await enrol(code, makeTerminalKeys().publicKey)).toMatchObject({ status: 400, body: { code: 'terminal-code-wrong' } });
  });

  it('T04: the sixth wrong code from an address is not looked at', async () => {
    const { publicKey } = makeTerminalKeys();
    const { code } = (await issue(manager)).body;
    for (let tries = 0; tries < 5; tries += 1) expect((await enrol(`${CITY}.${randomUUID()}`.slice(0, 29), publicKey, '10.9.0.1')).status).toBe(400);
    expect(await enrol(code, publicKey, '10.9.0.1')).toMatchObject({ status: 429, body: { code: 'terminal-code-throttled' } });
    expect((await enrol(code, publicKey, '10.9.0.2')).status).toBe(201);
  });

  it('enrol by the dozen at one address: a try that is under way is no failure, while parallel guesses are each counted', async () => {
    const codes: string[] = [];
    for (let one = 0; one < 12; one += 1) codes.push((await issue(manager)).body.code);
    // The chain of audit rows is held for a moment, so that all of them are under way at once.
    const held = city.service.parts.transactor.run(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('audit'), $1::int)`, [CITY]);
      await pause(400);
    });
    const enrolled = await Promise.all(codes.map((code) => enrol(code, makeTerminalKeys().publicKey, '10.9.0.3')));
    await held;
    expect(enrolled.map(({ status }) => status)).toEqual(codes.map(() => 201));
    const guesses = await Promise.all(codes.map(() => enrol(`${CITY}.${randomUUID()}`.slice(0, 29), makeTerminalKeys().publicKey, '10.9.0.4')));
    expect(guesses.filter(({ status }) => status === 400)).toHaveLength(5);
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(7);
  });

  it('take only keys on P-256', async () => {
    const { code } = (await issue(manager)).body;
    expect(await enrol(code, Buffer.from('no key').toString('base64'))).toMatchObject({ status: 400, body: { code: 'terminal-key-wrong' } });
  });

  it('belong to a site in the scope of who adds them', async () => {
    expect(await issue(manager, OTHER_SITE)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await issue(manager, randomUUID())).toMatchObject({ status: 404, body: { code: 'not-found' } });
    await city.add('county.other', ['countyOfficer'], '371521');
    const county = await city.tokenOf('county.other');
    expect((await issue(county)).status).toBe(403);
    expect((await issue(county, OTHER_SITE)).status).toBe(201);
    const { body } = await city.call('GET', '/v1/terminals', { token: county });
    expect(body.items.map((one: { siteId: string }) => one.siteId)).toEqual([OTHER_SITE]);
  });

  it('open a session with a signature, once', async () => {
    const { keys, terminalId } = await city.addTerminal(manager, SITE);
    const body = signSessionRequest(keys.privateKey, terminalId, city.clock.now());
    expect((await city.call('POST', '/v1/terminals/sessions', { body })).status).toBe(201);
    expect(await city.call('POST', '/v1/terminals/sessions', { body })).toMatchObject({ status: 401, body: { code: 'terminal-replayed' } });
    const late = signSessionRequest(keys.privateKey, terminalId, city.clock.now() - 6 * MINUTE);
    expect(await city.call('POST', '/v1/terminals/sessions', { body: late })).toMatchObject({ status: 401, body: { code: 'terminal-clock-wrong' } });
    const forged = signSessionRequest(makeTerminalKeys().privateKey, terminalId, city.clock.now() + 1);
    expect(await city.call('POST', '/v1/terminals/sessions', { body: forged })).toMatchObject({ status: 401, body: { code: 'terminal-unknown' } });
    const unknown = signSessionRequest(keys.privateKey, randomUUID(), city.clock.now() + 2);
    expect(await city.call('POST', '/v1/terminals/sessions', { body: unknown })).toMatchObject({ status: 401, body: { code: 'terminal-unknown' } });
  });

  it('prove each request, whatever of it is changed', async () => {
    const { session } = await city.openTerminal(manager, SITE);
    expect(await signed(session)).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await signed(session, { 'x-terminal-time': String(city.clock.now() + 1) })).toMatchObject({ status: 401, body: { code: 'terminal-unknown' } });
    expect(await signed(session, { 'x-terminal-mac': 'AAAA' })).toMatchObject({ status: 401, body: { code: 'terminal-unknown' } });
    expect(await signed(session, {}, city.clock.now() - 5 * MINUTE - 1)).toMatchObject({ status: 401, body: { code: 'terminal-clock-wrong' } });
    const { session: other } = await city.openTerminal(manager, SITE);
    expect(await signed(session, { 'x-terminal-session': other.sessionId })).toMatchObject({ status: 401 });
  });

  it('cover the body with the proof, byte for byte', async () => {
    const { session } = await city.openTerminal(manager, SITE);
    const send = (body: string, signedBody = body) => city.service.app.inject({
      method: 'POST', url: '/v1/staff', payload: body,
      headers: { 'content-type': 'application/json', ...signTerminalRequest(session, { method: 'POST', path: '/v1/staff', time: city.clock.now(), body: signedBody }) },
    });
    expect((await send('{"a": 1}')).statusCode).toBe(403);
    expect((await send('{"a":1}', '{"a": 1}')).statusCode).toBe(401);
  });

  it('end a session with the next one, after twelve hours, and with the revocation at once', async () => {
    const { keys, terminalId, session } = await city.openTerminal(manager, SITE);
    city.clock.set(city.clock.now() + 1);
    const next = (await city.call('POST', '/v1/terminals/sessions', { body: signSessionRequest(keys.privateKey, terminalId, city.clock.now()) })).body as TerminalSessionKey;
    expect(await signed(session)).toMatchObject({ status: 401, body: { code: 'terminal-session-ended' } });
    expect((await signed(next)).status).toBe(403);
    const body = { id: randomUUID(), reason: '遗失' };
    expect((await city.call('POST', `/v1/terminals/${terminalId}/revoke`, { token: manager, body })).status).toBe(201);
    expect(await signed(next)).toMatchObject({ status: 401, body: { code: 'terminal-revoked' } });
    const again = await city.call('POST', '/v1/terminals/sessions', { body: signSessionRequest(keys.privateKey, terminalId, city.clock.now() + 1) });
    expect(again).toMatchObject({ status: 401, body: { code: 'terminal-revoked' } });
    const { session: long } = await city.openTerminal(manager, SITE);
    city.clock.set(city.clock.now() + 12 * 60 * MINUTE);
    expect(await signed(long)).toMatchObject({ status: 401, body: { code: 'terminal-session-ended' } });
  });

  it('change their key without a break: the old one opens sessions for seven days more, and then no more', async () => {
    const { keys, terminalId, session } = await city.openTerminal(manager, SITE);
    const [fresh, third] = [makeTerminalKeys(), makeTerminalKeys()];
    const rotate = (body: object) => {
      const payload = JSON.stringify(body);
      const headers = signTerminalRequest(session, { method: 'POST', path: '/v1/terminals/keys', time: city.clock.now(), body: payload });
      return city.service.app.inject({ method: 'POST', url: '/v1/terminals/keys', payload, headers: { ...headers, 'content-type': 'application/json' } });
    };
    const asked = signKeyRequest(fresh, terminalId, 2);
    expect((await rotate({ ...asked, signature: signKeyRequest(third, terminalId, 2).signature })).json()).toMatchObject({ code: 'terminal-key-wrong' });
    expect((await rotate(signKeyRequest(fresh, terminalId, 3))).json()).toMatchObject({ code: 'terminal-key-behind' });
    const first = (await rotate(asked)).json();
    expect(first).toMatchObject({ generation: 2 });
    expect((await rotate(asked)).json()).toEqual(first);
    expect((await rotate(signKeyRequest(third, terminalId, 2))).json()).toMatchObject({ code: 'terminal-key-behind' });
    const open = (key: typeof keys) => city.call('POST', '/v1/terminals/sessions', { body: signSessionRequest(key.privateKey, terminalId, city.clock.now()) });
    city.clock.set(city.clock.now() + 1);
    expect((await open(keys)).status).toBe(201);
    city.clock.set(city.clock.now() + 1);
    expect((await open(fresh)).status).toBe(201);
    city.clock.set(city.clock.now() + 7 * 24 * 60 * MINUTE);
    expect(await open(keys)).toMatchObject({ status: 401, body: { code: 'terminal-unknown' } });
    expect((await open(fresh)).status).toBe(201);
  });

  it('are looked up together and still each on its own', async () => {
    const sessions = [await city.openTerminal(manager, SITE), await city.openTerminal(manager, SITE)];
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => signed((sessions[index % 2] as { session: TerminalSessionKey }).session)));
    expect(answers.every((one) => one.status === 403)).toBe(true);
    const listed = await city.call('GET', `/v1/terminals?limit=500`, { token: manager });
    expect(listed.body.items.find((one: { terminalId: string }) => one.terminalId === sessions[0]?.terminalId)).toMatchObject({ state: 'enrolled', seenAt: expect.any(String) });
  });

  it('are revoked by who may see their site', async () => {
    const { terminalId } = await city.addTerminal(manager, SITE);
    const county = await city.tokenOf('county.other');
    const body = { id: randomUUID(), reason: '遗失' };
    expect(await city.call('POST', `/v1/terminals/${terminalId}/revoke`, { token: county, body })).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await city.call('POST', `/v1/terminals/${randomUUID()}/revoke`, { token: county, body })).toMatchObject({ status: 404 });
    expect(await city.call('POST', `/v1/terminals/not-an-id/revoke`, { token: county, body })).toMatchObject({ status: 400, body: { code: 'fields-wrong' } });
  });
});
