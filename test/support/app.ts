import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { join } from 'node:path';
import { createApp } from '../../src/app.js';
import { layGround, type Ground } from '../../src/boot.js';
import { systemClock, type Clock } from '../../src/kernel/index.js';
import { openLog, POOLS, USUAL_DOOR, type DoorLimits, type Log, type Parts, type Settings } from '../../src/platform/index.js';
import { runDirectory } from './database.js';

export interface StartApp {
  /** Connection string of the owner of the database to work on, such as a fresh one's. */
  readonly databaseUrl: string;
  /** The system's clock unless the test sets its own. */
  readonly clock?: Clock;
  /** Where the jobs' queue lives; the database without it. */
  readonly redisUrl?: string;
  readonly settings?: Partial<Settings>;
  /** Where its log goes; nowhere without it. */
  readonly log?: Log;
  /** Folder of the built pages, such as `builtPages()`; those of the last build without it. */
  readonly pages?: string;
  /** What may come in, where it is not the usual. */
  readonly door?: Partial<DoorLimits>;
  /** Limits of the connection pools, where they are not the usual. */
  readonly pools?: typeof POOLS;
}

export interface TestApp {
  readonly app: NestFastifyApplication;
  /** Address without a slash at its end. */
  readonly url: string;
  readonly parts: Parts;
  readonly ground: Ground;
  /** Closes the app and its connections; the database stays. */
  close(): Promise<void>;
}

/** Starts the whole service as `npm start` puts it together, on a free port of this machine and without a log. */
export async function startApp(options: StartApp): Promise<TestApp> {
  // One key for each database, whichever process or restart works on it.
  const dataDir = join(runDirectory(), 'keys', new URL(options.databaseUrl).pathname.slice(1));
  const settings: Settings = { port: 0, host: '127.0.0.1', databaseUrl: options.databaseUrl, redisUrl: options.redisUrl, dataDir, logLevel: 'silent', jobs: 'here', ...options.settings };
  const ground = await layGround(settings, options.clock ?? systemClock, () => undefined, options.log ?? openLog(settings.logLevel), options.pools ?? POOLS);
  try {
    const app = await createApp(ground.parts, options.pages, { ...USUAL_DOOR, ...options.door });
    await app.listen(settings.port, settings.host);
    const close = async (): Promise<void> => {
      await app.close();
      await ground.close();
    };
    return { app, url: (await app.getUrl()).replace(/\/$/, ''), parts: ground.parts, ground, close };
  } catch (error) {
    await ground.close();
    throw error;
  }
}
