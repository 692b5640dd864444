import { randomUUID } from 'node:crypto';
import { openPass, stepOf, totp } from '../../src/till/domain/index.js';
import { childPhone, elderPhone, strangerPhone, type TestPhone } from '../support/mini.js';
import { sweepOnce } from '../support/jobs.js';
import { OfflineTill } from '../support/offline-till.js';
import { CITY, MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';

let city: TappingCity;
let till: TestTill;
let other: TestTill;

beforeAll(async () => {
  city = await TappingCity.start();
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  [till, other] = [await city.till(), await city.till(1)];
}, 120_000);

afterAll(() => city.close());

const redeem = (code: string, at = till, mealPeriod = 'lunch') => at.send('/v1/till/codes', { code, mealPeriod });
const show = async (phone: TestPhone, elderId: string) => phone.post(`/v1/mini/elders/${elderId}/code`, {});

/** What a till sends for somebody by their code. */
const byNote = (note: string, change: object = {}) => ({ credential: { kind: 'code', note }, ...change });

async function elderWithPhone() {
  const elder = await city.elder();
  return { ...elder, phone: await elderPhone(city, elder.elderId) };
}

/** A note that stands for an elder's card at a till. */
async function noteOf(phone: TestPhone, elderId: string, at = till): Promise<string> {
  const shown = await show(phone, elderId);
  const redeemed = await redeem(shown.body.text, at);
  expect([shown.status, redeemed.status]).toEqual([200, 200]);
  return redeemed.body.note;
}

/** Some minutes later: no till has asked too often any more, and who was logged in is so again. */
async function later(minutes = 2): Promise<void> {
  city.clock.set(city.clock.now() + minutes * MINUTE);
  [city.county, city.staffed.security] = [await city.staffed.tokenOf('county'), await city.staffed.tokenOf('security')];
}

describe('a code that a phone shows', () => {
  it('is for a minute, for one meal, and the meal is the elder’s as by the card', async () => {
    const { elderId, cardId, phone } = await elderWithPhone();
    const shown = await show(phone, elderId);
    expect(shown.body).toMatchObject({ text: expect.stringMatching(/^YM1[0-9A-F]{32}$/), digits: expect.stringMatching(/^1\d{8}$/), expiresAt: new Date(city.clock.now() + 60_000).toISOString(), nextAfter: 40 });
    const redeemed = await redeem(shown.body.text);
    expect(redeemed.body).toMatchObject({ row: { n: '张', t: expect.any(String) } });
    const { body } = await till.tap(byNote(redeemed.body.note));
    expect(body).toMatchObject({ outcome: 'accepted', code: null, subsidyFen: 300, selfPayFen: 1200, flags: [] });
    const [meal] = await city.rows('SELECT elder_id AS "elderId", card_id AS "cardId" FROM meal WHERE city_code = $1 AND tap_id = $2', [CITY, body.tapId]);
    expect(meal).toEqual({ elderId, cardId });
  });

  it('works by its digits, and whatever stands in the books names neither', async () => {
    const { elderId, phone } = await elderWithPhone();
    const { body } = await show(phone, elderId);
    expect(await redeem(`${body.digits.slice(0, 4)} ${body.digits.slice(4)}`)).toMatchObject({ status: 200 });
    const kept = JSON.stringify(await city.rows('SELECT * FROM eating_code WHERE elder_id = $1', [elderId]));
    expect(kept).not.toContain(body.text.slice(3));
    expect(kept).not.toContain(body.digits);
  });

  it('T02: is used once: a second sale by it is told so and books nothing, and the elder eats by the card', async () => {
    const { elderId, card, phone } = await elderWithPhone();
    const { body } = await show(phone, elderId);
    const [here, there] = [await redeem(body.text), await redeem(body.text, other)];
    await till.tap(byNote(here.body.note));
    const before = await city.books();
    const second = await other.tap(byNote(there.body.note));
    expect(second).toMatchObject({ status: 200, body: { outcome: 'refused', code: 'code-used', selfPayFen: 0, subsidyFen: 0 } });
    expect(second.body.sentence).toMatch(/已经用过了，未记账；请老人打开新的用餐码，或刷卡/);
    expect(await city.books()).toMatchObject({ fen: before.fen, transfers: before.transfers, uses: before.uses });
    expect(await redeem(body.text)).toMatchObject({ status: 409, body: { code: 'code-used-up' } });
    expect((await other.tap({ card })).body).toMatchObject({ outcome: 'accepted', code: 'second-meal-today' });
  });

  it('T02: sent by two tills at the same moment gives one meal, however often', async () => {
    for (let times = 0; times < 5; times += 1) {
      const { elderId, phone } = await elderWithPhone();
      const { body } = await show(phone, elderId);
      const notes = [await redeem(body.text), await redeem(body.text, other)] as const;
      const taps = await Promise.all([till.tap(byNote(notes[0].body.note)), other.tap(byNote(notes[1].body.note))]);
      expect(taps.map((tap) => tap.body.code).sort()).toEqual(['code-used', null]);
      const [row] = await city.rows<{ meals: number; uses: number }>(
        `SELECT (SELECT count(*) FROM meal WHERE elder_id = $1 AND outcome = 'accepted') AS meals, (SELECT count(*) FROM code_use WHERE elder_id = $1) AS uses`, [elderId]);
      expect(row).toEqual({ meals: 1, uses: 1 });
      await later();
    }
  });

  it('sent twice in one upload gives one; the other was eaten, and stands as a guest’s', async () => {
    const { elderId, phone } = await elderWithPhone();
    const note = await noteOf(phone, elderId);
    const shown = { selfPayFen: 1200, subsidyFen: 300 };
    const { body } = await till.send('/v1/taps/upload', { taps: [till.body(byNote(note, { shown })), till.body(byNote(note, { shown }))] });
    expect(body.results[0].answer).toMatchObject({ outcome: 'accepted', code: null, subsidyFen: 300 });
    expect(body.results[1].answer).toMatchObject({ outcome: 'accepted', code: 'code-used', selfPayFen: 1200, subsidyFen: 0, siteBorneFen: 300, flags: expect.arrayContaining(['fund-changed']) });
  });

  it('answers a repeat as the first time, byte for byte, long after it is over', async () => {
    const { elderId, phone } = await elderWithPhone();
    const body = till.body(byNote(await noteOf(phone, elderId)));
    const first = await till.send('/v1/taps', body);
    await later(60);
    const [again, uploaded] = [await till.send('/v1/taps', body), await till.send('/v1/taps/upload', { taps: [body] })];
    expect(again.text).toBe(first.text);
    expect(uploaded.body.results[0].answer).toEqual(first.body);
  });

  it('is free again once its sale was taken back', async () => {
    const { elderId, phone } = await elderWithPhone();
    const { body: shown } = await show(phone, elderId);
    const first = await till.tap(byNote((await redeem(shown.text)).body.note));
    await till.send(`/v1/taps/${first.body.tapId}/void`, { id: randomUUID(), reason: '按错键' });
    const again = await redeem(shown.text);
    expect((await till.tap(byNote(again.body.note))).body).toMatchObject({ outcome: 'accepted', subsidyFen: 300 });
    expect(await redeem(shown.text)).toMatchObject({ body: { code: 'code-used-up' } });
  });

  it.each([
    ['after a minute', 60_000, 'code-over'],
    ['but not a moment before', 59_999, undefined],
  ])('T02: is over %s', async (_, ms, code) => {
    const { elderId, phone } = await elderWithPhone();
    const { body } = await show(phone, elderId);
    city.clock.set(city.clock.now() + ms);
    expect((await redeem(body.text)).body.code).toBe(code);
  });

  it('of nobody, of another terminal, or torn is told apart in a sentence', async () => {
    await later();
    const { elderId, phone } = await elderWithPhone();
    const foreign = await noteOf(phone, elderId, other);
    expect(await redeem(`YM1${'0'.repeat(32)}`)).toMatchObject({ status: 404, body: { code: 'code-unknown', title: expect.stringContaining('刷卡') } });
    expect(await redeem('YM1 12')).toMatchObject({ status: 422, body: { code: 'code-torn' } });
    expect(await till.tap(byNote(foreign))).toMatchObject({ status: 400, body: { code: 'fields-wrong' } });
    till.journal -= 1;
  });

  it('is shown by the elder and by whom the elder lets order, and by nobody else', async () => {
    const { elderId } = await city.elder();
    const [orders, sees, nobody] = [await childPhone(city, elderId, ['ordering']), await childPhone(city, elderId, ['meals', 'paying']), await strangerPhone(city)];
    expect([(await show(orders, elderId)).status, (await show(sees, elderId)).body.code, (await show(nobody, elderId)).body.code]).toEqual([200, 'consent-missing', 'not-found']);
  });

  it('dies with the consent, with the session, and with the elder', async () => {
    await later();
    const { elderId } = await city.elder();
    const child = await childPhone(city, elderId, ['ordering']);
    const { body } = await show(child, elderId);
    await city.rows("INSERT INTO elder_consent SELECT city_code, gen_random_uuid(), elder_id, grantee, contact_id, version + 1, '{}', until_date, given_on, given_how, notice, helper, true, recorded_at, recorded_by FROM elder_consent WHERE elder_id = $1", [elderId]);
    expect(await redeem(body.text)).toMatchObject({ status: 403, body: { code: 'code-withdrawn', title: expect.stringContaining('社区') } });

    const own = await elderWithPhone();
    const shown = await show(own.phone, own.elderId);
    await city.rows("UPDATE mini_session SET ended_at = now(), end_reason = 'logged-out' WHERE account_id = $1", [own.phone.accountId]);
    expect(await redeem(shown.body.text)).toMatchObject({ body: { code: 'code-withdrawn' } });

    const dead = await elderWithPhone();
    const last = await show(dead.phone, dead.elderId);
    expect((await city.staffed.call('POST', `/v1/elders/${dead.elderId}/death`, { token: city.county, body: { id: randomUUID(), diedOn: '2024-12-02', source: '社区登记' } })).status).toBe(200);
    expect(await redeem(last.body.text)).toMatchObject({ body: { code: 'code-without-card' } });
  });

  it.each([
    ['the consent was withdrawn', (elderId: string) => ["INSERT INTO elder_consent SELECT city_code, gen_random_uuid(), elder_id, grantee, contact_id, version + 1, '{}', until_date, given_on, given_how, notice, helper, true, recorded_at, recorded_by FROM elder_consent WHERE elder_id = $1", elderId]],
    ['the session was ended', (_: string, accountId: string) => ["UPDATE mini_session SET ended_at = now(), end_reason = 'logged-out' WHERE account_id = $1", accountId]],
    ['the binding was ended', (elderId: string) => ["UPDATE mini_kin SET ended_at = now(), ended_by = 'test', end_reason = 'test' WHERE elder_id = $1", elderId]],
  ])('and a pass, and digits, that a till has read already are refused online once %s; what a till without a network had sold stands', async (_, end) => {
    await later();
    const { elderId } = await city.elder();
    const child = await childPhone(city, elderId, ['ordering']);
    const note = await noteOf(child, elderId);
    const passed = (await child.post(`/v1/mini/elders/${elderId}/pass`, { id: randomUUID(), siteId: till.siteId })).body.text.split('.')[1];
    const { note: passNote } = JSON.parse(Buffer.from(passed, 'base64url').toString()) as { note: string };
    const { secret, locator } = (await child.post(`/v1/mini/elders/${elderId}/offline-code`, { id: randomUUID() })).body;
    const digits = await redeem(`2${locator}${totp(Buffer.from(secret, 'base64url'), stepOf(city.clock.now()))}`);
    expect(digits.status).toBe(200);
    const [sql = '', value = ''] = end(elderId, child.accountId);
    await city.rows(sql, [value]);
    for (const ended of [note, passNote, digits.body.note]) {
      expect((await till.tap(byNote(ended))).body).toMatchObject({ outcome: 'refused', code: 'code-withdrawn', sentence: expect.stringContaining('社区') });
    }
    const { body } = await till.send('/v1/taps/upload', { taps: [till.body(byNote(passNote))] });
    expect(body.results[0].answer).toMatchObject({ outcome: 'accepted', code: null, subsidyFen: 300 });
  });

  it('is known as whose it was for as long as a till may sell by it, also once the next one is shown, and then forgotten', async () => {
    await later();
    const { elderId } = await city.elder();
    const child = await childPhone(city, elderId, ['ordering']);
    const rows = async () => (await city.rows<{ count: number }>('SELECT count(*)::int AS count FROM eating_code WHERE elder_id = $1', [elderId]))[0]?.count;
    const note = await noteOf(child, elderId);
    await later();
    await show(child, elderId);
    await sweepOnce(city, 'till.');
    expect(await rows()).toBe(2);
    await city.rows("UPDATE mini_kin SET ended_at = now(), ended_by = 'test', end_reason = 'test' WHERE elder_id = $1", [elderId]);
    expect((await till.tap(byNote(note))).body).toMatchObject({ outcome: 'refused', code: 'code-withdrawn' });
    await later(60);
    await sweepOnce(city, 'till.');
    expect(await rows()).toBe(0);
  });

  it('stands for an elder whose card is lost, but not for one whose card is frozen', async () => {
    const [lost, frozen] = [await elderWithPhone(), await elderWithPhone()];
    for (const [{ cardId }, kind] of [[lost, 'lost'], [frozen, 'frozen']] as const) {
      expect((await city.staffed.call('POST', `/v1/cards/${cardId}/events`, { token: city.county, body: { id: randomUUID(), kind, reason: '测试' } })).status).toBe(200);
    }
    await later();
    expect((await till.tap(byNote(await noteOf(lost.phone, lost.elderId)))).body).toMatchObject({ code: null, subsidyFen: 300 });
    expect((await till.tap(byNote(await noteOf(frozen.phone, frozen.elderId)))).body).toMatchObject({ code: 'card-frozen', subsidyFen: 0 });
  });

  it('pays from no balance', async () => {
    const { elderId, phone } = await elderWithPhone();
    expect((await till.tap(byNote(await noteOf(phone, elderId), { tender: 'balance' }))).body).toMatchObject({ outcome: 'refused' });
  });
});

describe('digits of a phone without a network', () => {
  async function withSecret() {
    const elder = await elderWithPhone();
    const id = randomUUID();
    const ask = (by = id) => elder.phone.post(`/v1/mini/elders/${elder.elderId}/offline-code`, { id: by });
    const { body } = await ask();
    const code = (steps = 0) => `2${body.locator}${totp(Buffer.from(body.secret, 'base64url'), stepOf(city.clock.now()) + steps)}`;
    return { ...elder, ask, code, first: body };
  }

  it('come from a secret that a session gets once', async () => {
    await later();
    const { ask, first } = await withSecret();
    expect(first).toMatchObject({ stepSeconds: 30, serverTime: new Date(city.clock.now()).toISOString() });
    expect((await ask()).body).toEqual(first);
    expect((await ask(randomUUID())).body).toMatchObject({ code: 'code-secret-given' });
    await later(11);
    expect((await ask()).body).toMatchObject({ code: 'code-secret-given' });
  });

  it.each([[-2, 409], [-1, 200], [0, 200], [1, 200], [2, 409]])('of a clock that is %i steps off answer %i', async (steps, status) => {
    await later();
    const { code } = await withSecret();
    expect((await redeem(code(steps))).status).toBe(status);
  });

  it('are used once a step', async () => {
    await later();
    const { code } = await withSecret();
    const [here, there] = [await redeem(code()), await redeem(`YM${code()}`, other)];
    expect((await till.tap(byNote(here.body.note))).body).toMatchObject({ code: null, subsidyFen: 300 });
    expect((await other.tap(byNote(there.body.note))).body).toMatchObject({ outcome: 'refused', code: 'code-used' });
    expect((await redeem(code())).body.code).toBe('code-used-up');
    const before = code();
    city.clock.set(city.clock.now() + 30_000);
    expect([(await redeem(before)).body.code, (await redeem(code())).status]).toEqual(['code-used-up', 200]);
  });

  it('cannot be tried out', async () => {
    await later();
    const { code, first } = await withSecret();
    const wrong = `2${first.locator}${String((Number(code().slice(-6)) + 1) % 1_000_000).padStart(6, '0')}`;
    const answers = [];
    for (let times = 0; times < 7; times += 1) answers.push((await redeem(wrong)).body.code);
    expect(answers).toEqual([...Array.from({ length: 6 }, () => 'code-over'), 'till-too-often']);
    expect((await redeem(code())).body.code).toBe('till-too-often');
    await later();
    expect((await redeem(code())).status).toBe(200);
  });
});

describe('a pass for a till without a network', () => {
  it('is what tills verify, stands for the card at one site, and is one meal', async () => {
    await later();
    const { elderId, phone } = await elderWithPhone();
    const offline = new OfflineTill(till);
    await offline.open();
    const { body, status } = await phone.post(`/v1/mini/elders/${elderId}/pass`, { id: randomUUID(), siteId: till.siteId });
    expect(status).toBe(200);
    expect(body.text.length).toBeLessThan(2_200);
    const read = await openPass(body.text, { cityCode: CITY, siteId: till.siteId, now: city.clock.now(), verify: (text, signature) => offline.isSigned(text, signature), fromBase64: (text) => Buffer.from(text, 'base64url').toString() });
    expect(read).toMatchObject({ ok: true, value: { surname: '张', note: expect.any(String) } });
    const { note = '', expiresAt } = (read as { value: { note?: string; expiresAt: number } }).value;
    expect(expiresAt).toBe(Date.parse(body.expiresAt));
    expect(JSON.stringify(read)).not.toContain(elderId);

    const [first, second] = [till.body(byNote(note)), till.body(byNote(note))];
    await later(60);
    const { body: uploaded } = await till.send('/v1/taps/upload', { taps: [first, second] });
    expect(uploaded.results.map((one: { answer: { code: string | null } }) => one.answer.code)).toEqual([null, 'code-used']);
    // Elsewhere it opens nothing, and neither after its day.
    expect((await other.tap(byNote(note))).status).toBe(400);
    other.journal -= 1;
    expect((await till.tap(byNote(note, { deviceTime: new Date(expiresAt).toISOString() }))).status).toBe(400);
    till.journal -= 1;
  });

  it('is the same pass for who asks again, and another one is not made under its id', async () => {
    await later();
    const { elderId, phone } = await elderWithPhone();
    const ask = (id: string, siteId = till.siteId) => phone.post(`/v1/mini/elders/${elderId}/pass`, { id, siteId });
    const id = randomUUID();
    const [first, again] = [await ask(id), await ask(id)];
    expect([first.status, again.status, again.body]).toEqual([200, 200, first.body]);
    expect(await ask(id, other.siteId)).toMatchObject({ status: 409, body: { code: 'id-taken' } });
    expect(await city.rows('SELECT pass_id AS id FROM eating_pass WHERE elder_id = $1', [elderId])).toEqual([{ id }]);
    // What is kept names nobody.
    expect(JSON.stringify(await city.rows('SELECT answer FROM deed WHERE deed_id = $1', [id]))).not.toContain(first.body.text.split('.')[1].slice(0, 20));
    await city.rows("UPDATE mini_self SET ended_at = now(), ended_by = 'test', end_reason = 'test' WHERE elder_id = $1", [elderId]);
    expect(await ask(id)).toMatchObject({ status: 404 });
  });

  it('is made for who may order, for a site that there is, a few times a day', async () => {
    const { elderId, phone } = await elderWithPhone();
    const ask = (by: TestPhone, siteId = till.siteId) => by.post(`/v1/mini/elders/${elderId}/pass`, { id: randomUUID(), siteId });
    expect([(await ask(await strangerPhone(city))).status, (await ask(phone, randomUUID())).status]).toEqual([404, 404]);
    const made = [];
    for (let times = 0; times < 7; times += 1) made.push((await ask(phone)).status);
    expect(made).toEqual([200, 200, 200, 200, 200, 200, 429]);
  });
});

describe('a code on paper', () => {
  const print = async (elderId: string, id = randomUUID(), account = 'worker') => city.staffed.call('POST', `/v1/elders/${elderId}/printed-codes`, { token: await city.staffed.tokenOf(account), body: { id } });

  it('is good for one sale a meal and two meals a day, for longer than a day', async () => {
    await later();
    const { elderId } = await city.elder();
    const printed = await print(elderId);
    expect(printed.body).toMatchObject({ text: expect.stringMatching(/^YM3\d{14}$/), digits: expect.stringMatching(/^3\d{14}$/), goodUntil: '2025-12-03' });
    const eat = async (mealPeriod: string) => {
      const redeemed = await redeem(printed.body.text, till, mealPeriod);
      return redeemed.status === 200 ? (await till.tap(byNote(redeemed.body.note, { mealPeriod }))).body.code : redeemed.body.code;
    };
    expect(await eat('lunch')).toBeNull();
    expect(await eat('lunch')).toBe('code-used-up');
    expect(await eat('dinner')).toBe('second-meal-today');
    // Two meals stand; of a third one the day knows nothing.
    const breakfast = await redeem(printed.body.digits, till, 'breakfast');
    expect((await till.tap(byNote(breakfast.body.note, { mealPeriod: 'breakfast' }))).body).toMatchObject({ outcome: 'refused', code: 'item-unknown' });
    await city.rows(`UPDATE code_use SET released_at = now() WHERE elder_id = $1 AND claim LIKE '%dinner'`, [elderId]);
    await city.rows(`INSERT INTO code_use (city_code, claim, tap_id, elder_id, used_at) SELECT city_code, replace(claim, 'dinner', 'breakfast'), gen_random_uuid(), elder_id, now() FROM code_use WHERE elder_id = $1 AND claim LIKE '%dinner'`, [elderId]);
    const again = await redeem(printed.body.text, till, 'dinner');
    expect((await till.tap(byNote(again.body.note, { mealPeriod: 'dinner' }))).body).toMatchObject({ outcome: 'refused', code: 'code-day-full' });
    const kept = JSON.stringify(await city.rows('SELECT p.*, d.answer FROM printed_code p JOIN deed d ON d.deed_id = p.code_id WHERE p.elder_id = $1', [elderId]));
    expect(kept).not.toContain(printed.body.digits.slice(1));
  });

  it('is one: a new one ends the old one, and a repeat gets the same', async () => {
    const { elderId } = await city.elder();
    const id = randomUUID();
    const [first, again] = [await print(elderId, id), await print(elderId, id)];
    expect(again.body).toEqual(first.body);
    const next = await print(elderId);
    expect([(await redeem(first.body.text)).body.code, (await redeem(next.body.text)).status]).toEqual(['code-revoked', 200]);
  });

  it('that was lost is dead at once', async () => {
    const { elderId } = await city.elder();
    const { body } = await print(elderId);
    const token = await city.staffed.tokenOf('worker');
    const revoke = () => city.staffed.call('POST', `/v1/elders/${elderId}/printed-codes/${body.codeId}/revocation`, { token, body: { id: randomUUID(), reason: '丢失' } });
    expect((await revoke()).status).toBe(200);
    expect((await revoke()).body.code).toBe('code-revoked');
    expect(await redeem(body.text)).toMatchObject({ status: 409, body: { code: 'code-revoked', title: expect.stringContaining('刷卡') } });
    const list = await city.staffed.call('GET', `/v1/elders/${elderId}/printed-codes`, { token });
    expect(list.body.items).toMatchObject([{ codeId: body.codeId, reason: '丢失' }]);
    expect(JSON.stringify(list.body)).not.toContain(body.digits.slice(1));
  });

  it('is printed by whom the elder belongs to', async () => {
    const { elderId } = await city.elder();
    await city.staffed.add('far', ['communityWorker'], '371521');
    expect((await print(elderId, randomUUID(), 'far')).body.code).toBe('outside-scope');
  });
});
