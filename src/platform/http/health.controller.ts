import { Controller, Get, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { setTimeout as pause } from 'node:timers/promises';
import { Transactor } from '../db/index.js';
import { Allow } from './actor.js';
import { Text } from './fields.js';
import { ProblemException } from './problem.js';

const DATABASE_LIMIT_MS = 1_000;

/** Whether this process should still get requests. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  private stopping = false;

  constructor(private readonly transactor: Transactor) {}

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
    const asked = this.transactor.run((tx) => tx.query('SELECT 1')).then(() => undefined, () => 'database');
    return Promise.race([asked, pause(DATABASE_LIMIT_MS, 'database', { ref: false })]);
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

  /** Ready: not draining, and the database answers within a second. */
  @Get('readyz')
  @Allow('public')
  @ApiOkResponse({ type: HealthDto })
  async ready(): Promise<HealthDto> {
    const obstacle = await this.readiness.obstacle();
    if (obstacle !== undefined) throw new ProblemException('not-ready', { obstacle }, undefined, 2);
    return { status: 'ok' };
  }
}
