import { done, refuse, type Clock, type Outcome } from '../../kernel/index.js';
import type { WechatSettings } from '../config/index.js';
import type { Log } from '../telemetry/index.js';
import { ask, jsonObject, type HttpAnswer } from './http-call.js';
import { StableToken } from './stable-token.js';
import { valueProblem } from './template-values.js';
import type { MessageFate, MiniProgramApi, SubscribeMessage, WechatSession } from './types.js';

/** WeChat's codes: the token is not the latest, or its life is over. */
const TOKEN_REFUSED = new Set([40001, 42001, 40014]);
/** The code is wrong, of another appid, expired, or used. */
const CODE_WRONG = new Set([40029, 40163, 41008]);
const USER_BLOCKED = 40226;
/** More in this minute than WeChat takes. */
const MINUTE_FULL = 45011;
/** The one consent is used up or taken back. */
const CONSENT_SPENT = 43101;
/** Nothing about the message: WeChat is busy, or we have asked too much. */
const WORTH_ANOTHER_TRY = new Set([-1, 40001, 40014, 42001, 45009, 45011]);
/** No answer is as good as WeChat's own word for being busy. */
const NO_ANSWER = -1;

interface MiniAnswer {
  readonly code: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly image: Buffer | null;
}

/** The mini-program's services over HTTP. */
export class MiniProgram implements MiniProgramApi {
  readonly appId: string;
  private readonly token: StableToken;

  constructor(private readonly settings: Pick<WechatSettings, 'apiUrl' | 'appId' | 'secret'>, clock: Clock, private readonly log: Log) {
    this.appId = settings.appId;
    this.token = new StableToken(settings, clock);
  }

  async codeToSession(code: string): Promise<Outcome<WechatSession>> {
    const { apiUrl, appId, secret } = this.settings;
    const query = new URLSearchParams({ appid: appId, secret, js_code: code, grant_type: 'authorization_code' });
    const { code: errcode, body } = read(await ask(`${apiUrl}/sns/jscode2session?${query.toString()}`, { method: 'GET' }));
    if (CODE_WRONG.has(errcode)) return refuse('wechat-code-wrong');
    if (errcode === USER_BLOCKED) return refuse('wechat-user-blocked');
    if (errcode === MINUTE_FULL) return refuse('wechat-minute-full');
    const { openid, unionid } = body;
    if (typeof openid !== 'string' || openid === '') return this.away('jscode2session', errcode);
    return done({ openid, unionid: typeof unionid === 'string' ? unionid : null });
  }

  async phoneNumber(code: string, openid: string): Promise<Outcome<{ readonly phone: string }>> {
    const { code: errcode, body } = await this.post('/wxa/business/getuserphonenumber', { code, openid });
    if (CODE_WRONG.has(errcode)) return refuse('wechat-code-wrong');
    if (errcode === MINUTE_FULL) return refuse('wechat-minute-full');
    const info = body['phone_info'] as { purePhoneNumber?: unknown; countryCode?: unknown; watermark?: { appid?: unknown } } | undefined;
    if (errcode !== 0 || typeof info?.purePhoneNumber !== 'string') return this.away('getuserphonenumber', errcode);
    if (info.watermark?.appid !== this.appId) return refuse('wechat-code-wrong');
    // The page's sample has the country as a number, its table as a string.
    const country = String(info.countryCode ?? '86');
    return done({ phone: country === '86' ? info.purePhoneNumber : `+${country}${info.purePhoneNumber}` });
  }

  async send(message: SubscribeMessage): Promise<{ fate: MessageFate; code: number }> {
    const wrong = Object.entries(message.data).find(([name, value]) => valueProblem(name, value) !== null);
    if (wrong !== undefined) {
      this.log.warn({ template: message.templateId, field: wrong[0] }, 'a subscribe message breaks its template, not sent');
      return { fate: 'wrong', code: 47003 };
    }
    const { code } = await this.post('/cgi-bin/message/subscribe/send', {
      touser: message.openid, template_id: message.templateId, ...(message.page === undefined ? {} : { page: message.page }),
      data: Object.fromEntries(Object.entries(message.data).map(([name, value]) => [name, { value }])), miniprogram_state: 'formal', lang: 'zh_CN',
    });
    return { fate: fateOf(code), code };
  }

  async programCode(scene: string, page: string): Promise<Outcome<Buffer>> {
    if (!/^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$/.test(scene) || page.startsWith('/') || page.includes('?')) return refuse('wechat-code-form');
    const { code, image } = await this.post('/wxa/getwxacodeunlimit', { scene, page });
    return image === null ? this.away('getwxacodeunlimit', code) : done(image);
  }

  /** Asks with the token; a token that WeChat refuses is renewed once and the call made once more. */
  private async post(path: string, body: object): Promise<MiniAnswer> {
    let held = await this.token.current();
    for (let tries = 1; ; tries += 1) {
      if (!('token' in held)) return { code: held.code, body: {}, image: null };
      const { token } = held;
      const answer = read(await ask(`${this.settings.apiUrl}${path}?${new URLSearchParams({ access_token: token }).toString()}`, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
      }));
      if (tries === 2 || !TOKEN_REFUSED.has(answer.code)) return answer;
      held = await this.token.instead(token, answer.code);
    }
  }

  /** WeChat's code is ours to mend, and no matter of who asked. */
  private away(service: string, code: number): Outcome<never> {
    this.log.warn({ service, code }, 'a service of WeChat refused or gave no answer');
    return refuse('wechat-away');
  }
}

function fateOf(code: number): MessageFate {
  if (code === 0) return 'sent';
  if (code === CONSENT_SPENT) return 'spent';
  return WORTH_ANOTHER_TRY.has(code) ? 'later' : 'wrong';
}

/** Reads an answer by what it holds: content types are not to be trusted, errors come with status 200, and success may lack its code. */
function read(answer: HttpAnswer | null): MiniAnswer {
  const nothing = { code: NO_ANSWER, body: {}, image: null };
  if (answer === null || answer.status >= 500) return nothing;
  const body = jsonObject(answer.body);
  if (body === null) return answer.status === 200 && isImage(answer.body) ? { code: 0, body: {}, image: answer.body } : nothing;
  return { code: typeof body['errcode'] === 'number' ? body['errcode'] : 0, body, image: null };
}

/** By the first bytes of PNG and JPEG, the two that WeChat draws. */
function isImage(body: Buffer): boolean {
  return body.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47])) || body.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]));
}
