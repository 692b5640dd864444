import type { KeyObject } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { makeTerminalKeys, signSessionRequest, signTerminalRequest, type TerminalSessionKey } from '../access/index.js';
import { invariant, type Clock } from '../kernel/index.js';
import type { ApiAnswer, Transport } from './transport.js';

/** How often a till comes to a busy service with the same sale. */
const MOST_TIMES = 20;

/** An answer that the demo's story did not expect. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

function json<T>(what: string, answer: { status: number; text: string }, expected: readonly number[]): T {
  if (!expected.includes(answer.status)) throw new UnexpectedAnswer(`${what}: ${answer.status} ${answer.text.slice(0, 600)}`);
  return (answer.text === '' ? undefined : JSON.parse(answer.text)) as T;
}

/** Anybody: no log-in. */
export class PublicCaller {
  constructor(private readonly send: Transport) {}

  async get<T>(path: string): Promise<T> {
    return json(`GET ${path}`, await this.send({ method: 'GET', path, headers: {}, body: undefined }), [200]);
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return json(`POST ${path}`, await this.send({ method: 'POST', path, headers: {}, body: JSON.stringify(body) }), [200, 201]);
  }
}

/** A member of staff. Sessions end while the story's clock runs on, so it logs in again where it must. */
export class StaffCaller {
  private token: string | undefined;
  private loggingIn: Promise<void> | undefined;

  constructor(private readonly send: Transport, readonly account: string, private readonly password: string) {}

  async get<T>(path: string): Promise<T> {
    return json(`${this.account} GET ${path}`, await this.ask('GET', path, undefined), [200]);
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return json(`${this.account} POST ${path}`, await this.ask('POST', path, JSON.stringify(body)), [200, 201, 202]);
  }

  async put<T>(path: string, body: unknown): Promise<T> {
    return json(`${this.account} PUT ${path}`, await this.ask('PUT', path, JSON.stringify(body)), [200]);
  }

  private async ask(method: 'GET' | 'POST' | 'PUT', path: string, body: string | undefined): Promise<ApiAnswer> {
    const send = (): Promise<ApiAnswer> => this.send({ method, path, body, headers: { authorization: `Bearer ${this.token ?? ''}` } });
    if (this.token !== undefined) {
      const answer = await send();
      if (answer.status !== 401) return answer;
    }
    // Requests that find the session ended at the same moment share one log-in, as one person would.
    this.loggingIn ??= this.logIn().finally(() => (this.loggingIn = undefined));
    await this.loggingIn;
    return send();
  }

  private async logIn(): Promise<void> {
    const { token } = await new PublicCaller(this.send).post<{ token: string }>('/v1/sessions', { account: this.account, password: this.password });
    this.token = token;
  }
}

/** A till with a key of its own. */
export class TerminalCaller {
  private session: TerminalSessionKey | undefined;

  private constructor(private readonly send: Transport, private readonly clock: Clock, readonly terminalId: string, private readonly privateKey: KeyObject) {}

  /** Enrols a till with the one-time code that a supervisor was shown. */
  static async enrol(send: Transport, clock: Clock, code: string, label: string): Promise<TerminalCaller> {
    const { privateKey, publicKey } = makeTerminalKeys();
    const { terminalId } = await new PublicCaller(send).post<{ terminalId: string }>('/v1/terminals/enrolment', { code, publicKey, label });
    return new TerminalCaller(send, clock, terminalId, privateKey);
  }

  /** Opens a session with the till's own key, as it does each day; requests then carry a MAC with the session's key. */
  async open(): Promise<void> {
    this.session = await new PublicCaller(this.send).post('/v1/terminals/sessions', signSessionRequest(this.privateKey, this.terminalId, this.clock.now()));
  }

  /** Sends a body, again where the service is busy and says when to come, and answers what came back, whatever its status. */
  async post(path: string, body: unknown): Promise<ApiAnswer> {
    invariant(this.session, 'a till opens a session before it sends');
    const text = JSON.stringify(body);
    for (let times = 1; ; times += 1) {
      const answer = await this.send({ method: 'POST', path, body: text, headers: signTerminalRequest(this.session, { method: 'POST', path, time: this.clock.now(), body: text }) });
      if (answer.retryAfter === undefined || times >= MOST_TIMES) return answer;
      // Not all of them at the same moment.
      await pause(answer.retryAfter * 1_000 * (0.5 + Math.random()));
    }
  }
}
