import { Hand, refusal, settle, StubHost } from '../../../test/support/elder-host.js';
import { SCALES } from './desk.js';

const SELF = { elderId: 'e-1', name: '李秀英', self: true, rights: ['meals', 'ordering', 'paying'] };
const TOKENS = { accessToken: 'access-1', expiresIn: 900, refreshToken: 'refresh-1' };
const ME = { account: { accountId: 'a-1', phone: null }, kin: [SELF] };
const SPLIT = { selfPayFen: 700, words: '原价15元，市补5元，区补3元，您付7元' };
const LUNCH = {
  mealPeriod: 'lunch', words: '午餐', beginsMinute: 660, endsMinute: 780, closesAt: '2024-12-03T10:00:00+08:00', closesWords: '请在12月3日 星期二 今天 10:00前预订', isBookable: true,
  portionsLeft: 3, leftWords: '还剩3份', items: [{ itemCode: 'set', name: '老年套餐', dishes: ['红烧肉', '炒青菜'], marks: ['少盐'], warning: '含花生', priceFen: 1500, split: SPLIT }],
};
const MENU = { siteId: 's-1', name: '幸福里食堂', phone: '0635-1111111', days: [
  { date: '2024-12-03', words: '12月3日 星期二 今天', isOpen: true, meals: [LUNCH] }, { date: '2024-12-04', words: '12月4日 星期三 明天', isOpen: true, meals: [] },
] };
const BOOKING = {
  bookingId: 'b-1', siteId: 's-1', siteName: '幸福里食堂', mealDate: '2024-12-03', mealPeriod: 'lunch', items: [{ itemCode: 'set', name: '老年套餐', quantity: 1 }], way: 'dineIn', state: 'open',
  number: 12, code: 'YD-1203-0012-KTRMX', priceFen: 1500, closesAt: '2024-12-03T10:00:00+08:00', pay: 'now', expectedFen: 700, payBy: '2024-12-03T09:15:00+08:00', paidFen: 0, refundFen: 0,
  keptFen: 0, reason: null, note: null,
};
const SHEET = { appId: 'wx1', timeStamp: '1', nonceStr: 'n', package: 'prepay_id=p-1', signType: 'RSA', paySign: 's' };

type Routes = ConstructorParameters<typeof StubHost>[0];

function host(more: Routes = {}): StubHost {
  const made = new StubHost({
    'GET /v1/public/cities': () => ({ items: [{ cityCode: '371500', name: '聊城市' }] }),
    'POST /v1/mini/log-in': () => ({ ...TOKENS, ...ME }),
    'POST /v1/mini/refresh': () => ({ ...TOKENS, accessToken: 'access-2', refreshToken: 'refresh-2' }),
    'GET /v1/mini/me': () => ME,
    'GET /v1/mini/sites': () => ({ items: [{ siteId: 's-1', name: '幸福里食堂', address: '幸福路1号', phone: '0635-1111111', isOpen: true, hours: [], distanceWords: null }] }),
    'GET /v1/mini/sites/s-1/menu': () => MENU,
    'GET /v1/mini/bookings': () => ({ items: [] }),
    ...more,
  });
  made.keep('refresh-token', 'refresh-0');
  return made;
}

describe('who is here', () => {
  it('logs in with WeChat by one touch, and keeps nothing but the refresh token', async () => {
    const phone = host();
    phone.keep('refresh-token', null);
    const hand = await Hand.at(phone);
    await hand.press('微信登录');
    expect(phone.sentTo('/v1/mini/log-in')).toEqual([{ cityCode: '371500', code: 'login-code' }]);
    expect(hand.desk.state).toBe('in');
    expect([...phone.storage]).toEqual([['refresh-token', 'refresh-1']]);
  });

  it('goes on where it was left, with one renewal for all who ask at once', async () => {
    const phone = host();
    const hand = await Hand.at(phone, 'home');
    expect(hand.words()).toContain('李秀英，您好。');
    await phone.wait(900_000);
    await Promise.all([1, 2, 3].map(() => hand.desk.service.ask('GET', '/v1/mini/me')));
    expect(phone.sentTo('/v1/mini/refresh')).toEqual([{ refreshToken: 'refresh-0' }, { refreshToken: 'refresh-2' }]);
  });

  it('asks the same again where the answer to a renewal was lost', async () => {
    let lost = 1;
    const phone = host({ 'POST /v1/mini/refresh': () => {
      if (lost-- > 0) throw new Error('lost');
      return { ...TOKENS, refreshToken: 'refresh-2' };
    } });
    await Hand.at(phone);
    expect(phone.sentTo('/v1/mini/refresh')).toEqual([{ refreshToken: 'refresh-0' }, { refreshToken: 'refresh-0' }]);
    expect(phone.kept('refresh-token')).toBe('refresh-2');
  });

  it('takes a fresh token where the service does not know the old one, and asks for the log-in where the session has ended', async () => {
    let known = false;
    const phone = host({ 'GET /v1/mini/me': () => (known ? ME : refusal(401, 'log-in-needed', '请先登录。')) });
    const first = Hand.at(phone);
    await settle();
    await first;
    expect(phone.sentTo('/v1/mini/refresh')).toHaveLength(2);
    expect(phone.kept('refresh-token')).toBeNull();
    known = true;
    const ended = host({ 'POST /v1/mini/refresh': () => refusal(401, 'mini-session-ended', '登录已经过期，请重新登录。') });
    const hand = await Hand.at(ended);
    expect(hand.desk.state).toBe('out');
    expect(hand.words()).toContain('请重新登录');
    expect(hand.buttons()).toContain('微信登录');
  });

  it('keeps the session when the service is only away', async () => {
    const phone = host({ 'POST /v1/mini/refresh': () => { throw new Error('away'); } });
    const hand = await Hand.at(phone);
    expect(phone.kept('refresh-token')).toBe('refresh-0');
    expect(hand.words()).toContain('连不上网络');
    expect(hand.buttons()).toContain('再试一次');
  });

  it('waits a moment for a service that is busy before it shows a log-in', async () => {
    let busy = 2;
    const hand = await Hand.at(host({ 'GET /v1/mini/me': () => ((busy -= 1) >= 0 ? refusal(503, 'busy', '系统暂时繁忙，数据没有丢失，请稍候用同一编号重试。') : ME) }));
    expect(hand.words()).toContain('李秀英，您好。');
  });

  it('binds the elder by card and name, a child by the code of the parent, and says in the service\'s words why not', async () => {
    let kin: object[] = [];
    const phone = host({ 'GET /v1/mini/me': () => ({ ...ME, kin }), 'POST /v1/mini/bind-self': ({ body }) => {
      if ((body as { name: string }).name !== '李秀英') return refusal(422, 'mini-card-unknown', '卡号和姓名对不上，请对照卡片再填一次，或到食堂、社区办理。');
      kin = [SELF];
      return {};
    } });
    const hand = await Hand.at(phone, 'home');
    expect(hand.words()).toContain('这是谁的手机？');
    hand.fill('助餐卡号', ' lc10000001 ');
    hand.fill('姓名', '李秀');
    await hand.press('就是我，绑定');
    expect(hand.words()).toContain('没有办成：卡号和姓名对不上');
    hand.fill('姓名', '李秀英');
    await hand.press('就是我，绑定');
    const [wrong, right] = phone.sentTo('/v1/mini/bind-self');
    expect(right).toEqual({ id: expect.any(String) as string, cardNumber: 'LC10000001', name: '李秀英' });
    expect(wrong?.['id']).not.toBe(right?.['id']);
    expect(await hand.follow()).toBe('home');
    expect(hand.words()).toContain('李秀英，您好。');
  });
});

describe('booking a meal', () => {
  it('takes two steps from the menu to the payment, and says who pays how much', async () => {
    const phone = host({ 'POST /v1/mini/bookings': () => ({ bookingId: 'b-1', expectedSelfPayFen: 700, payment: SHEET }) });
    const hand = await Hand.at(phone, 'menu');
    expect(hand.words()).toContain('您付 7元\n原价15元，市补5元，区补3元，您付7元\n有：红烧肉、炒青菜\n少盐\n注意：含花生');
    expect(hand.words()).toContain('请在12月3日 星期二 今天 10:00前预订，还剩3份。');
    await hand.press('订这份 老年套餐');
    await hand.follow();
    expect(phone.said.at(-1)).toBe('您订 12月3日 星期二 今天 午餐，老年套餐一份。您付 7元。');
    await hand.press('订好，现在付 7元');
    expect(phone.paid).toEqual([SHEET]);
    expect(phone.sentTo('/v1/mini/bookings')).toEqual([{
      id: expect.any(String) as string, elderId: 'e-1', siteId: 's-1', mealDate: '2024-12-03', mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', pay: 'now',
    }]);
    expect(phone.went.at(-1)).toEqual({ page: 'booked', given: { booking: 'b-1' } });
  });

  it('sends the same booking under the same id after a lost answer, and another one under another', async () => {
    let lost = true;
    const phone = host({ 'POST /v1/mini/bookings': () => {
      if (lost) throw new Error('lost');
      return refusal(409, 'booking-sold-out', '这一餐不够订了（还剩 0 份），没有订上；请减少份数、换一餐或换一家，也可以打食堂电话问一问。');
    } });
    const hand = await Hand.at(phone, 'order', { site: 's-1', date: '2024-12-03', period: 'lunch', item: 'set' });
    await hand.press('订好，吃饭时再付');
    expect(hand.words()).toContain('不会重复办理');
    lost = false;
    await hand.press('订好，吃饭时再付');
    expect(hand.words()).toContain('没有订上');
    await hand.press('自己来取');
    await hand.press('订好，吃饭时再付');
    const ids = phone.sentTo('/v1/mini/bookings').map((body) => body['id']);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[1]);
    expect(phone.went).toEqual([]);
  });

  it('offers no booking a second after the cut-off, and says whom to call', async () => {
    const phone = host();
    await phone.wait(3_600_000 - 1_000);
    const before = await Hand.at(phone, 'menu');
    expect(before.buttons()).toContain('订这份 老年套餐');
    await phone.wait(1_000);
    const after = await Hand.at(phone, 'menu');
    expect(after.buttons()).not.toContain('订这份 老年套餐');
    expect(after.words()).toContain('已经过了订饭时间。请打电话给食堂商量');
    await after.press('打电话：幸福里食堂');
    expect(phone.called).toEqual(['0635-1111111']);
  });

  it('waits for what WeChat says of the payment, and stops when the page is left', async () => {
    let paidFen = 0;
    const phone = host({ 'GET /v1/mini/bookings': () => ({ items: [{ ...BOOKING, paidFen }] }) });
    const hand = await Hand.at(phone, 'booked', { booking: 'b-1' });
    expect(hand.words()).toContain('还没有收到付款 7元。');
    await phone.wait(2_000);
    paidFen = 700;
    await phone.wait(2_000);
    expect(hand.words()).toContain('订好了。取餐号 12 号。已经付了 7元，多了退，少了吃饭时补。');
    expect(phone.said.at(-1)).toBe('订好了。取餐号 12 号。已经付了 7元，多了退，少了吃饭时补。');
    expect(phone.timers.some(({ on }) => on)).toBe(false);
  });

  it('does not let a child pay who may only order, and names the elder in every sentence', async () => {
    const phone = host({ 'GET /v1/mini/me': () => ({ ...ME, kin: [{ ...SELF, self: false, rights: ['ordering'] }] }) });
    const hand = await Hand.at(phone, 'order', { site: 's-1', date: '2024-12-03', period: 'lunch', item: 'set' });
    expect(hand.words()).toContain('李秀英订 12月3日');
    expect(hand.buttons().filter((words) => words.startsWith('订好'))).toEqual(['订好，吃饭时再付']);
  });
});

describe('whoever looks after two', () => {
  const OTHER = { elderId: 'e-2', name: '王**', self: false, rights: ['meals', 'ordering', 'paying'] };

  it('finds the booking that was paid for, whoever of them it is for, and goes on with that elder', async () => {
    const asked: string[] = [];
    const phone = host({ 'GET /v1/mini/me': () => ({ ...ME, kin: [SELF, { ...OTHER, elderId: 'e-3', rights: [] }, OTHER] }), 'GET /v1/mini/bookings': ({ path }) => {
      asked.push(path.slice(-3));
      return path.endsWith('e-3') ? refusal(403, 'consent-missing', '老人还没有同意。') : { items: path.endsWith('e-2') ? [{ ...BOOKING, paidFen: 700 }] : [] };
    } });
    // The cashier's page loads everything anew: who was chosen is forgotten, and no address names anybody.
    const hand = await Hand.at(phone, 'booked', { booking: 'b-1' });
    expect(hand.words()).toContain('取餐号 12 号');
    expect(hand.desk.elder?.elderId).toBe('e-2');
    expect(asked).toEqual(['e-1', 'e-3', 'e-2']);
    const none = await Hand.at(phone, 'booked', { booking: 'b-9' });
    expect(none.words()).toContain('没有找到这一份预订');
    expect(none.desk.elder?.elderId).toBe('e-1');
  });
});

describe('where somebody is and whom to call', () => {
  it('is told to the service to a hundred metres, no closer', async () => {
    const phone = host();
    phone.place = { latitude: 36.456781, longitude: 115.989349 };
    const hand = await Hand.at(phone, 'sites');
    await hand.press('按离我近的排');
    expect(phone.asked.at(-1)?.path).toBe('/v1/mini/sites?elderId=e-1&lat=36.457&lng=115.989');
  });

  it('is the canteen of the last booking, or the first of the list, also before any menu was opened', async () => {
    const phone = host({ 'GET /v1/mini/sites': () => ({ items: [{ siteId: 's-1', name: '幸福里食堂', phone: '0635-1111111', hours: [] }, { siteId: 's-2', name: '和谐食堂', phone: '0635-2222222', hours: [] }] }) });
    const fresh = await Hand.at(phone, 'call');
    await settle();
    expect(fresh.buttons()).toEqual(['打电话：幸福里食堂', '打电话：政务服务热线']);
    phone.routes['GET /v1/mini/bookings'] = () => ({ items: [{ ...BOOKING, siteId: 's-2' }, { ...BOOKING, mealDate: '2024-12-01' }] });
    const hand = await Hand.at(phone, 'call');
    await settle();
    await hand.press('打电话：和谐食堂');
    expect(phone.called).toEqual(['0635-2222222']);
  });

  it('is the hotline, without a complaint, where nothing can be read or nobody is logged in', async () => {
    const phone = host({ 'GET /v1/mini/bookings': () => refusal(403, 'consent-missing', '老人还没有同意。'), 'GET /v1/mini/sites': () => refusal(403, 'consent-missing', '老人还没有同意。') });
    for (const token of ['refresh-0', null]) {
      phone.keep('refresh-token', token);
      const hand = await Hand.at(phone, 'call');
      await settle();
      expect([hand.buttons(), hand.words().includes('没有办成')]).toEqual([['打电话：政务服务热线'], false]);
    }
  });
});

describe('every page', () => {
  it('is read aloud as it stands, or says that there is no voice', async () => {
    const phone = host();
    const hand = await Hand.at(phone, 'menu');
    hand.screen.readAloud();
    expect(phone.said.at(-1)).toMatch(/^订饭。12月3日 星期二 今天。幸福里食堂。.*老年套餐。您付 7元。.*可以按：换一家食堂。$/);
    phone.hasVoice = false;
    hand.screen.readAloud();
    expect(hand.words()).toContain('这台手机没有朗读的声音');
  });

  it('has its paper or telephone twin and somebody to call', async () => {
    const phone = host();
    for (const page of ['home', 'call', 'bind', 'sites', 'menu', 'order', 'booked']) {
      const hand = await Hand.at(phone, page, { site: 's-1', date: '2024-12-03', period: 'lunch', item: 'set' });
      expect(hand.screen.view().twin).toMatch(/电话|社区|食堂/);
      expect(hand.buttons().at(-1)).toBe('打电话：政务服务热线');
    }
  });

  it('grows its type by one touch, remembers it, and begins with the machine\'s own size', async () => {
    const phone = host();
    phone.scale = 1.3;
    const { desk } = await Hand.at(phone);
    expect(desk.scale).toBe(1.25);
    desk.turnScale();
    desk.turnScale();
    expect(desk.scale).toBe(SCALES[0]);
    expect(phone.kept('scale')).toBe('1');
  });
});
