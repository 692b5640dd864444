import { Hand, refusal, StubHost } from '../../../test/support/elder-host.js';

const SELF = { elderId: 'e-1', name: '李秀英', called: null, self: true, relation: null, rights: ['meals', 'ordering', 'paying'] };
const BOOKING = {
  bookingId: 'b-1', siteId: 's-1', siteName: '幸福里食堂', sitePhone: '0635-1111111', mealDate: '2024-12-03', mealPeriod: 'lunch', items: [{ itemCode: 'set', name: '老年套餐', quantity: 1 }], way: 'dineIn', note: null,
  state: 'open', number: 12, channel: 'mini', byKin: false, code: 'YD-1', priceFen: 1500, closesAt: '2024-12-03T10:00:00+08:00', pay: 'atMeal', expectedFen: 0, payBy: null, paidFen: 0, refundFen: 0, keptFen: 0, reason: null,
};
const DUE = { ...BOOKING, pay: 'now', expectedFen: 700, payBy: '2024-12-03T09:15:00+08:00' };
const LUNCH = {
  mealPeriod: 'lunch', words: '午餐', beginsMinute: 660, endsMinute: 780, closesAt: '2024-12-03T10:00:00+08:00', closesWords: '可以订', isBookable: true, portionsLeft: null, leftWords: null,
  items: [{ itemCode: 'set', name: '老年套餐', dishes: [], marks: [], warning: null, priceFen: 1500, split: { selfPayFen: 700, words: '您付7元' } }],
};
const MENU = { siteId: 's-1', name: '幸福里食堂', phone: null, days: [{ date: '2024-12-03', words: '今天', isOpen: true, meals: [LUNCH] }, { date: '2024-12-04', words: '明天', isOpen: true, meals: [] }] };

function host(more: ConstructorParameters<typeof StubHost>[0] = {}, kin: readonly object[] = [SELF]): StubHost {
  const made = new StubHost({
    'POST /v1/mini/refresh': () => ({ accessToken: 'a', expiresIn: 900, refreshToken: 'r-1' }), 'GET /v1/mini/me': () => ({ account: { accountId: 'a-1', phone: null, phoneProven: false }, kin }),
    'GET /v1/mini/bookings': () => ({ items: [BOOKING] }), 'GET /v1/mini/sites/s-1/menu': () => MENU, ...more,
  });
  made.keep('refresh-token', 'r-0');
  return made;
}

describe('what is left empty or wrong', () => {
  it('is named before anybody is asked', async () => {
    const phone = host({}, []);
    const hand = await Hand.at(phone, 'home');
    hand.fill('助餐卡号', 'LC10000001');
    await hand.press('就是我，绑定');
    expect(hand.words()).toContain('没有办成：请填姓名。');
    expect(phone.sentTo('/v1/mini/bind-self')).toEqual([]);
  });

  it('is said field by field where the service finds it, without its name in the program', async () => {
    const phone = host({ 'POST /v1/mini/bind-self': () => ({ status: 400, body: { code: 'fields-wrong', title: '有字段填写不正确，请按 errors 中逐项的说明更正后重新提交。', errors: [{ field: 'bindingCode', message: '最多 20 个字' }] } }) }, []);
    const hand = await Hand.at(phone, 'home');
    await hand.press('我是老人，社区给了我绑定码');
    hand.fill('八位绑定码', '1');
    await hand.press('就是我，绑定');
    expect(hand.words()).toContain('没有办成：填的不对：最多 20 个字。请改一改再按。');
  });
});

describe('from where it does not go on', () => {
  it('leads to the booking that is there already, where it can be paid until it says', async () => {
    const phone = host({ 'GET /v1/mini/bookings': () => ({ items: [DUE] }), 'POST /v1/mini/bookings': () => refusal(409, 'booking-exists', '已有预订（12 号）') });
    const hand = await Hand.at(phone, 'order', { site: 's-1', date: '2024-12-03', period: 'lunch', item: 'set' });
    await hand.press('订好，现在付 7元');
    expect(await hand.follow()).toBe('booked');
    expect(hand.words()).toContain('还没有收到付款 7元。请在 12月3日 9:15 以前付，过了时间自动取消。');
    expect(hand.buttons()).toContain('付 7元');
  });

  it('leads to the next day once today is too late, and not before', async () => {
    const phone = host();
    expect((await Hand.at(phone, 'menu', { site: 's-1' })).buttons()).not.toContain('订明天的饭');
    await phone.wait(3_600_000);
    const hand = await Hand.at(phone, 'menu', { site: 's-1' });
    await hand.press('订明天的饭');
    expect(phone.went.at(-1)).toEqual({ page: 'menu', given: { site: 's-1', date: '2024-12-04' } });
  });

  it('leads from a notice to what it is about, for the elder whom it is about', async () => {
    const phone = host({ 'GET /v1/mini/notices': () => ({ nextCursor: null, items: [{ noticeId: 'n-1', kind: 'answered', elderId: 'e-2', text: '有答复', madeAt: '2024-12-03T09:00:00+08:00', read: true }] }) }, [SELF, { ...SELF, elderId: 'e-2', self: false }]);
    const hand = await Hand.at(phone, 'inbox');
    await hand.press('看答复');
    expect([phone.went.at(-1)?.page, hand.desk.elder?.elderId]).toEqual(['complaint', 'e-2']);
  });
});

describe('my bookings', () => {
  it('come the next meal first, say who booked them and whom to call, and what to do once it is too late', async () => {
    const phone = host({ 'GET /v1/mini/bookings': () => ({ items: [{ ...BOOKING, bookingId: 'b-2', mealDate: '2024-12-04', byKin: true, closesAt: '2024-12-04T10:00:00+08:00' }, { ...BOOKING, channel: 'telephone' }] }) });
    await phone.wait(3_600_000);
    const hand = await Hand.at(phone, 'bookings');
    const cards = hand.screen.view().blocks.flatMap((block) => (block.is === 'card' ? [block] : []));
    expect(cards.map(({ title }) => title)).toEqual(['12月3日 星期二 今天 午餐', '12月4日 星期三 明天 午餐']);
    expect(cards[0]?.lines).toEqual(expect.arrayContaining(['打电话请食堂订的', '过了改和取消的时间。要改、不吃了，请打电话给食堂。']));
    expect(cards[1]?.lines).toContain('家人帮着订的');
    expect(hand.buttons()).toContain('打电话：幸福里食堂');
  });

  it('speak of money that comes back only where some was paid', async () => {
    const phone = host({ 'GET /v1/mini/bookings': () => ({ items: [DUE] }) });
    const hand = await Hand.at(phone, 'bookings');
    await hand.press('取消这一餐');
    expect(phone.said.at(-1)).toBe('要取消这一餐吗？');
    phone.routes['GET /v1/mini/bookings'] = () => ({ items: [{ ...DUE, paidFen: 700 }] });
    await hand.open('bookings');
    await hand.press('取消这一餐');
    expect(phone.said.at(-1)).toBe('要取消这一餐吗？付了的钱会退回微信。');
  });
});

it('tells two elders of one surname apart by the word that the child has for each', async () => {
  const [mother, father] = ['妈妈', '爸爸'].map((called, at) => ({ ...SELF, elderId: `e-${at}`, name: '林**', called, self: false, relation: 'child' }));
  const hand = await Hand.at(host({}, [mother, father].map((one) => ({ ...one }))), 'home');
  expect(hand.buttons().slice(0, 2)).toEqual(['林**（妈妈）', '林**（爸爸）']);
  expect((await Hand.at(host({}, [{ ...mother }]), 'home')).words()).toContain('正在帮 林** 办。');
});
