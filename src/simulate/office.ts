import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, type TillWorld } from './till.js';
import { ask, type Reply } from './wire.js';

const MOST_MS = 120_000;
const ANSWER_MS = 20_000;

/** What somebody in an office got for good. */
export interface Said {
  readonly status: number;
  readonly code: string;
  readonly body: Record<string, unknown>;
}

/** The people of the bureaus and canteens: each asks under the deed's own id until an answer is there. */
export class Office {
  private readonly tokens = new Map<string, string>();

  constructor(private readonly world: TillWorld, private readonly password: string) {}

  post(account: string, path: string, body: object | Buffer, first?: number): Promise<Said> {
    return this.until(account, Buffer.isBuffer(body) ? 'PUT' : 'POST', path, Buffer.isBuffer(body) ? body : JSON.stringify(body), first);
  }

  get(account: string, path: string): Promise<Said> {
    return this.until(account, 'GET', path, undefined);
  }

  private async until(account: string, method: 'GET' | 'POST' | 'PUT', path: string, body: string | Buffer | undefined, first?: number): Promise<Said> {
    const end = performance.now() + MOST_MS;
    for (let tries = 0; ; tries += 1) {
      const ports = this.world.ports();
      const port = tries === 0 && first !== undefined ? first : ports[tries % Math.max(1, ports.length)];
      const reply: Reply = port === undefined ? { status: 'unknown', why: 'nobody up' } : await this.once(account, method, path, body, port);
      if (typeof reply.status === 'number' && reply.status < 500 && reply.status !== 429) {
        return { status: reply.status, code: reply.status < 300 ? '' : codeOf(reply), body: reply.text === '' ? {} : (JSON.parse(reply.text) as Record<string, unknown>) };
      }
      this.world.noted(reply.status === 'unknown' ? `unknown ${reply.why}` : `status ${reply.status}`);
      if (performance.now() > end) throw new Error(`${account}: no answer to ${path} within ${MOST_MS} ms, last ${JSON.stringify(reply).slice(0, 300)}`);
      await pause(tries < 2 ? 20 : 150);
    }
  }

  private async once(account: string, method: 'GET' | 'POST' | 'PUT', path: string, body: string | Buffer | undefined, port: number): Promise<Reply> {
    for (let tries = 0; ; tries += 1) {
      let token = this.tokens.get(account);
      if (token === undefined) {
        const opened = await ask({ port, method: 'POST', path: '/v1/sessions', headers: {}, body: JSON.stringify({ account, password: this.password }), mostMs: ANSWER_MS });
        if (opened.status !== 201) return opened;
        token = (JSON.parse(opened.text) as { token: string }).token;
        this.tokens.set(account, token);
      }
      const reply = await ask({ port, method, path, headers: { authorization: `Bearer ${token}` }, body, mostMs: ANSWER_MS });
      if (reply.status !== 401 || tries > 0) return reply;
      this.tokens.delete(account);
    }
  }
}
