import { TERMINAL_SESSION_LIFE_MS } from '../../../src/access/domain/terminal-words.js';
import type { EntryAnswer } from './fate.js';
import { publicKeyText, requestHeaders, sessionKey, sessionRequest, type DeviceKeys, type Session } from './keys.js';

/** Why the service does not answer: this device has no network, nothing answers at the address, or the service is busy. */
export type AwayCause = 'network' | 'unreachable' | 'server';

/** No answer, or none that says anything: whatever was sent may or may not have arrived. */
export class Away extends Error {
  override readonly name = 'Away';

  /** @param answer what a busy service said all the same */
  constructor(readonly why: AwayCause, readonly answer: EntryAnswer | null = null) {
    super(why);
  }
}

/** The service refuses in so many words. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly code: string, readonly sentence: string) {
    super(code);
  }

  /** Whether it is the terminal itself that is refused, whatever it asks for. */
  get isAboutTerminal(): boolean {
    return this.code.startsWith('terminal-') || this.code === 'not-allowed';
  }
}

/** A till that the service knows. */
export interface Terminal {
  readonly terminalId: string;
  readonly cityCode: string;
  readonly siteId: string;
  readonly label: string;
}

/** Sent with each session, so that the list of terminals shows who runs what. */
export const VERSION = 'web-1';

/** A session is renewed so long before it ends. */
const RENEW_MS = 10 * 60_000;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

interface TextAnswer {
  readonly status: number;
  readonly text: string;
  /** The service's over the text; empty where it signed nothing. */
  readonly signature: string;
  /** What the service calls this text; empty where it gives no name. */
  readonly tag: string;
}

async function sendForText(method: string, path: string, headers: Record<string, string>, body: string | null, ms: number): Promise<TextAnswer> {
  try {
    const response = await fetch(path, {
      method, body, cache: 'no-store', signal: AbortSignal.timeout(ms),
      headers: { accept: 'application/json', ...headers, ...(body === null ? {} : { 'content-type': 'application/json' }) },
    });
    const text = await response.text();
    if (response.status === 429 || response.status >= 500) throw new Away('server', { status: response.status, body: parsed(text) });
    return { status: response.status, text, signature: response.headers.get('x-till-signature') ?? '', tag: response.headers.get('etag') ?? '' };
  } catch (error) {
    if (error instanceof Away) throw error;
    throw new Away(navigator.onLine ? 'unreachable' : 'network');
  }
}

async function send(method: string, path: string, headers: Record<string, string>, body: string | null, ms: number): Promise<EntryAnswer> {
  const { status, text } = await sendForText(method, path, headers, body, ms);
  return { status, body: parsed(text) };
}

/** What the service said no with. */
export function refusal(answer: EntryAnswer): Refused {
  const { code = 'unknown', title = '服务没有正常答复，请稍候重试。' } = (answer.body ?? {}) as { code?: string; title?: string };
  return new Refused(code, title);
}

/** Enrols the device with the one-time code that a supervisor was shown. @throws Refused, Away */
export async function enrol(keys: DeviceKeys, code: string): Promise<Terminal> {
  const body = JSON.stringify({ code, publicKey: await publicKeyText(keys) });
  const answer = await send('POST', '/v1/terminals/enrolment', {}, body, 15_000);
  if (answer.status !== 201 && answer.status !== 200) throw refusal(answer);
  const { terminalId, cityCode, siteId, label } = answer.body as Terminal;
  return { terminalId, cityCode, siteId, label };
}

/** The signed way to the service: a session by the device's key, a MAC on each request. */
export class Link {
  /** How far this device's clock runs ahead of the service's, in milliseconds; null before the first session. */
  skewMs: number | null = null;
  /** A second key of this device that the service may know instead of its own, and who to tell when it does. */
  spare: { readonly signing: () => Promise<CryptoKeyPair | null>; readonly works: () => Promise<void> } | null = null;
  /** Told the mark of the service's database with each session. */
  onEpoch: (epoch: string) => void = () => undefined;
  private session: Session | null = null;
  private opening: Promise<Session> | null = null;
  private signedAt = 0;

  constructor(private readonly keys: DeviceKeys, readonly terminal: Terminal, private readonly now: () => number) {}

  /** Asks for an address. @throws Away, and Refused where no session is given */
  async ask(method: 'GET' | 'POST', path: string, body: string | null, ms: number): Promise<EntryAnswer> {
    const session = await this.open();
    return send(method, path, await requestHeaders(session, method, path, this.now(), body ?? ''), body, ms);
  }

  /** Reads an address, with a new session where the old one has ended. @throws Away, Refused */
  async read<T>(path: string): Promise<T> {
    let answer = await this.ask('GET', path, null, 8_000);
    if (answer.status === 401) {
      this.forgetSession();
      answer = await this.ask('GET', path, null, 8_000);
    }
    if (answer.status !== 200) throw refusal(answer);
    return answer.body as T;
  }

  /** Reads an address as it came, with the service's signature over it. @param known the tag of what was read before: `same` where it is that still, without a text @throws Away, Refused */
  async readText(path: string, ms: number, known = ''): Promise<Omit<TextAnswer, 'status'> & { readonly same: boolean }> {
    for (const last of [false, true]) {
      const session = await this.open();
      const headers = { ...(await requestHeaders(session, 'GET', path, this.now(), '')), ...(known === '' ? {} : { 'if-none-match': known }) };
      const { status, ...read } = await sendForText('GET', path, headers, null, ms);
      const { text } = read;
      if (status === 200 || (status === 304 && known !== '')) return { ...read, same: status === 304 };
      if (status !== 401 || last) throw refusal({ status, body: parsed(text) });
      this.forgetSession();
    }
    throw new Away('server');
  }

  /** Asks for a picture, with a body where one is given; null where there is none, or nobody answers: nothing waits for one. */
  async picture(path: string, asked: object | null, ms = 4_000): Promise<Blob | null> {
    const [method, body] = asked === null ? ['GET', null] as const : ['POST', JSON.stringify(asked)] as const;
    try {
      const headers = await requestHeaders(await this.open(), method, path, this.now(), body ?? '');
      const response = await fetch(path, { method, body, cache: 'no-store', signal: AbortSignal.timeout(ms), headers: { accept: 'image/*', ...(body === null ? {} : { 'content-type': 'application/json' }), ...headers } });
      return response.ok ? await response.blob() : null;
    } catch {
      return null;
    }
  }

  /** Sends something that is no entry of the journal, with a new session where the old one has ended. @throws Away, Refused where no session is given */
  async post(path: string, body: string, ms = 8_000): Promise<EntryAnswer> {
    const answer = await this.ask('POST', path, body, ms);
    if (answer.status !== 401) return answer;
    this.forgetSession();
    return this.ask('POST', path, body, ms);
  }

  /** Sees whether the service answers this terminal. @throws Away, and Refused where it takes nothing from it */
  async probe(): Promise<void> {
    try {
      await this.read(this.pricesPath());
    } catch (error) {
      if (!(error instanceof Refused) || error.isAboutTerminal) throw error;
    }
  }

  /** Where the prices of a day stand; of today by the service's clock without one. */
  pricesPath(date?: string): string {
    return `/v1/sites/${this.terminal.siteId}/price-lists/current${date === undefined ? '' : `?date=${date}`}`;
  }

  /** The next request opens a new session. */
  forgetSession(): void {
    this.session = null;
  }

  private open(): Promise<Session> {
    if (this.session !== null && this.now() < this.session.expiresAt - RENEW_MS) return Promise.resolve(this.session);
    this.opening ??= this.openNew().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  private async openNew(): Promise<Session> {
    try {
      return await this.openWith(this.keys);
    } catch (error) {
      // Where the answer to a change of the key was lost, the service may know the other one alone by now.
      const other = error instanceof Refused && error.code === 'terminal-unknown' ? await this.spare?.signing() : null;
      if (other === null || other === undefined) throw error;
      const session = await this.openWith({ signing: other });
      await this.spare?.works();
      return session;
    }
  }

  private async openWith(keys: Pick<DeviceKeys, 'signing'>): Promise<Session> {
    const time = Math.max(this.now(), this.signedAt + 1);
    this.signedAt = time;
    const answer = await send('POST', '/v1/terminals/sessions', {}, JSON.stringify(await sessionRequest(keys, this.terminal.terminalId, time, VERSION)), 8_000);
    if (answer.status !== 201 && answer.status !== 200) {
      const refused = refusal(answer);
      // A clock that ran ahead and was put right: what was signed ahead of it counts no more.
      if (refused.code !== 'terminal-clock-wrong' || time <= this.now()) throw refused;
      this.signedAt = 0;
      return this.openWith(keys);
    }
    const opened = answer.body as { sessionId: string; sessionKey: string; expiresAt: string; epoch: string };
    const expiresAt = Date.parse(opened.expiresAt);
    this.skewMs = Math.round((time + this.now()) / 2 - (expiresAt - TERMINAL_SESSION_LIFE_MS));
    this.session = { sessionId: opened.sessionId, key: await sessionKey(opened.sessionKey), expiresAt };
    this.onEpoch(opened.epoch);
    return this.session;
  }
}
