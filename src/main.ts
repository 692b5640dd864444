import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app.js';
import { layGround, type Ground } from './boot.js';
import { systemClock } from './kernel/index.js';
import { Readiness, readSettings, WrongSetting } from './platform/index.js';

const GRACE_MS = 30_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function start(): Promise<void> {
  const settings = readSettings(process.env);
  const ground = await layGround(settings, systemClock, say);
  const app = await createApp(ground.parts);
  stopOnSignals(app, ground);
  await app.listen(settings.port, settings.host);
  say(`幸福食堂 已启动: ${await app.getUrl()}/`);
}

/** On SIGTERM and SIGINT: not ready, no new connections, finish what runs, close the pool, stop the database. */
function stopOnSignals(app: NestFastifyApplication, ground: Ground): void {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    app.get(Readiness).drain();
    await app.close();
    await ground.close();
    ground.parts.log.info({ signal }, 'stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
}

start().catch((error: unknown) => {
  const line = error instanceof WrongSetting ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${line}\n`);
  process.exit(1);
});
