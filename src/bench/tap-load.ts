import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Requests that are ready to be sent: where they lie in the file, one list for each connection in its order. */
export interface LoadPlan {
  readonly port: number;
  readonly file: string;
  /** `[offset, length, isRepeat]`; a repeat must get the very answer of the request before it. */
  readonly connections: readonly (readonly [number, number, 0 | 1][])[];
}

/** What one phase of sending came to. */
export interface LoadResult {
  readonly seconds: number;
  /** Milliseconds of each answer; at a set rate from the moment at which it was due. */
  readonly latencies: readonly number[];
  /** Answers with 200: connection and place in its list. */
  readonly answered: readonly (readonly [number, number])[];
  /** How often each other status came, by status; 0 is a connection that broke. */
  readonly others: Readonly<Record<string, number>>;
  /** Repeats that got another answer than the first time. */
  readonly differing: number;
  /** Connections that ran out of requests. */
  readonly exhausted: number;
}

type Ask = { readonly plan: LoadPlan } | { readonly seconds: number; readonly perSecond: number | null };

/** A process of its own that does nothing but send and read: building and signing the requests is not its work. */
export class LoadProcess {
  private readonly child: ChildProcess = fork(fileURLToPath(import.meta.url), [MARK], { execArgv: ['--max-semi-space-size=32'], serialization: 'advanced' });

  open(plan: LoadPlan): Promise<void> {
    return this.ask({ plan });
  }

  /** @param perSecond taps a second at even distances, whatever the answers; null: each connection sends as soon as it has its answer */
  run(seconds: number, perSecond: number | null): Promise<LoadResult> {
    return this.ask({ seconds, perSecond });
  }

  close(): void {
    this.child.kill();
  }

  private ask<T>(ask: Ask): Promise<T> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error('the load generator ended'));
      this.child.once('exit', onExit);
      this.child.once('message', (answer) => {
        this.child.off('exit', onExit);
        resolve(answer as T);
      });
      this.child.send(ask);
    });
  }
}

const MARK = 'tap-load';
const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /content-length: (\d+)/i;

/** One keep-alive connection: a request at a time, as a till sends them. */
class Line {
  next = 0;
  busy = false;
  broken = false;
  private socket: Socket | undefined;
  private received: Buffer = Buffer.alloc(0);
  private answered: (status: number, body: string) => void = () => undefined;

  constructor(readonly list: LoadPlan['connections'][number], private readonly bytes: Buffer) {}

  async connect(port: number): Promise<void> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    const gone = (): void => {
      this.broken = true;
      if (this.busy) this.answered(0, '');
    };
    socket.on('error', gone).on('close', gone);
    await new Promise<void>((done) => socket.once('connect', () => done()).once('close', () => done()));
  }

  /** Sends the next request. */
  send(answered: (status: number, body: string) => void): void {
    const [offset, length] = this.list[this.next] as [number, number, 0 | 1];
    this.busy = true;
    this.answered = answered;
    this.socket?.write(this.bytes.subarray(offset, offset + length));
  }

  end(): void {
    this.socket?.destroy();
  }

  private read(chunk: Buffer): void {
    const all = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const head = all.indexOf(HEAD_END);
    const length = head < 0 ? null : LENGTH.exec(all.toString('latin1', 0, head));
    const total = head < 0 ? Infinity : head + 4 + Number(length?.[1] ?? 0);
    if (all.length < total) {
      this.received = all;
      return;
    }
    this.received = Buffer.alloc(0);
    this.answered(Number(all.toString('latin1', 9, 12)), all.toString('utf8', head + 4, total));
  }
}

class Phase {
  readonly latencies: number[] = [];
  readonly answered: [number, number][] = [];
  readonly others: Record<string, number> = {};
  private readonly last: string[] = [];
  differing = 0;
  exhausted = 0;
  private inFlight = 0;

  constructor(private readonly lines: readonly Line[]) {}

  /** @returns whether there was a request to send */
  send(index: number, since: number, then: () => void): boolean {
    const line = this.lines[index] as Line;
    if (line.broken || line.next >= line.list.length) return false;
    const place = line.next;
    this.inFlight += 1;
    line.send((status, body) => {
      line.busy = false;
      this.inFlight -= 1;
      line.next = place + 1;
      this.note(index, place, status, body, performance.now() - since);
      then();
    });
    return true;
  }

  private note(index: number, place: number, status: number, body: string, ms: number): void {
    if (status !== 200) {
      this.others[status] = (this.others[status] ?? 0) + 1;
      return;
    }
    this.latencies.push(ms);
    this.answered.push([index, place]);
    if ((this.lines[index] as Line).list[place]?.[2] === 1 && this.last[index] !== undefined && this.last[index] !== body) this.differing += 1;
    this.last[index] = body;
  }

  async settled(): Promise<void> {
    for (let waited = 0; this.inFlight > 0 && waited < 30_000; waited += 5) await pause(5);
  }
}

/** Every connection sends as soon as it has its answer. */
async function asFastAsAnswered(phase: Phase, lines: readonly Line[], seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  const go = (index: number): void => {
    const now = performance.now();
    if (now < end && !phase.send(index, now, () => go(index))) phase.exhausted += 1;
  };
  lines.forEach((_, index) => go(index));
  await pause(seconds * 1_000);
}

/** Taps fall due at even distances; one that finds no free connection waits, and its waiting counts. */
async function atRate(phase: Phase, lines: readonly Line[], seconds: number, perSecond: number): Promise<void> {
  const begun = performance.now();
  const total = Math.floor(seconds * perSecond);
  const waiting: number[] = [];
  let [sent, turn] = [0, 0];
  const give = (): void => {
    for (let looked = 0; waiting.length > 0 && looked < lines.length; looked += 1) {
      turn = (turn + 1) % lines.length;
      if ((lines[turn] as Line).busy) continue;
      if (phase.send(turn, waiting[0] as number, give)) waiting.shift();
    }
  };
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1_000) * perSecond) + 1);
    for (; sent < due; sent += 1) waiting.push(begun + (sent / perSecond) * 1_000);
    give();
    await pause(1);
  }
}

async function runPhase(lines: readonly Line[], seconds: number, perSecond: number | null): Promise<LoadResult> {
  const phase = new Phase(lines);
  const begun = performance.now();
  await (perSecond === null ? asFastAsAnswered(phase, lines, seconds) : atRate(phase, lines, seconds, perSecond));
  await phase.settled();
  const { latencies, answered, others, differing, exhausted } = phase;
  return { seconds: (performance.now() - begun) / 1_000, latencies, answered, others, differing, exhausted };
}

function serveAsks(): void {
  let lines: Line[] = [];
  const answer = async (ask: Ask): Promise<LoadResult | null> => {
    if (!('plan' in ask)) return runPhase(lines, ask.seconds, ask.perSecond);
    for (const line of lines) line.end();
    const bytes = readFileSync(ask.plan.file);
    lines = ask.plan.connections.map((list) => new Line(list, bytes));
    await Promise.all(lines.map((line) => line.connect(ask.plan.port)));
    return null;
  };
  process.on('message', (ask: Ask) => void answer(ask).then((result) => process.send?.(result)));
  process.on('disconnect', () => process.exit(0));
}

// This file is also what the process runs.
if (process.argv[2] === MARK && process.send !== undefined) serveAsks();
