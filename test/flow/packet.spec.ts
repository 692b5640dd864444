import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import { makeTerminalKeys, signKeyRequest, signSessionRequest, type TerminalKeys } from '../../src/access/index.js';
import { civilDate, type CivilDate } from '../../src/kernel/index.js';
import { endDays } from '../../src/ledger/index.js';
import { canonicalJson, JobBoard, JobRunner } from '../../src/platform/index.js';
import { SealDays } from '../../src/seal/index.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';
import { loadVerifier, type PacketVerdict } from '../support/verifier.js';

interface Leaf { id: string; kind: string; price: number; subsidy: number; journal: number; sig: string | null; date: string; parts: [string, number, number][] }
interface Day { log: number; seal: Record<string, unknown> & { date: string; leaves: number; lines: unknown[][] }; proof: string; ids: string[]; leaves: { at: number; leaf: Leaf; proof: string }[] }
interface Packet { claim: Record<string, unknown> & { lines: Record<string, unknown>[]; seals: [number, string][] }; claimNote: string; key: string; days: Day[]; terminals: [string, string][]; checkpoint: string; consistency: unknown }

let city: TappingCity;
let verifyPacket: Awaited<ReturnType<typeof loadVerifier>>;
let runner: JobRunner;
let tills: TestTill[];
let finance = '';
let december = '';
let january = '';
let early: { checkpoint: string; size: number; verifierKey: string };
let folder: string;

const call = (method: 'GET' | 'POST', url: string, token: string, body?: object) => city.staffed.call(method, url, { token, ...(body === undefined ? {} : { body: { id: randomUUID(), ...body } }) });
const packetOf = async (month: string, site: number, more = ''): Promise<{ text: string; claimId: string }> => {
  const { items } = (await call('GET', `/v1/claims?month=${month}`, finance)).body;
  const { claimId } = items.find((claim: { siteId: string }) => claim.siteId === city.sites[site]);
  const answer = await city.service.app.inject({ method: 'GET', url: `/v1/claims/${claimId}/packet${more}`, headers: { authorization: `Bearer ${finance}` } });
  expect(answer.statusCode).toBe(200);
  return { text: answer.body, claimId };
};
const copy = (text = december): Packet => JSON.parse(text) as Packet;
const written = (packet: unknown): string => `${canonicalJson(packet)}\n`;
const verdict = (packet: Packet): PacketVerdict => verifyPacket(written(packet));
const day = (packet: Packet, at = 0): Day => packet.days[at] as Day;
const leaf = (packet: Packet, of: number, at: number): Day['leaves'][number] => day(packet, of).leaves[at] as Day['leaves'][number];

async function begin(date: CivilDate): Promise<void> {
  city.clock.setTo(date, 720);
  for (const till of tills) {
    const { keys, terminalId } = till.terminal;
    const opened = await city.staffed.call('POST', '/v1/terminals/sessions', { body: signSessionRequest(keys.privateKey, terminalId, city.clock.now()) });
    (till.terminal as { session: unknown }).session = opened.body;
  }
  city.county = await city.staffed.tokenOf('county');
}

/** What a till sold before stays signed by its key of then. */
async function changeKey(till: TestTill): Promise<void> {
  const { terminal } = till;
  const keys = makeTerminalKeys();
  expect((await till.send('/v1/terminals/keys', signKeyRequest(keys, terminal.terminalId, 2))).status).toBe(201);
  (terminal as { keys: TerminalKeys }).keys = keys;
}

const night = (last: CivilDate) => city.service.parts.transactor.run((tx) => endDays(tx, CITY, last))
  .then(() => city.service.parts.transactor.run((tx) => city.service.app.get(SealDays).allOver(tx, CITY)));

async function closeMonth(month: string): Promise<void> {
  const boss = await city.staffed.tokenOf('boss');
  expect((await call('POST', `/v1/settlement/months/${month}/close`, boss, {})).status).toBe(202);
  await runner.waitUntilIdle();
}

beforeAll(async () => {
  verifyPacket = await loadVerifier();
  folder = mkdtempSync(join(tmpdir(), 'packet-'));
  city = await TappingCity.start();
  await city.staffed.add('boss', ['cityOfficer'], CITY);
  await city.staffed.add('finance', ['financeReviewer'], '371502');
  await city.staffed.add('elsewhere', ['financeReviewer'], '371521');
  await city.staffed.add('manager', ['canteenManager'], '371502', city.sites[0] as string);
  const { app, parts, ground } = city.service;
  runner = new JobRunner({ ...parts, board: app.get(JobBoard), ownerUrl: ground.ownerUrl, redisUrl: undefined, pace: { pollMs: 20, sweepMs: 100 } });
  await runner.start();
  tills = [await city.till(0), await city.till(0), await city.till(1)];
  const [one, two] = tills as [TestTill, TestTill, TestTill];
  const cards: string[] = [];
  for (let index = 0; index < 5; index += 1) cards.push((await city.elder()).card);
  const taken: string[] = [];
  for (const date of ['2024-12-03', '2024-12-04', '2024-12-05']) {
    if (date !== '2024-12-03') await begin(civilDate(date));
    if (date === '2024-12-05') await changeKey(two);
    for (const [index, card] of cards.entries()) {
      const till = tills[index % 3] as TestTill;
      taken.push((await till.send('/v1/taps', till.signedBody({ card }))).body.tapId);
    }
    await one.tap();
  }
  await one.send(`/v1/taps/${taken.at(-5)}/void`, { id: randomUUID(), reason: '按错键' });
  const held = [two.signedBody({ card: cards[1] as string, deviceTime: '2024-12-05T18:00:00+08:00', mealPeriod: 'dinner' })];
  await night(civilDate('2024-12-04'));
  early = (await city.service.app.inject({ method: 'GET', url: `/v1/public/${CITY}/checkpoint` })).json();
  city.clock.setTo(civilDate('2025-01-01'), 600);
  await closeMonth('2024-12');
  await begin(civilDate('2025-01-02'));
  // After the closing: a meal of December that comes late, a void and a correction of it.
  await changeKey(one);
  await two.send('/v1/taps/upload', { taps: held });
  await call('POST', `/v1/taps/${taken[0]}/void`, city.county, { reason: '重复记录' });
  await call('POST', `/v1/taps/${taken[3]}/adjustments`, city.county, { cause: 'eligibility', reason: '资格终止' });
  await one.send('/v1/taps', one.signedBody({ card: cards[0] as string }));
  city.clock.setTo(civilDate('2025-02-01'), 600);
  await closeMonth('2025-01');
  finance = await city.staffed.tokenOf('finance');
  december = (await packetOf('2024-12', 0)).text;
  january = (await packetOf('2025-01', 0)).text;
}, 120_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await runner?.stop();
  await city?.close();
});

describe('an untouched packet', () => {
  it('is complete and unaltered, with what came after the closing in the month after', () => {
    expect(verifyPacket(december)).toMatchObject({ ok: true, problems: [], trust: 'none', figures: { days: 3 } });
    expect(verifyPacket(january)).toMatchObject({ ok: true, problems: [] });
    expect(copy(january).days.flatMap((one) => one.leaves.map((entry) => entry.leaf.kind)).sort()).toEqual(['adjustment', 'meal', 'meal', 'void']);
    expect(verifyPacket(december, { key: early.verifierKey })).toMatchObject({ ok: true, trust: 'key' });
  });

  it('holds nobody\'s name, number or card', () => {
    expect(december).not.toMatch(/张三丰|LC0000|371502[12]\d{3}|测试/);
  });

  it('shows by an earlier checkpoint that history was not written anew', async () => {
    const { text } = await packetOf('2024-12', 0, `?since=${early.size}`);
    expect(verifyPacket(text, { checkpoint: early.checkpoint })).toMatchObject({ ok: true, trust: 'checkpoint' });
    expect(verifyPacket(december, { checkpoint: early.checkpoint }).problems).toMatchObject([{ kind: 'checkpoint' }]);
    const other = verifyPacket(text, { checkpoint: early.checkpoint.replace(`\n${early.size}\n`, `\n${early.size + 1}\n`) });
    expect(other).toMatchObject({ ok: false, problems: [{ kind: 'checkpoint' }] });
  });

  it('is for officers, finance and auditors inside their scope', async () => {
    const { claimId } = copy().claim as unknown as { claimId: string };
    const [elsewhere, manager] = [await city.staffed.tokenOf('elsewhere'), await city.staffed.tokenOf('manager')];
    expect((await call('GET', `/v1/claims/${claimId}/packet`, elsewhere)).body).toMatchObject({ code: 'outside-scope' });
    expect((await call('GET', `/v1/claims/${claimId}/packet`, manager)).status).toBe(403);
    expect((await call('GET', `/v1/claims/${claimId}/packet?since=9999`, finance)).body).toMatchObject({ code: 'checkpoint-none' });
    expect(await city.rows(`SELECT 1 AS one FROM audit WHERE city_code = $1 AND action = 'claim.packet' AND object_id = $2 LIMIT 1`, [CITY, claimId])).toEqual([{ one: 1 }]);
  });

  it('is verified by the file alone, in words that an official reads', () => {
    const file = join(folder, 'packet.json');
    writeFileSync(file, december);
    const run = (...args: string[]) => execFileSync(process.execPath, ['verifier/verify.mjs', ...args], { encoding: 'utf8', env: {} });
    expect(run(file)).toContain('完整，没有改动');
    expect(JSON.parse(run(file, '--json', '--key', early.verifierKey).trim().split('\n').at(-1) ?? '')).toMatchObject({ ok: true, trust: 'key' });
    const packet = copy();
    leaf(packet, 0, 0).leaf.price += 100;
    writeFileSync(file, written(packet));
    expect(() => run(file)).toThrow(expect.objectContaining({ status: 1, stdout: expect.stringContaining(leaf(packet, 0, 0).leaf.id) }));
    expect(() => run()).toThrow(expect.objectContaining({ status: 2 }));
  });
});

describe('what was done to it is named', () => {
  const kinds = (packet: Packet) => new Set(verdict(packet).problems.map(({ kind }) => kind));
  const places = fc.record({ of: fc.nat(2), at: fc.nat(3) });

  it('a meal that was changed, and no other', () => {
    fc.assert(fc.property(places, fc.constantFrom('price', 'subsidy', 'journal', 'siteBorne', 'selfPay', 'counts'), ({ of, at }, field) => {
      const packet = copy();
      const { leaf: changed } = leaf(packet, of, at % day(packet, of).leaves.length);
      (changed as unknown as Record<string, number>)[field] = ((changed as unknown as Record<string, number>)[field] ?? 0) + 1;
      const { problems } = verdict(packet);
      expect(problems).toEqual([expect.objectContaining({ kind: 'changed', id: changed.id })]);
    }), { numRuns: 60 });
  });

  it('a meal that was dropped, with or without its number', () => {
    fc.assert(fc.property(places, fc.boolean(), ({ of, at }, cleverly) => {
      const packet = copy();
      const own = day(packet, of);
      const [gone] = own.leaves.splice(at % own.leaves.length, 1);
      const id = gone?.leaf.id as string;
      if (cleverly) own.ids = own.ids.filter((key) => !key.endsWith(id));
      const { problems } = verdict(packet);
      expect(problems.map(({ kind }) => kind)).toContain('dropped');
      if (!cleverly) expect(problems).toEqual([expect.objectContaining({ kind: 'dropped', id })]);
    }), { numRuns: 60 });
  });

  it('a meal that was added', () => {
    fc.assert(fc.property(places, fc.boolean(), ({ of, at }, twin) => {
      const packet = copy();
      const own = day(packet, of);
      const model = own.leaves[at % own.leaves.length] as Day['leaves'][number];
      const added = structuredClone(model);
      if (!twin) added.leaf.id = randomUUID();
      own.leaves.push(added);
      expect(verdict(packet).problems).toEqual([expect.objectContaining({ kind: 'added', id: added.leaf.id })]);
    }), { numRuns: 40 });
  });

  it('a meal that was moved to another day, its label changed with it or not', () => {
    fc.assert(fc.property(places, fc.nat(2), fc.boolean(), ({ of, at }, to, relabelled) => {
      fc.pre(of !== to);
      const packet = copy();
      const [source, target] = [day(packet, of), day(packet, to)];
      const [moved] = source.leaves.splice(at % source.leaves.length, 1) as [Day['leaves'][number]];
      if (relabelled) moved.leaf.date = target.seal.date;
      target.leaves.push(moved);
      const { problems } = verdict(packet);
      expect(problems.length).toBeGreaterThan(0);
      for (const problem of problems) expect(problem).toMatchObject({ kind: 'moved', id: moved.leaf.id });
    }), { numRuns: 60 });
  });

  it('meals and days that changed places', () => {
    const packet = copy();
    day(packet).leaves.reverse();
    expect(kinds(packet)).toEqual(new Set(['moved']));
    const days = copy();
    days.days.reverse();
    expect(kinds(days)).toEqual(new Set(['moved']));
  });

  it('a day that was dropped, or taken from another claim', async () => {
    const packet = copy();
    packet.days.splice(1, 1);
    expect(kinds(packet)).toContain('dropped');
    const clever = copy();
    clever.days.splice(1, 1);
    clever.claim.seals.splice(1, 1);
    expect(kinds(clever)).toContain('claim');
    const other = JSON.parse((await packetOf('2024-12', 1)).text) as Packet;
    const mixed = copy();
    mixed.days[0] = day(other);
    expect(kinds(mixed)).toContain('moved');
  });

  it('an amount that does not follow, wherever it is written', () => {
    const line = copy();
    (line.claim.lines[0] as { claimedFen: number }).claimedFen += 100;
    expect(kinds(line)).toEqual(new Set(['claim', 'amount']));
    const total = copy();
    (total.claim as unknown as { claimedFen: number }).claimedFen += 100;
    expect(kinds(total)).toEqual(new Set(['claim', 'amount']));
    const seal = copy();
    (day(seal).seal.lines[0] as number[])[4] = 1;
    expect(kinds(seal)).toContain('day');
  });

  it('a signature that is wrong: of the checkpoint, of the claim, of a till, or by another key', () => {
    const flip = (text: string): string => text.replace(/(— \S+ .{20})(.)/, (_, head: string, sign: string) => head + (sign === 'A' ? 'B' : 'A'));
    expect(kinds({ ...copy(), checkpoint: flip(copy().checkpoint) })).toContain('signature');
    expect(kinds({ ...copy(), claimNote: flip(copy().claimNote) })).toEqual(new Set(['signature']));
    const keys = copy();
    const [first] = keys.terminals;
    keys.terminals[0] = [first?.[0] ?? '', keys.terminals[1]?.[1] ?? ''];
    expect(kinds(keys)).toContain('terminal');
    expect(verifyPacket(december, { key: `${early.verifierKey.slice(0, -4)}AAAA` })).toMatchObject({ ok: false, problems: [{ kind: 'key' }] });
  });

  it('every flip of every value, wherever it stands', () => {
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]): void => {
      if (typeof value === 'object' && value !== null) for (const [key, entry] of Object.entries(value)) walk(entry, [...path, Array.isArray(value) ? Number(key) : key]);
      else paths.push(path);
    };
    walk(copy(), []);
    fc.assert(fc.property(fc.nat(paths.length - 1), fc.nat(), (which, seed) => {
      const packet = copy() as unknown as Record<string | number, unknown>;
      const path = paths[which] as (string | number)[];
      const last = path.at(-1) as string | number;
      const parent = path.slice(0, -1).reduce<Record<string | number, unknown>>((at, key) => at[key] as Record<string | number, unknown>, packet);
      const old = parent[last];
      parent[last] = typeof old === 'number' ? old + 1 + (seed % 3) : typeof old === 'string' ? changed(old, seed) : 0;
      const { ok, problems } = verdict(packet as unknown as Packet);
      expect(ok).toBe(false);
      // A flip inside a meal names that meal.
      if (path[0] === 'days' && path[2] === 'leaves' && path[4] === 'leaf' && last !== 'id' && last !== 'kind') {
        expect(problems.some(({ id }) => id === ((parent['id'] ?? copy().days[path[1] as number]?.leaves[path[3] as number]?.leaf.id) as string))).toBe(true);
      }
    }), { numRuns: 400 });
  });

  it('every flip of a bit of the file, every cut of it', () => {
    const bytes = Buffer.from(december);
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] as number) ^ (1 << bit);
      expect(verifyPacket(flipped.toString('utf8')).ok).toBe(false);
    }), { numRuns: 400 });
    fc.assert(fc.property(fc.nat(december.length - 1), (length) => {
      expect(verifyPacket(december.slice(0, length)).ok).toBe(false);
    }), { numRuns: 30 });
  });
});

function changed(text: string, seed: number): string {
  if (text === '') return 'x';
  const at = seed % text.length;
  return text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1);
}

describe('what was done to the rows behind it is named as well', () => {
  const asOwner = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: city.service.ground.ownerUrl });
    await client.connect();
    try {
      await client.query('ALTER TABLE meal_2024_12 DISABLE TRIGGER USER');
      await client.query(sql);
    } finally {
      await client.end();
    }
  };

  it('by a packet that is made afterwards', async () => {
    const packet = copy();
    const [first, second] = [leaf(packet, 0, 0).leaf, leaf(packet, 1, 1).leaf];
    await asOwner(`UPDATE meal SET price_fen = price_fen + 500, self_pay_fen = self_pay_fen + 500 WHERE tap_id = '${first.id}'`);
    expect(verifyPacket((await packetOf('2024-12', 0)).text).problems).toEqual([expect.objectContaining({ kind: 'changed', id: first.id })]);
    await asOwner(`UPDATE meal SET price_fen = price_fen - 500, self_pay_fen = self_pay_fen - 500 WHERE tap_id = '${first.id}'`);
    await asOwner(`UPDATE meal SET meal_date = '2024-12-05' WHERE tap_id = '${second.id}'`);
    const moved = verifyPacket((await packetOf('2024-12', 0)).text);
    expect(moved.problems.length).toBeGreaterThan(0);
    for (const problem of moved.problems) expect(problem).toMatchObject({ kind: 'moved', id: second.id });
    await asOwner(`UPDATE meal SET meal_date = '${second.date}' WHERE tap_id = '${second.id}'`);
    expect(verifyPacket((await packetOf('2024-12', 0)).text).ok).toBe(true);
    await asOwner(`DELETE FROM meal WHERE tap_id = '${first.id}'`);
    expect(verifyPacket((await packetOf('2024-12', 0)).text).problems).toEqual([expect.objectContaining({ kind: 'dropped', id: first.id })]);
  });
});
