import { request } from 'node:http';

/** What came back for a request; `unknown` where nothing did: it may have been done or not. */
export type Reply = { readonly status: number; readonly text: string; readonly retryAfter: string | undefined } | { readonly status: 'unknown'; readonly why: string };

export interface Ask {
  readonly port: number;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
  readonly mostMs: number;
}

/** Sends one request on a connection of its own. Never throws: what goes wrong on the way is an unknown outcome. */
export function ask({ port, method, path, headers, body, mostMs }: Ask): Promise<Reply> {
  return new Promise((resolve) => {
    const lost = (why: string): void => resolve({ status: 'unknown', why });
    const type = Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json';
    const sent = request({
      host: '127.0.0.1', port, method, path, agent: false, timeout: mostMs,
      headers: { ...headers, connection: 'close', ...(body === undefined ? {} : { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) }) },
    }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => (answer.complete ? resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8'), retryAfter: answer.headers['retry-after'] }) : lost('cut')));
      answer.on('error', (error: NodeJS.ErrnoException) => lost(error.code ?? 'error'));
    });
    sent.on('timeout', () => {
      lost('timeout');
      sent.destroy();
    });
    sent.on('error', (error: NodeJS.ErrnoException) => lost(error.code ?? 'error'));
    sent.end(body);
  });
}
