import { readFileSync } from 'node:fs';
import { WrongSetting } from './wrong-setting.js';

/** What reaching WeChat takes: the mini-program's account and, for payments, the service provider's at WeChat Pay. */
export interface WechatSettings {
  readonly appId: string;
  readonly secret: string;
  /** Of the mini-program's services, without a slash at its end. */
  readonly apiUrl: string;
  /** Of WeChat Pay, without a slash at its end. */
  readonly payUrl: string;
  /** The service provider's number; each operator has a sub-merchant's under it. */
  readonly spMchId: string;
  /** Serial of the service provider's API certificate. */
  readonly merchantSerial: string;
  /** PEM of the service provider's private key. */
  readonly merchantKey: string;
  /** 32 letters or digits. */
  readonly apiV3Key: string;
  /** `PUB_KEY_ID_…` */
  readonly publicKeyId: string;
  /** PEM of WeChat Pay's public key. */
  readonly publicKey: string;
  /** Address of this service as WeChat reaches it, without a slash at its end: `/v1/wechat/notify/…` is put behind it. */
  readonly notifyUrl: string;
  /** Whether a simulator stands in for WeChat: nobody's money moves. */
  readonly simulated: boolean;
}

const HERE = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Reads what the environment says of WeChat; all of it, or nothing.
 * @returns undefined without WECHAT_APPID
 * @throws WrongSetting with one line that names the setting, never its value
 */
export function readWechatSettings(environment: NodeJS.ProcessEnv): WechatSettings | undefined {
  const text = (name: string, form: RegExp, says: string): string => {
    const value = environment[name] ?? '';
    if (!form.test(value)) throw new WrongSetting(`${name} must be ${says}, since WECHAT_APPID is set`);
    return value;
  };
  const file = (name: string): string => {
    const path = text(name, /./, 'the path of a file');
    try {
      return readFileSync(path, 'utf8').trim();
    } catch (error) {
      throw new WrongSetting(`${name} names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
    }
  };
  const address = (name: string, fallback?: string): string => {
    const value = environment[name] || fallback || '';
    const parsed = URL.canParse(value) ? new URL(value) : null;
    // In clear only to this machine, where the simulator is; WeChat takes no query behind an address of notices.
    if (parsed === null || !(parsed.protocol === 'https:' || (parsed.protocol === 'http:' && HERE.has(parsed.hostname))) || parsed.search !== '') {
      throw new WrongSetting(`${name} must be an address that begins with https:// and has no query (http:// for this machine alone)`);
    }
    return value.replace(/\/+$/, '');
  };
  if (!environment['WECHAT_APPID']) return undefined;
  const apiUrl = address('WECHAT_API_URL', 'https://api.weixin.qq.com');
  const apiV3Key = file('WECHAT_APIV3_KEY_FILE');
  if (Buffer.byteLength(apiV3Key) !== 32) throw new WrongSetting('WECHAT_APIV3_KEY_FILE must hold the 32 letters of the APIv3 key');
  return {
    appId: text('WECHAT_APPID', /^wx[0-9a-zA-Z]{4,30}$/, 'an appid that begins with wx'),
    secret: text('WECHAT_SECRET', /^\S{8,}$/, 'the secret of the mini-program'),
    apiUrl, payUrl: address('WECHAT_PAY_URL', 'https://api.mch.weixin.qq.com'),
    spMchId: text('WECHAT_SP_MCHID', /^\d{6,32}$/, 'the number of the service provider'),
    merchantSerial: text('WECHAT_MCH_SERIAL', /^[0-9A-Fa-f]{8,64}$/, 'the serial of the API certificate'),
    merchantKey: file('WECHAT_MCH_KEY_FILE'), apiV3Key,
    publicKeyId: text('WECHAT_PUBLIC_KEY_ID', /^PUB_KEY_ID_\w+$/, 'an id that begins with PUB_KEY_ID_'),
    publicKey: file('WECHAT_PUBLIC_KEY_FILE'),
    notifyUrl: address('WECHAT_NOTIFY_URL'),
    simulated: apiUrl.startsWith('http:'),
  };
}
