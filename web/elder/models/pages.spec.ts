import { Hand, refusal, settle, StubHost } from '../../../test/support/elder-host.js';
import { totp } from '../../../src/till/domain/totp.js';

const SELF = { elderId: 'e-1', name: '李秀英', self: true, relation: null, rights: ['meals', 'ordering', 'paying'] };
const MOTHER = { elderId: 'e-2', name: '王**', self: false, relation: 'child', rights: ['meals', 'ordering'] };
const BOOKING = {
  bookingId: 'b-1', siteId: 's-1', siteName: '幸福里食堂', mealDate: '2024-12-03', mealPeriod: 'lunch', items: [{ itemCode: 'set', name: '老年套餐', quantity: 1 }], way: 'dineIn', note: null, state: 'open',
  number: 12, code: 'YD-1203-0012-KTRMX', priceFen: 1500, closesAt: '2024-12-03T10:00:00+08:00', pay: 'atMeal', expectedFen: 0, payBy: null, paidFen: 0, refundFen: 0, keptFen: 0, reason: null,
};
const MEAL = {
  tapId: 't-1', dayWords: '12月2日 星期一', time: '11:42', mealPeriod: 'lunch', siteId: 's-1', siteName: '幸福里食堂', itemsWords: '老年套餐 1 份', standing: 'standing', selfPayFen: 700,
  words: '原价15元，市补5元，区补3元，您付7元', note: null,
};

function host(more: ConstructorParameters<typeof StubHost>[0] = {}, kin: readonly object[] = [SELF]): StubHost {
  const made = new StubHost({
    'POST /v1/mini/refresh': () => ({ accessToken: 'a', expiresIn: 900, refreshToken: 'r-1' }),
    'GET /v1/mini/me': () => ({ account: { accountId: 'a-1', phone: null }, kin }),
    'GET /v1/mini/bookings': () => ({ items: [BOOKING] }),
    ...more,
  });
  made.keep('refresh-token', 'r-0');
  return made;
}

describe('the code', () => {
  const SECRET = Buffer.from('12345678901234567890');
  const online = {
    'POST /v1/mini/elders/e-1/code': () => ({ text: 'YM1ABC', digits: '123456789', expiresAt: '2024-12-03T09:01:00+08:00', nextAfter: 40 }),
    'POST /v1/mini/elders/e-1/offline-code': () => ({ secret: SECRET.toString('base64url'), locator: 123456789, stepSeconds: 30, serverTime: '2024-12-03T09:00:05+08:00' }),
  };
  const shown = (hand: Hand): string | undefined => {
    const block = hand.screen.view().blocks.find(({ is }) => is === 'code');
    return block?.is === 'code' ? block.text : undefined;
  };

  it('renews itself before it ends, and stops when the page is left', async () => {
    let count = 0;
    const phone = host({ ...online, 'POST /v1/mini/elders/e-1/code': () => ({ text: `YM1${count += 1}`, digits: '123456789', expiresAt: '', nextAfter: 40 }) });
    const hand = await Hand.at(phone, 'code');
    expect([shown(hand), hand.words().includes('1234 5678 9')]).toEqual(['YM11', true]);
    await phone.wait(39_000);
    expect(shown(hand)).toBe('YM11');
    await phone.wait(1_000);
    expect(shown(hand)).toBe('YM12');
    hand.screen.close();
    await phone.wait(100_000);
    expect(count).toBe(2);
  });

  it('is worked out by the telephone where there is no network, by the service\'s clock', async () => {
    const phone = host(online);
    const hand = await Hand.at(phone, 'code');
    await settle();
    phone.routes['POST /v1/mini/elders/e-1/code'] = () => { throw new Error('away'); };
    await phone.wait(40_000);
    const step = Math.floor(Date.parse('2024-12-03T09:00:45+08:00') / 30_000);
    expect(shown(hand)).toBe(`YM2123456789${totp(SECRET, step)}`);
    expect(hand.words()).toContain('现在没有网，这个码照样能用');
    await phone.wait(15_000);
    expect(shown(hand)).toBe(`YM2123456789${totp(SECRET, step + 1)}`);
  });

  it('shows no old code where none can be had, and says what to do', async () => {
    const phone = host({ 'POST /v1/mini/elders/e-1/code': () => refusal(409, 'code-without-card', '没有能用的助餐卡，请先到社区办卡。') });
    const hand = await Hand.at(phone, 'code');
    expect(shown(hand)).toBeUndefined();
    expect(hand.words()).toContain('请先到社区办卡');
    expect(hand.words()).toContain('着急就刷助餐卡');
  });

  it('keeps the secret of one elder for that elder alone, and forgets it with the log-in', async () => {
    const phone = host({ ...online, 'POST /v1/mini/elders/e-2/code': () => { throw new Error('away'); }, 'POST /v1/mini/log-out': () => ({}) }, [SELF, MOTHER]);
    const hand = await Hand.at(phone, 'code');
    await settle();
    expect(phone.kept('offline-code')).not.toContain('李');
    hand.desk.choose('e-2');
    await hand.open('code');
    expect(shown(hand)).toBeUndefined();
    await hand.desk.logOut();
    expect([...phone.storage]).toEqual([]);
  });
});

describe('bookings', () => {
  it('are cancelled after a second question, under the words for both answers', async () => {
    const phone = host({ 'POST /v1/mini/bookings/b-1/cancel': () => ({ bookingId: 'b-1', refundFen: 0 }) });
    const hand = await Hand.at(phone, 'bookings');
    expect(hand.words()).toContain('12月3日 星期二 今天 午餐\n取餐号 12 号\n老年套餐 1 份\n幸福里食堂，在食堂吃\n吃饭时付钱。原价 15元，补贴当时减掉。');
    await hand.press('取消这一餐');
    expect(phone.said.at(-1)).toContain('要取消这一餐吗');
    await hand.press('不取消，留着');
    await hand.press('取消这一餐');
    expect(phone.sentTo('/v1/mini/bookings/b-1/cancel')).toHaveLength(0);
    await hand.press('是的，取消这一餐');
    expect(phone.sentTo('/v1/mini/bookings/b-1/cancel')).toHaveLength(1);
  });

  it('change their way with the same dishes until the cut-off, and not after it', async () => {
    const phone = host({ 'POST /v1/mini/bookings/b-1/change': () => ({}) });
    const hand = await Hand.at(phone, 'bookings');
    await hand.press('改成送到家');
    expect(phone.sentTo('/v1/mini/bookings/b-1/change')).toEqual([{ id: expect.any(String) as string, items: [{ itemCode: 'set', quantity: 1 }], way: 'deliver' }]);
    await phone.wait(3_600_000);
    await hand.open('bookings');
    expect(hand.buttons()).not.toContain('改成送到家');
    expect(hand.buttons()).not.toContain('取消这一餐');
  });

  it('say what became of the money', async () => {
    const phone = host({ 'GET /v1/mini/bookings': () => ({ items: [
      { ...BOOKING, bookingId: 'b-2', state: 'cancelled', paidFen: 700, refundFen: 700 }, { ...BOOKING, bookingId: 'b-3', state: 'noShow', paidFen: 700, refundFen: 300, keptFen: 400 },
      { ...BOOKING, bookingId: 'b-4', state: 'cancelled', pay: 'now', reason: 'unpaid' },
    ] }) });
    const words = (await Hand.at(phone, 'bookings')).words();
    for (const sentence of ['付的 7元 里，退回微信 7元', '按规定留下 4元，退回微信 3元', '没有付款，到时间自动取消了']) expect(words).toContain(sentence);
  });
});

it('orders the same for every workday from the next day on, and stops it by one touch', async () => {
  let items: object[] = [];
  const order = { standingId: 'o-1', siteId: 's-1', siteName: '幸福里食堂', mealPeriod: 'lunch', weekdays: ['workdays'], way: 'dineIn', until: '2025-03-04', state: 'standing', byStaff: false, days: [] };
  const phone = host({
    'GET /v1/mini/standing-orders': () => ({ items }), 'POST /v1/mini/standing-orders': () => ((items = [order]), {}),
    'POST /v1/mini/standing-orders/o-1/end': () => ((items = [{ ...order, state: 'ended' }]), {}),
  });
  const hand = await Hand.at(phone, 'booked', { booking: 'b-1' });
  await hand.press('以后工作日都订这一份');
  await hand.follow();
  expect(hand.words()).toContain('12月4日 星期三 明天起，每个工作日午餐都订老年套餐，在食堂吃，吃饭时付钱。');
  await hand.press('好，工作日都订');
  expect(phone.sentTo('/v1/mini/standing-orders')).toEqual([{
    id: expect.any(String) as string, elderId: 'e-1', siteId: 's-1', mealPeriod: 'lunch', weekdays: ['workdays'], items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', from: '2024-12-04', until: '2025-03-04',
  }]);
  expect(hand.buttons()).not.toContain('好，工作日都订');
  expect(hand.words()).not.toContain('打电话请工作人员订的');
  items = [{ ...order, byStaff: true }];
  expect((await Hand.at(phone, 'standing')).words()).toContain('打电话请工作人员订的');
  await hand.press('停掉午餐');
  expect(hand.words()).toContain('现在没有工作日都订的饭。');
});

describe('the family', () => {
  const SON = { contactId: 'c-1', name: '李**', phone: '138****1234', relation: 'child', bound: true, rights: ['meals'], until: '2025-12-03' };
  const kin = { 'GET /v1/mini/elders/e-1/kin': () => ({ items: [SON], notice: { version: '1', text: '您同意后，这位家人可以看。' } }) };

  it('is given each right apart, for a year, and loses all by one touch', async () => {
    const phone = host({ ...kin, 'POST /v1/mini/elders/e-1/kin/c-1/consent': () => ({}), 'POST /v1/mini/elders/e-1/kin/c-1/withdraw': () => ({}) });
    const hand = await Hand.at(phone, 'family');
    expect(hand.words()).toContain('李**（子女）\n看我吃的饭和账单：同意了\n帮我订饭：没有同意\n帮我付钱：没有同意\n到 2025年12月3日 为止');
    expect(hand.words()).toContain('您同意后，这位家人可以看。');
    await hand.press('同意李**帮我订饭');
    expect(phone.sentTo('/v1/mini/elders/e-1/kin/c-1/consent')).toEqual([{ id: expect.any(String) as string, scopes: ['meals', 'ordering'], until: '2025-12-03' }]);
    await hand.press('全部收回，不再绑定李**');
    expect(phone.sentTo('/v1/mini/elders/e-1/kin/c-1/withdraw')).toHaveLength(1);
  });

  it('is told until when before the press, and chooses how long', async () => {
    const phone = host({ ...kin, 'POST /v1/mini/elders/e-1/kin/c-1/consent': () => ({}) });
    const hand = await Hand.at(phone, 'family');
    expect(hand.words()).toContain('按“同意”的，到 2025年12月3日 为止');
    await hand.press('三个月');
    expect(hand.words()).toContain('按“同意”的，到 2025年3月4日 为止');
    await hand.press('同意李**帮我付钱');
    expect(phone.sentTo('/v1/mini/elders/e-1/kin/c-1/consent')).toMatchObject([{ scopes: ['meals', 'paying'], until: '2025-03-04' }]);
  });

  it('loses one right without the others being renewed', async () => {
    const phone = host({ ...kin, 'GET /v1/mini/elders/e-1/kin': () => ({ items: [{ ...SON, rights: ['meals', 'ordering'], until: '2025-01-15' }], notice: { version: '1', text: '' } }), 'POST /v1/mini/elders/e-1/kin/c-1/consent': () => ({}) });
    const hand = await Hand.at(phone, 'family');
    await hand.press('不再让李**帮我订饭');
    expect(phone.sentTo('/v1/mini/elders/e-1/kin/c-1/consent')).toMatchObject([{ scopes: ['meals'], until: '2025-01-15' }]);
  });

  it('may lose a right also where paper gave it for longer than a telephone can', async () => {
    const phone = host({ ...kin, 'GET /v1/mini/elders/e-1/kin': () => ({ items: [{ ...SON, rights: ['meals', 'ordering'], until: '2099-12-31' }], notice: { version: '1', text: '' } }), 'POST /v1/mini/elders/e-1/kin/c-1/consent': () => ({}) });
    const hand = await Hand.at(phone, 'family');
    await hand.press('不再让李**帮我订饭');
    expect(phone.sentTo('/v1/mini/elders/e-1/kin/c-1/consent')).toMatchObject([{ scopes: ['meals'], until: '2027-12-03' }]);
  });

  it('is let go by one touch also where nothing was ever agreed to', async () => {
    const phone = host({ ...kin, 'GET /v1/mini/elders/e-1/kin': () => ({ items: [{ ...SON, rights: [], until: null }], notice: { version: '1', text: '' } }), 'POST /v1/mini/elders/e-1/kin/c-1/withdraw': () => ({}) });
    const hand = await Hand.at(phone, 'family');
    await hand.press('不再绑定李**');
    expect(phone.sentTo('/v1/mini/elders/e-1/kin/c-1/withdraw')).toHaveLength(1);
  });

  it('gets a code that is shown large and read out digit by digit', async () => {
    const phone = host({ ...kin, 'POST /v1/mini/elders/e-1/binding-code': () => ({ code: '12345678', expiresAt: '2024-12-03T09:10:00+08:00' }) });
    const hand = await Hand.at(phone, 'family');
    await hand.press('给家人一个绑定码');
    expect(hand.words()).toContain('把这个绑定码告诉家人\n12345678');
    expect(phone.said.at(-1)).toBe('绑定码是 1 2 3 4 5 6 7 8');
  });

  it('sees what it may do, and no more of the elder than that', async () => {
    const hand = await Hand.at(host({}, [MOTHER]), 'family');
    expect(hand.words()).toContain('王** 现在让您：看老人吃的饭和账单、帮老人订饭。');
    expect(hand.buttons()).not.toContain('给家人一个绑定码');
  });
});

describe('after the meal', () => {
  it('says what it cost in plain words, month by month', async () => {
    const phone = host({ 'GET /v1/mini/elders/e-1/statement': ({ path }) => ({ month: path.slice(-7), words: '12月用餐1次，原价15元，市补5元，区补3元，您付7元。', prepaidWords: '预付余额12.5元，钱存在聊城银行。', items: [MEAL] }) });
    const hand = await Hand.at(phone, 'history');
    expect(hand.words()).toContain('12月2日 星期一 午餐\n您付了 7元\n11:42 幸福里食堂\n老年套餐 1 份\n原价15元，市补5元，区补3元，您付7元');
    expect(hand.words()).toContain('预付余额12.5元，钱存在聊城银行。');
    await hand.press('看上一个月');
    expect(phone.asked.at(-1)?.path).toBe('/v1/mini/elders/e-1/statement?month=2024-11');
    expect(hand.buttons()).toContain('看下一个月');
  });

  it('is rated by two touches, with reasons that fit', async () => {
    const phone = host({ 'GET /v1/mini/meals/t-1/rating': () => ({ rating: null, mayRate: true }), 'POST /v1/mini/meals/t-1/rating': () => ({}) });
    const hand = await Hand.at(phone, 'rate', { tap: 't-1' });
    await hand.press('很满意');
    await hand.press('好吃');
    await hand.press('不满意');
    await hand.press('太咸');
    await hand.press('就这样评');
    expect(phone.sentTo('/v1/mini/meals/t-1/rating')).toEqual([{ id: expect.any(String) as string, stars: 2, words: ['tooSalty'], dishes: [] }]);
    expect(hand.words()).toContain('记下了，谢谢您。');
  });

  it('is complained of with a number for the answer, and once more where that does not do', async () => {
    let state = 'answered';
    const phone = host({
      'GET /v1/mini/complaints': () => ({ items: [] }), 'POST /v1/mini/complaints': () => ({ complaintId: 'x-1', number: 7, dueAt: '2024-12-10T09:00:00+08:00' }),
      'GET /v1/mini/complaints/x-1': () => ({ complaint: { complaintId: 'x-1', number: 7, siteName: '幸福里食堂', category: 'money', state, dueAt: '' }, steps: [{ kind: 'made', text: '多收了', madeAt: '2024-12-03T09:00:00+08:00' }] }),
      'POST /v1/mini/complaints/x-1/object': () => ((state = 'open'), {}),
    });
    const hand = await Hand.at(phone, 'complaint', { tap: 't-1', site: 's-1', name: '幸福里食堂' });
    await hand.press('钱不对');
    hand.fill('怎么回事', ' 多收了 ');
    await hand.press('交上去');
    expect(phone.sentTo('/v1/mini/complaints')).toEqual([{ id: expect.any(String) as string, elderId: 'e-1', siteId: 's-1', category: 'money', text: '多收了', tapId: 't-1' }]);
    expect(hand.words()).toContain('收到了，7 号。');
    await hand.open('answer', { complaint: 'x-1' });
    await hand.press('不满意，请上级再办');
    expect(hand.buttons()).not.toContain('满意');
  });

  it('marks what was read', async () => {
    const phone = host({ 'GET /v1/mini/notices': () => ({ items: [{ noticeId: 'n-1', text: '妈妈 11:42 在幸福里食堂用餐了', madeAt: '2024-12-03T11:42:00+08:00', read: false }] }), 'POST /v1/mini/notices/read': () => ({}) });
    const hand = await Hand.at(phone, 'inbox');
    expect(hand.words()).toContain('妈妈 11:42 在幸福里食堂用餐了\n12月3日 11:42');
    expect(phone.sentTo('/v1/mini/notices/read')).toEqual([{ noticeIds: ['n-1'] }]);
  });
});

describe('messages of WeChat', () => {
  const templates = { 'GET /v1/mini/notices/templates': () => ({ items: [
    { kind: 'ate', templateId: 'meal' }, { kind: 'booked', templateId: 'booking' }, { kind: 'cancelled', templateId: 'booking' }, { kind: 'answered', templateId: 'answer' }, { kind: 'family', templateId: 'family' },
  ] }), 'POST /v1/mini/notices/permits': () => ({ items: [] }) };
  const pages = { 'GET /v1/mini/notices': () => ({ items: [] }), 'GET /v1/mini/elders/e-1/kin': () => ({ items: [], notice: { version: '1', text: '' } }) };
  const WORDS = '有通知微信告诉我一声';
  /** WeChat, where some templates are allowed. */
  const allowing = (phone: StubHost, ...allowed: string[]): string[][] => {
    const asked: string[][] = [];
    phone.askLeave = async (ids) => {
      asked.push([...ids]);
      return allowed;
    };
    return asked;
  };

  it('are asked leave for by one touch, at most three at once, one kind of each template, and what was allowed is reported', async () => {
    const phone = host({ ...templates, ...pages });
    const asked = allowing(phone, 'answer', 'booking');
    for (const [page, given] of [['booked', { booking: 'b-1' }], ['inbox', {}], ['family', {}]] as const) expect((await Hand.at(phone, page, given)).buttons()).toContain(WORDS);
    expect(asked).toEqual([]);
    const hand = await Hand.at(phone, 'inbox');
    await hand.press(WORDS);
    expect(asked).toEqual([['booking', 'answer', 'family']]);
    expect(phone.sentTo('/v1/mini/notices/permits')).toEqual([{ id: expect.any(String) as string, kinds: ['cancelled', 'answered'] }]);
    expect(phone.said.at(-1)).toBe('记下了，下一次有通知，微信告诉您。');
    expect(hand.words()).toContain('记下了，下一次有通知，微信告诉您。');
    const kin = host({ ...templates, ...pages }, [MOTHER]);
    const first = allowing(kin);
    await (await Hand.at(kin, 'inbox')).press(WORDS);
    expect(first).toEqual([['meal', 'family', 'booking']]);
  });

  it('are asked for within the touch itself, and not again where only the report was lost', async () => {
    let lost = true;
    const phone = host({ ...templates, ...pages, 'POST /v1/mini/notices/permits': () => {
      if (lost) throw new Error('lost');
      return { items: [] };
    } });
    const asked = allowing(phone, 'answer');
    const hand = await Hand.at(phone, 'inbox');
    const pressed = hand.press(WORDS);
    expect(asked).toHaveLength(1);
    await pressed;
    expect(hand.words()).toContain('没有办成');
    lost = false;
    await hand.press(WORDS);
    expect(asked).toHaveLength(1);
    const [first, second] = phone.sentTo('/v1/mini/notices/permits');
    expect(second).toEqual(first);
  });

  it('are left alone where nothing is allowed, where there is no WeChat, and where the city has none', async () => {
    const phone = host({ ...templates, ...pages });
    allowing(phone);
    const hand = await Hand.at(phone, 'inbox');
    await hand.press(WORDS);
    expect(phone.sentTo('/v1/mini/notices/permits')).toEqual([]);
    expect(phone.said.at(-1)).toContain('在“通知”里都能看到');
    const browser = host({ ...templates, ...pages });
    expect((await Hand.at(browser, 'inbox')).buttons()).not.toContain(WORDS);
    expect(browser.asked.some(({ path }) => path.includes('templates'))).toBe(false);
    const none = host(pages);
    allowing(none);
    const still = await Hand.at(none, 'inbox');
    expect(still.buttons()).not.toContain(WORDS);
    expect(still.words()).not.toContain('没有办成');
  });
});

describe('the pass for a till without a network', () => {
  const sites = [
    { siteId: 's-2', name: '西关食堂', address: '西关街2号', phone: null, isOpen: true, hours: [], distanceWords: '500米' }, { siteId: 's-3', name: '歇业食堂', address: '', phone: null, isOpen: false, hours: [], distanceWords: null },
    { siteId: 's-1', name: '幸福里食堂', address: '', phone: null, isOpen: true, hours: [], distanceWords: '2公里' },
  ];
  const routes = { 'GET /v1/mini/sites': () => ({ items: sites }), 'POST /v1/mini/elders/e-1/pass': () => ({ text: 'xf1.body.signature', expiresAt: '2024-12-03T21:00:00+08:00' }) };
  const drawn = (hand: Hand): object | undefined => hand.screen.view().blocks.find(({ is }) => is === 'code');
  const canteens = (hand: Hand): string[] => hand.buttons().filter((words) => words.endsWith('食堂'));

  it('is taken for the canteen of the last booking or a near one, drawn finely, and says what it is good for', async () => {
    const phone = host({ ...routes, 'POST /v1/mini/elders/e-1/code': () => ({ text: 'YM1ABC', digits: '123456789', expiresAt: '', nextAfter: 40 }) });
    const hand = await Hand.at(phone, 'code');
    await hand.press('食堂断网时用的码');
    await hand.follow();
    expect(hand.words()).toContain('只能吃一餐，只能在选的这家食堂用，只在今天有效。');
    expect(canteens(hand)).toEqual(['幸福里食堂', '西关食堂']);
    phone.place = { latitude: 36.4, longitude: 115.9 };
    await hand.press('按离我近的排');
    expect(canteens(hand)).toEqual(['西关食堂', '幸福里食堂']);
    await hand.press('幸福里食堂');
    expect(phone.sentTo('/v1/mini/elders/e-1/pass')).toEqual([{ id: expect.any(String) as string, siteId: 's-1' }]);
    expect(drawn(hand)).toMatchObject({ text: 'xf1.body.signature', fine: true });
    expect(hand.words()).toContain('只能吃一餐，只能在幸福里食堂用，12月3日 21:00 以前有效。');
  });

  it('stays while the telephone is put away, needs no network then, and is gone with its end, the elder and the log-in', async () => {
    const phone = host({ ...routes, 'POST /v1/mini/log-out': () => ({}) }, [SELF, MOTHER]);
    const hand = await Hand.at(phone, 'pass');
    await hand.press('幸福里食堂');
    const before = [...phone.storage.keys()];
    phone.routes['GET /v1/mini/sites'] = () => { throw new Error('away'); };
    await hand.open('pass');
    expect(drawn(hand)).toMatchObject({ text: 'xf1.body.signature' });
    expect(hand.words()).not.toContain('没有办成');
    expect(before).toEqual(['refresh-token']);
    hand.desk.choose('e-2');
    await hand.open('pass');
    expect(drawn(hand)).toBeUndefined();
    hand.desk.choose('e-1');
    await hand.open('pass');
    expect(drawn(hand)).toBeDefined();
    await phone.wait(12 * 3_600_000);
    expect(drawn(hand)).toBeUndefined();
    hand.desk.hold({ elderId: 'e-1', siteName: '幸福里食堂', text: 'xf1', expiresAt: '2024-12-04T21:00:00+08:00' });
    await hand.desk.logOut();
    expect(hand.desk.passOf('e-1')).toBeNull();
  });

  it('is another one for another canteen, and for nobody who may not order', async () => {
    const phone = host(routes);
    const hand = await Hand.at(phone, 'pass');
    await hand.press('幸福里食堂');
    await hand.press('换一家食堂');
    await hand.press('西关食堂');
    const [first, second] = phone.sentTo('/v1/mini/elders/e-1/pass');
    expect([first?.['siteId'], second?.['siteId'], first?.['id'] === second?.['id']]).toEqual(['s-1', 's-2', false]);
    expect(hand.words()).toContain('只能在西关食堂用');
    const child = await Hand.at(host(routes, [{ ...MOTHER, rights: ['meals'] }]), 'pass');
    expect(child.words()).toContain('还没有同意您帮着订饭');
  });
});
