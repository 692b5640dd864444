import type { Met } from './faults.js';
import { DAY_MS, MINUTE_MS } from './sim-times.js';
import type { OneUseCode, Person, SimWorld } from './sim-world.js';

/** What a mini-program's service answers: always with status 200, the error in the body. */
export type MiniAnswer = Readonly<Record<string, unknown>> | Buffer;

const CODE_MS = 5 * MINUTE_MS;

const TEXTS: Readonly<Record<number, string>> = {
  [-1]: 'system error', 40001: 'invalid credential, access_token is invalid or not latest', 40003: 'invalid openid', 40013: 'invalid appid', 40029: 'invalid code',
  40037: 'invalid template_id', 40125: 'invalid appsecret', 40163: 'code been used', 40164: 'invalid ip, not in whitelist', 40226: 'code blocked',
  41002: 'appid missing', 41004: 'appsecret missing', 41008: 'missing code', 41030: 'invalid page', 42001: 'access_token expired', 43101: 'user refuse to accept the msg',
  45009: 'reach max api daily quota limit', 45011: 'api minute-quota reach limit, must slower, retry next minute', 47001: 'data format error', 40129: 'invalid scene',
};

/** An error as WeChat words it, with the id that its support asks for. */
export function miniError(world: SimWorld, errcode: number, text = TEXTS[errcode] ?? 'error'): MiniAnswer {
  return { errcode, errmsg: `${text} rid: ${world.random.letters(24)}` };
}

/** Makes a code of one use, good for five minutes. */
export function oneUseCode(world: SimWorld, person: Person, phone?: string): string {
  const code = `0${world.random.letters(31)}`;
  const made: OneUseCode = { openid: person.openid, appid: world.keys.appid, endsAt: world.clock.now() + CODE_MS, used: false, ...(phone === undefined ? {} : { phone }) };
  world.codes.set(code, made);
  return code;
}

/** Uses a code up. @returns WeChat's error where it is none, of another kind or appid, over, or used */
function useCode(world: SimWorld, code: string, appid: string, kind: 'log-in' | 'phone'): OneUseCode | number {
  const found = world.codes.get(code);
  if (!found || found.appid !== appid || (found.phone !== undefined) !== (kind === 'phone')) return 40029;
  if (found.used) return 40163;
  if (world.clock.now() >= found.endsAt) return 40029;
  found.used = true;
  return found;
}

const LOG_INS_A_MINUTE = 100;

/** `sns/jscode2session`. Success has no errcode, or errcode 0: the service has both. */
export function codeToSession(world: SimWorld, query: URLSearchParams, met: Met): MiniAnswer {
  const [appid, secret, code] = [query.get('appid'), query.get('secret'), query.get('js_code')];
  if (!appid) return miniError(world, 41002);
  if (!secret) return miniError(world, 41004);
  if (!code) return miniError(world, 41008);
  if (!/^wx[0-9a-zA-Z]+$/.test(appid)) return miniError(world, 40013);
  if (appid === world.keys.appid && secret !== world.keys.secret) return miniError(world, 40125);
  const found = useCode(world, code, appid, 'log-in');
  if (typeof found === 'number') return miniError(world, found);
  if (!world.within(`log-in ${found.openid}`, MINUTE_MS, LOG_INS_A_MINUTE)) return miniError(world, 45011);
  return { ...(met.withErrcode0 === true ? { errcode: 0, errmsg: 'ok' } : {}), session_key: Buffer.from(world.random.letters(16)).toString('base64'), openid: found.openid };
}

/** `wxa/business/getuserphonenumber`. */
export function phoneNumber(world: SimWorld, body: Readonly<Record<string, unknown>>, met: Met): MiniAnswer {
  const { code, openid } = body;
  if (typeof code !== 'string' || code === '') return miniError(world, 41008);
  // A code and an openid that do not belong together leave the code unused.
  const owner = world.codes.get(code)?.openid;
  if (owner !== undefined && openid !== undefined && openid !== owner) return miniError(world, 40029);
  const found = useCode(world, code, world.keys.appid, 'phone');
  if (typeof found === 'number') return miniError(world, found);
  const phone = found.phone ?? '';
  const watermark = { timestamp: Math.floor(world.clock.now() / 1000), appid: met.foreignWatermark === true ? 'wx0000000000000000' : world.keys.appid };
  return {
    errcode: 0, errmsg: 'ok',
    phone_info: { phoneNumber: phone, purePhoneNumber: phone, countryCode: met.countryAsText === true ? '86' : 86, watermark },
  };
}

const TOKEN_MS = 7_200_000;
const OVERLAP_MS = 5 * MINUTE_MS;
/** The service asks to reserve 512 letters for it. */
const TOKEN_LETTERS = 512;
const ASKED_A_MINUTE = 10_000;
const ASKED_A_DAY = 500_000;
const FORCED_A_DAY = 20;
const FORCED_APART_MS = 30_000;

/** The tokens of `stable_token`: the one that is given, and the one before it while both work. */
export class StableTokens {
  private held: { token: string; endsAt: number }[] = [];
  private ended: string[] = [];
  private forcedAt = -Infinity;
  /** How often a token was asked for. */
  asked = 0;

  constructor(private readonly world: SimWorld) {}

  /** `cgi-bin/stable_token`. */
  answer(body: Readonly<Record<string, unknown>>): MiniAnswer {
    const { world } = this;
    this.asked += 1;
    if (body['appid'] === undefined) return miniError(world, 41002);
    if (body['appid'] !== world.keys.appid) return miniError(world, 40013);
    if (body['secret'] !== world.keys.secret) return miniError(world, 40125);
    if (body['grant_type'] !== 'client_credential') return miniError(world, 40002, 'invalid grant_type');
    if (!world.within('token', MINUTE_MS, ASKED_A_MINUTE) || !world.within('token of the day', DAY_MS, ASKED_A_DAY)) return miniError(world, 45009);
    const now = world.clock.now();
    if (body['force_refresh'] === true) {
      if (now - this.forcedAt < FORCED_APART_MS || !world.within('forced token', DAY_MS, FORCED_A_DAY)) return miniError(world, 45009);
      this.forcedAt = now;
      this.kill();
    }
    const last = this.held.at(-1);
    const left = last === undefined ? 0 : last.endsAt - now;
    if (last !== undefined && left > OVERLAP_MS) return { access_token: last.token, expires_in: Math.floor(left / 1000) };
    // In its last five minutes a new one is given, and both work until the old one's end.
    const made = { token: `${now}_${world.random.letters(TOKEN_LETTERS)}`.slice(0, TOKEN_LETTERS), endsAt: now + TOKEN_MS };
    this.held = [...this.held.slice(-1), made];
    return { access_token: made.token, expires_in: TOKEN_MS / 1000 };
  }

  /** As when another system forces a new one: what was given before is worth nothing. */
  kill(): void {
    this.held = [];
  }

  /** What is wrong with a token: null, 40001 for none of ours or killed, 42001 for one whose time is over. */
  refusal(token: string | null): number | null {
    const now = this.world.clock.now();
    for (const one of this.held.filter(({ endsAt }) => endsAt <= now)) this.ended = [...this.ended.slice(-9), one.token];
    this.held = this.held.filter(({ endsAt }) => endsAt > now);
    if (token === null || token === '') return 41001;
    if (this.held.some((one) => one.token === token)) return null;
    return this.ended.includes(token) ? 42001 : 40001;
  }
}
