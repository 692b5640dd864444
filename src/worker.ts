import { layGround } from './boot.js';
import { systemClock } from './kernel/index.js';
import { readSettings, WrongSetting } from './platform/index.js';
import { putUp, runProcess } from './service.js';

/** A process that does jobs and nothing else, beside API processes with `JOBS=elsewhere`. */
runProcess(false, async (bringUp) => {
  const settings = readSettings(process.env);
  if (settings.databaseUrl === undefined) throw new WrongSetting('DATABASE_URL is missing: a worker shares the database of the API');
  const ground = await bringUp(layGround(settings, systemClock, () => undefined), (laid) => laid.close());
  await bringUp(putUp(ground, true), (service) => service.close());
  ground.parts.log.info('worker started');
});
