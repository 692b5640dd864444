import { Hand, refusal, settle, StubHost } from '../../../test/support/elder-host.js';

const SELF = { elderId: 'e-1', name: '李秀英', self: true, relation: null, rights: ['meals', 'ordering', 'paying'] };

function host(more: ConstructorParameters<typeof StubHost>[0], kin: readonly object[] = [SELF]): StubHost {
  const made = new StubHost({
    'POST /v1/mini/refresh': () => ({ accessToken: 'a', expiresIn: 900, refreshToken: 'r-1' }),
    'GET /v1/mini/me': () => ({ account: { accountId: 'a-1', phone: null }, kin }),
    ...more,
  });
  made.keep('refresh-token', 'r-0');
  return made;
}

describe('the telephone number', () => {
  const BUTTON = '用微信里的手机号';
  const KNOWN = { account: { accountId: 'a-1', phone: '138****1234' }, kin: [] };
  /** What WeChat's own button hands on. */
  const give = async (hand: Hand, code: string | null): Promise<void> => {
    for (const block of hand.screen.view().blocks) if (block.is === 'button') block.button.takesPhone?.(code);
    await settle();
  };

  it('of a child comes by WeChat\'s button, and is typed where WeChat gives none', async () => {
    const phone = host({ 'POST /v1/mini/kin': () => ({}), 'POST /v1/mini/phone': () => KNOWN }, []);
    const hand = await Hand.at(phone, 'home');
    await hand.press('我是家人，帮老人办');
    hand.fill('八位号码', '12345678');
    hand.fill('您的姓名', '李小明');
    await give(hand, null);
    expect(hand.words()).toContain('没有办成：微信没有给出手机号');
    hand.fill('您的手机号', '13800001234');
    await hand.press('绑定老人');
    await give(hand, 'phone-code');
    expect(phone.sentTo('/v1/mini/phone')).toEqual([{ code: 'phone-code' }]);
    expect(hand.words()).toContain('您的手机号 138****1234 已经登记了。');
    expect(() => hand.fill('您的手机号', '1')).toThrow('no field');
    hand.fill('八位号码', '12345678');
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

  it('of the elder is asked for on the page of the family, once', async () => {
    const phone = host({ 'GET /v1/mini/elders/e-1/kin': () => ({ items: [], notice: { version: '1', text: '' } }), 'POST /v1/mini/phone': () => ({ ...KNOWN, kin: [SELF] }) });
    const hand = await Hand.at(phone, 'family');
    expect(hand.buttons()).toContain(BUTTON);
    await give(hand, 'phone-code');
    expect(hand.buttons()).not.toContain(BUTTON);
    expect(phone.said.at(-1)).toBe('手机号登记好了。');
  });
});
