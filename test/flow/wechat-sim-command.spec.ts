import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/kernel/index.js';
import { openLog, readSettings } from '../../src/platform/index.js';
import { openWechat } from '../../src/platform/wechat/index.js';
import { runDirectory } from '../support/database.js';
import { ServiceProcess, stopProcesses } from '../support/processes.js';

afterAll(stopProcesses);

describe('npm run wechat-sim', () => {
  const data = mkdtempSync(join(runDirectory(), 'wechat-sim-'));

  it('says how to use it', async () => {
    const help = ServiceProcess.start('cli wechat-sim --help');
    expect([await help.end(), help.out.includes('--notify-url')]).toEqual([{ code: 0, signal: null }, true]);
    const wrong = ServiceProcess.start('cli wechat-sim --nothing x');
    expect([await wrong.end(), wrong.complaints]).toEqual([{ code: 1, signal: null }, [expect.stringMatching(/^unknown option --nothing/)]]);
  }, 120_000);

  it('prints settings with which a service takes it for WeChat, and ends when it is told to', async () => {
    const sim = ServiceProcess.start(`cli wechat-sim --port 0 --data ${data}`);
    await sim.says('WECHAT_NOTIFY_URL');
    const environment = Object.fromEntries([...sim.out.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]));
    const wechat = openWechat(readSettings(environment).wechat, systemClock, openLog('silent'));
    const { code } = (await (await fetch(`${environment['WECHAT_API_URL']}/_sim/users/3/login-code`, { method: 'POST' })).json()) as { code: string };
    expect(await wechat?.mini.codeToSession(code)).toMatchObject({ ok: true, value: { openid: expect.stringMatching(/^o/) } });
    expect(await wechat?.pay.queryOrder('1900000123', '371500NOSUCHORDER')).toMatchObject({ ok: false, code: 'ORDER_NOT_EXIST' });
    expect(await sim.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  }, 120_000);
});
