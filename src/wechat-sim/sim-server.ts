import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A request, read to its end. */
export interface SimRequest {
  readonly method: string;
  /** With its query, as it came. */
  readonly target: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** An answer; with `cut` the connection ends without one. */
export interface SimAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer | string;
  readonly cut?: boolean;
  readonly delayMs?: number;
}

const MOST_BYTES = 1_048_576;

async function read(request: IncomingMessage): Promise<SimRequest | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) return null;
    parts.push(part);
  }
  const target = request.url ?? '/';
  const base = `http://${request.headers.host ?? 'localhost'}`;
  return URL.canParse(target, base) ? { method: request.method ?? 'GET', target, url: new URL(target, base), headers: request.headers, body: Buffer.concat(parts) } : null;
}

async function write(response: ServerResponse, answer: SimAnswer): Promise<void> {
  if (answer.delayMs !== undefined) await pause(answer.delayMs, undefined, { ref: false });
  if (answer.cut === true) response.destroy();
  else response.writeHead(answer.status, answer.headers).end(answer.body);
}

/** An HTTP server of this machine alone, which can also leave a request without an answer. */
export class SimServer {
  private constructor(private readonly server: Server) {}

  /**
   * Listens.
   * @param port 0 for any that is free
   * @param after what is left to do once an answer is out
   */
  static async open(port: number, answer: (request: SimRequest) => Promise<SimAnswer>, after: () => void): Promise<SimServer> {
    const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const whole = await read(request);
      await write(response, whole === null ? { status: 413, headers: {}, body: '' } : await answer(whole));
      after();
    };
    const server = createServer((request, response) => {
      handle(request, response).catch(() => {
        // A defect of the simulator shows as what a broken service answers.
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
        response.end('{"code":"SIMULATOR","message":"defect of the simulator"}');
      });
    });
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(port, '127.0.0.1', done);
    });
    return new SimServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((done) => this.server.close(() => done()));
    this.server.closeAllConnections();
    await closed;
  }
}
