import { createServer } from 'node:net';
import { layGround } from './boot.js';
import { seedDemo } from './demo.seed.js';
import { SwitchableClock } from './kernel/index.js';
import { readSettings, WrongSetting, type Settings } from './platform/index.js';
import { putUp, runProcess, type BringUp } from './service.js';
import { simulateWechat } from './simulated-wechat.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const HELP = `幸福食堂: starts the service.

  npm start              embedded PostgreSQL and the demo city, unless DATABASE_URL names a server
  npm start -- --demo    loads the demo city into an empty database of DATABASE_URL as well

Settings: PORT (3000), HOST (127.0.0.1), DATABASE_URL, REDIS_URL, DATA_DIR, JOBS (here | elsewhere), LOG_LEVEL (info),
METRICS_PORT (none), WECHAT_APPID and what goes with it (without, the demo city has a simulated WeChat beside it)`;

/** What an error of listening says about the settings; the error itself where it says nothing. */
function aboutPort(error: unknown, { port, host }: Settings): unknown {
  const { code } = error as { code?: string };
  if (code === 'EADDRINUSE') return new WrongSetting(`PORT ${port} is taken by another program: stop it, or choose another PORT`);
  if (code === 'EACCES') return new WrongSetting(`PORT ${port} is not open to this user: choose one above 1023`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new WrongSetting(`HOST ${host} is no address of this machine`);
  return error;
}

/** Finds a taken port before a database is started and a city loaded for nothing. */
async function tryPort(settings: Settings): Promise<void> {
  const probe = createServer();
  await new Promise<void>((done, fail) => {
    probe.once('error', (error) => fail(aboutPort(error, settings)));
    probe.listen(settings.port, settings.host, () => probe.close(() => done()));
  });
}

async function start(demo: boolean, bringUp: BringUp, fail: (error: unknown) => void): Promise<void> {
  const settings = readSettings(process.env);
  if (settings.jobs === 'elsewhere' && settings.databaseUrl === undefined) throw new WrongSetting('JOBS=elsewhere needs DATABASE_URL: a worker cannot share the embedded database');
  if (settings.jobs === 'elsewhere' && demo) throw new WrongSetting('JOBS=elsewhere cannot load the demo city, which needs its jobs done: start once with JOBS=here and --demo');
  await tryPort(settings);
  const clock = new SwitchableClock();
  const laid = await bringUp(layGround(settings, clock, say), (one) => one.close());
  void laid.databaseEnded.then(() => fail(new Error(`the embedded database ended, see postgres.log in ${laid.dataDir}`)));
  // Real keys switch the simulator off; a real city without any has no WeChat at all.
  const wechat = settings.wechat === undefined && (laid.embedded || demo) ? await bringUp(simulateWechat(laid, clock), ({ sim }) => sim.close()) : null;
  const ground = wechat?.ground ?? laid;
  const service = await bringUp(putUp(ground, settings.jobs === 'here'), (up, lookMs) => up.close(lookMs));
  const logIns = ground.embedded || demo ? await seedDemo(service, ground, clock, demo, say) : [];
  await service.app.listen(settings.port, settings.host).catch((error: unknown) => Promise.reject(aboutPort(error, settings)));
  const address = (await service.app.getUrl()).replace(/\/$/, '');
  wechat?.calls(address);
  say('');
  say(`  幸福食堂        ${address}/`);
  say(`  收银台          ${address}/till`);
  say(`  老人与家人      ${address}/elder`);
  say(`  管理台          ${address}/console\n  核对小票        ${address}/receipt`);
  say(`  接口说明        ${address}/api   ${address}/openapi.json`);
  say(`  数据目录        ${ground.dataDir}${ground.embedded ? '' : '（数据库由 DATABASE_URL 指定）'}`);
  if (wechat !== null) say(`  模拟微信        ${wechat.sim.url}/_sim/   （没有设置 WECHAT_APPID：登录和付款都是模拟的，不动真钱）`);
  for (const line of logIns) say(line);
  say('');
}

const args = process.argv.slice(2);
const unknown = args.find((word) => word !== '--demo' && word !== '--help');
if (args.includes('--help')) say(HELP);
else {
  runProcess(true, (bringUp, fail) => {
    if (unknown !== undefined) throw new WrongSetting(`unknown option ${unknown}: see npm start -- --help`);
    return start(args.includes('--demo'), bringUp, fail);
  });
}
