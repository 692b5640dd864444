import { createHash, createPublicKey, randomUUID, verify } from 'node:crypto';
import { civilDate, type CivilDate } from '../../src/kernel/index.js';
import { endDays, bookingMonths } from '../../src/ledger/index.js';
import { canonicalJson, FieldCipher, type Tx } from '../../src/platform/index.js';
import { SealDays } from '../../src/seal/index.js';
import { includes, leafHash, rootOf } from '../../src/seal/domain/index.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const DAY = '2024-12-03';

interface SealSeen {
  logIndex: number; siteId: string; month: string; date: string; seq: number; leaves: number; meals: number; subsidised: number; statement: string; root: string;
}

let city: TappingCity;
let tills: readonly [TestTill, TestTill];
let cards: string[];

const seals = (): Promise<SealSeen[]> => city.rows<SealSeen>(
  `SELECT log_index AS "logIndex", site_id AS "siteId", booked_month AS month, meal_date AS date, seq, leaves, meals, subsidised_meals AS subsidised, statement, encode(root, 'hex') AS root
   FROM day_seal WHERE city_code = $1 ORDER BY log_index`, [CITY]);
const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => city.service.parts.transactor.run(work);
const sealing = () => city.service.app.get(SealDays);
/** The night's two jobs, one after the other. */
const night = async (lastDay: string) => {
  await run((tx) => endDays(tx, CITY, civilDate(lastDay)));
  return run((tx) => sealing().allOver(tx, CITY));
};
const marks = async (): Promise<number> => (await city.rows<{ n: number }>('SELECT count(*) AS n FROM seal_due WHERE city_code = $1', [CITY]))[0]?.n ?? 0;

beforeAll(async () => {
  city = await TappingCity.start();
  tills = [await city.till(0), await city.till(1)];
  cards = [];
  for (let index = 0; index < 4; index += 1) cards.push((await city.elder()).card);
}, 120_000);

afterAll(() => city.close());

describe('a day', () => {
  it('that is not over is not sealed, and noon leaves no mark', async () => {
    const taken = [];
    for (const card of cards) taken.push((await tills[0].send('/v1/taps', tills[0].signedBody({ card }))).body.tapId);
    await tills[1].tap();
    await tills[0].send(`/v1/taps/${taken[3]}/void`, { id: randomUUID(), reason: '按错键' });
    expect(await run((tx) => sealing().allOver(tx, CITY))).toEqual({ seals: 0, leaves: 0, findings: 0 });
    expect(await night('2024-12-02')).toMatchObject({ seals: 0 });
    expect(await marks()).toBe(0);
  });

  it('that is over is sealed once, site by site, whatever is asked again', async () => {
    expect(await night(DAY)).toEqual({ seals: 2, leaves: 6, findings: 0 });
    expect(await night(DAY)).toMatchObject({ seals: 0 });
    const [a, b] = [0, 1].map((site) => city.sites[site]).map((siteId) => siteId as string);
    const seen = await seals();
    expect(seen.map(({ logIndex, date, seq }) => [logIndex, date, seq])).toEqual([[0, DAY, 1], [1, DAY, 1]]);
    expect(seen.find((seal) => seal.siteId === a)).toMatchObject({ leaves: 5, meals: 3, subsidised: 3 });
    expect(seen.find((seal) => seal.siteId === b)).toMatchObject({ leaves: 1, meals: 1, subsidised: 0 });
    const statement = JSON.parse(seen.find((seal) => seal.siteId === a)?.statement ?? '');
    expect(statement.lines.map((line: unknown[]) => line.slice(2))).toEqual([['city@371500', 3, 450], ['county@371502', 3, 450]]);
    expect(statement.terminals).toHaveLength(1);
    expect(canonicalJson(statement)).toBe(seen.find((seal) => seal.siteId === a)?.statement);
  });

  it('lies under a checkpoint that anybody can check with the public key alone', async () => {
    const answer = await city.service.app.inject({ method: 'GET', url: `/v1/public/${CITY}/checkpoint` });
    expect(answer.statusCode).toBe(200);
    const { verifierKey, checkpoint, size } = answer.json() as { verifierKey: string; checkpoint: string; size: number };
    expect(size).toBe(2);
    const [, name, keyId, key] = /^([^+]+)\+([^+]+)\+(.+)$/.exec(verifierKey) as unknown as [string, string, string, string];
    const raw = Buffer.from(key, 'base64');
    expect(createHash('sha256').update(`${name}\n`).update(raw).digest().subarray(0, 4).toString('hex')).toBe(keyId);
    const [text, line] = checkpoint.split('\n\n') as [string, string];
    const signature = Buffer.from((/^— (\S+) (\S+)\n$/.exec(line) as RegExpExecArray)[2] as string, 'base64');
    const spki = createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw.subarray(1)]), format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from(`${text}\n`), spki, signature.subarray(4))).toBe(true);
    const hashes = (await seals()).map((seal) => leafHash(sha256, Buffer.from(seal.statement)));
    expect(text.split('\n').slice(0, 3)).toEqual([`xingfu-canteen/${CITY}`, '2', Buffer.from(rootOf(sha256, hashes)).toString('base64')]);
    expect(includes(sha256, { leaf: hashes[1] as Uint8Array, index: 1, size: 2, proof: [hashes[0] as Uint8Array] }, rootOf(sha256, hashes))).toBe(true);
    expect((await city.service.app.inject({ method: 'GET', url: '/v1/public/110000/checkpoint' })).statusCode).toBe(404);
  });

  it('that changes is marked by who books, and sealed again beside its old seal', async () => {
    city.clock.setTo(civilDate('2024-12-04'), 9 * 60);
    city.county = await city.staffed.tokenOf('county');
    const late = tills[1].body({ card: cards[3] as string, deviceTime: '2024-12-03T12:30:00+08:00' });
    tills = [tills[0], await reopened(tills[1])];
    await tills[1].send('/v1/taps/upload', { taps: [late] });
    expect(await marks()).toBe(1);
    const [first] = await city.rows<{ tapId: string }>('SELECT tap_id AS "tapId" FROM meal WHERE site_id = $1 AND elder_id IS NOT NULL ORDER BY device_time LIMIT 1', [city.sites[0] as string]);
    const adjusted = await city.staffed.call('POST', `/v1/taps/${first?.tapId}/adjustments`, { token: city.county, body: { id: randomUUID(), cause: 'eligibility', reason: '资格终止' } });
    expect(adjusted.status).toBe(200);
    expect(await marks()).toBe(2);
    expect(await night(DAY)).toMatchObject({ seals: 2 });
    expect(await marks()).toBe(0);
    const seen = await seals();
    expect(seen.map(({ seq }) => seq)).toEqual([1, 1, 2, 2]);
    const again = seen.filter((seal) => seal.seq === 2);
    expect(again.find((seal) => seal.siteId === city.sites[1])).toMatchObject({ leaves: 2, meals: 2, subsidised: 1 });
    expect(JSON.parse(again.find((seal) => seal.siteId === city.sites[0])?.statement ?? '').lines.map((line: unknown[]) => line.slice(2))).toEqual([['city@371500', 3, 300], ['county@371502', 3, 300]]);
    expect(JSON.parse(again[0]?.statement ?? '').before).toMatch(/^[0-9a-f]{64}$/);
  });
});

async function reopened(till: TestTill): Promise<TestTill> {
  const { signSessionRequest } = await import('../../src/access/index.js');
  const { keys, terminalId } = till.terminal;
  const opened = await city.staffed.call('POST', '/v1/terminals/sessions', { body: signSessionRequest(keys.privateKey, terminalId, city.clock.now()) });
  expect(opened.status).toBe(201);
  (till.terminal as { session: unknown }).session = opened.body;
  return till;
}

describe('a booking that is under way while its day ends', () => {
  const mark = (date: CivilDate) => run(async (tx) => (await bookingMonths(tx, city.clock, CITY, [date])).isOver(date, '2024-12' as never));

  it('is waited for where it does not know yet, and knows where it comes after', async () => {
    tills = [await reopened(tills[0]), tills[1]];
    const date = civilDate('2024-12-04');
    let commit = (): void => undefined;
    const holding = new Promise<void>((done) => (commit = done));
    let began = (): void => undefined;
    const begun = new Promise<void>((done) => (began = done));
    const order: string[] = [];
    // A till's transaction that has asked for its month, and then stands still.
    const booking = run(async (tx) => {
      expect((await bookingMonths(tx, city.clock, CITY, [date])).isOver(date, '2024-12' as never)).toBe(false);
      began();
      await holding;
      order.push('booked');
    });
    await begun;
    const ending = run((tx) => endDays(tx, CITY, date)).then(() => order.push('ended'));
    await new Promise((done) => setTimeout(done, 150));
    // Nothing is sealed before the day has ended, and nobody else waits for the one that stands still.
    expect(await run((tx) => sealing().allOver(tx, CITY))).toMatchObject({ seals: 0 });
    expect(order).toEqual([]);
    commit();
    await Promise.all([booking, ending]);
    expect(order).toEqual(['booked', 'ended']);
    expect(await mark(date)).toBe(true);
  });

  it('never falls between a seal and its mark, however the two meet', async () => {
    for (let round = 0; round < 6; round += 1) {
      const taps = Promise.all(Array.from({ length: 4 }, () => tills[0].send('/v1/taps', tills[0].body({ card: cards[round % 4] as string }))));
      const work = night('2024-12-04');
      await Promise.all([taps, work, tills[1].tap()]);
    }
    await night('2024-12-04');
    const [row] = await city.rows<{ sealed: number; booked: number }>(
      `SELECT (SELECT sum(leaves) FROM (SELECT DISTINCT ON (site_id, booked_month, meal_date) leaves FROM day_seal WHERE city_code = $1 AND meal_date <= '2024-12-04' ORDER BY site_id, booked_month, meal_date, seq DESC) s)::bigint AS sealed,
         (SELECT count(*) FROM meal WHERE city_code = $1 AND meal_date <= '2024-12-04') + (SELECT count(*) FROM meal_void WHERE city_code = $1) + (SELECT count(DISTINCT adjustment_id) FROM meal_adjustment WHERE city_code = $1) AS booked`, [CITY]);
    expect(row?.sealed).toBe(row?.booked);
    expect(await marks()).toBe(0);
  });
});

describe('what a seal finds', () => {
  it('is written down and holds up nothing: a wrong signature, a gap, an entry that names another before it', async () => {
    const mine = await city.till(0);
    const wrong = { ...mine.signedBody(), signature: Buffer.alloc(64, 7).toString('base64url') };
    const short = { ...mine.signedBody(), signature: 'AAAA' };
    const lost = mine.body();
    const after = mine.signedBody();
    const forked = { ...mine.body({ prevHash: 'f'.repeat(64) }) };
    for (const body of [wrong, short, after, forked]) expect((await mine.send('/v1/taps', body)).status).toBe(200);
    expect(lost).toBeDefined();
    await night('2024-12-04');
    const { terminalId } = mine.terminal;
    const found = await city.rows<{ kind: string; n: number }>('SELECT kind, journal_number AS n FROM seal_finding WHERE city_code = $1 AND terminal_id = $2 ORDER BY journal_number, kind', [CITY, terminalId]);
    expect(found).toEqual([{ kind: 'signature-wrong', n: 1 }, { kind: 'signature-wrong', n: 2 }, { kind: 'journal-gap', n: 4 }, { kind: 'journal-fork', n: 5 }]);
    expect(await city.rows(`SELECT 1 FROM seal_finding WHERE city_code = $1 AND terminal_id <> $2 AND kind = 'signature-wrong'`, [CITY, terminalId])).toEqual([]);
    const again = await night('2024-12-04');
    expect(again.seals).toBe(0);
  });
});

describe('nobody changes a seal', () => {
  it.each(['UPDATE day_seal SET meals = 0', 'DELETE FROM day_seal_line', "UPDATE seal_checkpoint SET note = ''", 'DELETE FROM seal_finding', 'DELETE FROM claim_seal'])('%s', async (sql) => {
    await expect(city.rows(sql)).rejects.toThrow(/permission denied/);
  });

  it('and only the key of this installation signs', () => {
    const [one, other] = [new FieldCipher(Buffer.alloc(32, 1)), new FieldCipher(Buffer.alloc(32, 2))];
    expect(one.notes.verifierKey('x')).toBe(new FieldCipher(Buffer.alloc(32, 1)).notes.verifierKey('x'));
    expect(one.notes.signNote('x', 'a\n')).not.toBe(other.notes.signNote('x', 'a\n'));
  });
});
