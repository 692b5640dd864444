import { randomUUID } from 'node:crypto';
import { checkDigit } from '../../src/elder/domain/index.js';
import { KIN_RIGHTS, type KinRight } from '../../src/family/domain/index.js';
import { runningTable } from '../house/routes.js';
import { childPhone, elderPhone, strangerPhone, type TestPhone } from '../support/mini.js';
import { TappingCity } from '../support/tapping-city.js';

/** What the routes are tried on: one elder with everything that belongs to one. */
interface World {
  readonly elderId: string;
  readonly contactId: string;
  readonly siteId: string;
  readonly tapId: string;
  readonly bookingId: string;
  readonly standingId: string;
  readonly complaintId: string;
}

/**
 * How a route is tried.
 * `self`: the elder alone. Rights: whoever has one of them. `bound`: every relative. `own`: it names no elder, and tells
 * an account of itself alone.
 */
interface Trial {
  readonly to: 'self' | 'bound' | 'own' | readonly KinRight[];
  /** The path and query, where `:id` is not the elder's. */
  readonly at?: (world: World) => string;
  readonly body?: (world: World) => object;
}

const LUNCH = { mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn' };
const deed = (): object => ({ id: randomUUID() });
const elder = ({ elderId }: World): string => `elderId=${elderId}`;
const ofElder = (rest: string) => ({ elderId, contactId }: World): string => `/v1/mini/elders/${elderId}/${rest.replace(':contactId', contactId)}`;

/** Every route for those who are logged in to the mini-program. A new one fails until it says here whom it is for. */
const TRIALS: Readonly<Record<string, Trial>> = {
  'POST /v1/mini/log-out': { to: 'own' },
  'GET /v1/mini/me': { to: 'own' },
  'POST /v1/mini/phone': { to: 'own', body: () => ({ code: 'made-up' }) },
  'POST /v1/mini/bind-self': { to: 'own', body: () => ({ ...deed(), bindingCode: '00000000' }) },
  'POST /v1/mini/kin': { to: 'own', body: () => ({ ...deed(), bindingCode: '00000000', name: '王五', relation: 'child', phone: '13800001111' }) },
  'GET /v1/mini/elders/:id/kin': { to: 'self', at: ofElder('kin') },
  'POST /v1/mini/elders/:id/binding-code': { to: 'self', at: ofElder('binding-code'), body: () => ({ ...deed(), scopes: [] }) },
  'POST /v1/mini/elders/:id/kin/:contactId/consent': { to: 'self', at: ofElder('kin/:contactId/consent'), body: () => ({ ...deed(), scopes: [...KIN_RIGHTS], until: '2025-12-31' }) },
  'POST /v1/mini/elders/:id/kin/:contactId/withdraw': { to: 'self', at: ofElder(`kin/${randomUUID()}/withdraw`), body: deed },
  'POST /v1/mini/elders/:id/leave': { to: 'bound', at: ofElder('leave'), body: deed },

  'GET /v1/mini/sites': { to: ['meals', 'ordering'], at: (world) => `/v1/mini/sites?${elder(world)}` },
  'GET /v1/mini/sites/:id/menu': { to: ['meals', 'ordering'], at: (world) => `/v1/mini/sites/${world.siteId}/menu?${elder(world)}` },
  'GET /v1/mini/elders/:id/meals': { to: ['meals'], at: ofElder('meals?month=2024-12') },
  'GET /v1/mini/elders/:id/recent': { to: ['meals'], at: ofElder('recent') },
  'GET /v1/mini/elders/:id/statement': { to: ['meals'], at: ofElder('statement?month=2024-12') },

  'POST /v1/mini/bookings': { to: ['ordering'], body: ({ elderId, siteId }) => ({ ...deed(), elderId, siteId, mealDate: '2024-12-06', pay: 'atMeal', ...LUNCH }) },
  'GET /v1/mini/bookings': { to: ['ordering', 'meals'], at: (world) => `/v1/mini/bookings?${elder(world)}` },
  'POST /v1/mini/bookings/:id/change': { to: ['ordering'], at: ({ bookingId }) => `/v1/mini/bookings/${bookingId}/change`, body: () => ({ ...deed(), items: LUNCH.items, way: 'collect' }) },
  'POST /v1/mini/bookings/:id/cancel': { to: ['ordering'], at: ({ bookingId }) => `/v1/mini/bookings/${bookingId}/cancel`, body: deed },
  'POST /v1/mini/bookings/:id/pay': { to: ['paying'], at: ({ bookingId }) => `/v1/mini/bookings/${bookingId}/pay` },
  'POST /v1/mini/standing-orders': { to: ['ordering'], body: ({ elderId, siteId }) => ({ ...deed(), elderId, siteId, weekdays: ['workdays'], from: '2024-12-09', until: '2024-12-20', ...LUNCH }) },
  'GET /v1/mini/standing-orders': { to: ['ordering'], at: (world) => `/v1/mini/standing-orders?${elder(world)}` },
  'POST /v1/mini/standing-orders/:id/end': { to: ['ordering'], at: ({ standingId }) => `/v1/mini/standing-orders/${standingId}/end`, body: deed },

  'POST /v1/mini/elders/:id/code': { to: ['ordering'], at: ofElder('code') },
  'POST /v1/mini/elders/:id/offline-code': { to: ['ordering'], at: ofElder('offline-code'), body: deed },
  'POST /v1/mini/elders/:id/pass': { to: ['ordering'], at: ofElder('pass'), body: ({ siteId }) => ({ ...deed(), siteId }) },

  'GET /v1/mini/meals/:id/rating': { to: ['meals'], at: ({ tapId }) => `/v1/mini/meals/${tapId}/rating` },
  'POST /v1/mini/meals/:id/rating': { to: ['meals'], at: ({ tapId }) => `/v1/mini/meals/${tapId}/rating`, body: () => ({ ...deed(), stars: 5 }) },
  'GET /v1/mini/sites/:id/rating': { to: 'own', at: ({ siteId }) => `/v1/mini/sites/${siteId}/rating` },
  'POST /v1/mini/complaints': { to: ['meals'], body: ({ elderId, siteId }) => ({ ...deed(), elderId, siteId, category: 'taste', text: '菜有点咸' }) },
  'GET /v1/mini/complaints': { to: ['meals'], at: (world) => `/v1/mini/complaints?${elder(world)}` },
  // What an elder complained of is shown to no relative, whatever else they may see.
  'GET /v1/mini/complaints/:id': { to: 'self', at: ({ complaintId }) => `/v1/mini/complaints/${complaintId}` },
  'POST /v1/mini/complaints/:id/settle': { to: 'self', at: ({ complaintId }) => `/v1/mini/complaints/${complaintId}/settle`, body: deed },
  'POST /v1/mini/complaints/:id/object': { to: 'self', at: ({ complaintId }) => `/v1/mini/complaints/${complaintId}/object`, body: deed },
  'GET /v1/mini/notices': { to: 'own' },
  'POST /v1/mini/notices/read': { to: 'own', body: () => ({ noticeIds: [] }) },
  'GET /v1/mini/notices/templates': { to: 'own' },
  'POST /v1/mini/notices/permits': { to: 'own', body: () => ({ ...deed(), kinds: ['ate'] }) },
};

const CLOSED = ['not-found', 'consent-missing', 'elder-alone'];
const FULL_NAME = '诸葛明亮';
const IDENTITY = '37150219400601999';
const CARD = 'LC77770001';
const PHONE = '13512345678';
/** What nobody but the elder and the desk may read, in any answer. */
const SECRETS = [FULL_NAME, IDENTITY, CARD, PHONE, 'minLivingRecipient', '低保', 'identityNumber', 'bankAccount', 'cardNumber'];

let city: TappingCity;
let world: World;
let own: TestPhone;
let stranger: TestPhone;
let other: TestPhone;
const children = new Map<string, TestPhone>();

beforeAll(async () => {
  city = await TappingCity.start();
  const siteId = city.sites[0] as string;
  const registered = await city.staffed.call('POST', '/v1/elders', {
    token: city.county, body: {
      id: randomUUID(), name: FULL_NAME, identityNumber: IDENTITY + checkDigit(IDENTITY), residenceCode: '371502001', cardNumber: CARD, phone: PHONE,
      categories: [{ code: 'minLivingRecipient', from: '2024-01-01', source: '低保系统', evidence: '2024-1' }],
    },
  });
  expect(registered).toMatchObject({ status: 200 });
  const { elderId } = registered.body;
  [own, stranger, other] = [await elderPhone(city, elderId), await strangerPhone(city), await elderPhone(city, (await city.elder()).elderId)];
  const all = await childPhone(city, elderId, KIN_RIGHTS);
  children.set('all', all).set('none', await childPhone(city, elderId, []));
  for (const right of KIN_RIGHTS) children.set(right, await childPhone(city, elderId, [right]));
  const till = await city.till();
  const tap = till.body({ card: CARD });
  expect(await till.send('/v1/taps', tap)).toMatchObject({ status: 200 });
  const made = async (path: string, body: object): Promise<Record<string, string>> => {
    const { status, body: answer } = await own.post(path, body);
    expect({ path, status }).toEqual({ path, status: 200 });
    return answer;
  };
  const whole = { elderId, siteId, contactId: all.contactId, tapId: tap.id, bookingId: '', standingId: '', complaintId: '' };
  const ask = (route: string, change: object = {}): object => ({ ...TRIALS[route]?.body?.(whole), ...change });
  const booking = await made('/v1/mini/bookings', ask('POST /v1/mini/bookings', { mealDate: '2024-12-05' }));
  const standing = await made('/v1/mini/standing-orders', ask('POST /v1/mini/standing-orders', { mealPeriod: 'dinner' }));
  const complaint = await made('/v1/mini/complaints', ask('POST /v1/mini/complaints'));
  world = { ...whole, bookingId: String(booking['bookingId']), standingId: String(standing['standingId']), complaintId: String(complaint['complaintId']) };
}, 240_000);

afterAll(() => city.close());

function ask(phone: TestPhone, route: string, { at, body }: Trial, on = world) {
  const [method = '', path = ''] = route.split(' ');
  return phone.call(method as 'GET' | 'POST', at?.(on) ?? path, method === 'GET' ? undefined : (body?.(on) ?? {}));
}

const child = (name: string): TestPhone => children.get(name) as TestPhone;

/** The children who may, and those who may not. */
function sides({ to }: Trial): { may: TestPhone[]; mayNot: TestPhone[] } {
  if (to === 'self') return { may: [], mayNot: [...children.values()] };
  if (to === 'bound' || to === 'own') return { may: [], mayNot: [] };
  const with1 = KIN_RIGHTS.filter((right) => to.includes(right));
  return { may: [...with1.map(child), child('all')], mayNot: [child('none'), ...KIN_RIGHTS.filter((right) => !with1.includes(right)).map(child)] };
}

const routes = Object.entries(TRIALS);
const ofElders = routes.filter(([, { to }]) => to !== 'own');

it('has every route of the mini-program on its list', () => {
  const served = [...runningTable(city.service.app)].filter(([route, callers]) => route.includes(' /v1/mini/') && callers.includes('mini')).map(([route]) => route);
  expect(served.length).toBeGreaterThan(10);
  expect(served.filter((route) => TRIALS[route] === undefined).map((route) => `say in TRIALS whom ${route} is for`)).toEqual([]);
  expect(Object.keys(TRIALS).filter((route) => !served.includes(route))).toEqual([]);
});

it('nobody else comes in by these routes: not without a log-in, not as staff, not as a till', async () => {
  const till = await city.till();
  for (const [route, trial] of routes) {
    const [method = '', path = ''] = route.split(' ');
    const [url, body] = [trial.at?.(world) ?? path, trial.body?.(world) ?? {}];
    const call = method === 'GET' ? {} : { body };
    const without = await city.staffed.call(method as 'GET', url, call);
    const asStaff = await city.staffed.call(method as 'GET', url, { ...call, token: city.county });
    const asTill = await till.send(url, method === 'GET' ? undefined : body);
    expect([route, without.status, asStaff.status, asTill.status]).toEqual([route, 401, 403, 403]);
  }
});

it.each(ofElders)('T23: %s tells a stranger, and another elder, what it tells of nobody', async (route, trial) => {
  const nobody = { ...world, elderId: randomUUID(), bookingId: randomUUID(), standingId: randomUUID(), complaintId: randomUUID(), tapId: randomUUID() };
  for (const phone of [stranger, other]) {
    const [real, none] = [await ask(phone, route, trial), await ask(phone, route, trial, nobody)];
    expect(real).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(none.body).toEqual(real.body);
  }
});

it.each(ofElders)('T23: %s is closed to a child without that consent', async (route, trial) => {
  for (const phone of sides(trial).mayNot) {
    const { status, body } = await ask(phone, route, trial);
    expect([403, 404]).toContain(status);
    expect(CLOSED).toContain(body.code);
  }
});

it.each(routes)('T24: %s tells a child nothing of category, identity, card, telephone or full name', async (route, trial) => {
  const { may } = sides(trial);
  // Who logs out or leaves is needed no more.
  const askers = trial.to === 'own' ? [route.endsWith('log-out') ? await childPhone(city, world.elderId, ['meals']) : child('all')] : may;
  for (const phone of askers) {
    const { body } = await ask(phone, route, trial);
    if (trial.to !== 'own') expect(CLOSED).not.toContain(body.code);
    const text = JSON.stringify(body);
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
  }
});

it('all of it is open to the elder', async () => {
  for (const [route, trial] of ofElders.filter(([, { to }]) => to !== 'bound')) {
    const { body } = await ask(own, route, trial);
    expect([route, CLOSED.includes(body.code)]).toEqual([route, false]);
  }
});

it('a consent that ended yesterday is none', async () => {
  const late = await childPhone(city, world.elderId, KIN_RIGHTS);
  await city.rows(
    `INSERT INTO elder_consent (city_code, consent_id, elder_id, grantee, contact_id, version, scopes, until_date, given_on, given_how, notice, withdrawn, recorded_at, recorded_by)
     SELECT city_code, gen_random_uuid(), elder_id, grantee, contact_id, 2, scopes, '2024-12-02', '2024-12-01', given_how, notice, false, recorded_at, recorded_by FROM elder_consent WHERE contact_id = $1`, [late.contactId]);
  for (const [route, trial] of ofElders.filter(([, { to }]) => typeof to === 'object')) expect([route, (await ask(late, route, trial)).body.code]).toEqual([route, 'consent-missing']);
});
