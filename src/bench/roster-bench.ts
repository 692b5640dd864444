import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock, today } from '../kernel/index.js';
import type { RosterFormat } from './roster-file.js';

export interface RosterBenchOptions {
  readonly rows: number;
  readonly format: RosterFormat;
}

/** What bringing a roster in costs. Seconds run from the first byte of the file to the state `applied`. */
export interface RosterBenchFigures {
  readonly rows: number;
  readonly format: RosterFormat;
  readonly fileBytes: number;
  readonly seconds: number;
  readonly uploadSeconds: number;
  readonly checkSeconds: number;
  readonly applySeconds: number;
  readonly rowsPerSecond: number;
  /** The most that the process, service and jobs in one, held while it worked. */
  readonly peakMemoryMb: number;
  /** What it held before. */
  readonly idleMemoryMb: number;
  readonly registered: number;
  readonly reportSeconds: number;
  readonly secondRunSeconds: number;
  /** Elders that the same file changed or added when it came again. */
  readonly changed: number;
  readonly progressSeen: number;
  readonly on: readonly string[];
}

/** The county whose file it is. */
export const COUNTY = '371502';

interface View {
  readonly state: string;
  readonly done: number;
  readonly counts: { readonly new: number; readonly changed: number; readonly wrong: number; readonly unchanged: number } | null;
}

/** A client that hands a file over, waits for its jobs and notes the time. */
export class RosterClient {
  readonly progress = new Set<number>();

  constructor(private readonly url: string, private readonly token: string) {}

  async call<T>(method: string, path: string, body?: object | Buffer): Promise<T> {
    const raw = body instanceof Buffer;
    const response = await fetch(this.url + path, {
      method, headers: { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': raw ? 'application/octet-stream' : 'application/json' }) },
      ...(body === undefined ? {} : { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${(await response.text()).slice(0, 300)}`);
    return (path.endsWith('.xlsx') ? (await response.arrayBuffer()).byteLength : await response.json()) as T;
  }

  async until(rosterId: string, state: string): Promise<View> {
    for (;;) {
      const view = await this.call<View>('GET', `/v1/rosters/${rosterId}`);
      this.progress.add(view.done);
      if (view.state === state) return view;
      if (view.state === 'failed' || view.state === 'outdated') throw new Error(`the roster is ${view.state}`);
      await pause(100);
    }
  }

  async run(bytes: Buffer): Promise<{ rosterId: string; view: View; seconds: [number, number, number] }> {
    const begun = performance.now();
    const fileId = randomUUID();
    await this.call('PUT', `/v1/roster-files/${fileId}?division=${COUNTY}`, bytes);
    const uploaded = performance.now();
    const { rosterId } = await this.call<{ rosterId: string }>('POST', '/v1/rosters', { id: randomUUID(), fileId, purpose: 'elders', asOf: today(systemClock), source: '东昌府区民政局' });
    await this.until(rosterId, 'checked');
    const checked = performance.now();
    await this.call('POST', `/v1/rosters/${rosterId}/apply`, { id: randomUUID(), skipWrong: false });
    const view = await this.until(rosterId, 'applied');
    return { rosterId, view, seconds: [uploaded - begun, checked - uploaded, performance.now() - checked] };
  }
}

const seconds = (ms: number): number => Math.round(ms / 10) / 100;

/** Brings the file in twice and notes what it costs. */
export async function measureRoster(client: RosterClient, bytes: Buffer, { rows, format }: RosterBenchOptions): Promise<RosterBenchFigures> {
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  try {
    const first = await client.run(bytes);
    const reported = performance.now();
    await client.call('GET', `/v1/rosters/${first.rosterId}/report.xlsx`);
    const reportMs = performance.now() - reported;
    const second = await client.run(bytes);
    const total = first.seconds.reduce((sum, part) => sum + part, 0);
    const mb = (size: number): number => Math.round(size / 1024 / 1024);
    return {
      rows, format, fileBytes: bytes.length, seconds: seconds(total), uploadSeconds: seconds(first.seconds[0]), checkSeconds: seconds(first.seconds[1]), applySeconds: seconds(first.seconds[2]),
      rowsPerSecond: Math.round(rows / (total / 1_000)), peakMemoryMb: mb(peak), idleMemoryMb: mb(idle), registered: first.view.counts?.new ?? 0, reportSeconds: seconds(reportMs),
      secondRunSeconds: seconds(second.seconds.reduce((sum, part) => sum + part, 0)), changed: (second.view.counts?.new ?? 0) + (second.view.counts?.changed ?? 0),
      progressSeen: client.progress.size, on: ['http', 'encryption of file, rows and elders', 'outbox and workers', 'audit', 'fsync'],
    };
  } finally {
    clearInterval(watch);
  }
}
