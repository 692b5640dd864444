import { Hand, refusal, settle, StubHost } from '../../../test/support/elder-host.js';

const SELF = { elderId: 'e-1', name: '李秀英', self: true, relation: null, rights: ['meals', 'ordering', 'paying'] };
const MOTHER = { elderId: 'e-2', name: '王**', self: false, relation: 'child', rights: ['meals', 'ordering'] };

function host(more: ConstructorParameters<typeof StubHost>[0], kin: readonly object[] = [SELF]): StubHost {
  const made = new StubHost({
    'POST /v1/mini/refresh': () => ({ accessToken: 'a', expiresIn: 900, refreshToken: 'r-1' }),
    'GET /v1/mini/me': () => ({ account: { accountId: 'a-1', phone: null, phoneProven: false }, kin }),
    ...more,
  });
  made.keep('refresh-token', 'r-0');
  return made;
}

describe('the telephone number', () => {
  const BUTTON = '用微信里的手机号';
  const KNOWN = { account: { accountId: 'a-1', phone: '138****1234', phoneProven: true }, kin: [] };
  /** What WeChat's own button hands on. */
  const give = async (hand: Hand, code: string | null): Promise<void> => {
    for (const block of hand.screen.view().blocks) if (block.is === 'button') block.button.takesPhone?.(code);
    await settle();
  };

  it('of a child comes by WeChat\'s button, and is typed where WeChat gives none', async () => {
    const phone = host({ 'POST /v1/mini/kin': () => ({}), 'POST /v1/mini/phone': () => KNOWN }, []);
    const hand = await Hand.at(phone, 'home');
    await hand.press('我是家人，帮老人办');
    hand.fill('八位绑定码', '12345678');
    hand.fill('您的姓名', '李小明');
    await give(hand, null);
    expect(hand.words()).toContain('没有办成：微信没有给出手机号');
    hand.fill('您的手机号', '13800001234');
    await hand.press('绑定老人');
    await give(hand, 'phone-code');
    expect(phone.sentTo('/v1/mini/phone')).toEqual([{ code: 'phone-code' }]);
    expect(hand.words()).toContain('您的手机号 138****1234 已经登记了。');
    expect(() => hand.fill('您的手机号', '1')).toThrow('no field');
    hand.fill('八位绑定码', '12345678');
    hand.fill('您的姓名', '李小明');
    await hand.press('绑定老人');
    const body = { id: expect.any(String) as string, bindingCode: '12345678', name: '李小明', relation: 'child' };
    expect(phone.sentTo('/v1/mini/kin')).toEqual([{ ...body, phone: '13800001234' }, body]);
  });

  it('is fetched in a browser from a page that comes back to the same form, with the reason where there is none', async () => {
    const phone = host({ 'POST /v1/mini/phone': () => KNOWN }, []);
    const hand = await Hand.at(phone, 'home');
    await hand.press('我是家人，帮老人办');
    await hand.press(BUTTON);
    const back = { page: 'bind', way: 'child' };
    expect(phone.went).toEqual([{ page: 'phone', given: back }]);
    phone.arrived = { from: 'phone', code: 'phone-code', given: back };
    const again = await Hand.at(phone);
    expect(await again.follow()).toBe('bind');
    expect(again.words()).toContain('您的手机号 138****1234 已经登记了。');
    phone.routes['POST /v1/mini/phone'] = () => refusal(422, 'wechat-code-wrong', '微信授权已过期，请再点一次。');
    const refused = await Hand.at(phone);
    await refused.follow();
    expect(refused.desk.state).toBe('in');
    expect(refused.words()).toContain('微信授权已过期，请再点一次。');
    expect(refused.buttons()).toContain(BUTTON);
  });

  it('is typed by an elder to whom WeChat gives none, and stays to be proven', async () => {
    const kept = (phoneProven: boolean): object => ({ account: { accountId: 'a-1', phone: '138****1234', phoneProven }, kin: [SELF] });
    const phone = host({ 'GET /v1/mini/elders/e-1/kin': () => ({ items: [], notice: { version: '1', text: '' } }), 'POST /v1/mini/phone': () => kept(false) });
    const hand = await Hand.at(phone, 'family');
    await give(hand, null);
    expect(hand.words()).toContain('没有办成：微信没有给出手机号');
    hand.fill('您的手机号', ' 13800001234 ');
    await hand.press('登记我填的手机号');
    expect(phone.sentTo('/v1/mini/phone')).toEqual([{ phone: '13800001234' }]);
    expect(hand.words()).toContain('您自己填的手机号 138****1234 记下了，还没有核对。');
    expect(hand.buttons()).toContain(BUTTON);
    phone.routes['POST /v1/mini/phone'] = () => kept(true);
    await give(hand, 'phone-code');
    expect(hand.words()).toContain('您的手机号 138****1234 已经登记了。');
    expect(hand.buttons()).not.toContain('登记我填的手机号');
  });

  it('of the elder is asked for on the page of the family, once', async () => {
    const phone = host({ 'GET /v1/mini/elders/e-1/kin': () => ({ items: [], notice: { version: '1', text: '' } }), 'POST /v1/mini/phone': () => ({ ...KNOWN, kin: [SELF] }) });
    const hand = await Hand.at(phone, 'family');
    expect(hand.buttons()).toContain(BUTTON);
    await give(hand, 'phone-code');
    expect(hand.buttons()).not.toContain(BUTTON);
    expect(phone.said.at(-1)).toBe('手机号登记好了。');
  });
});

describe('the inbox', () => {
  const notice = (number: number): object => ({ noticeId: `n-${number}`, text: `第 ${number} 条`, madeAt: '2024-12-03T11:42:00+08:00', read: number !== 4 });

  it('goes on to older ones by a touch, below those that are there, until there are none', async () => {
    const pages: Readonly<Record<string, object>> = { '': { items: [notice(1), notice(2)], nextCursor: 'a+b' }, '?cursor=a%2Bb': { items: [notice(3), notice(4)], nextCursor: null } };
    const phone = host({ 'GET /v1/mini/notices': ({ path }) => pages[path.slice('/v1/mini/notices'.length)], 'POST /v1/mini/notices/read': () => ({}) });
    const hand = await Hand.at(phone, 'inbox');
    expect(hand.words()).not.toContain('第 3 条');
    await hand.press('看更早的');
    expect(hand.screen.view().blocks.flatMap((block) => (block.is === 'card' ? [block.title] : []))).toEqual(['第 1 条', '第 2 条', '第 3 条', '第 4 条']);
    expect(hand.buttons()).not.toContain('看更早的');
    expect(phone.said.at(-1)).toBe('又读出 2 条。');
    expect(phone.sentTo('/v1/mini/notices/read')).toEqual([{ noticeIds: ['n-4'] }]);
  });

  it('keeps its place where an older page did not come', async () => {
    let lost = true;
    const phone = host({ 'GET /v1/mini/notices': ({ path }) => {
      if (path.includes('cursor') && lost) throw new Error('lost');
      return path.includes('cursor') ? { items: [notice(3)], nextCursor: null } : { items: [notice(1)], nextCursor: 'a' };
    } });
    const hand = await Hand.at(phone, 'inbox');
    await hand.press('看更早的');
    expect(hand.words()).toContain('没有办成');
    lost = false;
    await hand.press('看更早的');
    expect(hand.words()).toContain('第 1 条');
    expect(hand.words()).toContain('第 3 条');
  });
});

describe('a relative', () => {
  it('leaves by a touch that is said twice', async () => {
    let kin: readonly object[] = [SELF, MOTHER];
    const phone = host({ 'GET /v1/mini/me': () => ({ account: { accountId: 'a-1', phone: null, phoneProven: false }, kin }), 'POST /v1/mini/elders/e-2/leave': () => {
      kin = [SELF];
      return { elderId: 'e-2' };
    } });
    const hand = await Hand.at(phone, 'home');
    hand.desk.choose('e-2');
    await hand.open('family');
    await hand.press('不再帮 王** 办');
    await hand.press('不解除，留着');
    expect(hand.buttons()).not.toContain('是的，解除绑定');
    await hand.press('不再帮 王** 办');
    expect(phone.sentTo('/v1/mini/elders/e-2/leave')).toEqual([]);
    await hand.press('是的，解除绑定');
    expect(phone.sentTo('/v1/mini/elders/e-2/leave')).toHaveLength(1);
    expect(hand.desk.elder?.elderId).toBe('e-1');
    expect(phone.said.at(-1)).toBe('解除了，老人会收到通知。');
    expect(phone.went.at(-1)?.page).toBe('home');
  });
});
