import { setTimeout as pause } from 'node:timers/promises';
import { CityProcess, type ProcessGround } from './city-process.js';
import type { Plant } from './plants.js';
import type { Arm } from './process-words.js';
import type { StoryClock } from './story-clock.js';
import { ask } from './wire.js';

const MOST_READY_MS = 120_000;

/** The processes of a lane: two for the API and a worker. One that died is started again, as its supervisor would. */
export class Crew {
  readonly apis: CityProcess[] = [];
  workers: CityProcess[] = [];
  private readonly starting = new Set<Promise<unknown>>();
  private plant: Plant | undefined;

  constructor(private readonly ground: ProcessGround, private readonly clock: StoryClock) {}

  /** Makes sure that everybody is up, sees the database, and has the month's defect or none. */
  async muster(plant: Plant | undefined): Promise<void> {
    this.plant = plant;
    await Promise.all(this.starting);
    const apis = [0, 1].map(async (index) => {
      if (this.apis[index]?.alive !== true) this.apis[index] = await CityProcess.start('main', this.ground);
    });
    this.workers = this.workers.filter((worker) => worker.alive);
    const worker = this.workers.length > 0 ? Promise.resolve() : this.addWorker();
    await Promise.all([...apis, worker]);
    for (const extra of this.workers.splice(1)) await extra.kill();
    for (const one of [...this.apis, ...this.workers]) one.planted = false;
    await Promise.all([...this.apis, ...this.workers].map((one) => this.brief(one)));
    await Promise.all(this.apis.map((api) => this.ready(api)));
  }

  /** Ports of API processes that are up, turned so that the n-th comes first. */
  ports(first = 0): number[] {
    const up = this.apis.filter((api) => api.alive);
    return up.map((_, index) => (up[(index + first) % up.length] as CityProcess).port);
  }

  /** The worker that does the jobs. */
  get worker(): CityProcess {
    return this.workers[0] as CityProcess;
  }

  async addWorker(first: readonly Arm[] = []): Promise<CityProcess> {
    const worker = await CityProcess.start('worker', this.ground, first);
    this.workers.push(worker);
    await this.brief(worker);
    return worker;
  }

  /** Starts an API process in the place of one that died, without waiting for it. */
  replace(index: number): void {
    const started = CityProcess.start('main', this.ground).then(async (api) => {
      await this.brief(api);
      this.apis[index] = api;
    });
    this.starting.add(started);
    void started.finally(() => this.starting.delete(started)).catch(() => undefined);
  }

  /** Waits for those that are being started. */
  async whole(): Promise<void> {
    await Promise.all(this.starting);
  }

  async setClocks(): Promise<void> {
    await Promise.all([...this.apis, ...this.workers].map((one) => one.say({ say: 'clock', offsetMs: this.clock.offsetMs })));
  }

  /** Whether a planted defect changed a statement in one of them. */
  get planted(): boolean {
    return [...this.apis, ...this.workers].some((one) => one.planted);
  }

  async end(): Promise<void> {
    await this.whole().catch(() => undefined);
    await Promise.all([...this.apis, ...this.workers].map((one) => one.kill()));
  }

  private async brief(one: CityProcess): Promise<void> {
    await one.say({ say: 'plant', plant: this.plant ?? null });
    await one.say({ say: 'clock', offsetMs: this.clock.offsetMs });
  }

  private async ready(api: CityProcess): Promise<void> {
    for (const end = performance.now() + MOST_READY_MS; ; await pause(25)) {
      const reply = await ask({ port: api.port, method: 'GET', path: '/readyz', headers: {}, body: undefined, mostMs: 3_000 });
      if (reply.status === 200) return;
      if (performance.now() > end) throw new Error(`an API process is not ready after ${MOST_READY_MS} ms: ${JSON.stringify(reply)}`);
    }
  }
}
