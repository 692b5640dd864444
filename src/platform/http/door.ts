import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { beyondLimits, bracketForeignKeys, type JsonLimits } from './json-shape.js';
import { defineProblems, problemBody, ProblemException } from './problem.js';

defineProblems({
  'body-too-deep': { status: 400, sentence: '提交的内容层次太深（最多 {limit} 层），请按接口说明的格式重新提交。' },
  'body-too-many': { status: 413, sentence: '提交的内容项数太多（最多 {limit} 项），请分批提交。' },
  'body-too-slow': { status: 408, sentence: '内容迟迟没有传完，没有处理；请检查网络后用同一编号重发。' },
  'headers-too-large': { status: 431, sentence: '请求头太大，请清除浏览器的缓存和 Cookie 后重试。' },
  'request-malformed': { status: 400, sentence: '请求不符合 HTTP 格式，请检查客户端或代理的设置。' },
});

/** How much may come in through the door, in bytes and milliseconds. */
export interface DoorLimits {
  /** Of one body, where an address is made for much, and everywhere else. */
  readonly largeBytes: number;
  readonly usualBytes: number;
  readonly large: JsonLimits;
  readonly usual: JsonLimits;
  /** Bodies of more than this are counted together. */
  readonly countedBytes: number;
  /** Of all counted bodies that are in hand at the same time. */
  readonly inHandBytes: number;
  /** Counted uploads of tills that are in hand at the same time: each is hundreds of taps. */
  readonly uploads: number;
  /** Until a body is here. Files have longer. */
  readonly bodyMs: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const USUAL_DOOR: DoorLimits = {
  largeBytes: 4 * MIB, usualBytes: 256 * KIB,
  large: { depth: 32, values: 50_000 }, usual: { depth: 32, values: 20_000 },
  countedBytes: 32 * KIB, inHandBytes: 24 * MIB, uploads: 8,
  bodyMs: 20_000,
};

/** Longest that a file may take to come in, and how long the headers of a request may. */
export const REQUEST_MS = 600_000;
const HEADERS_MS = 15_000;
/** Connections at most; those beyond are closed at once. */
const CONNECTIONS = 10_000;
const BUSY_SECONDS = 2;

/** Addresses made for much at once: lists of hundreds, scans of documents, receipts of a bank. */
const LARGE = /^\/v1\/(taps\/upload|till\/journals|elders\/batch|policies|receipts)/;
/** Where each entry is answered by itself, so that a wrong key in one must not refuse them all. */
const BY_ENTRY = /^\/v1\/taps\/upload/;
/** A text without any of these holds no key of every object, written out or as an escape. */
const MAY_BE_FOREIGN = /__proto__|constructor|prototype|\\u/;
const FILE = 'application/octet-stream';

type Parsed = (error: Error | null, body?: unknown) => void;

/**
 * Bounds what comes in before it costs memory: bodies by their announced and their real length, by depth and number of
 * values before they are read, all large ones together, and by time. Each refusal is a problem like any other.
 */
export function guardDoor(app: NestFastifyApplication, limits: DoorLimits = USUAL_DOOR): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.server.headersTimeout = HEADERS_MS;
  fastify.server.maxConnections = CONNECTIONS;
  const inHand = new InHand(limits);
  fastify.addHook('onRequest', (request, reply, done) => {
    const announced = announcedBytes(request, limits);
    if (announced === 0 || request.headers['content-type'] === FILE) return done();
    if (announced > bytesFor(request, limits)) return done(parting(reply, new ProblemException('body-too-large')));
    if (!inHand.take(announced, BY_ENTRY.test(request.url), reply)) return done(parting(reply, new ProblemException('busy', undefined, undefined, BUSY_SECONDS)));
    waitForBody(request, reply, limits.bodyMs);
    return done();
  });
  const read = fastify.getDefaultJsonParser('error', 'error');
  const readEntries = fastify.getDefaultJsonParser('ignore', 'ignore');
  app.useBodyParser('application/json', { bodyLimit: limits.largeBytes }, (request: FastifyRequest, body: Buffer, done: Parsed) => {
    // A request that has nothing to say may call that JSON, as `wx.request` does.
    if (body.length === 0) return done(null, {});
    const wrong = shapeProblem(request, body, limits);
    if (wrong !== null) return done(wrong);
    if (!BY_ENTRY.test(request.url)) return void read(request, body.toString(), done);
    const text = body.toString();
    return void readEntries(request, text, (error: Error | null, value?: unknown) => done(error, error === null && MAY_BE_FOREIGN.test(text) ? bracketForeignKeys(value) : value));
  });
}

/** Length that a request says its body has; the most that it may have where it says none but sends one. */
function announcedBytes(request: FastifyRequest, { largeBytes }: DoorLimits): number {
  const length = Number(request.headers['content-length'] ?? 0);
  return request.headers['transfer-encoding'] === undefined ? length : largeBytes;
}

function bytesFor(request: FastifyRequest, { largeBytes, usualBytes }: DoorLimits): number {
  // A body of unknown length is counted as a large one, and measured when it is here.
  return LARGE.test(request.url) || request.headers['transfer-encoding'] !== undefined ? largeBytes : usualBytes;
}

/** What is wrong with a body that is here, before anything is made of it. */
function shapeProblem(request: FastifyRequest, body: Buffer, { large, usual, largeBytes, usualBytes }: DoorLimits): ProblemException | null {
  const isLarge = LARGE.test(request.url);
  if (body.length > (isLarge ? largeBytes : usualBytes)) return new ProblemException('body-too-large');
  const shape = isLarge ? large : usual;
  const beyond = beyondLimits(body, shape);
  if (beyond === null) return null;
  return new ProblemException(beyond === 'depth' ? 'body-too-deep' : 'body-too-many', { limit: shape[beyond] });
}

/** Lets the connection go with the answer: what still comes of the body is not read. */
function parting(reply: FastifyReply, problem: ProblemException): ProblemException {
  void reply.header('connection', 'close');
  return problem;
}

/** Counts large bodies and uploads from when they are announced until they are answered. */
class InHand {
  private bytes = 0;
  private uploads = 0;

  constructor(private readonly limits: DoorLimits) {}

  /** @returns false when too much is in hand */
  take(announced: number, isUpload: boolean, reply: FastifyReply): boolean {
    // After an outage hundreds of tills bring a few sales each: those take turns behind the batcher, not at the door.
    if (announced <= this.limits.countedBytes) return true;
    const bytes = announced;
    const uploads = isUpload ? 1 : 0;
    if ((this.bytes > 0 && this.bytes + bytes > this.limits.inHandBytes) || this.uploads + uploads > this.limits.uploads) return false;
    this.bytes += bytes;
    this.uploads += uploads;
    reply.raw.once('close', () => {
      this.bytes -= bytes;
      this.uploads -= uploads;
    });
    return true;
  }
}

/** Ends a request whose body does not come: whoever sends a byte now and then keeps nothing open. */
function waitForBody(request: FastifyRequest, reply: FastifyReply, bodyMs: number): void {
  const { raw } = request;
  if (raw.complete) return;
  const timer = setTimeout(() => {
    if (raw.complete || reply.raw.headersSent) return;
    const text = JSON.stringify(problemBody('body-too-slow'));
    reply.hijack();
    reply.raw.writeHead(408, { 'content-type': 'application/problem+json; charset=utf-8', 'content-length': Buffer.byteLength(text), connection: 'close' });
    reply.raw.end(text, () => raw.destroy());
  }, bodyMs);
  timer.unref();
  raw.once('end', () => clearTimeout(timer));
  raw.once('close', () => clearTimeout(timer));
}

/** Answers what never became a request: headers too large or too slow, or no HTTP at all. */
export function answerBrokenRequest(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'headers-too-large' : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'body-too-slow' : 'request-malformed';
  const problem = problemBody(code);
  const text = JSON.stringify(problem);
  socket.end(`HTTP/1.1 ${problem.status} \r\ncontent-type: application/problem+json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`);
}
