import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, WrongSetting, type EmbeddedPostgres } from '../platform/index.js';
import { copyDatabase, dropDatabase, makeDatabase, tellsCommitTimes } from './cluster.store.js';

/**
 * Everything is on that makes a commit hold against a killed process or a server stopped at once. Only the machine's
 * own loss of power is left out, which no simulation here causes: so writes need not reach the disk.
 */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'on', track_commit_timestamp: 'on', shared_buffers: '64MB', max_connections: '80' };

/** A PostgreSQL server with a template database and one copy of it at a time, for the simulated months of one lane. */
export class SimulationGround {
  private server: EmbeddedPostgres | undefined;
  private readonly name = `sim_${randomBytes(4).toString('hex')}`;

  private constructor(readonly dataDir: string, private readonly given: string | undefined, server: EmbeddedPostgres | undefined) {
    this.server = server;
  }

  /** @param given a server's connection string whose role may make databases; left out, a throw-away embedded one */
  static async lay(given: string | undefined): Promise<SimulationGround> {
    const dataDir = await mkdtemp(join(tmpdir(), 'xingfu-simulate-'));
    const server = given === undefined ? await startPostgres({ dataDir, settings: SETTINGS }) : undefined;
    const ground = new SimulationGround(dataDir, given, server);
    if (!(await tellsCommitTimes(ground.adminUrl))) {
      await ground.clear();
      throw new WrongSetting('DATABASE_URL names a server without track_commit_timestamp = on, which the simulation reads the order of commits from');
    }
    await makeDatabase(ground.adminUrl, ground.template, ground.owner);
    return ground;
  }

  /** Whether the server may be stopped and started. */
  get ownServer(): boolean {
    return this.server !== undefined;
  }

  get templateUrl(): string {
    return this.urlOf(this.template);
  }

  /** The database of the month that is played. */
  get url(): string {
    return this.urlOf(this.name);
  }

  /** The same, as who may cut connections. */
  get databaseName(): string {
    return this.name;
  }

  get adminUrl(): string {
    return this.server?.adminUrl ?? (this.given as string);
  }

  /** Makes the month's database anew from the template. */
  async renew(): Promise<void> {
    await copyDatabase(this.adminUrl, this.name, this.template, this.owner);
  }

  /** Stops the server; `immediate` is what a killed server does. */
  async stop(mode: 'immediate' | 'fast'): Promise<() => Promise<void>> {
    const { port } = this.server as EmbeddedPostgres;
    await this.server?.stop(mode);
    return async () => {
      this.server = await startPostgres({ dataDir: this.dataDir, port, settings: SETTINGS });
    };
  }

  async clear(): Promise<void> {
    if (this.given !== undefined) for (const name of [this.name, this.template]) await dropDatabase(this.adminUrl, name);
    await this.server?.stop('immediate');
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private get template(): string {
    return `${this.name}_template`;
  }

  private get owner(): string {
    return new URL(this.server?.url ?? (this.given as string)).username;
  }

  private urlOf(name: string): string {
    const url = new URL(this.server?.url ?? (this.given as string));
    url.pathname = `/${name}`;
    return url.href;
  }
}
