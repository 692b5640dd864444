import { Module, type DynamicModule } from '@nestjs/common';
import type { Clock } from '../kernel/index.js';
import type { Settings } from './config/index.js';
import { FieldCipher } from './crypto/index.js';
import { poolSamples, Transactor } from './db/index.js';
import { HealthController, Readiness } from './http/index.js';
import { JobBoard } from './jobs/index.js';
import { Metrics, type Log } from './telemetry/index.js';
import { CLOCK, LOG, SETTINGS, TAP_TRANSACTOR, WECHAT } from './tokens.js';
import { openWechat } from './wechat/index.js';

/** What a process is put together from. */
export interface Parts {
  readonly settings: Settings;
  /** What everybody works on but tills and jobs. */
  readonly transactor: Transactor;
  /** Of the tills: no export, upload or job can take its connections. */
  readonly tapTransactor: Transactor;
  /** Of jobs, whose statements may take long. */
  readonly jobTransactor: Transactor;
  readonly clock: Clock;
  readonly log: Log;
  readonly cipher: FieldCipher;
}

/** The plumbing that every room may ask for: `Transactor`, `FieldCipher`, `JobBoard`, `Metrics`, `CLOCK`, `LOG`, `SETTINGS`, `TAP_TRANSACTOR`, `WECHAT`. */
@Module({})
export class PlatformModule {
  static of(parts: Parts): DynamicModule {
    const metrics = new Metrics();
    metrics.gauge(async () => poolSamples({ work: parts.transactor, taps: parts.tapTransactor, jobs: parts.jobTransactor }));
    const providers = [
      { provide: Transactor, useValue: parts.transactor },
      { provide: TAP_TRANSACTOR, useValue: parts.tapTransactor },
      { provide: FieldCipher, useValue: parts.cipher },
      { provide: JobBoard, useValue: new JobBoard() },
      { provide: Metrics, useValue: metrics },
      { provide: CLOCK, useValue: parts.clock },
      { provide: LOG, useValue: parts.log },
      { provide: SETTINGS, useValue: parts.settings },
      { provide: WECHAT, useValue: openWechat(parts.settings.wechat, parts.clock, parts.log) },
    ];
    return { module: PlatformModule, global: true, controllers: [HealthController], providers: [...providers, Readiness], exports: providers.map((provider) => provider.provide) };
  }
}
