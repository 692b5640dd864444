import { randomUUID } from 'node:crypto';
import { signJournalEntry } from '../../src/access/index.js';
import { entryHash } from '../../src/tap/index.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

let city: TappingCity;
let till: TestTill;

beforeAll(async () => {
  city = await TappingCity.start();
  till = await city.till(0);
}, 120_000);

afterAll(async () => {
  await city.close();
});

const kept = async (tapId: string): Promise<{ bodyHash: string; entryHash: string; signature: string | null } | undefined> => {
  const [row] = await city.rows<{ bodyHash: string; entryHash: string; signature: string | null }>(
    `SELECT body_hash AS "bodyHash", entry_hash AS "entryHash", encode(signature, 'hex') AS signature FROM tap_claim WHERE city_code = $1 AND tap_id = $2`, [CITY, tapId]);
  return row;
};
const hex = (signature: string): string => Buffer.from(signature, 'base64url').toString('hex');

describe('a signature under a sale', () => {
  it('is kept as it was sent, online and offline', async () => {
    const [online, offline] = [till.signedBody(), till.signedBody()];
    await till.send('/v1/taps', online);
    await till.send('/v1/taps/upload', { taps: [offline] });
    expect(await kept(online.id)).toMatchObject({ signature: hex(online.signature), entryHash: entryHash(online['prevHash'] as string, online) });
    expect(await kept(offline.id)).toMatchObject({ signature: hex(offline.signature) });
  });

  it('is no part of the deed: the same sale without it, or with another, is the same sale', async () => {
    const { signature, ...plain } = till.signedBody();
    const first = await till.send('/v1/taps', plain);
    expect((await till.send('/v1/taps', { ...plain, signature })).text).toBe(first.text);
    expect((await till.send('/v1/taps', { ...plain, signature: 'zz' })).text).toBe(first.text);
    expect(await kept(plain.id)).toMatchObject({ signature: null });
    expect(entryHash('0'.repeat(64), { ...plain, signature })).toBe(entryHash('0'.repeat(64), plain));
  });

  it('loses no sale where it is wrong or no signature at all', async () => {
    for (const signature of ['', '!!', 'A'.repeat(86), 'A'.repeat(200)]) {
      const body = { ...till.body(), signature };
      expect(await till.send('/v1/taps', body)).toMatchObject({ status: 200, body: { outcome: 'accepted' } });
      expect(await kept(body.id)).toMatchObject({ signature: hex(signature) });
    }
    const long = { ...till.body(), signature: 'A'.repeat(201) };
    till.journal -= 1;
    expect((await till.send('/v1/taps', long)).status).toBe(400);
  });

  it('stands under a void as well, and outside its deed', async () => {
    const tap = till.body();
    await till.send('/v1/taps', tap);
    till.journal += 1;
    const request = { id: randomUUID(), reason: '按错键', journalNumber: till.journal, prevHash: till.previous };
    till.previous = entryHash(till.previous, { tapId: tap.id, ...request });
    const signature = signJournalEntry(till.terminal.keys.privateKey, till.previous);
    const first = await till.send(`/v1/taps/${tap.id}/void`, { ...request, signature });
    expect(first.status).toBe(200);
    expect(await till.send(`/v1/taps/${tap.id}/void`, request)).toMatchObject({ status: 200, body: first.body });
    expect(await kept(request.id)).toMatchObject({ signature: hex(signature), entryHash: till.previous });
  });
});
