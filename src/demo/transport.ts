import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Agent, request as httpRequest } from 'node:http';

/** A request to the product's API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text, sent as it is, since terminals sign it. */
  readonly body: string | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  /** After how many seconds to come again, where the service is busy. */
  readonly retryAfter?: number;
}

/** The way to the API. */
export type Transport = (request: ApiRequest) => Promise<ApiAnswer>;

function comeAgain(header: string | undefined): Pick<ApiAnswer, 'retryAfter'> {
  return header === undefined ? {} : { retryAfter: Number(header) };
}

/** Over HTTP with connections kept open. */
export function overHttp(port: number, connections: number): { send: Transport; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  const send: Transport = ({ method, path, headers, body }) => new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, method, path, agent, headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8'), ...comeAgain(answer.headers['retry-after']) }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
  return { send, close: () => agent.destroy() };
}

/** Through the same routes, guards and checks without a socket: before the service listens. */
export function inProcess(app: NestFastifyApplication): Transport {
  return async ({ method, path, headers, body }) => {
    const answer = await app.inject({ method, url: path, headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { payload: body }) });
    return { status: answer.statusCode, text: answer.payload };
  };
}
