import { SettableClock } from '../../src/kernel/index.js';
import { openLog, type MiniProgramApi } from '../../src/platform/index.js';
import { openWechat } from '../../src/platform/wechat/index.js';
import { startWechatSim, type SimUser, type WechatSim } from '../../src/wechat-sim/index.js';

const clock = new SettableClock(Date.parse('2024-12-03T12:00:00+08:00'));
let sim: WechatSim;
let mini: MiniProgramApi;
let user: SimUser;

/** Another process with the same account. */
function process(): MiniProgramApi {
  const wechat = openWechat(sim.settings, clock, openLog('silent'));
  if (wechat === null) throw new Error('WeChat is on');
  return wechat.mini;
}

beforeAll(async () => {
  sim = await startWechatSim({ clock, seed: 'token' });
  user = sim.user();
});
afterAll(() => sim.close());
beforeEach(() => {
  sim.faults.clear();
  mini = process();
});

const call = (by = mini) => by.programCode('s=1', 'web/miniprogram/pages/screen/screen');
const all = async (many: number, by = mini): Promise<number> => (await Promise.all(Array.from({ length: many }, () => call(by)))).filter(({ ok }) => ok).length;
const asked = async (work: () => Promise<unknown>): Promise<number> => {
  const before = sim.tokensAsked;
  await work();
  return sim.tokensAsked - before;
};

describe('the token', () => {
  it('is asked for once by fifty who need it at the same time', async () => {
    expect(await asked(async () => expect(await all(50)).toBe(50))).toBe(1);
    expect(await asked(async () => expect(await all(50)).toBe(50))).toBe(0);
  });

  it('F42: is renewed once when another system has killed it, and every call is made once more', async () => {
    await call();
    sim.killToken();
    expect(await asked(async () => expect(await all(50)).toBe(50))).toBe(1);
  });

  it('F42: is renewed once a round, however often it is killed', async () => {
    await call();
    for (let round = 0; round < 5; round += 1) {
      sim.killToken();
      expect(await asked(async () => expect(await all(20)).toBe(20))).toBe(1);
    }
  });

  it('is the same for every process, so that none kills another\'s', async () => {
    const others = [process(), process(), process()];
    await call();
    for (const other of others) expect(await call(other)).toMatchObject({ ok: true });
    expect(await asked(async () => {
      for (const by of [mini, ...others]) expect(await all(5, by)).toBe(5);
    })).toBe(0);
  });

  it.each([40001, 42001])('F42: that is refused with %i again and again is renewed once and tried once more, not for ever', async (errcode) => {
    await call();
    sim.faults.set('wxacode', { errcode, times: null });
    expect(await asked(async () => expect(await call()).toEqual({ ok: false, code: 'wechat-away' }))).toBe(1);
    expect(sim.faults.seen('wxacode', 'errcode')).toBe(errcode === 40001 ? 2 : 4);
  });

  it('is not asked for again by those who wait when there is none to be had', async () => {
    sim.faults.set('stableToken', { failsBefore: true, times: null });
    expect(await asked(async () => expect(await all(50)).toBe(0))).toBeLessThanOrEqual(1);
    sim.faults.clear();
    clock.set(clock.now() + 5_000);
    expect(await all(2)).toBe(2);
  });

  it.each([
    ['there is none to be had', 'stableToken', { failsAfter: true }],
    ['the one that is given stays refused', 'wxacode', { errcode: 40001 }],
  ] as const)('F42: is asked for every five seconds by 200 who come one after another while %s', async (_, route, fault) => {
    sim.faults.set(route, { ...fault, times: null });
    expect(await asked(async () => {
      for (let times = 0; times < 200; times += 1) {
        expect(await call()).toEqual({ ok: false, code: 'wechat-away' });
        clock.set(clock.now() + 100);
      }
    })).toBeLessThanOrEqual(5);
    sim.faults.clear();
    clock.set(clock.now() + 5_000);
    expect(await all(50)).toBe(50);
  });

  it('is renewed at four fifths of its life, before it ends', async () => {
    sim.killToken();
    await call();
    clock.set(clock.now() + 5_759_000);
    expect(await asked(() => call())).toBe(0);
    clock.set(clock.now() + 2_000);
    expect(await asked(() => call())).toBe(1);
  });
});

describe('a message that cannot be sent', () => {
  const message = (data: Record<string, string> = { thing1: '午餐' }) => ({ openid: user.openid, templateId: 'of-a-meal', data });

  it('says whether to try again, and never throws', async () => {
    user.allow('of-a-meal');
    sim.faults.set('message', { failsBefore: true });
    expect(await mini.send(message())).toMatchObject({ fate: 'later' });
    sim.faults.set('message', { lost: true });
    expect(await mini.send(message())).toMatchObject({ fate: 'later' });
    sim.faults.set('message', { errcode: 45009 });
    expect(await mini.send(message())).toEqual({ fate: 'later', code: 45009 });
    sim.faults.set('message', { errcode: 40037 });
    expect(await mini.send(message())).toEqual({ fate: 'wrong', code: 40037 });
    expect(await mini.send(message())).toEqual({ fate: 'sent', code: 0 });
    expect(await mini.send(message())).toEqual({ fate: 'spent', code: 43101 });
  });

  it('is not sent where a value breaks its field: the consent stays', async () => {
    user.allow('of-a-meal');
    expect(await mini.send(message({ thing1: '一'.repeat(21) }))).toEqual({ fate: 'wrong', code: 47003 });
    expect(await mini.send(message())).toEqual({ fate: 'sent', code: 0 });
  });

  it('is tried later where nobody is there', async () => {
    const away = openWechat({ ...sim.settings, apiUrl: 'http://127.0.0.1:9' }, clock, openLog('silent'));
    expect(await away?.mini.send(message())).toEqual({ fate: 'later', code: -1 });
    expect(await away?.mini.codeToSession('code')).toEqual({ ok: false, code: 'wechat-away' });
  });
});
