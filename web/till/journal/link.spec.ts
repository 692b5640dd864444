import { jest } from '@jest/globals';
import { makeDeviceKeys } from './keys.js';
import { Away, Link } from './link.js';

const NOON = Date.UTC(2024, 11, 3, 4);
const HOUR = 3_600_000;
const TERMINAL = { terminalId: '0190b2f0-0000-7000-8000-000000000001', cityCode: '371500', siteId: '0190b2f0-0000-7000-8000-000000000002', label: '一号收银台' };

const answer = (status: number, body: object): Response => new Response(JSON.stringify(body), { status });

/** A service whose clock stands at noon, and takes no session signed more than five minutes off it or not after the last one. */
function service(isAway: () => boolean) {
  const signed: number[] = [];
  const fetching = jest.spyOn(globalThis, 'fetch').mockImplementation(async (path, init) => {
    if (isAway()) throw new TypeError('no network');
    if (path !== '/v1/terminals/sessions') return answer(200, { fine: true });
    const { time } = JSON.parse(String(init?.body)) as { time: number };
    if (Math.abs(time - NOON) > 300_000) return answer(401, { code: 'terminal-clock-wrong', title: '时钟不准' });
    if (time <= (signed.at(-1) ?? 0)) return answer(401, { code: 'terminal-replayed', title: '重放' });
    signed.push(time);
    return answer(201, { sessionId: 's', sessionKey: 'AAAA', expiresAt: new Date(NOON + 12 * HOUR).toISOString(), epoch: 'e' });
  });
  return { signed, fetching };
}

beforeAll(() => {
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });
});

afterEach(() => jest.restoreAllMocks());

it('opens a session again after a clock that ran hours ahead without a network was put right', async () => {
  let [now, away] = [NOON + 3 * HOUR, true];
  const { signed } = service(() => away);
  const link = new Link(await makeDeviceKeys(), TERMINAL, () => now);
  await expect(link.read('/v1/anything')).rejects.toThrow(Away);
  [now, away] = [NOON, false];
  expect(await link.read('/v1/anything')).toEqual({ fine: true });
  expect(signed).toEqual([NOON]);
});

it('signs later than before where the clock was put back by little, and says so where it is wrong', async () => {
  let now = NOON + 60_000;
  const { signed } = service(() => false);
  const link = new Link(await makeDeviceKeys(), TERMINAL, () => now);
  await link.read('/v1/anything');
  link.forgetSession();
  now = NOON;
  await link.read('/v1/anything');
  expect(signed).toEqual([NOON + 60_000, NOON + 60_001]);
  link.forgetSession();
  now = NOON + HOUR;
  await expect(link.read('/v1/anything')).rejects.toMatchObject({ code: 'terminal-clock-wrong' });
});
