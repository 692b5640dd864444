import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { requestMessage, sessionMessage, TERMINAL_HEADERS } from '../access/domain/index.js';
import type { Clock } from '../kernel/index.js';
import { sha256 } from '../platform/index.js';
import type { Transport } from './transport.js';

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

/** A member of staff who has logged in. */
export class StaffCaller {
  private constructor(private readonly send: Transport, private readonly token: string) {}

  /** Logs in. */
  static async logIn(send: Transport, account: string, password: string): Promise<StaffCaller> {
    const { token } = await new PublicCaller(send).post<{ token: string }>('/v1/sessions', { account, password });
    return new StaffCaller(send, token);
  }

  async get<T>(path: string): Promise<T> {
    return json(`GET ${path}`, await this.send({ method: 'GET', path, headers: this.headers(), body: undefined }), [200]);
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return json(`POST ${path}`, await this.send({ method: 'POST', path, headers: this.headers(), body: JSON.stringify(body) }), [200, 201]);
  }

  /** The bare text of an answer, for files. */
  async text(path: string): Promise<string> {
    const answer = await this.send({ method: 'GET', path, headers: this.headers(), body: undefined });
    if (answer.status !== 200) throw new UnexpectedAnswer(`GET ${path}: ${answer.status}`);
    return answer.text;
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }
}

/** A till with a key of its own. It numbers and chains what it sends. */
export class TerminalCaller {
  private session: { sessionId: string; key: Buffer } | undefined;

  private constructor(private readonly send: Transport, private readonly clock: Clock, readonly terminalId: string, private readonly privateKey: KeyObject) {}

  /** Enrols a till with the one-time code that a supervisor was shown. */
  static async enrol(send: Transport, clock: Clock, code: string, label: string): Promise<TerminalCaller> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const { terminalId } = await new PublicCaller(send).post<{ terminalId: string }>('/v1/terminals/enrolment', { code, publicKey: spki, label });
    return new TerminalCaller(send, clock, terminalId, privateKey);
  }

  /** Opens a session with the till's own key; requests then carry a MAC with the session's. */
  async open(): Promise<void> {
    const time = this.clock.now();
    const signature = sign('sha256', Buffer.from(sessionMessage(this.terminalId, time)), { key: this.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
    const session = await new PublicCaller(this.send).post<{ sessionId: string; sessionKey: string }>('/v1/terminals/sessions', { terminalId: this.terminalId, time, signature });
    this.session = { sessionId: session.sessionId, key: Buffer.from(session.sessionKey, 'base64') };
  }

  /** Sends a body and answers what came back, whatever its status. */
  async post(path: string, body: unknown): Promise<{ status: number; text: string }> {
    if (!this.session) await this.open();
    const { sessionId, key } = this.session as { sessionId: string; key: Buffer };
    const text = JSON.stringify(body);
    const time = this.clock.now();
    const mac = createHmac('sha256', key).update(requestMessage('POST', path, time, sha256(text))).digest('base64url');
    return this.send({ method: 'POST', path, body: text, headers: { [TERMINAL_HEADERS.session]: sessionId, [TERMINAL_HEADERS.time]: String(time), [TERMINAL_HEADERS.mac]: mac } });
  }
}
