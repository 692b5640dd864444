import { createCipheriv, createECDH, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { makeTerminalKeys, signJournalEntry } from '../../src/access/index.js';
import { entryHash } from '../../src/tap/index.js';
import { JOURNAL_FILE_INFO, journalFileSeal, type FiledEntry } from '../../src/till/domain/index.js';
import { MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';

let city: TappingCity;
let manager: string;
let stranger: string;

beforeAll(async () => {
  city = await TappingCity.start();
  await city.staffed.add('manager', ['canteenManager'], '371502', city.sites[0]);
  await city.staffed.add('stranger', ['canteenManager'], '371502', city.sites[1]);
  [manager, stranger] = [await city.staffed.tokenOf('manager'), await city.staffed.tokenOf('stranger')];
}, 120_000);

afterAll(() => city.close());

/** The key that a till gets when it opens. */
async function exportKey(till: TestTill): Promise<string> {
  const { status, body } = await till.send('/v1/till/openings', { id: randomUUID(), version: '1', time: city.clock.now(), unsent: 0 });
  expect(status).toBe(200);
  return body.exportKey;
}

/** Writes entries to a file as a till does. */
function filed(key: string, terminalId: string, content: string | readonly FiledEntry[]) {
  const moment = createECDH('prime256v1');
  const file = { format: 1, terminalId, madeAt: new Date(city.clock.now()).toISOString(), key: moment.generateKeys().toString('base64url') };
  const secret = Buffer.from(hkdfSync('sha256', moment.computeSecret(Buffer.from(key, 'base64url')), '', JOURNAL_FILE_INFO, 32));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(Buffer.from(journalFileSeal(file)));
  const text = typeof content === 'string' ? content : JSON.stringify({ entries: content });
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { ...file, iv: iv.toString('base64url'), sealed: sealed.toString('base64url') };
}

const sale = (till: TestTill, change: Parameters<TestTill['body']>[0] = {}): FiledEntry => ({ kind: 'sale', body: till.signedBody(change) });

/** The next entry of a till's journal that takes a sale back, signed. */
function takeBack(till: TestTill, tapId: string): FiledEntry {
  till.journal += 1;
  const deed = { id: randomUUID(), reason: '点错', journalNumber: till.journal, deviceTime: new Date(city.clock.now()).toISOString() };
  const prevHash = till.previous;
  till.previous = entryHash(prevHash, { ...deed, tapId });
  return { kind: 'void', tapId, body: { ...deed, prevHash, signature: signJournalEntry(till.terminal.keys.privateKey, till.previous) } };
}

const idOf = (entry: FiledEntry): string => (entry.body as { id: string }).id;
const bring = (file: object, token = manager, id: string = randomUUID()) => city.staffed.call('POST', '/v1/till/journals', { token, body: { id, file } });

it('a journal that could not be sent is booked from its file, once, however often it is brought', async () => {
  const till = await city.till();
  const key = await exportKey(till);
  const { card } = await city.elder();
  const sent = till.signedBody();
  expect((await till.send('/v1/taps', sent)).status).toBe(200);
  const first = sale(till, { card });
  const second = sale(till);
  const entries = [{ kind: 'sale' as const, body: sent }, first, second, takeBack(till, idOf(second)), sale(till, { tender: 'code' })];
  const file = filed(key, till.terminal.terminalId, entries);
  // Who carries the file reads nothing in it.
  expect(JSON.stringify(file)).not.toContain(card);
  const importId = randomUUID();
  const { status, body } = await bring(file, manager, importId);
  expect(status).toBe(200);
  expect(body).toMatchObject({ importId, terminalId: till.terminal.terminalId, label: '一号收银台' });
  expect(body.entries.map(({ number, fate }: { number: number; fate: string }) => [number, fate])).toEqual([[1, 'known'], [2, 'booked'], [3, 'booked'], [4, 'booked'], [5, 'booked']]);
  expect(body.sentence).toContain('共 5 笔：新记账 4 笔，先前已收到 1 笔');
  const meals = await city.rows<{ tapId: string; flags: string[]; fen: number }>('SELECT tap_id AS "tapId", flags, self_pay_fen AS fen FROM meal WHERE terminal_id = $1', [till.terminal.terminalId]);
  expect(meals.find(({ tapId }) => tapId === idOf(first))).toMatchObject({ fen: 1200, flags: ['by-file'] });
  expect(meals.find(({ tapId }) => tapId === sent.id)?.flags).toEqual([]);
  const before = await city.books();
  const again = await bring(file);
  expect(again.body.entries.every(({ fate }: { fate: string }) => fate === 'known')).toBe(true);
  expect((await bring(file, manager, importId)).status).toBe(200);
  // And what the till sends after all, once its network is back, is the same deed.
  expect((await till.send('/v1/taps/upload', { taps: [first.body, second.body] })).body.results.map(({ status: one }: { status: number }) => one)).toEqual([200, 200]);
  expect(await city.books()).toEqual(before);
  expect(await city.rows('SELECT import_id FROM till_journal_import WHERE terminal_id = $1', [till.terminal.terminalId])).toHaveLength(2);
  const [audit] = await city.rows<{ text: string }>(`SELECT string_agg(a::text, ' ') AS text FROM audit a WHERE action = 'till.journal-import'`);
  expect(audit?.text).not.toContain(card);
});

it('a file that was changed, cut, or sealed to somebody else is refused in a sentence, and writes nothing', async () => {
  const till = await city.till();
  const key = await exportKey(till);
  const file = filed(key, till.terminal.terminalId, [sale(till)]);
  const flip = (text: string): string => `${text.slice(0, 20)}${text[20] === 'A' ? 'B' : 'A'}${text.slice(21)}`;
  const others = (await city.till()).terminal.terminalId;
  const before = await city.books();
  const deep = `{"entries":${'['.repeat(100)}${']'.repeat(100)}}`;
  const stranger = createECDH('prime256v1');
  const broken = [
    { ...file, sealed: flip(file.sealed) }, { ...file, sealed: file.sealed.slice(0, -8) }, { ...file, iv: flip(`${file.iv}AAAAAAAA`) }, { ...file, key: flip(file.key) }, { ...file, sealed: 'A' },
    { ...file, terminalId: others }, { ...file, madeAt: '2024-12-03T04:00:01.000Z' }, { ...file, format: 2 },
    filed(stranger.generateKeys().toString('base64url'), till.terminal.terminalId, []),
    filed(key, till.terminal.terminalId, []), filed(key, till.terminal.terminalId, 'no json'), filed(key, till.terminal.terminalId, '{"entries":{"length":1}}'), filed(key, till.terminal.terminalId, deep),
    filed(key, till.terminal.terminalId, '{"entries":[{"kind":"sale","body":null}]}'),
  ];
  for (const one of broken) expect(await bring(one)).toMatchObject({ status: 422, body: { code: 'journal-file-torn' } });
  expect((await bring(broken[0] as object)).body.title).toContain('没有导入');
  const many = Array.from({ length: 2_001 }, () => ({ kind: 'sale' as const, body: {} }));
  expect(await bring(filed(key, till.terminal.terminalId, many))).toMatchObject({ status: 413, body: { code: 'journal-file-long' } });
  expect((await bring({ ...file, sealed: 'A'.repeat(4_500_000) })).status).toBe(413);
  expect((await bring({ ...file, more: 1 })).status).toBe(400);
  expect(await city.books()).toEqual(before);
  expect((await bring(file)).status).toBe(200);
});

it('only the terminal itself speaks through its file: what its keys did not sign is not booked, and the rest is', async () => {
  const till = await city.till();
  const key = await exportKey(till);
  const good = sale(till);
  const raised = sale(till);
  const { signature: _none, ...unsigned } = sale(till).body as Record<string, unknown>;
  const foreign = till.body();
  const wild = sale(till);
  const entries: FiledEntry[] = [
    good, { kind: 'sale', body: { ...raised.body, items: [{ itemCode: 'set', quantity: 3 }] } }, { kind: 'sale', body: unsigned },
    { kind: 'sale', body: { ...foreign, signature: signJournalEntry(makeTerminalKeys().privateKey, till.previous) } },
    { kind: 'sale', body: { ...wild.body, journalNumber: 5.5 } }, { kind: 'void', tapId: randomUUID(), body: (takeBack(till, idOf(good))).body }, takeBack(till, randomUUID()),
  ];
  const { status, body } = await bring(filed(key, till.terminal.terminalId, entries), city.county);
  expect(status).toBe(200);
  const fates = new Map(body.entries.map((entry: { number: number | null; fate: string; code: string | null }) => [entry.number, [entry.fate, entry.code]]));
  expect(fates.get(1)).toEqual(['booked', 'guest']);
  for (const number of [2, 3, 4, null, 6]) expect(fates.get(number)).toEqual(['open', 'journal-signature-wrong']);
  expect(fates.get(7)).toEqual(['open', 'not-found']);
  expect(body.sentence).toContain('没有处理 6 笔');
  expect(await city.rows('SELECT tap_id FROM tap_claim WHERE terminal_id = $1', [till.terminal.terminalId])).toHaveLength(1);
});

it("a revoked terminal's old entries are taken for review, by keys that it had, and none from after its end", async () => {
  const till = await city.till();
  const key = await exportKey(till);
  const entry = sale(till);
  city.clock.set(city.clock.now() + MINUTE);
  expect((await city.staffed.call('POST', `/v1/terminals/${till.terminal.terminalId}/revoke`, { token: city.county, body: { id: randomUUID(), reason: '摔坏' } })).status).toBeLessThan(300);
  city.clock.set(city.clock.now() + MINUTE);
  const late = sale(till);
  expect((await till.send('/v1/taps', entry.body)).status).toBe(401);
  const { body } = await bring(filed(key, till.terminal.terminalId, [entry, late]));
  expect(body.entries).toMatchObject([{ number: 1, fate: 'booked' }, { number: 2, fate: 'open', code: 'journal-entry-late' }]);
  expect(await city.rows('SELECT flags FROM meal WHERE terminal_id = $1', [till.terminal.terminalId])).toEqual([{ flags: ['by-file'] }]);
});

it('is brought by who answers for the site, and by nobody else', async () => {
  const till = await city.till();
  const file = filed(await exportKey(till), till.terminal.terminalId, [sale(till)]);
  expect(await bring(file, stranger)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
  await city.staffed.add('elsewhere', ['countyOfficer'], '371521');
  expect((await bring(file, await city.staffed.tokenOf('elsewhere'))).status).toBe(403);
  const id = randomUUID();
  expect((await bring(file, manager, id)).status).toBe(200);
  const other = await city.till();
  expect(await bring(filed(await exportKey(other), other.terminal.terminalId, [sale(other)]), manager, id)).toMatchObject({ status: 409, body: { code: 'id-taken' } });
  const nobody = filed(await exportKey(other), randomUUID(), [sale(other)]);
  expect((await bring(nobody)).status).toBe(404);
});
