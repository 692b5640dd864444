import type { Ask, Host, Reply } from './host.js';
import type { LogInAnswer, Tokens } from './shapes.js';

/** What the service refused or could not do, in a sentence that says what to do next. */
export class Trouble extends Error {
  override readonly name = 'Trouble';

  constructor(readonly status: number, readonly code: string, readonly sentence: string) {
    super(`${status} ${code}`);
  }

  /** Whether it is certain that nothing was done: another try is another deed. */
  get isRefusal(): boolean {
    return this.status >= 400 && this.status < 500;
  }

  /** Whether no answer came at all. */
  get isAway(): boolean {
    return this.status === 0;
  }
}

const AWAY = '现在连不上网络，没有办成。请过一会儿再按一次，不会重复办理；着急请打电话。';
const LOGGED_OUT = '登录已经过期，请重新登录。您的预订都还在。';

/** Tokens are asked for anew this long before they end, so that a page in use meets no refusal. */
const EARLY_MS = 30_000;

/**
 * The service as one account sees it. The access token lives in memory alone, the refresh token in the host's storage;
 * nothing else of anybody is kept.
 */
export class Service {
  private access: { readonly token: string; readonly until: number } | null = null;
  private renewal: Promise<void> | null = null;
  private ended: () => void = () => undefined;

  constructor(private readonly host: Host) {}

  /** @param ended called when the session has ended on the other side */
  onEnd(ended: () => void): void {
    this.ended = ended;
  }

  /** Whether somebody was logged in when the app was last open. */
  get remembers(): boolean {
    return this.host.kept('refresh-token') !== null;
  }

  /** Reads what is there for anybody. @throws Trouble */
  async anybody<T>(path: string): Promise<T> {
    return bodyOf(await this.send({ method: 'GET', path })) as T;
  }

  /** @throws Trouble */
  async logIn(cityCode: string, code: string): Promise<LogInAnswer> {
    const reply = await this.send({ method: 'POST', path: '/v1/mini/log-in', body: { cityCode, code } });
    const answer = bodyOf(reply) as LogInAnswer;
    this.host.keep('offline-code', null);
    this.take(answer);
    return answer;
  }

  async logOut(): Promise<void> {
    await this.ask('POST', '/v1/mini/log-out', {}).catch(() => undefined);
    this.forget();
  }

  /**
   * Asks the service, with a fresh token where the old one has ended.
   * @throws Trouble with a sentence for the person who reads it
   */
  async ask<T>(method: Ask['method'], path: string, body?: object): Promise<T> {
    const tried = await this.asked(method, path, body);
    if (tried.status !== 401) return bodyOf(tried) as T;
    this.access = null;
    const again = await this.asked(method, path, body);
    if (again.status === 401) this.end();
    return bodyOf(again) as T;
  }

  private async asked(method: Ask['method'], path: string, body: object | undefined): Promise<Reply> {
    const bearer = await this.token();
    return this.send({ method, path, bearer, ...(body === undefined ? {} : { body }) });
  }

  private async token(): Promise<string> {
    if (this.access === null || this.access.until - EARLY_MS < this.host.now()) await this.renew();
    if (this.access === null) throw new Trouble(401, 'logged-out', LOGGED_OUT);
    return this.access.token;
  }

  /** One renewal for all who ask at the same time: a refresh token is good once. */
  private renew(): Promise<void> {
    this.renewal ??= this.renewed().finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  private async renewed(): Promise<void> {
    const refreshToken = this.host.kept('refresh-token');
    if (refreshToken === null) return this.end();
    const ask = { method: 'POST', path: '/v1/mini/refresh', body: { refreshToken } } as const;
    // The service answers the same tokens once more where its first answer was lost on the way.
    const reply = await this.send(ask).catch(() => this.send(ask));
    if (reply.status === 401 || reply.status === 403) return this.end();
    this.take(bodyOf(reply) as Tokens);
  }

  private take({ accessToken, expiresIn, refreshToken }: Tokens): void {
    this.access = { token: accessToken, until: this.host.now() + expiresIn * 1_000 };
    this.host.keep('refresh-token', refreshToken);
  }

  private end(): void {
    this.forget();
    this.ended();
  }

  private forget(): void {
    this.access = null;
    this.host.keep('refresh-token', null);
    this.host.keep('offline-code', null);
  }

  private send(ask: Ask): Promise<Reply> {
    return this.host.request(ask).catch(() => {
      throw new Trouble(0, 'away', AWAY);
    });
  }
}

function bodyOf({ status, body }: Reply): unknown {
  if (status >= 200 && status < 300) return body;
  throw troubleOf({ status, body });
}

/** A refusal of the service as it words it. */
export function troubleOf({ status, body }: Reply): Trouble {
  const { code, title, errors } = (body ?? {}) as { code?: string; title?: string; errors?: readonly { readonly message?: string }[] };
  // What is wrong with each field is what the person can mend; that there is a list of it, they need not hear.
  const wrong = (errors ?? []).flatMap(({ message }) => (message === undefined ? [] : [message]));
  if (wrong.length > 0) return new Trouble(status, code ?? 'unknown', `填的不对：${wrong.join('；')}。请改一改再按。`);
  return new Trouble(status, code ?? 'unknown', title ?? '这件事没有办成。请过一会儿再试，或者打电话。');
}
