import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, WrongSetting } from './index.js';

let folder: string;
let environment: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wechat-'));
  for (const [name, text] of [['v3', `${'k'.repeat(32)}\n`], ['short', 'k'.repeat(31)], ['key', 'PRIVATE'], ['public', 'PUBLIC']]) writeFileSync(join(folder, String(name)), String(text));
  environment = {
    WECHAT_APPID: 'wx1234567890abcdef', WECHAT_SECRET: '0123456789abcdef', WECHAT_SP_MCHID: '1900000100', WECHAT_MCH_SERIAL: '3DD3AF61', WECHAT_MCH_KEY_FILE: join(folder, 'key'),
    WECHAT_APIV3_KEY_FILE: join(folder, 'v3'), WECHAT_PUBLIC_KEY_ID: 'PUB_KEY_ID_0119000001002024', WECHAT_PUBLIC_KEY_FILE: join(folder, 'public'), WECHAT_NOTIFY_URL: 'https://meal.example.cn/',
  };
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the settings of WeChat', () => {
  it('are none without an appid', () => {
    expect(readSettings({ ...environment, WECHAT_APPID: '' }).wechat).toBeUndefined();
  });

  it('name WeChat itself unless told otherwise', () => {
    expect(readSettings(environment).wechat).toEqual({
      appId: 'wx1234567890abcdef', secret: '0123456789abcdef', apiUrl: 'https://api.weixin.qq.com', payUrl: 'https://api.mch.weixin.qq.com', spMchId: '1900000100', merchantSerial: '3DD3AF61',
      merchantKey: 'PRIVATE', apiV3Key: 'k'.repeat(32), publicKeyId: 'PUB_KEY_ID_0119000001002024', publicKey: 'PUBLIC', notifyUrl: 'https://meal.example.cn', simulated: false,
    });
  });

  it('know a simulator on this machine', () => {
    expect(readSettings({ ...environment, WECHAT_API_URL: 'http://127.0.0.1:4010/', WECHAT_PAY_URL: 'http://127.0.0.1:4010', WECHAT_NOTIFY_URL: 'http://localhost:3000' }).wechat).toMatchObject({ simulated: true, apiUrl: 'http://127.0.0.1:4010', notifyUrl: 'http://localhost:3000' });
  });

  it.each<[string, string]>([
    ['WECHAT_APPID', 'gh_1'], ['WECHAT_SECRET', ''], ['WECHAT_SP_MCHID', 'abc'], ['WECHAT_MCH_SERIAL', ''], ['WECHAT_MCH_KEY_FILE', '/nowhere/key.pem'], ['WECHAT_MCH_KEY_FILE', ''], ['WECHAT_APIV3_KEY_FILE', 'short'],
    ['WECHAT_PUBLIC_KEY_ID', '3DD3AF61'], ['WECHAT_PUBLIC_KEY_FILE', ''], ['WECHAT_NOTIFY_URL', ''], ['WECHAT_NOTIFY_URL', 'http://meal.example.cn'], ['WECHAT_NOTIFY_URL', 'https://meal.example.cn/?a=1'], ['WECHAT_API_URL', 'http://api.example.cn'],
  ])('stop the start with one line that names %s, and not “%s”', (name, value) => {
    const wrong = { ...environment, [name]: value === 'short' ? join(folder, 'short') : value };
    let failure: unknown;
    try {
      readSettings(wrong);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(WrongSetting);
    expect((failure as Error).message).toMatch(new RegExp(`^${name} [^\\n]+$`));
    expect((failure as Error).message).not.toContain('0123456789abcdef');
  });
});
