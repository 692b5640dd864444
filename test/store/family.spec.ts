import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { ACCESS_LIFE_MS, GRACE_MS, REFRESH_LIFE_MS } from '../../src/access/mini-sessions.js';
import { MiniSessions } from '../../src/access/index.js';
import { consentVersions, enterConsent } from '../../src/elder/index.js';
import { CONSENT_SCOPES, consentHolds } from '../../src/elder/domain/index.js';
import { KIN_RIGHTS } from '../../src/family/domain/index.js';
import { accountsToTell, kinOf, openidOf, reachKin, reachSelf } from '../../src/family/index.js';
import { addDays, civilDate } from '../../src/kernel/index.js';
import type { Tx } from '../../src/platform/index.js';
import { childPhone, elderPhone, strangerPhone, type TestPhone } from '../support/mini.js';
import { CITY, TappingCity } from '../support/tapping-city.js';

const DAY = civilDate('2024-12-03');

let city: TappingCity;
let sessions: MiniSessions;
let elderId: string;

beforeAll(async () => {
  city = await TappingCity.start();
  sessions = city.service.app.get(MiniSessions);
  ({ elderId } = await city.elder());
}, 240_000);

afterAll(() => city.close());

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => city.service.parts.transactor.run(work);
const reach = (phone: TestPhone, right: 'meals' | 'ordering' | 'paying', on = DAY, lock?: 'lock') => inTx((tx) => reachKin(tx, phone.actor, elderId, right, on, lock));
const wait = (ms: number): void => city.clock.set(city.clock.now() + ms);

describe('a session of the mini-program', () => {
  it('gives a new pair for a refresh token, and the same one again for ten seconds', async () => {
    const phone = await strangerPhone(city);
    const first = phone.tokens;
    expect(await sessions.actorOf(first.accessToken)).toMatchObject({ kind: 'mini', cityCode: CITY, accountId: phone.accountId });
    expect(await sessions.actorOf(first.refreshToken)).toBeUndefined();
    const second = await sessions.refresh(first.refreshToken);
    wait(GRACE_MS);
    const again = await sessions.refresh(first.refreshToken);
    expect(second).toMatchObject({ ok: true });
    if (!second.ok || !again.ok) throw new Error('refused');
    expect(again.value).toMatchObject({ accessToken: second.value.accessToken, refreshToken: second.value.refreshToken, expiresIn: ACCESS_LIFE_MS / 1000 - 10 });
    expect(await sessions.actorOf(second.value.accessToken)).toMatchObject({ accountId: phone.accountId });
  });

  it('ends as a whole where a refresh token comes a second time later, or after somebody went on', async () => {
    for (const goOn of [false, true]) {
      const phone = await strangerPhone(city);
      const next = await sessions.refresh(phone.tokens.refreshToken);
      if (!next.ok) throw new Error('refused');
      const last = goOn ? await sessions.refresh(next.value.refreshToken) : next;
      if (!goOn) wait(GRACE_MS + 1);
      expect(await sessions.refresh(phone.tokens.refreshToken)).toEqual({ ok: false, code: 'mini-token-reused' });
      expect(last.ok && (await sessions.actorOf(last.value.accessToken))).toBeUndefined();
      expect(last.ok && (await sessions.refresh(last.value.refreshToken))).toMatchObject({ code: 'mini-session-ended' });
    }
  });

  it('lives a quarter of an hour by its access token and thirty days by its refresh token', async () => {
    const phone = await strangerPhone(city);
    wait(ACCESS_LIFE_MS - 1);
    expect(await sessions.actorOf(phone.tokens.accessToken)).toBeDefined();
    wait(1);
    expect(await sessions.actorOf(phone.tokens.accessToken)).toBeUndefined();
    expect(await sessions.refresh(`${phone.tokens.refreshToken}x`)).toMatchObject({ code: 'mini-session-ended' });
    const late = await strangerPhone(city);
    const before = city.clock.now();
    wait(REFRESH_LIFE_MS);
    expect(await sessions.refresh(late.tokens.refreshToken)).toMatchObject({ code: 'mini-session-ended' });
    city.clock.set(before);
  });

  it('gives many askers at once one and the same pair', async () => {
    const phone = await strangerPhone(city);
    const answers = await Promise.all(Array.from({ length: 12 }, () => sessions.refresh(phone.tokens.refreshToken)));
    expect(new Set(answers.map((one) => one.ok && one.value.refreshToken)).size).toBe(1);
    expect(answers.every((one) => one.ok)).toBe(true);
  });

  it('keeps five of an account at most, and no token or openid in clear', async () => {
    const phone = await strangerPhone(city);
    const first = phone.tokens.accessToken;
    for (let more = 0; more < 5; more += 1) {
      wait(1);
      await phone.logInAgain();
    }
    expect(await sessions.actorOf(first)).toBeUndefined();
    expect(await sessions.actorOf(phone.tokens.accessToken)).toBeDefined();
    const kept = JSON.stringify(await city.rows('SELECT * FROM mini_token t, mini_account a WHERE a.account_id = $1', [phone.accountId]));
    expect(kept).not.toContain(phone.tokens.accessToken.slice(9));
    expect(kept).not.toContain(phone.openid);
    expect(await inTx((tx) => openidOf(tx, city.service.parts.cipher, CITY, phone.accountId))).toBe(phone.openid);
  });
});

describe('for whom an account may do what', () => {
  it('is all of it for the elder, what was consented to for a child, nothing for anybody else', async () => {
    const self = await elderPhone(city, elderId);
    const child = await childPhone(city, elderId, ['meals', 'paying'], civilDate('2024-12-05'));
    const [unconsented, stranger] = [await childPhone(city, elderId, []), await strangerPhone(city)];
    for (const right of ['meals', 'ordering', 'paying'] as const) {
      expect(await reach(self, right)).toEqual({ ok: true, value: { elderId, isSelf: true } });
      expect(await reach(unconsented, right)).toMatchObject({ code: 'consent-missing' });
      expect(await reach(stranger, right, DAY, 'lock')).toMatchObject({ code: 'not-found' });
    }
    expect(await reach(child, 'meals', civilDate('2024-12-05'), 'lock')).toEqual({ ok: true, value: { elderId, isSelf: false } });
    expect(await reach(child, 'ordering')).toMatchObject({ code: 'consent-missing' });
    expect(await reach(child, 'meals', civilDate('2024-12-06'))).toMatchObject({ code: 'consent-missing' });
    expect(await inTx((tx) => reachSelf(tx, child.actor, elderId))).toMatchObject({ code: 'elder-alone' });
    expect(await inTx((tx) => reachSelf(tx, self.actor, elderId))).toMatchObject({ ok: true });
    expect(await inTx((tx) => reachSelf(tx, stranger.actor, elderId))).toMatchObject({ code: 'not-found' });
    const told = (on: string) => inTx((tx) => accountsToTell(tx, CITY, elderId, civilDate(on)));
    expect(await told('2024-12-05')).toEqual([{ accountId: self.accountId, isSelf: true }, { accountId: child.accountId, isSelf: false }]);
    expect(await told('2024-12-06')).toEqual([{ accountId: self.accountId, isSelf: true }]);
    const { cipher } = city.service.parts;
    expect(await inTx((tx) => kinOf(tx, cipher, self.actor, DAY))).toEqual([{ elderId, name: '张三丰', self: true, relation: null, called: null, rights: ['meals', 'ordering', 'paying'], until: null }]);
    expect(await inTx((tx) => kinOf(tx, cipher, child.actor, DAY))).toEqual([{ elderId, name: '张**', self: false, relation: 'child', called: '爸爸', rights: ['meals', 'paying'], until: '2024-12-05' }]);
    expect(await inTx((tx) => kinOf(tx, cipher, stranger.actor, DAY))).toEqual([]);
  });
});

it('holds the law of consents: the newest version speaks, all of it and nothing else, to its last day', async () => {
  const child = await childPhone(city, elderId, []);
  const step = fc.record({ scopes: fc.subarray([...CONSENT_SCOPES]), days: fc.integer({ min: 0, max: 3 }) });
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 4 }), async (steps, later) => {
    for (const { scopes, days } of steps) {
      await inTx((tx) => enterConsent(tx, city.clock, {
        cityCode: CITY, elderId, consentId: randomUUID(), by: 'test', grantee: 'relative', contactId: child.contactId, scopes, until: addDays(DAY, days), givenOn: DAY, givenHow: 'paper', notice: 'n',
      }));
    }
    const on = addDays(DAY, later);
    const last = steps.at(-1);
    const versions = await inTx((tx) => consentVersions(tx, CITY, elderId));
    for (const right of KIN_RIGHTS) {
      const may = (await reach(child, right, on)).ok;
      expect(may).toBe(last !== undefined && last.scopes.includes(right) && later <= last.days);
      expect(may).toBe(consentHolds(versions, { grantee: 'relative', contactId: child.contactId, scope: right }, on));
    }
  }), { numRuns: 25 });
});
