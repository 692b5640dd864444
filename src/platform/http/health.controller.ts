import { Controller, Get, Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { statfs } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { checkoutRoot, type Settings } from '../config/index.js';
import { defaultDataDir, missingMigrations, type Transactor } from '../db/index.js';
import { SETTINGS, TAP_TRANSACTOR } from '../tokens.js';
import { Allow } from './actor.js';
import { Text } from './fields.js';
import { ProblemException } from './problem.js';

const DATABASE_LIMIT_MS = 1_000;
/** Part of a disk that has to be free, lest the next rush fills it. */
const LEAST_FREE = 0.1;

/** Whether this process should still get requests. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  private stopping = false;

  constructor(@Inject(TAP_TRANSACTOR) private readonly transactor: Transactor, @Inject(SETTINGS) private readonly settings: Settings) {}

  /** Says no from now on, so that a load balancer turns to others before the door closes. */
  drain(): void {
    this.stopping = true;
  }

  /** Whether the process is about to leave. */
  get isDraining(): boolean {
    return this.stopping;
  }

  /** The reason why not, or undefined. */
  async obstacle(): Promise<string | undefined> {
    if (this.stopping) return 'draining';
    if (await this.diskFull()) return 'disk';
    return Promise.race([this.databaseObstacle(), pause(DATABASE_LIMIT_MS, 'database', { ref: false })]);
  }

  /** A database that is away, or lacks a migration of this release; one that a later release migrated is in mid-deploy. */
  private async databaseObstacle(): Promise<string | undefined> {
    try {
      const run = await this.transactor.read((tx) => tx.query<{ name: string }>('SELECT name FROM schema_migration'));
      return missingMigrations(run.map(({ name }) => name)).length > 0 ? 'migrations' : undefined;
    } catch {
      return 'database';
    }
  }

  /** Whether the disk of the data directory is nearly full; a directory that cannot be asked is none. */
  private async diskFull(): Promise<boolean> {
    const disk = await statfs(defaultDataDir(checkoutRoot(), { DATA_DIR: this.settings.dataDir })).catch(() => undefined);
    return disk !== undefined && disk.bavail < disk.blocks * LEAST_FREE;
  }

  beforeApplicationShutdown(): void {
    this.drain();
  }
}

class HealthDto {
  @Text({ doc: 'ok', example: 'ok' })
  status: string;
}

@ApiTags('健康检查')
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Alive: the event loop turns. The database is left out on purpose, or its restart would kill every process. */
  @Get('livez')
  @Allow('public')
  @ApiOkResponse({ type: HealthDto })
  live(): HealthDto {
    return { status: 'ok' };
  }

  /** Ready: not draining, a tenth of the disk free, and the database answers within a second with every migration run. */
  @Get('readyz')
  @Allow('public')
  @ApiOkResponse({ type: HealthDto })
  async ready(): Promise<HealthDto> {
    const obstacle = await this.readiness.obstacle();
    if (obstacle !== undefined) throw new ProblemException('not-ready', { obstacle }, undefined, 2);
    return { status: 'ok' };
  }
}
