import { Hand, refusal, StubHost } from '../../../test/support/elder-host.js';

const SELF = { elderId: 'e-1', name: '李秀英', self: true, relation: null, rights: ['meals', 'ordering', 'paying'] };
const MOTHER = { elderId: 'e-2', name: '王**', self: false, relation: 'child', rights: ['meals', 'ordering'] };
const BOOKING = { bookingId: 'b-1', siteId: 's-1', siteName: '幸福里食堂', mealDate: '2024-12-03', mealPeriod: 'lunch', items: [], way: 'dineIn', state: 'collected', number: 12, code: '', priceFen: 1500, closesAt: '2024-12-03T10:00:00+08:00', pay: 'atMeal', expectedFen: 0, payBy: null, paidFen: 0, refundFen: 0, keptFen: 0, reason: null };

function host(more: ConstructorParameters<typeof StubHost>[0] = {}, kin: readonly object[] = [SELF]): StubHost {
  const made = new StubHost({
    'POST /v1/mini/refresh': () => ({ accessToken: 'a', expiresIn: 900, refreshToken: 'r-1' }), 'GET /v1/mini/me': () => ({ account: { accountId: 'a-1', phone: null }, kin }),
    'GET /v1/mini/bookings': () => ({ items: [BOOKING] }), ...more,
  });
  made.keep('refresh-token', 'r-0');
  return made;
}

it('the history opens with the newest month that holds a meal, and offers the others', async () => {
  const phone = host({
    'GET /v1/mini/elders/e-1/recent': () => ({ lastSite: null, months: ['2024-10', '2024-07'] }),
    'GET /v1/mini/elders/e-1/statement': ({ path }) => ({ month: path.slice(-7), words: '', prepaidWords: null, items: [] }),
  });
  const hand = await Hand.at(phone, 'history');
  expect([phone.asked.at(-1)?.path.slice(-7), hand.buttons().includes('看下一个月')]).toEqual(['2024-10', true]);
  await hand.press('2024年7月');
  expect(phone.asked.at(-1)?.path.slice(-7)).toBe('2024-07');
  expect(phone.asked.filter(({ path }) => path.endsWith('/recent'))).toHaveLength(1);
});

it('a complaint is about the canteen of the last meal, or about another one', async () => {
  const phone = host({
    'GET /v1/mini/elders/e-1/recent': () => ({ lastSite: { siteId: 's-2', name: '和平路食堂', phone: '0635-2222222' }, months: [] }),
    'GET /v1/mini/sites': () => ({ items: [{ siteId: 's-1', name: '幸福里食堂' }, { siteId: 's-2', name: '和平路食堂' }] }),
    'GET /v1/mini/complaints': () => ({ items: [] }), 'POST /v1/mini/complaints': () => ({ complaintId: 'x-1', number: 7, dueAt: '' }),
  });
  const hand = await Hand.at(phone, 'complaint');
  expect(hand.words()).toContain('关于：和平路食堂');
  expect(hand.desk.helpers[0]).toMatchObject({ number: '0635-2222222' });
  await hand.press('换一家食堂');
  await hand.press('幸福里食堂');
  expect([hand.words().includes('关于：幸福里食堂'), hand.buttons().includes('换一家食堂')]).toEqual([true, true]);
  await hand.press('口味');
  await hand.press('交上去');
  expect(phone.sentTo('/v1/mini/complaints')).toMatchObject([{ siteId: 's-1' }]);
});

it('whom to call is where the elder eats for whom it is done, and not where another one does', async () => {
  const at = (siteName: string, sitePhone: string) => () => ({ items: [{ ...BOOKING, siteName, sitePhone }] });
  const phone = host({ 'GET /v1/mini/bookings': at('幸福里食堂', '0635-1111111') }, [SELF, MOTHER]);
  const hand = await Hand.at(phone, 'bookings');
  expect(hand.desk.helpers[0]?.number).toBe('0635-1111111');
  hand.desk.choose('e-2');
  expect(hand.desk.helpers.map(({ number }) => number)).not.toContain('0635-1111111');
  phone.routes['GET /v1/mini/bookings'] = at('和平路食堂', '0635-2222222');
  await hand.open('bookings');
  expect(hand.desk.helpers[0]?.number).toBe('0635-2222222');
});

it('who may no longer see meals begins with the canteen of the last booking', async () => {
  const phone = host({ 'GET /v1/mini/elders/e-1/recent': () => refusal(403, 'consent-missing', '没有同意'), 'GET /v1/mini/complaints': () => ({ items: [] }) });
  expect((await Hand.at(phone, 'complaint')).words()).toContain('关于：幸福里食堂');
});
