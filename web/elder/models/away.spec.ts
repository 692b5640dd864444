import { Hand, refusal, settle, StubHost } from '../../../test/support/elder-host.js';
import { totp } from '../../../src/till/domain/totp.js';

const SELF = { elderId: 'e-1', name: '李秀英', self: true, relation: null, rights: ['meals', 'ordering', 'paying'] };
const MOTHER = { elderId: 'e-2', name: '王**', self: false, relation: 'child', rights: ['meals', 'ordering'] };
const FATHER = { elderId: 'e-3', name: '赵**', self: false, relation: 'child', rights: ['meals', 'ordering'] };
const SECRETS: Readonly<Record<string, string>> = { 'e-1': '12345678901234567890', 'e-2': '22345678901234567890', 'e-3': '32345678901234567890' };

function host(kin: readonly object[] = [SELF]): StubHost {
  const made = new StubHost({
    'POST /v1/mini/refresh': () => ({ accessToken: 'a', expiresIn: 900, refreshToken: 'r-1' }),
    'GET /v1/mini/me': () => ({ account: { accountId: 'a-1', phone: null, phoneProven: false }, kin }),
    'GET /v1/mini/notices': () => ({ items: [], nextCursor: null, unread: 0 }), 'GET /v1/mini/bookings': () => ({ items: [] }), 'GET /v1/mini/sites': () => ({ items: [] }),
    ...Object.fromEntries(Object.entries(SECRETS).flatMap(([elderId, secret], at) => [
      [`POST /v1/mini/elders/${elderId}/code`, () => ({ text: `YM1${elderId}`, digits: '123456789', expiresAt: '', nextAfter: 40 })],
      [`POST /v1/mini/elders/${elderId}/offline-code`, () => ({ secret: Buffer.from(secret).toString('base64url'), locator: 123456780 + at, stepSeconds: 30, serverTime: '2024-12-03T09:00:00+08:00' })],
    ])),
  });
  made.keep('refresh-token', 'r-0');
  return made;
}

/** Takes the network away from a telephone, or gives it back. */
function cut(phone: StubHost): () => void {
  const { request } = phone;
  phone.request = () => Promise.reject(new Error('away'));
  return () => void (phone.request = request);
}

const shown = (hand: Hand): string | undefined => hand.screen.view().blocks.flatMap((block) => (block.is === 'code' ? [block.text] : []))[0];
const codeOf = (elderId: string, at: number, now: string): string => `YM2${123456780 + at}${totp(Buffer.from(SECRETS[elderId] ?? ''), Math.floor(Date.parse(now) / 30_000))}`;

describe('a telephone that was opened without a network', () => {
  it('shows the code at once on whatever page, keeps the secret, and goes on once the network is back', async () => {
    const phone = host();
    await Hand.at(phone, 'code');
    await settle();
    const mend = cut(phone);
    for (const page of ['code', 'home', 'menu']) {
      const hand = await Hand.at(phone, page);
      expect(shown(hand)).toBe(codeOf('e-1', 0, '2024-12-03T09:00:00+08:00'));
      expect(hand.words()).toContain('现在没有网，这个码照样能用');
      expect(hand.words()).not.toContain('请先登录');
      expect([...phone.storage.keys()].sort()).toEqual(['offline-code', 'refresh-token']);
    }
    const hand = await Hand.at(phone, 'code');
    await phone.wait(30_000);
    expect(shown(hand)).toBe(codeOf('e-1', 0, '2024-12-03T09:00:30+08:00'));
    await hand.press('再连一次网');
    expect(phone.said.at(-1)).toBe('还是没有网。这个码照样能用。');
    mend();
    await phone.wait(30_000);
    expect(hand.desk.state).toBe('in');
    await hand.open('code');
    expect(shown(hand)).toBe('YM1e-1');
  });

  it('has a code of each elder whom somebody looks after, and no name of them', async () => {
    const phone = host([MOTHER, FATHER]);
    const before = await Hand.at(phone, 'code');
    await settle();
    before.desk.choose('e-3');
    await before.open('code');
    await settle();
    expect(phone.kept('offline-code')).not.toMatch(/王|赵/);
    cut(phone);
    const hand = await Hand.at(phone, 'code');
    expect(shown(hand)).toBe(codeOf('e-2', 1, '2024-12-03T09:00:00+08:00'));
    await hand.press('第 2 位老人');
    expect(shown(hand)).toBe(codeOf('e-3', 2, '2024-12-03T09:00:00+08:00'));
  });

  it('asks for the log-in where the service itself has ended it, and forgets the secret then', async () => {
    const phone = host();
    await Hand.at(phone, 'code');
    await settle();
    phone.routes['POST /v1/mini/refresh'] = () => refusal(401, 'mini-session-ended', '登录已经过期，请重新登录。');
    const hand = await Hand.at(phone, 'code');
    expect(hand.buttons()).toContain('微信登录');
    expect([...phone.storage.keys()]).toEqual([]);
  });

  it('says so where there is no code to show', async () => {
    const phone = host();
    cut(phone);
    const hand = await Hand.at(phone, 'code');
    expect(hand.words()).toContain('连不上网络');
    expect(hand.buttons()).toContain('再试一次');
  });
});

describe('a page that could not be read', () => {
  it('says so, offers to read it again, and never looks as if there were nothing', async () => {
    const phone = host();
    const hand = await Hand.at(phone, 'home');
    const mend = cut(phone);
    for (const page of ['bookings', 'family', 'inbox', 'menu', 'complaint', 'sites', 'history', 'standing', 'pass', 'booked', 'answer', 'order']) {
      await hand.open(page);
      expect(hand.words()).toContain('没有办成：现在连不上网络');
      expect(hand.words()).not.toMatch(/现在没有(订饭|家人|通知|找到)|没有找到/);
      expect(hand.buttons().slice(0, 1)).toEqual(['再读一次']);
    }
    await hand.open('bookings');
    mend();
    await hand.press('再读一次');
    expect(hand.words()).toContain('现在没有订饭');
    expect(hand.words()).not.toContain('没有办成');
  });

  it('tells a child who was allowed nothing that it is so', async () => {
    const phone = host([{ ...MOTHER, rights: [] }]);
    phone.routes['GET /v1/mini/bookings'] = () => refusal(403, 'consent-missing', '老人还没有同意您看这一项，请老人先同意。');
    const hand = await Hand.at(phone, 'bookings');
    expect(hand.words()).toContain('老人还没有同意您看这一项');
    expect(hand.words()).not.toContain('现在没有订饭');
  });
});
