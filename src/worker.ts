import { layGround } from './boot.js';
import { systemClock } from './kernel/index.js';
import { readSettings, WrongSetting } from './platform/index.js';
import { closeOnSignals, giveUp, putUp } from './service.js';

/** A process that does jobs and nothing else, beside API processes with `JOBS=elsewhere`. */
async function work(): Promise<void> {
  const settings = readSettings(process.env);
  if (settings.databaseUrl === undefined) throw new WrongSetting('DATABASE_URL is missing: a worker shares the database of the API');
  const ground = await layGround(settings, systemClock, () => undefined);
  closeOnSignals(await putUp(ground, true));
  ground.parts.log.info('worker started');
}

work().catch(giveUp);
