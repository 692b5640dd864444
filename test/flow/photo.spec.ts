import { randomUUID } from 'node:crypto';
import { signTerminalRequest } from '../../src/access/index.js';
import { checkDigit } from '../../src/elder/domain/index.js';
import { greyPng, partsOfJpeg } from '../support/pictures.js';
import { OfflineTill } from '../support/offline-till.js';
import { MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';

const SECRET = 'GPS 36.45 115.98';

let city: TappingCity;
let till: TestTill;
let other: TestTill;
let worker: string;
let elder: { elderId: string; card: string };

const call = (token: string, method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => city.staffed.call(method, path, { token, ...(body === undefined ? {} : { body }) });
const consent = (elderId: string, scopes: string[], more: object = {}) => call(city.county, 'POST', `/v1/elders/${elderId}/consents`, {
  id: randomUUID(), grantee: 'canteen', scopes, until: '2025-12-31', givenOn: '2024-12-01', givenHow: 'paper', notice: '照片使用告知书 1', ...more,
});
const put = (elderId: string, file: Buffer, { token = worker, id = randomUUID() } = {}) => call(token, 'PUT', `/v1/elders/${elderId}/photo`, { id, image: file.toString('base64') });
const pictures = async (elderId: string): Promise<number> => (await city.rows<{ n: number }>('SELECT count(*) AS n FROM elder_photo_picture WHERE elder_id = $1', [elderId]))[0]?.n ?? 0;

/** What a till gets at a path: bytes, or a problem. */
async function fetched(at: TestTill, path: string, body?: object) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const method = text === undefined ? 'GET' : 'POST';
  const headers = signTerminalRequest(at.terminal.session, { method, path, time: at.now(), ...(text === undefined ? {} : { body: text }) });
  const response = await city.service.app.inject({ method, url: path, headers: { ...headers, 'content-type': 'application/json' }, ...(text === undefined ? {} : { payload: text }) });
  return { status: response.statusCode, headers: response.headers, bytes: response.rawPayload, code: response.statusCode === 200 ? null : response.json().code };
}

beforeAll(async () => {
  city = await TappingCity.start();
  [till, other] = [await city.till(0), await city.till(1)];
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  await city.staffed.add('elsewhere', ['communityWorker'], '371521');
  await city.staffed.add('auditor', ['auditor']);
  worker = await city.staffed.tokenOf('worker');
  elder = await city.elder();
  expect((await till.tap({ card: elder.card })).body.outcome).toBe('accepted');
}, 120_000);

afterAll(() => city.close());

describe("an elder's photo", () => {
  const photo = partsOfJpeg(240, 300, [[0xe1, SECRET]], '<script>');
  const bare = partsOfJpeg(240, 300);

  it('is taken in with the elder’s consent to canteens, by those who may, as a picture of a sound size', async () => {
    expect(await put(elder.elderId, photo)).toMatchObject({ status: 409, body: { code: 'photo-consent-missing' } });
    expect((await consent(elder.elderId, ['meals'])).status).toBe(200);
    expect(await put(elder.elderId, photo)).toMatchObject({ status: 409, body: { code: 'photo-consent-missing' } });
    expect((await consent(elder.elderId, ['meals', 'photo'])).status).toBe(200);
    expect((await put(elder.elderId, photo, { token: await city.staffed.tokenOf('elsewhere') })).body.code).toBe('outside-scope');
    expect((await put(elder.elderId, photo, { token: city.county })).status).toBe(403);
    expect((await put(randomUUID(), photo)).status).toBe(404);
    expect((await put(elder.elderId, Buffer.from('<svg onload="x"/>'))).body.code).toBe('photo-unreadable');
    expect((await put(elder.elderId, partsOfJpeg(60_000, 60_000))).body.code).toBe('photo-size-wrong');
    expect(await put(elder.elderId, Buffer.alloc(129 * 1024, 1))).toMatchObject({ status: 413, body: { code: 'photo-too-large' } });
    expect((await call(worker, 'PUT', `/v1/elders/${elder.elderId}/photo`, { id: randomUUID(), image: '不是' })).status).toBe(400);
    expect(await pictures(elder.elderId)).toBe(0);
    const id = randomUUID();
    const first = await put(elder.elderId, photo, { id });
    expect(first).toMatchObject({ status: 200, body: { photoId: id, width: 240, height: 300 } });
    expect((await put(elder.elderId, photo, { id })).body).toEqual(first.body);
    expect((await put(elder.elderId, greyPng(200, 200), { id })).body.code).toBe('id-taken');
  });

  it('is sealed, and what its camera wrote into it is gone', async () => {
    const [row] = await city.rows<{ sealed: Buffer }>('SELECT sealed FROM elder_photo_picture');
    expect(row?.sealed.includes(bare.subarray(0, 40))).toBe(false);
    expect(row?.sealed.toString('latin1')).not.toContain(bare.toString('base64').slice(0, 40));
    const seen = await city.service.app.inject({ method: 'GET', url: `/v1/elders/${elder.elderId}/photo`, headers: { authorization: `Bearer ${worker}` } });
    expect(seen.rawPayload.equals(bare)).toBe(true);
    expect(seen.headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" });
    expect(await city.rows("SELECT FROM audit WHERE action = 'elder.photo-look'")).toHaveLength(1);
    expect((await call(await city.staffed.tokenOf('elsewhere'), 'GET', `/v1/elders/${elder.elderId}/photo`)).status).toBe(403);
    expect((await call(await city.staffed.tokenOf('auditor'), 'GET', `/v1/elders/${elder.elderId}/photo`)).status).toBe(403);
  });

  it('is shown to the tills where the elder is a regular, under their own handle', async () => {
    const [here, there] = [new OfflineTill(till), new OfflineTill(other)];
    for (const one of [here, there]) {
      await one.open();
      expect((await one.till.send('/v1/till/roster')).status).toBe(200);
    }
    const { items } = (await till.send('/v1/till/photos')).body;
    expect(items).toEqual([{ handle: here.handle(elder.card), photo: expect.stringMatching(/^[0-9a-f]{16}$/) }]);
    const seen = await fetched(till, `/v1/till/photos/${items[0].handle}`);
    expect(seen).toMatchObject({ status: 200, headers: { 'content-type': 'image/jpeg', 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin' } });
    expect(seen.bytes.equals(bare)).toBe(true);
    // Lives in the street of the other till too, but never ate there.
    expect((await other.send('/v1/till/photos')).body.items).toEqual([]);
    expect((await fetched(other, `/v1/till/photos/${there.handle(elder.card)}`)).code).toBe('photo-none');
    expect((await fetched(other, `/v1/till/photos/${items[0].handle}`)).code).toBe('photo-none');
    expect((await fetched(till, `/v1/till/photos/${elder.card}`)).status).toBe(400);
    expect((await call(city.county, 'GET', `/v1/till/photos/${items[0].handle}`)).status).toBe(403);
  });

  it('is shown to any till where the elder stands, by the card or by the note of a search', async () => {
    const first17 = '37150219400601777';
    const asked = await call(city.county, 'POST', '/v1/elders', { id: randomUUID(), name: '欧阳秀英', phone: '13806351234', identityNumber: first17 + checkDigit(first17), residenceCode: '371502001', cardNumber: 'PHOTO00001' });
    expect((await consent(asked.body.elderId, ['photo'])).status).toBe(200);
    expect((await put(asked.body.elderId, greyPng(200, 200))).status).toBe(200);
    expect((await fetched(other, '/v1/till/photos', { number: 'PHOTO00001' })).bytes.equals(greyPng(200, 200))).toBe(true);
    const [{ note }] = (await other.send('/v1/till/searches', { id: randomUUID(), surname: '欧阳', phoneTail: '1234' })).body.candidates;
    expect(await fetched(other, '/v1/till/photos', { note })).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
    // The note is another till's, and none after ten minutes.
    expect((await fetched(till, '/v1/till/photos', { note })).code).toBe('photo-none');
    city.clock.set(city.clock.now() + 11 * MINUTE);
    expect((await fetched(other, '/v1/till/photos', { note })).code).toBe('photo-none');
    expect((await fetched(other, '/v1/till/photos', { number: 'NOBODY0001' })).code).toBe('photo-none');
    for (const body of [{}, { note, number: 'PHOTO00001' }]) expect((await fetched(other, '/v1/till/photos', body)).status).toBe(400);
  });

  it('goes with the consent, in the same moment, and comes back only with a new photo', async () => {
    expect((await consent(elder.elderId, ['meals'])).status).toBe(200);
    expect(await pictures(elder.elderId)).toBe(0);
    expect((await till.send('/v1/till/photos')).body.items).toEqual([]);
    expect((await consent(elder.elderId, ['photo'])).status).toBe(200);
    expect((await fetched(till, '/v1/till/photos', { number: elder.card })).code).toBe('photo-none');
    expect((await put(elder.elderId, photo)).status).toBe(200);
    expect((await fetched(till, '/v1/till/photos', { number: elder.card })).status).toBe(200);
    const kinds = await city.rows<{ kind: string; reason: string | null }>('SELECT kind, reason FROM elder_photo WHERE elder_id = $1 ORDER BY recorded_at, kind', [elder.elderId]);
    expect(kinds.map(({ kind }) => kind).sort()).toEqual(['taken', 'taken', 'withdrawn']);
  });

  it('is replaced by a later one, whose marks differ, and its picture is deleted', async () => {
    const [before] = (await till.send('/v1/till/photos')).body.items;
    expect((await put(elder.elderId, greyPng(300, 300))).status).toBe(200);
    const [after] = (await till.send('/v1/till/photos')).body.items;
    expect([after.handle, after.photo === before.photo, await pictures(elder.elderId)]).toEqual([before.handle, false, 1]);
  });

  it('is withdrawn on request, and not shown after the last day of the consent', async () => {
    const withdraw = () => call(city.county, 'POST', `/v1/elders/${elder.elderId}/photo/withdrawal`, { id: randomUUID(), reason: '本人要求' });
    expect((await withdraw()).status).toBe(200);
    expect(await pictures(elder.elderId)).toBe(0);
    expect((await withdraw()).body.code).toBe('photo-none');
    expect((await consent(elder.elderId, ['photo'], { until: '2024-12-03' })).status).toBe(200);
    expect((await put(elder.elderId, photo)).status).toBe(200);
    expect((await fetched(till, '/v1/till/photos', { number: elder.card })).status).toBe(200);
    await city.rows("UPDATE elder SET died_on = '2024-12-02', died_recorded_at = now() WHERE elder_id = $1 RETURNING 1", [elder.elderId]);
    expect((await fetched(till, '/v1/till/photos', { number: elder.card })).code).toBe('photo-none');
    await city.rows('UPDATE elder SET died_on = NULL, died_recorded_at = NULL WHERE elder_id = $1 RETURNING 1', [elder.elderId]);
    const { photoForCanteen } = await import('../../src/elder/index.js');
    const on = (date: string) => city.service.parts.transactor.run((tx) => photoForCanteen(tx, city.service.parts.cipher, '371500', elder.elderId, date as never));
    expect((await on('2024-12-03'))?.mediaType).toBe('image/jpeg');
    expect(await on('2024-12-04')).toBeUndefined();
  });

  it('is not fetched without end', async () => {
    const codes = [];
    for (let times = 0; times < 45; times += 1) codes.push((await fetched(other, '/v1/till/photos', { number: 'NOBODY0001' })).status);
    expect(codes.filter((status) => status === 429).length).toBeGreaterThanOrEqual(5);
    expect(codes.at(-1)).toBe(429);
    city.clock.set(city.clock.now() + MINUTE);
    expect((await fetched(other, '/v1/till/photos', { number: 'NOBODY0001' })).status).toBe(404);
  });
});
