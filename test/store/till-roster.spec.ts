import { createHash, createHmac, randomUUID } from 'node:crypto';
import { FieldCipher } from '../../src/platform/index.js';
import type { RosterPage } from '../../src/till/domain/index.js';
import { OfflineTill } from '../support/offline-till.js';
import { CITY, MINUTE, TappingCity } from '../support/tapping-city.js';

const PEOPLE = 50_000;
const CHUNK = 5_000;

let city: TappingCity;
let offline: OfflineTill;

beforeAll(async () => {
  city = await TappingCity.start();
  offline = new OfflineTill(await city.till());
  await offline.open();
}, 120_000);

afterAll(() => city.close());

/** A whole street, written straight into the tables: names sealed as the service seals them, cards with digests. */
async function settle(count: number, cipher: FieldCipher): Promise<void> {
  for (let start = 0; start < count; start += CHUNK) {
    const ids = Array.from({ length: CHUNK }, () => randomUUID());
    const names = ids.map((id, index) => cipher.seal(index % 50 === 0 ? '欧阳秀英' : '王建国', `elder.name:${CITY}:${id}`).toString('hex'));
    await city.rows(
      `INSERT INTO elder (city_code, elder_id, identity_sealed, identity_index, name_sealed, name_index, born, sex, residence_code, recorded_at, recorded_by)
       SELECT $1, r.id, ''::bytea, 'i' || r.id, decode(r.name, 'hex'), 'n' || r.id, date '1930-01-01' + (hashtext(r.id::text) & 8191), 'female', '371502001', now(), 'test'
       FROM unnest($2::uuid[], $3::text[]) AS r (id, name)`, [CITY, ids, names] as never);
    await city.rows(
      `INSERT INTO elder_card (city_code, card_id, elder_id, handle, tail, till_digest, state, state_since)
       SELECT $1, r.id, r.id, 'h' || r.id, '0000', encode(sha256(convert_to(r.id::text, 'UTF8')), 'hex'), 'active', now() FROM unnest($2::uuid[]) AS r (id)`, [CITY, ids] as never);
  }
}

test('fifty thousand people come in pages, each once, none of them large, and a change comes alone', async () => {
  await settle(PEOPLE, city.service.parts.cipher);
  const handles = new Set<string>();
  let bytes = 0;
  let largest = 0;
  let pages = 0;
  let query = '';
  let first: RosterPage | undefined;
  for (;;) {
    const { text, status } = await offline.till.send(`/v1/till/roster${query}`);
    expect(status).toBe(200);
    const page = JSON.parse(text) as RosterPage;
    first ??= page;
    for (const row of page.rows) handles.add(row.h);
    [bytes, largest, pages] = [bytes + text.length, Math.max(largest, text.length), pages + 1];
    if (page.next === null) break;
    query = `?cursor=${encodeURIComponent(page.next)}`;
  }
  expect(handles.size).toBe(PEOPLE);
  expect(pages).toBe(PEOPLE / 2_000);
  expect(largest).toBeLessThan(600_000);
  expect(bytes).toBeLessThan(12_000_000);

  const [one] = await city.rows<{ elderId: string }>('SELECT elder_id AS "elderId" FROM elder_card WHERE city_code = $1 ORDER BY card_id LIMIT 1', [CITY]);
  const elderId = one?.elderId ?? '';
  await city.rows(`INSERT INTO subsidy_use (city_code, elder_id, rule_id, period_key, count, fen) VALUES ($1, $2, 'liaocheng/meal', 'd:2024-12-03', 1, 300)`, [CITY, elderId]);
  city.clock.set(city.clock.now() + 60 * MINUTE);
  const change = (await offline.till.send(`/v1/till/roster?since=${first?.version}&generation=1`)).body as RosterPage;
  const digest = createHash('sha256').update(elderId).digest('hex');
  const own = createHmac('sha256', Buffer.from(offline.keys?.rosterKey ?? '', 'base64')).update(digest).digest('base64url').slice(0, 22);
  expect(change.rows.map(({ h, u }) => [h, u])).toEqual([[own, [['liaocheng/meal', 'd:2024-12-03', 1, 300]]]]);
  expect(change.gone).toEqual([]);
}, 300_000);
