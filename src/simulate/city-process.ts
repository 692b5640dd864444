import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Arm, FromProcess, Order } from './process-words.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MOST_START_MS = 300_000;

/** What a process of a simulation runs on. */
export interface ProcessGround {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly dataDir: string;
  /** Told every line of its log. */
  readonly onLine: (line: string) => void;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const living = new Set<CityProcess>();
let arms = 0;

/** An API or worker process of the product, unchanged but for what is loaded before it. */
export class CityProcess {
  port = 0;
  planted = false;
  readonly ended: Promise<Ending>;
  private over: Ending | undefined;
  private numbers = 0;
  private readonly heard = new Map<number, () => void>();
  private readonly paused = new Map<number, () => void>();
  private said = '';

  private constructor(private readonly child: ChildProcess, readonly program: 'main' | 'worker', private readonly ground: ProcessGround) {
    living.add(this);
    this.ended = once(child, 'exit').then(([code, signal]) => {
      living.delete(this);
      this.over = { code: code as number | null, signal: signal as NodeJS.Signals | null };
      return this.over;
    });
    child.on('message', (word: FromProcess) => this.take(word));
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => this.read(part.toString('utf8')));
  }

  /**
   * Starts it. @param first points that are armed before its first statement
   * @returns once it listens, or works
   */
  static async start(program: 'main' | 'worker', ground: ProcessGround, first: readonly Arm[] = []): Promise<CityProcess> {
    const child = spawn(process.execPath, ['--import', join(HERE, 'preload.js'), join(HERE, '..', `${program}.js`)], {
      cwd: '/', stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'], HOME: process.env['HOME'], DATABASE_URL: ground.databaseUrl, DATA_DIR: ground.dataDir, JOBS: 'elsewhere', PORT: '0', LOG_LEVEL: 'info',
        ...(ground.redisUrl === undefined ? {} : { REDIS_URL: ground.redisUrl }), SIMULATE_ARMS: JSON.stringify(first),
      },
    });
    const started = new CityProcess(child, program, ground);
    for (const end = performance.now() + MOST_START_MS; !started.isUp; await pause(10)) {
      if (started.over !== undefined) throw new Error(`a ${program} process did not start: ${started.said.slice(-1_500)}`);
      if (performance.now() > end) throw new Error(`a ${program} process takes longer than ${MOST_START_MS} ms to start`);
    }
    return started;
  }

  /** Whether it runs, as far as is known. */
  get alive(): boolean {
    return this.over === undefined;
  }

  /** Says something to it and waits until it has heard; a process that is gone hears nothing. */
  async say(word: Order): Promise<void> {
    if (!this.alive || !this.child.connected) return;
    const number = (this.numbers += 1);
    const heard = new Promise<void>((done) => this.heard.set(number, done));
    this.child.send({ ...word, number }, () => undefined);
    await Promise.race([heard, this.ended]);
    this.heard.delete(number);
  }

  /** Arms a point. @returns how to wait until it is reached, for a pause, and how to let it go on */
  async arm(point: Omit<Arm, 'arm'>): Promise<{ reached: Promise<void>; release: () => Promise<void> }> {
    const one: Arm = { arm: (arms += 1), ...point };
    const reached = new Promise<void>((done) => this.paused.set(one.arm, done));
    await this.say({ say: 'arm', arm: one });
    return { reached, release: () => this.say({ say: 'release', arm: one.arm }) };
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ends it as a power cut would, and waits. */
  async kill(): Promise<Ending> {
    this.signal('SIGKILL');
    return this.ended;
  }

  /** The last of what it wrote. */
  get lastWords(): string {
    return this.said.slice(-1_500);
  }

  private get isUp(): boolean {
    return this.program === 'main' ? this.port !== 0 : this.said.includes('worker started');
  }

  private take(word: FromProcess): void {
    if (word.say === 'heard') this.heard.get(word.number)?.();
    else if (word.say === 'paused') this.paused.get(word.arm)?.();
    else this.planted = true;
  }

  private read(text: string): void {
    this.said = (this.said + text).slice(-8_000);
    const port = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(this.said)?.[1];
    if (port !== undefined) this.port = Number(port);
    for (const line of text.split('\n')) if (line !== '') this.ground.onLine(line);
  }
}

/** Ends every process that a simulation started. */
export async function endAll(): Promise<void> {
  await Promise.all([...living].map((one) => one.kill()));
}
