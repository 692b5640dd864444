import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { signTerminalRequest } from '../../src/access/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

let city: TappingCity;
let till: TestTill;
/** The same service with a door that is quickly full and quickly tired. */
let narrow: TestApp;

beforeAll(async () => {
  city = await TappingCity.start();
  till = await city.till();
  narrow = await startApp({ databaseUrl: city.service.ground.ownerUrl, clock: city.clock, door: { bodyMs: 300, countedBytes: 1_000, inHandBytes: 10_000 } });
}, 60_000);

afterAll(async () => {
  await narrow?.close();
  await city?.close();
});

/** What a server answers on a connection of its own: `write` sends what it likes. */
function talk(app: TestApp, write: (send: (text: string) => void) => void): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (bytes) => (answer += bytes.toString()));
    socket.on('close', () => done(answer));
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? done(answer) : fail(error)));
    socket.on('connect', () => write((text) => void socket.write(text)));
  });
}

const head = (path: string, more: string): string => `POST ${path} HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n${more}\r\n\r\n`;

function problemOf(answer: string): { status: number; code: string; title: string; retryAfter: string | null; closes: boolean } {
  const body = JSON.parse(answer.slice(answer.indexOf('{'))) as { code: string; title: string; status: number };
  const [line = ''] = answer.split('\r\n', 1);
  expect(answer.toLowerCase()).toContain('content-type: application/problem+json; charset=utf-8');
  expect(body.title).toMatch(/[一-鿿].*。$/);
  return { status: Number(line.split(' ')[1]), code: body.code, title: body.title, retryAfter: /^retry-after: (.*)$/im.exec(answer)?.[1]?.trim() ?? null, closes: /^connection: close/im.test(answer) };
}

describe('a body', () => {
  const post = (payload: string, url = '/v1/sessions') => city.service.app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } });

  it('that announces too much is refused before a byte of it is read', async () => {
    expect(problemOf(await talk(city.service, (send) => send(head('/v1/sessions', 'content-length: 300000'))))).toMatchObject({ status: 413, code: 'body-too-large', closes: true });
    expect(problemOf(await talk(city.service, (send) => send(head('/v1/taps/upload', 'content-length: 5000000'))))).toMatchObject({ status: 413, code: 'body-too-large', closes: true });
  });

  it('that grows too large without saying so is refused as soon as it is', async () => {
    const answer = await talk(city.service, (send) => {
      send(head('/v1/taps/upload', 'transfer-encoding: chunked'));
      const piece = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
      for (let pieces = 0; pieces < 66; pieces += 1) send(piece);
    });
    expect(problemOf(answer)).toMatchObject({ status: 413, code: 'body-too-large' });
    const small = await post(JSON.stringify({ account: 'a'.repeat(300_000) }));
    expect([small.statusCode, small.json().code]).toEqual([413, 'body-too-large']);
  });

  it.each([
    ['too deep', 400, 'body-too-deep', () => `{"account":${'['.repeat(1_000)}${']'.repeat(1_000)}}`],
    ['too deep, and never closed', 400, 'body-too-deep', () => '{"a":'.repeat(20_000)],
    ['of too many values', 413, 'body-too-many', () => `[${'0,'.repeat(60_000)}0]`],
    ['of too many keys', 413, 'body-too-many', () => `{${Array.from({ length: 25_000 }, (_, n) => `"${n}":0`).join()}}`],
    ['of a text that is too long', 400, 'fields-wrong', () => JSON.stringify({ account: 'a'.repeat(200_000), password: 'b' })],
  ])('%s is refused', async (_, status, code, make) => {
    const answer = await post(make());
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.json().title).toMatch(/[一-鿿].*。$/);
  });

  it('of thousands of unknown keys gets an answer that names a few', async () => {
    const answer = await post(JSON.stringify(Object.fromEntries(Array.from({ length: 4_000 }, (_, n) => [`k${n}`, n]))));
    expect([answer.statusCode, answer.json().code, answer.json().errors.length]).toEqual([400, 'fields-wrong', 50]);
  });

  it('that does not come is waited for so long and no longer, a byte now and then or not', async () => {
    expect(problemOf(await talk(narrow, (send) => send(head('/v1/sessions', 'content-length: 20'))))).toMatchObject({ status: 408, code: 'body-too-slow', closes: true });
    let dripping: NodeJS.Timeout | undefined;
    const answer = await talk(narrow, (send) => {
      send(head('/v1/sessions', 'content-length: 500'));
      dripping = setInterval(() => send(' '), 50);
    });
    clearInterval(dripping);
    expect(problemOf(answer)).toMatchObject({ status: 408, code: 'body-too-slow', closes: true });
  });

  it('finds the door full while others are in hand, is asked to come back, and finds room when they are gone', async () => {
    const first = talk(narrow, (send) => send(head('/v1/sessions', 'content-length: 9000')));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(problemOf(await talk(narrow, (send) => send(head('/v1/sessions', 'content-length: 2000'))))).toMatchObject({ status: 503, code: 'busy', retryAfter: '2', closes: true });
    const small = await talk(narrow, (send) => send(`${head('/v1/sessions', 'content-length: 2\r\nconnection: close')}{}`));
    expect(problemOf(small)).toMatchObject({ status: 400, code: 'fields-wrong' });
    await first;
    const body = JSON.stringify({ account: 'a'.repeat(2_000) });
    expect(problemOf(await talk(narrow, (send) => send(`${head('/v1/sessions', `content-length: ${body.length}\r\nconnection: close`)}${body}`)))).toMatchObject({ status: 400 });
  });
});

describe('what is no request', () => {
  it.each([
    ['headers beyond measure', 431, 'headers-too-large', `GET / HTTP/1.1\r\nhost: x\r\ncookie: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['no HTTP at all', 400, 'request-malformed', '你好\r\n\r\n'],
  ])('%s gets a problem too', async (_, status, code, text) => {
    expect(problemOf(await talk(city.service, (send) => send(text)))).toMatchObject({ status, code });
  });
});

describe('an upload', () => {
  const upload = (text: string) => {
    const path = '/v1/taps/upload';
    const headers = signTerminalRequest(till.terminal.session, { method: 'POST', path, time: city.clock.now(), body: text });
    return city.service.app.inject({ method: 'POST', url: path, headers: { ...headers, 'content-type': 'application/json' }, payload: text });
  };

  it('answers for each row, whatever is wrong with one', async () => {
    const good = [till.body(), till.body(), till.body()];
    const bad = (change: object): string => JSON.stringify({ ...good[0], id: randomUUID(), ...change });
    const rows: [row: string, field: string][] = [
      ['{}', 'id'],
      [bad({ id: 'x' }), 'id'],
      [bad({ id: 7 }), 'id'],
      [bad({ journalNumber: -1 }), 'journalNumber'],
      [bad({ journalNumber: 2 ** 60 }), 'journalNumber'],
      [bad({ deviceTime: 'noon' }), 'deviceTime'],
      [bad({ deviceTime: '1969-12-31T00:00:00Z' }), 'deviceTime'],
      [bad({ tender: 'gold' }), 'tender'],
      [bad({ items: [] }), 'items'],
      [bad({ items: 'set' }), 'items'],
      [bad({ items: Array.from({ length: 500 }, () => ({ itemCode: 'set', quantity: 1 })) }), 'items'],
      [bad({ items: [{ itemCode: 'a'.repeat(5_000), quantity: 1 }] }), 'items.0.itemCode'],
      [bad({ items: [{ itemCode: 'set', quantity: 1e9 }] }), 'items.0.quantity'],
      [bad({ items: [null] }), 'items.0'],
      [bad({ credential: { kind: 'card' } }), 'credential.number'],
      [bad({ credential: { kind: 'card', number: '\u0000' } }), 'credential.number'],
      [bad({ credential: 'card' }), 'credential'],
      [bad({ prevHash: 'z'.repeat(64) }), 'prevHash'],
      [bad({ surprise: true }), 'surprise'],
      [bad({ deep: JSON.parse(`${'['.repeat(25)}${']'.repeat(25)}`) }), 'deep'],
      [bad({ mealPeriod: JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`) }), 'mealPeriod'],
      [bad({}).replace('{', '{"__proto__":{"offline":false},'), '[__proto__]'],
      [bad({}).replace('{', '{"constructor":{"prototype":{"a":1}},'), '[constructor]'],
      [bad({}).replace('"kind"', '"__proto__":{"kind":"card"},"kind"'), 'credential.[__proto__]'],
    ];
    const texts = [JSON.stringify(good[0]), ...rows.slice(0, 12).map(([row]) => row), JSON.stringify(good[1]), ...rows.slice(12).map(([row]) => row), JSON.stringify(good[2])];
    const answer = await upload(`{"taps":[${texts.join()}]}`);
    expect(answer.statusCode).toBe(200);
    const { results } = answer.json() as { results: { status: number; tapId: string; problem: { code: string; errors: { field: string }[] } | null }[] };
    expect(results).toHaveLength(rows.length + 3);
    expect([results[0], results[13], results.at(-1)].map((result) => [result?.status, result?.tapId])).toEqual(good.map(({ id }) => [200, id]));
    const wrong = results.filter(({ status }) => status !== 200);
    expect(wrong.map(({ problem }) => problem?.code)).toEqual(rows.map(() => 'fields-wrong'));
    for (const [index, [, field]] of rows.entries()) expect([index, wrong[index]?.problem?.errors.map((error) => error.field)]).toEqual([index, expect.arrayContaining([field])]);
    const kept = await city.rows<{ n: number }>('SELECT count(*)::int AS n FROM tap_claim WHERE city_code = $1', [CITY]);
    expect(kept).toEqual([{ n: 3 }]);
    expect(({} as { offline?: boolean }).offline).toBeUndefined();
  });

  it.each([
    ['no list', '{"taps":{}}'], ['no rows', '{"taps":[]}'], ['rows that are none', '{"taps":[1,null,"x"]}'], ['too many rows', `{"taps":[${Array.from({ length: 501 }, () => '{}').join()}]}`],
  ])('of %s is refused as a whole', async (_, text) => {
    const answer = await upload(text);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'fields-wrong']);
  });
});
