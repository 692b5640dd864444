import { randomUUID } from 'node:crypto';
import { PRICE_PREVIEW, type PricePreview } from '../../src/booking/index.js';
import { addDays, civilDate, fen } from '../../src/kernel/index.js';
import { childPhone, elderPhone, strangerPhone, type TestPhone } from '../support/mini.js';
import { CITY, MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';

const DAY = civilDate('2024-12-03');
/** What tells a class of people: no answer of these routes may hold any of it. */
const CLASSES = /低保|特困|残疾|失能|minLiving|disab|category|careHome|养老机构|类别|age\d|年龄/;

interface Person {
  readonly name: string;
  readonly born: string;
  readonly words: string;
  readonly inCareHome?: true;
  /** Eats at noon first, so that the evening's price is another. */
  readonly ateAlready?: true;
  readonly period?: 'lunch' | 'dinner';
}

const PEOPLE: readonly Person[] = [
  { name: 'ninety', born: '19300601', words: '原价15元，市补2元，县补2元，您付11元' },
  { name: 'eighty', born: '19400601', words: '原价15元，市补1.5元，县补1.5元，您付12元' },
  { name: 'seventyFive', born: '19490601', words: '原价15元，市补1元，县补1元，您付13元' },
  { name: 'seventy', born: '19540601', words: '原价15元，市补0.5元，县补0.5元，您付14元' },
  { name: 'young', born: '19600601', words: '原价15元，这一餐没有补贴，您付15元' },
  { name: 'housed', born: '19400601', words: '原价15元，这一餐没有补贴，您付15元', inCareHome: true },
  { name: 'again', born: '19400601', words: '原价15元，今天的补贴已经用过，您付15元', ateAlready: true, period: 'dinner' },
];

let city: TappingCity;
let siteId: string;
let till: TestTill;
let manager: string;
const elders = new Map<string, { elderId: string; card: string }>();
const phones = new Map<string, TestPhone>();

const elder = (name: string) => elders.get(name) as { elderId: string; card: string };
const phone = (name: string) => phones.get(name) as TestPhone;
const post = (url: string, token: string, body: object) => city.staffed.call('POST', url, { token, body: { id: randomUUID(), ...body } });

beforeAll(async () => {
  city = await TappingCity.start();
  siteId = city.sites[0] as string;
  for (const { name, born, inCareHome } of PEOPLE) {
    elders.set(name, await city.elder(born));
    if (inCareHome) expect((await post(`/v1/elders/${elder(name).elderId}/care-home-stays`, city.county, { from: '2024-12-01', to: null, source: '机构名单' })).status).toBeLessThan(300);
    phones.set(name, await elderPhone(city, elder(name).elderId));
  }
  await city.staffed.add('manager', ['canteenManager'], '371502', siteId);
  manager = await city.staffed.tokenOf('manager');
  till = await city.till();
}, 240_000);

afterAll(() => city.close());

describe('canteens near me', () => {
  it('are named with hours, a number to call, and a distance where somebody says where they are', async () => {
    expect(await city.staffed.call('PUT', `/v1/sites/${siteId}/phone`, { token: manager, body: { id: randomUUID(), phone: '0635-0000001' } })).toMatchObject({ status: 200 });
    expect(await city.staffed.call('PUT', `/v1/sites/${city.sites[1]}/phone`, { token: manager, body: { id: randomUUID(), phone: '0635-0000002' } })).toMatchObject({ body: { code: 'outside-scope' } });
    await city.rows('UPDATE site SET longitude = 115.985, latitude = 36.456 WHERE site_id = $1', [siteId]);
    const { status, body } = await phone('eighty').get(`/v1/mini/sites?elderId=${elder('eighty').elderId}&lat=36.456&lng=115.989`);
    expect(status).toBe(200);
    expect(body.items[0]).toEqual({
      siteId, name: '测试幸福食堂', address: '测试路1号', phone: '0635-0000001', isOpen: true, distanceMetres: 358, distanceWords: '约350米',
      hours: [{ mealPeriod: 'lunch', fromMinute: 660, toMinute: 780, words: '午餐 11:00 到 13:00' }],
    });
    expect(body.items[1]).toMatchObject({ siteId: city.sites[1], phone: null, distanceMetres: null, distanceWords: null });
    const unsaid = await phone('eighty').get(`/v1/mini/sites?elderId=${elder('eighty').elderId}`);
    expect(unsaid.body.items.map((item: { distanceMetres: null }) => item.distanceMetres)).toEqual([null, null]);
    expect(await phone('eighty').get('/v1/mini/sites?lat=36.456')).toMatchObject({ status: 422, body: { code: 'mini-position-half' } });
  });

  it('keeps no position in any table', async () => {
    expect((await phone('eighty').get('/v1/mini/sites?lat=36.45671&lng=115.98934')).status).toBe(200);
    const tables = await city.rows<{ name: string }>("SELECT quote_ident(relname) AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND has_table_privilege(oid, 'SELECT')");
    expect(tables.length).toBeGreaterThan(50);
    const found = await city.rows<{ n: number }>(tables.map(({ name }) => `SELECT count(*)::int AS n FROM ${name} t WHERE t::text ~ '36\\.4567|115\\.9893'`).join(' UNION '));
    expect(found).toEqual([{ n: 0 }]);
  });
});

describe('a menu', () => {
  beforeAll(async () => {
    const dish = (itemCode: string, name: string, more: object = {}) => ({ itemCode, name, kind: 'dish', components: [], marks: [], allergens: [], ...more });
    expect((await post(`/v1/sites/${siteId}/dishes`, manager, { dishes: [dish('rice', '米饭'), dish('peanut', '花生烧茄子', { allergens: ['peanuts', 'soya'] })] })).status).toBe(201);
    expect((await post(`/v1/sites/${siteId}/dishes`, manager, { dishes: [{ ...dish('set', '套餐'), kind: 'set', components: ['rice', 'peanut'], marks: ['lowSalt', 'softDiet'] }] })).status).toBe(201);
    const entries = [0, 1, 2].flatMap((days) => (['lunch', 'dinner'] as const).map((mealPeriod) => ({ mealDate: addDays(DAY, days), mealPeriod, itemCode: 'set', portions: 60 })));
    expect((await post(`/v1/sites/${siteId}/menus`, manager, { monday: '2024-12-02', entries })).status).toBe(201);
    expect((await city.staffed.call('PUT', '/v1/bookings/sites/' + siteId + '/quotas', { token: manager, body: { id: randomUUID(), mealDate: addDays(DAY, 1), mealPeriod: 'lunch', portions: 5 } })).status).toBe(200);
  });

  it('says what is in it, whom to warn, how many are left and until when', async () => {
    const { status, body } = await phone('eighty').get(`/v1/mini/sites/${siteId}/menu?elderId=${elder('eighty').elderId}&days=4`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ siteId, name: '测试幸福食堂', phone: '0635-0000001' });
    expect(body.days.map(({ words }: { words: string }) => words)).toEqual(['12月3日 星期二 今天', '12月4日 星期三 明天', '12月5日 星期四', '12月6日 星期五']);
    expect(body.days.map(({ isPublished }: { isPublished: boolean }) => isPublished)).toEqual([true, true, true, false]);
    const [today, tomorrow] = body.days;
    expect(today.meals[0]).toMatchObject({ mealPeriod: 'lunch', beginsMinute: 660, isBookable: false, closesWords: '预订已经截止，可以打电话问食堂，或直接到店用餐' });
    expect(tomorrow.meals[0]).toMatchObject({
      words: '午餐', isBookable: true, portionsLeft: 5, leftWords: '还可订5份', closesAt: '2024-12-04T01:00:00.000Z', closesWords: '请在12月4日 星期三 明天 9:00前预订',
      items: [{ itemCode: 'set', name: '套餐', kind: 'set', dishes: ['花生烧茄子', '米饭'].sort(), marks: ['少盐', '软烂'], warning: '含花生、大豆', priceFen: 1500 }].map((item) => ({ ...item, dishes: expect.arrayContaining(item.dishes) })),
    });
    expect(tomorrow.meals[1]).toMatchObject({ mealPeriod: 'dinner', portionsLeft: null, leftWords: null });
    // No menu was published for that day: what the set holds is known all the same.
    expect(body.days[3].meals[0].items[0]).toMatchObject({ itemCode: 'set', warning: '含花生、大豆' });
  });

  it('comes without anybody’s price where nobody is named', async () => {
    const { body } = await phone('eighty').get(`/v1/mini/sites/${siteId}/menu`);
    expect(body.days[0].meals[0].items[0]).toMatchObject({ priceFen: 1500, split: null });
    expect(await phone('eighty').get(`/v1/mini/sites/${randomUUID()}/menu`)).toMatchObject({ status: 404 });
  });
});

describe('the price of the page is what the tap then gives', () => {
  it.each(PEOPLE)('$name', async ({ name, words, ateAlready, period = 'lunch' }) => {
    const { elderId, card } = elder(name);
    if (ateAlready) expect((await till.tap({ card })).body).toMatchObject({ outcome: 'accepted', subsidyFen: 300 });
    const { body } = await phone(name).get(`/v1/mini/sites/${siteId}/menu?elderId=${elderId}`);
    const { split } = body.days[0].meals.find((meal: { mealPeriod: string }) => meal.mealPeriod === period).items[0];
    expect(split.words).toBe(words);
    const asked = await city.service.parts.transactor.run((tx) => city.service.app.get<PricePreview>(PRICE_PREVIEW).of(tx, { cityCode: CITY, elderId, siteId, date: DAY, period, priceFen: fen(1500) }));
    expect(asked).toEqual(split);
    city.clock.set(city.clock.now() + MINUTE);
    const tap = await till.tap({ card, mealPeriod: period });
    expect(tap.body).toMatchObject({ outcome: 'accepted', selfPayFen: split.selfPayFen, subsidyFen: split.subsidyFen });
    expect(tap.body.funding.map((part: { name: string; fen: number }) => ({ words: `${part.name}补${part.fen / 100}元`, fen: part.fen }))).toEqual(split.parts);
    // The same sentence is what history says afterwards.
    const history = await phone(name).get(`/v1/mini/elders/${elderId}/meals?month=2024-12`);
    expect(history.body.items[0]).toMatchObject({ tapId: tap.body.tapId, words, note: null, siteName: '测试幸福食堂', itemsWords: '套餐', mealPeriod: period });
    for (const answer of [body, history.body]) expect(JSON.stringify(answer)).not.toMatch(CLASSES);
  });
});

describe('what a price could give away', () => {
  const dinnerOf = ({ body }: { body: { days: { meals: { mealPeriod: string; items: { split: { words: string } }[] }[] }[] } }): string | undefined => body.days[0]?.meals.find(({ mealPeriod }) => mealPeriod === 'dinner')?.items[0]?.split.words;

  it('is not whether the elder ate, for who may order alone: neither on the menu nor in the answer to a booking', async () => {
    const { elderId } = elder('again');
    const menu = `/v1/mini/sites/${siteId}/menu?elderId=${elderId}`;
    const [blind, seeing] = [await childPhone(city, elderId, ['ordering']), await childPhone(city, elderId, ['ordering', 'meals'])];
    expect(dinnerOf(await blind.get(menu))).toBe('原价15元，市补1.5元，县补1.5元，您付12元');
    expect(dinnerOf(await seeing.get(menu))).toBe('原价15元，今天的补贴已经用过，您付15元');
    const wish = { elderId, siteId, mealDate: DAY, mealPeriod: 'dinner', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', pay: 'atMeal' };
    for (const [child, expectedSelfPayFen] of [[blind, 1200], [seeing, 1500]] as const) {
      const booked = await child.post('/v1/mini/bookings', { id: randomUUID(), ...wish });
      expect(booked).toMatchObject({ status: 200, body: { expectedSelfPayFen } });
      expect((await child.post(`/v1/mini/bookings/${booked.body.bookingId}/cancel`, { id: randomUUID() })).status).toBe(200);
    }
  });

  it('is not asked for days that are over', async () => {
    const past = await phone('again').get(`/v1/mini/sites/${siteId}/menu?elderId=${elder('again').elderId}&date=${addDays(DAY, -1)}`);
    expect(past).toMatchObject({ status: 422, body: { code: 'mini-menu-past', title: '这一天已经过去了，请看今天或以后的菜单。' } });
  });
});

describe('history', () => {
  let voided: string;

  it('tells of meals that were taken back and of those that were put right', async () => {
    const { elderId, card } = elder('seventyFive');
    city.clock.set(city.clock.now() + MINUTE);
    voided = (await till.tap({ card, mealPeriod: 'dinner', items: [{ itemCode: 'set', quantity: 1 }, { itemCode: 'set', quantity: 2, for: 'relative' }] })).body.tapId;
    expect((await till.send(`/v1/taps/${voided}/void`, { id: randomUUID(), reason: '按错键' })).status).toBe(200);
    const [, first] = (await phone('seventyFive').get(`/v1/mini/elders/${elderId}/meals`)).body.items;
    expect((await post(`/v1/taps/${first.tapId}/adjustments`, city.county, { cause: 'eligibility', reason: '低保身份更正' })).status).toBe(200);
    const { body } = await phone('seventyFive').get(`/v1/mini/elders/${elderId}/meals?month=2024-12`);
    expect(body.items).toMatchObject([
      { standing: 'voided', words: '已撤销', parts: [], itemsWords: '套餐、套餐（陪餐亲属）×2', note: '这一餐已经撤销，不计补贴。您当时付的45元应当退给您，没有收到请问食堂。' },
      { standing: 'corrected', words: '原价15元，这一餐没有补贴，食堂先垫2元，您付13元', parts: [], note: '补贴在用餐后更正过，上面是更正后的数。您付的钱不变，不向您补收。' },
    ]);
    expect(body.words).toBe('12月用餐1次，原价15元，没有补贴，食堂先垫2元，您付13元。另有1餐已经撤销，不算在内。');
    expect(JSON.stringify(body)).not.toMatch(CLASSES);
  });

  it('comes to a statement that adds up', async () => {
    const { elderId } = elder('again');
    const { body } = await phone('again').get(`/v1/mini/elders/${elderId}/statement?month=2024-12`);
    expect(body).toMatchObject({ meals: 2, voided: 0, priceFen: 3000, subsidyFen: 300, selfPayFen: 2700, creditFen: 0, words: '12月用餐2次，原价30元，市补1.5元，县补1.5元，您付27元。' });
    expect(body.items.map(({ selfPayFen }: { selfPayFen: number }) => selfPayFen)).toEqual([1200, 1500]);
    expect((await phone('again').get(`/v1/mini/elders/${elderId}/statement?month=2024-11`)).body).toMatchObject({ meals: 0, words: '11月没有用餐记录。', items: [] });
  });
});

describe('who may look', () => {
  const paths = (elderId: string) => ({
    sites: `/v1/mini/sites?elderId=${elderId}`, menu: `/v1/mini/sites/${siteId}/menu?elderId=${elderId}`,
    meals: `/v1/mini/elders/${elderId}/meals`, statement: `/v1/mini/elders/${elderId}/statement`, recent: `/v1/mini/elders/${elderId}/recent`,
  });

  it.each<[string, () => Promise<TestPhone>, Record<string, number>]>([
    ['a stranger', () => strangerPhone(city), { sites: 404, menu: 404, meals: 404, statement: 404, recent: 404 }],
    ['another elder', async () => phone('ninety'), { sites: 404, menu: 404, meals: 404, statement: 404, recent: 404 }],
    ['a child without a consent', () => childPhone(city, elder('eighty').elderId, []), { sites: 403, menu: 403, meals: 403, statement: 403, recent: 403 }],
    ['a child who may order', () => childPhone(city, elder('eighty').elderId, ['ordering']), { sites: 200, menu: 200, meals: 403, statement: 403, recent: 403 }],
    ['a child who may pay', () => childPhone(city, elder('eighty').elderId, ['paying']), { sites: 403, menu: 403, meals: 403, statement: 403, recent: 403 }],
    ['a child who may see meals', () => childPhone(city, elder('eighty').elderId, ['meals']), { sites: 200, menu: 200, meals: 200, statement: 200, recent: 200 }],
    ['a child whose consent ends today', () => childPhone(city, elder('eighty').elderId, ['meals'], DAY), { sites: 200, menu: 200, meals: 200, statement: 200, recent: 200 }],
    ['the elder', async () => phone('eighty'), { sites: 200, menu: 200, meals: 200, statement: 200, recent: 200 }],
  ])('%s', async (_, who, statuses) => {
    const asking = await who();
    for (const [name, path] of Object.entries(paths(elder('eighty').elderId))) expect([name, (await asking.get(path)).status]).toEqual([name, statuses[name]]);
  });

  it('tells nobody whether an elder exists, and nothing to those who work here', async () => {
    const stranger = await strangerPhone(city);
    const [known, unknown] = [await stranger.get(paths(elder('eighty').elderId).meals), await stranger.get(paths(randomUUID()).meals)];
    expect(known.body.code).toBe('not-found');
    expect(known.body.title).toBe(unknown.body.title);
    for (const path of Object.values(paths(elder('eighty').elderId))) {
      expect((await city.staffed.call('GET', path, { token: city.county })).status).toBe(403);
      expect((await city.staffed.call('GET', path)).status).toBe(401);
    }
  });
});

describe('where somebody ate last, and when', () => {
  it('counts no meal that was taken back for the canteen, and names every month that has something to read', async () => {
    const { elderId, card } = elder('seventyFive');
    const recent = async () => {
      await phone('seventyFive').logInAgain();
      return (await phone('seventyFive').get(`/v1/mini/elders/${elderId}/recent`)).body;
    };
    expect((await phone('young').get(`/v1/mini/elders/${elder('young').elderId}/recent`)).body).toMatchObject({ months: ['2024-12'] });
    expect(await recent()).toEqual({ lastSite: { siteId, name: '测试幸福食堂', phone: '0635-0000001' }, months: ['2024-12'] });
    const at = (date: string) => city.clock.set(Date.parse(`${date}T11:40:00+08:00`));
    await city.rows(`INSERT INTO site_paper (city_code, paper_id, site_id, kind, number, valid_from, recorded_at, recorded_by)
      SELECT city_code, gen_random_uuid(), site_id, 'foodLicence', '测许002', '2024-12-21', now(), 'test' FROM site`);
    at('2025-01-06');
    city.county = await city.staffed.tokenOf('county');
    const other = await city.till(1);
    const { tapId } = (await other.tap({ card })).body;
    expect(await recent()).toEqual({ lastSite: { siteId: city.sites[1], name: '测试幸福食堂', phone: null }, months: ['2025-01', '2024-12'] });
    expect((await other.send(`/v1/taps/${tapId}/void`, { id: randomUUID(), reason: '按错键' })).status).toBe(200);
    expect(await recent()).toMatchObject({ lastSite: { siteId }, months: ['2025-01', '2024-12'] });
    at('2027-01-06');
    expect(await recent()).toEqual({ lastSite: null, months: [] });
  });
});
