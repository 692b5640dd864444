import { CITY, TappingCity } from '../support/tapping-city.js';

let city: TappingCity;

beforeAll(async () => {
  city = await TappingCity.start();
}, 180_000);

afterAll(() => city.close());

const head = async (): Promise<string | undefined> => (await city.rows<{ head: string }>('SELECT head FROM place_head WHERE city_code = $1', [CITY]))[0]?.head;

test('what a till sells by changes with the very next sale, though places are kept in mind', async () => {
  const [till, other] = [await city.till(0), await city.till(1)];
  expect(await till.tap()).toMatchObject({ status: 200, body: { outcome: 'accepted', priceFen: 1500 } });
  expect(await till.tap({ priceListVersion: 2 })).toMatchObject({ status: 200, body: { outcome: 'refused', code: 'price-list-not-in-force' } });
  await city.service.parts.transactor.run(async (tx) => {
    await tx.query(`INSERT INTO menu_price_list (city_code, site_id, version, effective_from, recorded_at, recorded_by) VALUES ($1, $2, 2, '2024-12-03', now(), 'test')`, [CITY, city.sites[0] as string]);
    await tx.query(`INSERT INTO menu_price (city_code, site_id, version, item_code, meal_period, fen, elder_set, name) VALUES ($1, $2, 2, 'set', 'lunch', 1800, false, '套餐')`, [CITY, city.sites[0] as string]);
  });
  expect(await till.tap({ priceListVersion: 2 })).toMatchObject({ status: 200, body: { outcome: 'accepted', priceFen: 1800 } });

  expect(await other.tap()).toMatchObject({ status: 200, body: { outcome: 'accepted' } });
  await city.rows(`INSERT INTO site_event (city_code, site_id, event_no, kind, on_date, recorded_at, recorded_by)
    SELECT city_code, site_id, max(event_no) + 1, 'suspended', '2024-12-03', now(), 'test' FROM site_event WHERE city_code = $1 AND site_id = $2 GROUP BY city_code, site_id`, [CITY, city.sites[1] as string]);
  expect(await other.tap()).toMatchObject({ status: 200, body: { outcome: 'refused', code: 'site-not-open' } });
  expect(await till.tap({ priceListVersion: 2 })).toMatchObject({ status: 200, body: { outcome: 'accepted' } });
});

test('the mark stands while nothing changes, and after a change that was rolled back', async () => {
  const before = await head();
  expect(before).toBeDefined();
  expect(await (await city.till(0)).tap()).toMatchObject({ status: 200 });
  await expect(city.service.parts.transactor.run(async (tx) => {
    await tx.query(`UPDATE site SET name = name || '。' WHERE city_code = $1 AND site_id = $2`, [CITY, city.sites[0] as string]);
    throw new Error('no');
  })).rejects.toThrow('no');
  expect(await head()).toBe(before);
});

test('every table that a place is read from moves the mark', async () => {
  const guarded = await city.rows<{ name: string }>(`SELECT c.relname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'place_changed' ORDER BY 1`);
  expect(guarded.map(({ name }) => name)).toEqual(['menu_price', 'menu_price_list', 'region_closure', 'site', 'site_event', 'site_operation', 'site_paper', 'site_payment_route']);
});

test('a till whose session ended, or that was revoked, is out with its next sale, repeats too', async () => {
  const till = await city.till(0);
  const body = till.body({ priceListVersion: 2 });
  expect(await till.send('/v1/taps', body)).toMatchObject({ status: 200 });
  await city.rows('UPDATE access_terminal_session SET ended_at = now() WHERE city_code = $1 AND session_id = $2', [CITY, till.terminal.session.sessionId]);
  expect(await till.send('/v1/taps', body)).toMatchObject({ status: 401, body: { code: 'terminal-session-ended' } });
  expect(await till.tap({ priceListVersion: 2 })).toMatchObject({ status: 401, body: { code: 'terminal-session-ended' } });
  const gone = await city.till(0);
  expect(await gone.tap({ priceListVersion: 2 })).toMatchObject({ status: 200 });
  await city.rows(`UPDATE access_terminal SET revoked_at = now(), revoked_by = 'test', revoke_reason = 'test' WHERE city_code = $1 AND terminal_id = $2`, [CITY, gone.terminal.terminalId]);
  expect(await gone.tap({ priceListVersion: 2 })).toMatchObject({ status: 401, body: { code: 'terminal-revoked' } });
});
