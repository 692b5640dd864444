import { layGround } from './boot.js';
import { seedDemo } from './demo.seed.js';
import { SwitchableClock } from './kernel/index.js';
import { readSettings } from './platform/index.js';
import { closeOnSignals, giveUp, putUp } from './service.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const HELP = `幸福食堂: starts the service.

  npm start              embedded PostgreSQL and the demo city, unless DATABASE_URL names a server
  npm start -- --demo    loads the demo city into an empty database of DATABASE_URL as well

Settings: PORT (3000), HOST (127.0.0.1), DATABASE_URL, REDIS_URL, DATA_DIR, JOBS (here | elsewhere), LOG_LEVEL (info)`;

async function start(args: string[]): Promise<void> {
  if (args.includes('--help')) return say(HELP);
  const settings = readSettings(process.env);
  const clock = new SwitchableClock();
  const ground = await layGround(settings, clock, say);
  const service = await putUp(ground, settings.jobs === 'here');
  closeOnSignals(service);
  const logIns = ground.embedded || args.includes('--demo') ? await seedDemo(service, ground, clock, say) : [];
  await service.app.listen(settings.port, settings.host);
  const address = (await service.app.getUrl()).replace(/\/$/, '');
  say('');
  say(`  幸福食堂        ${address}/`);
  say(`  接口说明        ${address}/api   ${address}/openapi.json`);
  say(`  数据目录        ${ground.dataDir}${ground.embedded ? '' : '（数据库由 DATABASE_URL 指定）'}`);
  for (const line of logIns) say(line);
  say('');
}

start(process.argv.slice(2)).catch(giveUp);
